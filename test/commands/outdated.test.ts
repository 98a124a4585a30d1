import { expect, test } from 'vitest';
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
