import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { QUERY_LINES, queryProject } from '../helpers/query-project.ts';

test('outdated names what is behind and what is held', async () => {
  const { run, mirror } = await queryProject();
  expect((await run('outdated', '--exit-code')).exitCode).toBe(0);
  mirror('s390x', [...QUERY_LINES, 'lib-2-1.noarch', 'tool-2-1.noarch']);
  const { stdout, exitCode } = await run('outdated', '--exit-code');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^lib +1-1 +2-1 +1 +all sets on s390x/m);
  expect(stdout).toMatch(/^tool +1-1 +2-1 .*\n {4}held at 1\*: 2 is slow/m);
  expect((await run('outdated', '--json', '--arch', 's390x')).json).toMatchObject({
    outdated: [{ source: 'lib', status: 'outdated' }, { status: 'held' }],
  });
});

test('without lockfiles only the pins are compared, and the answer says so', async () => {
  const { run, mirror } = cliProject('versions: { V: 1-1 }\nsets: { web: { architectures: [s390x], packages: ["lib-${V}"] } }\n');
  mirror('s390x', ['lib-1-1.s390x']);
  expect(await run('outdated')).toMatchObject({ exitCode: 0, stdout: 'every pin is at the newest version; there are no lockfiles yet\n' });
  await run('lock');
  expect((await run('outdated')).stdout).toBe('everything is up to date\n');
});
