import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { queryProject } from '../helpers/query-project.ts';

const DESCRIBED = [
  'podman-5-1.x86_64 summary: Manage Pods & containers; license: Apache-2.0 AND MIT; url: https://podman.example/',
  'conmon-2-1.x86_64 summary: OCI container monitor',
  'container-tools-1-1.noarch',
  'zlib-1-1.i686 provides: libz.so.1',
  'zlib-1-1.x86_64 provides: libz.so.1()(64bit); summary: Compression',
];

test('search finds by part of a name, glob, path and capability', async () => {
  const { run } = await queryProject();
  const found = async (pattern: string) =>
    ((await run('search', pattern, '--json')).json as { packages: { name: string }[] }).packages.map(({ name }) => name);
  expect(await found('o')).toEqual(['tool']);
  expect(await found('*p*')).toEqual(['app']);
  expect(await found('/usr/bin/tool')).toEqual(['tool']);
  expect(await found('libx.so.1()(64bit)')).toEqual(['lib']);
  expect(await found('TOO')).toEqual(['tool']);
  expect((await run('search', 'lib')).stdout).toMatch(/^lib +1-1 +1 +base +noarch +s390x, x86_64$/m);
  expect((await run('search', 'zzz')).exitCode).toBe(1);
});

test('search finds words of summaries too, behind the names, up to a limit', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, architecture === 's390x' ? [] : DESCRIBED);
  const names = async (...words: string[]) => {
    const { packages, ...counts } = (await made.run('search', ...words, '--arch', 'x86_64', '--json')).json as {
      packages: { name: string; summary: string | null }[];
    };
    return { names: packages.map(({ name }) => name), ...counts };
  };
  expect(await names('container')).toMatchObject({ names: ['container-tools', 'conmon', 'podman'], total: 3, omitted: 0 });
  expect(await names('PODS &')).toMatchObject({ names: ['podman'] });
  expect(await names('container', '--limit', '1')).toMatchObject({ names: ['container-tools'], total: 3, omitted: 2 });
  expect(await names('container', '--no-summaries')).toMatchObject({ names: ['container-tools'] });
  const { stdout, stderr } = await made.run('search', 'container', '--limit', '2', '--arch', 'x86_64');
  expect(stdout).toMatch(/^conmon +2-1 +1 +base +x86_64 +OCI container monitor$/m);
  expect((await made.run('search', 'con*', '--arch', 'x86_64')).stdout).toMatch(/^conmon .* OCI container monitor$/m);
  expect((await made.run('search', 'con*', '--no-summaries')).stdout).not.toMatch(/summary/);
  expect(stderr).toBe('1 more name not shown: --limit N shows more, 0 shows all\n');
});

test('search finds the same words offline, once they are in the cache', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, DESCRIBED);
  await made.run('search', 'conmon', '--no-summaries');
  expect((await made.run('search', 'none*', '--arch', 'x86_64')).stderr).toContain('no package matches `none*`');
  const first = await made.run('search', 'monitor', '--arch', 'x86_64');
  expect(first.stdout).toContain('conmon');
  expect((await made.run('search', 'monitor', '--arch', 'x86_64', '--offline')).stdout).toBe(first.stdout);
});
