import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

let project: CliProject;
beforeEach(() => {
  project = cliProject(
    'versions: { CI_JOB_TOKEN: "1-1", LIB_VERSION: "1-1" }\nsets: { a: { packages: ["lib-${LIB_VERSION}", "app-${CI_JOB_TOKEN}"] } }\n',
  );
  for (const architecture of ['x86_64', 's390x']) project.mirror(architecture, ['lib-1-1.noarch', 'lib-2-1.noarch', 'app-1-1.noarch']);
  project.env['CI_JOB_TOKEN'] = 'glpat-v4lueOfToken';
});

const warnings = (json: unknown): { code: string; text: string }[] => (json as { warnings: { code: string; text: string }[] }).warnings;

test('a manifest cannot read a variable of the environment: its name is reported once, its value nowhere', async () => {
  const { exitCode, stdout, stderr } = await project.run('update');
  expect(exitCode).toBe(0);
  expect(stderr.split('`CI_JOB_TOKEN` is ignored').length).toBe(2);
  const cache = readdirSync(join(project.directory, '.cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  for (const text of [stdout, stderr, ...Object.values(project.files()), ...cache]) expect(text).not.toContain('v4lueOfToken');
  expect(project.locked('a-x86_64')).toContain('app-1-1.noarch');
});

test('the warning is there with --json, and again where nothing changed', async () => {
  for (const _ of [1, 2]) {
    const { json } = await project.run('update', '--json');
    expect(warnings(json)).toEqual([expect.objectContaining({ code: 'VERSION_NOT_ALLOWED' })]);
  }
});

test.each([
  ['its own name', { RPM_DEPS_VERSION_LIB_VERSION: '2-1' }, []],
  ['an option', { LIB_VERSION: '2-1' }, ['--version-from-env', 'LIB_VERSION']],
  ['a variable with a list', { LIB_VERSION: '2-1', RPM_DEPS_VERSIONS_FROM_ENV: 'QEMU_VERSION,LIB_VERSION' }, []],
  ['both together', { LIB_VERSION: '2-1', RPM_DEPS_VERSIONS_FROM_ENV: 'QEMU_VERSION' }, ['--version-from-env', 'LIB_VERSION']],
])('a version is taken from the environment by %s', async (_, env, options) => {
  Object.assign(project.env, env);
  await project.run('update', ...options);
  expect(project.locked('a-x86_64')).toContain('lib-2-1.noarch');
});

test('a run after the variable is gone is another request', async () => {
  project.env['RPM_DEPS_VERSION_LIB_VERSION'] = '2-1';
  await project.run('update');
  delete project.env['RPM_DEPS_VERSION_LIB_VERSION'];
  await project.run('update');
  expect(project.locked('a-x86_64')).toContain('lib-1-1.noarch');
});

test('what is no name of a variable is a mistake', async () => {
  const { exitCode, stderr } = await project.run('update', '--version-from-env', 'A B');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is not the name of an environment variable');
});

test('bump does not move a version that the environment overrides', async () => {
  project.env['RPM_DEPS_VERSION_LIB_VERSION'] = '1-1';
  await project.run('update');
  const { exitCode, stderr } = await project.run('bump', 'LIB_VERSION');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('the environment sets RPM_DEPS_VERSION_LIB_VERSION');
});
