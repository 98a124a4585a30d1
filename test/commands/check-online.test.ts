import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { QUERY_LINES, queryProject } from '../helpers/query-project.ts';

test('check --online tells what is gone and what is behind', async () => {
  const { run, mirror } = await queryProject();
  expect(await run('check', '--online')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('every locked RPM is on its mirror'),
  });
  mirror('s390x', ['app-1-1.noarch requires: lib', 'lib-2-1.noarch', QUERY_LINES[2]!]);
  const { exitCode, json } = await run('check', '--online', '--json');
  expect(exitCode).toBe(1);
  expect(json).toMatchObject({
    ok: false,
    findings: [],
    online: [{ kind: 'gone', package: 'lib-0:1-1.noarch', newest: 'lib-0:2-1.noarch' }],
  });
  expect((await run('check', '--online')).stdout).toContain(
    'online: 1 package no longer on the mirror\n    architecture  locked            mirror has  sets\n    s390x         lib-0:1-1.noarch  0:2-1       base, web\n    fix: rpm-deps lock; ',
  );
});

test('check --online without lockfiles reports that they are missing, and nothing about mirrors', async () => {
  const { run, directory } = await queryProject();
  rmSync(join(directory, 'rpm-lockfiles'), { recursive: true });
  const { exitCode, stdout } = await run('check', '--online');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('there is no lockfile');
  expect(stdout).not.toContain('online:');
});

test('check --online: `lock` is no way out where a mirror has only older versions', async () => {
  const { run, mirror } = await queryProject();
  const older = ['lib-0.5-1.noarch provides: libx.so.1()(64bit)', 'tool-0.5-1.noarch provides: /usr/bin/tool; requires: lib'];
  mirror('s390x', ['app-1-1.noarch requires: lib, /usr/bin/tool', ...older]);
  const { json } = await run('check', '--online', '--json');
  expect(json).toMatchObject({
    online: [
      { kind: 'gone', package: 'lib-0:1-1.noarch', fix: expect.stringContaining('a mirror that is up to date') },
      { kind: 'gone', package: 'tool-0:1-1.noarch', fix: expect.stringContaining('--allow-downgrade') },
    ],
  });
});

test('check --online: how far behind, another checksum, and that what is held may be behind', async () => {
  const { run, mirror, read, write } = await queryProject();
  mirror('s390x', [...QUERY_LINES, 'tool-2-1.noarch']);
  const held = await run('check', '--online', '--json');
  expect(held.json).toMatchObject({ ok: true, online: [{ kind: 'held', package: 'tool-0:1-1.noarch', newer: 1 }] });
  expect(held.exitCode).toBe(0);
  mirror('s390x', [...QUERY_LINES, 'lib-2-1.noarch', 'lib-3-1.noarch']);
  const behind = await run('check', '--online');
  expect(behind).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('lib-0:1-1.noarch  0:3-1 (2 newer)  base, web\n    fix: rpm-deps update'),
  });
  const file = 'rpm-lockfiles/base-s390x.lock.json';
  write(file, read(file).replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`));
  expect((await run('check', '--online')).stdout).toContain('online: 1 package on the mirror with A DIFFERENT CHECKSUM\n');
});
