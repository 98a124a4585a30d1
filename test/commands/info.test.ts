import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { QUERY_LINES, queryProject } from '../helpers/query-project.ts';

const DESCRIBED = [
  'podman-5-1.x86_64 summary: Manage Pods & containers; license: Apache-2.0 AND MIT; url: https://podman.example/',
  'conmon-2-1.x86_64 summary: OCI container monitor',
  'container-tools-1-1.noarch',
  'zlib-1-1.i686 provides: libz.so.1',
  'zlib-1-1.x86_64 provides: libz.so.1()(64bit); summary: Compression',
];

test('info has summary, licence and URL, and the provides of the architecture that was asked for', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  made.mirror('x86_64', DESCRIBED);
  made.mirror('s390x', []);
  const { stdout } = await made.run('info', 'podman', '--arch', 'x86_64');
  expect(stdout).toContain(
    'podman for x86_64\n  summary Manage Pods & containers\n  license Apache-2.0 AND MIT\n  url https://podman.example/\n',
  );
  const zlib = await made.run('info', 'zlib', '--arch', 'x86_64', '--json');
  expect(zlib.json).toMatchObject({
    architectures: [
      {
        summary: 'Compression',
        license: null,
        provides: ['libz.so.1()(64bit)', 'zlib = 1-1'],
        packages: [{ arch: 'x86_64' }, { arch: 'i686' }],
      },
    ],
  });
});

test('info tells versions, dependents and locks', async () => {
  const { run, mirror } = await queryProject();
  mirror('s390x', [...QUERY_LINES, 'lib-2-1.noarch']);
  const { json } = await run('info', 'lib', '--json');
  expect(json).toMatchObject({
    name: 'lib',
    architectures: [
      { architecture: 'x86_64', required_by: ['app', 'tool'], provides: ['lib = 1-1', 'libx.so.1()(64bit)'] },
      { architecture: 's390x', packages: [{ version: '2' }, { version: '1' }] },
    ],
    locked: [
      { package_set: 'base', architecture: 's390x', version: '0:1-1' },
      { package_set: 'web', architecture: 's390x' },
      { package_set: 'web', architecture: 'x86_64' },
    ],
  });
  expect((await run('info', 'lib', '--arch', 's390x')).stdout).toMatch(/^lib for s390x\n +version.*\n +2-1 /);
  for (const spec of ['lib-2', 'lib-2-1', 'lib-2-1.noarch']) {
    expect((await run('info', spec, '--json')).json).toMatchObject({ name: 'lib', architectures: [{ architecture: 's390x' }] });
  }
  expect((await run('info', 'lib.noarch', '--json')).json).toMatchObject({ name: 'lib', locked: { length: 3 } });
  expect(await run('info', '*')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no repository has a package `*`') });
  expect(await run('info', 'lbi')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('did you mean `lib`?') });
});
