import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { queryProject } from '../helpers/query-project.ts';

test('check is offline, and names the command that mends a finding', async () => {
  const { run, write, read, env } = await queryProject();
  env['RPM_DEPS_MIRROR'] = 'http://127.0.0.1:1';
  expect((await run('check')).exitCode).toBe(0);
  write('rpm-packages.yaml', read('rpm-packages.yaml').replace('[app]', '[app, tool]'));
  const { exitCode, stdout } = await run('check');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    'web-x86_64.lock.json: the manifest requests something else than the lockfile records\n    not in the lockfile: tool\n    fix: rpm-deps lock',
  );
  expect((await run('check', '--json')).json).toMatchObject({ ok: false, checked: 3, findings: [{ kind: 'stale' }, { kind: 'stale' }] });
});

test('check without any lockfile is one line, however many sets there are', async () => {
  const sets = Array.from({ length: 9 }, (_, i) => `  s${i}: { packages: [app] }\n`).join('');
  const made = cliProject(`sets:\n${sets}`);
  const { exitCode, stdout } = await made.run('check');
  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    'rpm-lockfiles/s0-x86_64.lock.json, rpm-lockfiles/s0-s390x.lock.json, rpm-lockfiles/s1-x86_64.lock.json and 15 more (18 in all): ' +
      'there is no lockfile for this set and architecture\n    fix: rpm-deps lock\n',
  );
  expect(((await made.run('check', '--json')).json as { findings: unknown[] }).findings).toHaveLength(18);
});
