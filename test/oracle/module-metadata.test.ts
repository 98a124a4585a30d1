/** dnf installs packages of modules from what `fetch --repodata` wrote: it refuses them where their modules.yaml is missing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { optIn } from '../helpers/opt-in.ts';

const PROGRAMS = ['dnf', 'rpmbuild', 'createrepo_c', 'modifyrepo_c'];
const RELEASE = '1.module_el9+1+aabbccdd';
const spec = (name: string, requires: string, label: string): string => `Name: ${name}
Version: 1
Release: ${RELEASE}
Summary: x
License: MIT
BuildArch: noarch
${label}${requires}
%description
x
%files
`;
const LABEL = 'ModularityLabel: demo:1:20250101000000:aabbccdd\n';
const MODULES = `---
document: modulemd
version: 2
data:
  name: demo
  stream: "1"
  version: 20250101000000
  context: aabbccdd
  arch: x86_64
  summary: demo
  description: demo
  license:
    module: [MIT]
  artifacts:
    rpms:
    - modapp-0:1-${RELEASE}.noarch
    - modlib-0:1-${RELEASE}.noarch
...
---
document: modulemd-defaults
version: 1
data:
  module: demo
  stream: "1"
...
`;

describe.skipIf(!optIn('ORACLE', PROGRAMS))('dnf', () => {
  test('installs a locked package that needs packages of a module', async () => {
    const made = cliProject();
    const repo = join(made.directory, 'mirror');
    const specs = {
      modlib: spec('modlib', '', LABEL),
      modapp: spec('modapp', 'Requires: modlib\n', LABEL),
      plain: spec('plain', 'Requires: modapp\n', ''),
    };
    for (const [name, text] of Object.entries(specs)) {
      made.write(`specs/${name}.spec`, text);
      const defines = [`_topdir ${made.directory}/build`, `_rpmdir ${repo}`].flatMap((define) => ['--define', define]);
      execFileSync('rpmbuild', ['-bb', ...defines, join(made.directory, 'specs', `${name}.spec`)], { stdio: 'pipe' });
    }
    writeFileSync(join(made.directory, 'modules.yaml'), MODULES);
    execFileSync('createrepo_c', ['-q', repo]);
    execFileSync('modifyrepo_c', ['--mdtype=modules', join(made.directory, 'modules.yaml'), join(repo, 'repodata')], { stdio: 'pipe' });
    made.write(
      'rpm-packages.yaml',
      'architectures: [x86_64]\nrepositories: [{ id: r, baseurl: $mirror/ }]\nsets: { a: { packages: [plain] } }\n',
    );
    expect((await made.run('lock')).exitCode).toBe(0);
    expect((await made.run('fetch', '--output', 'out', '--repodata')).exitCode).toBe(0);
    for (const folder of ['out', 'out/x86_64']) {
      const at = (name: string): string => join(made.directory, name, folder);
      mkdirSync(at('root'), { recursive: true });
      const options = [
        ...['-y', '-q', `--installroot=${at('root')}`, '--releasever=9', '--disableplugin=*', '--forcearch=x86_64', '--nogpgcheck'],
        ...['--setopt=module_platform_id=platform:el9', `--setopt=cachedir=${at('dnf')}`, '--setopt=reposdir=/nonexistent'],
        ...[`--repofrompath=locked,file://${join(made.directory, folder)}`, '--repo=locked', '--downloadonly'],
      ];
      const dnf = spawnSync('dnf', [...options, `--downloaddir=${at('rpms')}`, 'install', 'plain'], { encoding: 'utf8' });
      expect([dnf.status, dnf.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    }
  });
});
