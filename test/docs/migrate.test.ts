/** The `sh` blocks of the pages about migration, executed in their order, each page on a small project of its kind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CliProject, cliProject, type Ran } from '../helpers/cli-project.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const ARCHITECTURES = ['x86_64', 's390x'];

function linesOf(page: string): string[] {
  const blocks = [...readFileSync(join(DOCS, page), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)];
  return blocks.flatMap(([, block]) => block!.trim().split('\n'));
}

async function execute(page: string, { run }: CliProject): Promise<Map<string, Ran>> {
  const lines = linesOf(page);
  expect(lines.length).toBeGreaterThan(3);
  const answers = new Map<string, Ran>();
  for (const line of lines) {
    const [program, ...args] = line.split(' ');
    expect(program).toBe('rpm-deps');
    const ran = await run(...args);
    expect([line, ran.exitCode, ran.exitCode === 0 ? '' : ran.stderr]).toEqual([line, 0, '']);
    answers.set(line, ran);
  }
  return answers;
}

function project(): CliProject {
  const made = cliProject();
  for (const arch of ARCHITECTURES) {
    made.mirror(`9/${arch}/os`, [`app-1-1.${arch} requires: lib`, `lib-1-1.${arch}`, `make-1-1.${arch}`, `tool-1-1.${arch} requires: lib`]);
  }
  return made;
}

const REPO_FILE = '[base]\nbaseurl=https://mirror.test/9/$basearch/os/\n';

test('migrate-from-bazeldnf.md: a script, rules, and what Bazel reads', async () => {
  const made = project();
  made.write(
    'hack/rpm-packages.sh',
    `APP_VERSION=\${APP_VERSION:-1-1}
get_packages() { case "$1" in web) echo "app-\${APP_VERSION} make" ;; *) echo tool ;; esac; }
get_architectures() { echo "x86_64 s390x"; }
get_all_package_sets() { echo "web tools"; }
`,
  );
  const repositories = ARCHITECTURES.map(
    (arch) => `- { name: c/base-${arch}, arch: ${arch}, baseurl: "https://mirror.test/9/${arch}/os/" }\n`,
  );
  made.write('rpm/repo.yaml', `repositories:\n${repositories.join('')}`);
  const rule = (id: string, file: string): string =>
    `rpm(name = "${id}", sha256 = "${'a'.repeat(64)}", urls = ["https://mirror.test/9/x86_64/os/Packages/${file}"])\n`;
  made.write('WORKSPACE', rule('app-0__1-1.x86_64', 'app-1-1.x86_64.rpm') + rule('lib-0__1-1.x86_64', 'lib-1-1.x86_64.rpm'));
  made.write('rpm/BUILD.bazel', 'rpmtree(name = "web_x86_64", rpms = ["@app-0__1-1.x86_64//rpm", "@lib-0__1-1.x86_64//rpm"])\n');
  await execute('migrate-from-bazeldnf.md', made);
  expect(parse(made.read('rpm-packages.yaml'))).toMatchObject({
    versions: { APP_VERSION: '1-1' },
    repositories: [{ id: 'c-base', baseurl: '$mirror/9/$basearch/os/' }],
    sets: { web: { packages: [`app-\${APP_VERSION}`, 'make'] }, tools: { packages: ['tool'] } },
  });
  expect(parse(made.read('from-rules.yaml'))).toMatchObject({ sets: { web: { packages: ['app'] } } });
  expect(JSON.parse(made.read('rpm/bazeldnf-lock.json'))).toMatchObject({ name: 'rpms', rpms: expect.any(Array) });
  expect(made.read('rpm/rules.txt')).toContain('name = "web_s390x"');
});

test('migrate-from-rpm-lockfile-prototype.md: both files stay, or become a manifest and an export', async () => {
  const made = project();
  made.write(
    'rpms.in.yaml',
    `contentOrigin: { repos: [{ repoid: base, baseurl: "file://${made.directory}/mirror/9/$basearch/os/" }] }
arches: [x86_64, s390x]
noSources: true
packages: [make, { name: app, arches: { only: x86_64 } }]
`,
  );
  await execute('migrate-from-rpm-lockfile-prototype.md', made);
  expect(parse(made.read('rpms.lock.yaml'))).toMatchObject({ lockfileVersion: 1, arches: [{ arch: 's390x' }, { arch: 'x86_64' }] });
  expect(parse(made.read('rpm-packages.yaml'))).toMatchObject({
    sets: { rpms: { packages: ['make', { name: 'app', architectures: ['x86_64'] }] } },
  });
  expect(parse(made.read('from-lock.yaml'))).toMatchObject({
    sets: { rpms: { packages: ['make', { name: 'app', architectures: ['x86_64'] }] } },
  });
});

test('migrate-from-dnf.md: a list, a .repo file and version locks', async () => {
  const made = project();
  made.write('tools.txt', 'app\nmake\n');
  made.write('base.repo', REPO_FILE);
  made.write('versionlock.list', '# 2 is broken\nmake-0:1-1.*\n');
  made.write('installed-x86_64.txt', 'app-1-1.x86_64\nlib-1-1.x86_64\nmake-1-1.x86_64\n');
  await execute('migrate-from-dnf.md', made);
  expect(parse(made.read('rpm-packages.yaml'))).toMatchObject({
    sets: { tools: { packages: ['app', 'make'] } },
    holds: [{ package: 'make', version: '0:1-1', reason: '2 is broken' }],
  });
  expect(made.locked('tools-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'make-1-1.x86_64']);
  expect(parse(made.read('from-image.yaml'))).toMatchObject({ sets: { installed: { packages: ['app', 'make'] } } });
});
