import { expect, test } from 'vitest';
import { queryProject } from '../helpers/query-project.ts';

test('why shows the shortest chains with the relation of each step, and sets that agree together', async () => {
  const { run } = await queryProject();
  expect((await run('why', 'lib')).stdout).toBe('base-s390x\n  lib: requested as lib\n\nweb-s390x, web-x86_64\n  app -> lib (lib >= 1)\n');
  expect((await run('why', 'lib', '--set', 'web', '--arch', 'amd64', '--all')).stdout).toBe(
    'web-x86_64\n  app -> lib (lib >= 1)\n  app -> tool (/usr/bin/tool) -> lib\n',
  );
});

test('why works from the locks alone, and answers programs', async () => {
  const { run, env } = await queryProject();
  env['RPM_DEPS_MIRROR'] = 'http://127.0.0.1:1';
  expect((await run('why', 'tool', '--arch', 's390x')).stdout).toBe('web-s390x\n  app -> tool\n');
  expect((await run('why', 'tool', '--json', '--arch', 's390x')).json).toMatchObject({
    name: 'tool',
    answers: [
      {
        package_set: 'web',
        chains: [
          [
            { name: 'app', relation: null },
            { name: 'tool', relation: null },
          ],
        ],
      },
    ],
  });
});

test('why and tree take a package as dnf prints it', async () => {
  const { run } = await queryProject();
  for (const spec of ['tool.noarch', 'tool-1-1', 'tool-0:1-1.noarch']) {
    expect((await run('why', spec, '--arch', 's390x')).stdout).toContain('app -> tool');
    expect((await run('tree', spec, 'tool', '--arch', 's390x')).stdout).toBe('tool 1-1\n└── lib 1-1\n');
  }
});

test('a package that no lockfile has is exit 1, with the nearest', async () => {
  const { run } = await queryProject();
  for (const command of ['why', 'tree']) {
    expect(await run(command, 'tol')).toMatchObject({
      exitCode: 1,
      stderr: 'error: no lockfile has a package `tol`\n\nhint: did you mean `tool`?\n',
    });
  }
});
