import { expect, test } from 'vitest';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { queryProject } from '../helpers/query-project.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

test('a set or architecture without a lock is a mistake', async () => {
  const { run } = await queryProject();
  expect(await run('tree', '--set', 'wbe')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean `web`?') });
  expect(await run('tree', '--arch', 'arm64')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no lockfile exists for the architecture `aarch64`'),
  });
  expect(await cliProject().run('tree')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no lockfiles found') });
});

test('tree draws what needs what, to a depth, inverted, and for other programs', async () => {
  const { run } = await queryProject();
  const place = ['--set', 'web', '--arch', 's390x'];
  expect((await run('tree', ...place)).stdout).toBe('app 1-1\n├── lib 1-1\n└── tool 1-1\n    └── lib 1-1\n');
  expect((await run('tree', ...place, '--depth', '1')).stdout).toBe('app 1-1\n├── lib 1-1\n└── tool 1-1 ...\n');
  expect((await run('tree', 'lib', '--invert', ...place)).stdout).toBe('lib 1-1\n├── app 1-1\n└── tool 1-1\n    └── app 1-1\n');
  expect((await run('tree', ...place, '--format', 'dot')).stdout).toContain('"app" -> "lib";');
  expect((await run('tree', ...place, '--format', 'mermaid')).stdout).toMatch(/^flowchart LR\n/);
  expect((await run('tree', '--format', 'mermaid')).stdout.match(/^(flowchart|subgraph).*$/gm)).toEqual([
    'flowchart LR',
    'subgraph g0["base-s390x"]',
    'subgraph g1["web-s390x"]',
    'subgraph g2["web-x86_64"]',
  ]);
  expect((await run('tree', ...place, '--json')).json).toMatchObject({ locks: [{ package_set: 'web', roots: [{ name: 'app' }] }] });
  expect((await run('tree', '--depth', 'x')).exitCode).toBe(2);
});

test('what is too large for Mermaid is told to be', async () => {
  const { run, write } = cliProject();
  const names = Array.from({ length: 600 }, (_, i) => `p${i}`);
  const lockedPackages = names.map((name) => lockedPackage(`${name} 1-1`, { dependencies: name === 'p0' ? names.slice(1) : [] }));
  write('rpm-lockfiles/a-x86_64.lock.json', renderLockfile(lock('a-x86_64', ['p0'], lockedPackages)));
  const { stdout, stderr } = await run('tree', '--format', 'mermaid');
  expect(stdout.match(/ --> /g)).toHaveLength(599);
  expect(stderr).toContain('Mermaid draws at most 500 edges');
  expect((await run('tree', 'p1', '--format', 'mermaid')).stderr).toBe('');
});
