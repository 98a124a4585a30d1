import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../helpers/fixtures.ts';
import { placeCommand, startShell } from './podman-shell.ts';
import { canRunPodman, openPodmanWorld, PASSWORD, type PodmanWorld, USER } from './podman-world.ts';

/** Sets on a base image of EL 9's kind: rpm is in it, and its database is in /var/lib/rpm. */
const MANIFEST = (registry: string): string => `architectures: [x86_64]
repositories:
  - { id: mini, baseurl: $mirror/$basearch/ }
  - { id: base, baseurl: $mirror/$release/ }
variables: { release: base }
sets:
  os:
    packages: [el-rpm, base-kernel, base-daemon, base-old]
    env: { COLOUR: 'blue, "red" and $5' }
    entrypoint: [/usr/bin/bash, -c]
  app:
    base: { image: "${registry}/kubevirt/os:v1-amd64" }
    packages: [base-kernel, mini-tools]
    upgrade: [base-kernel, base-daemon]
    remove: [base-old]
  less:
    base: { image: "${registry}/kubevirt/os:v1-amd64" }
    packages: [base-daemon]
    remove: [base-old]
`;

/** Each scriptlet writes its name and what rpm tells it. */
const spec = (name: string, version: number, more = ''): string => `Name: base-${name}
Version: ${version}
Release: 1
Summary: part of a base image
License: MIT
BuildArch: noarch
AutoReqProv: no
Requires: mini-shell
${more}
%description
part of a base image
%install
mkdir -p %{buildroot}/opt/${name}/${version}
echo ${version} >%{buildroot}/opt/${name}/${version}/version
echo ${version} >%{buildroot}/opt/${name}.txt
%files
%dir /opt/${name}
/opt/${name}/${version}
${name === 'kernel' ? '%exclude /opt/kernel.txt' : `/opt/${name}.txt`}
${['pre', 'post', 'preun', 'postun'].map((part) => `%${part}\necho "${name} ${version} ${part} $1" >>/scriptlets`).join('\n')}
`;

describe.skipIf(!canRunPodman())('a lock on top of a base image is built with rpm itself', () => {
  let world: PodmanWorld;
  let project: string;
  let bin: string;
  let pushed: string;
  const shell = async (script: string): Promise<string> => {
    const { status, output } = await startShell(world, script, { cwd: project, bin }).ended;
    expect(status, output).toBe(0);
    return output;
  };
  const image = (name: string): string => `${world.registry}/kubevirt/${name}-amd64`;
  const run = (name: string, script: string): string[] =>
    world.podman('run', '--rm', '--network=none', '--entrypoint=/usr/bin/bash', image(name), '-c', script).split('\n');
  const installed = (name: string): string[] => run(name, "/usr/bin/rpm -qa --qf '%{NAME} %{VERSION}\\n'").sort();

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    bin = placeCommand(join(world.directory, 'bin'));
    mkdirSync(project);
    buildPackages(1);
    writeFileSync(join(project, 'rpm-packages.yaml'), MANIFEST(world.registry));
    world.podman('login', '--username', USER, '--password', PASSWORD, world.registry);
    pushed = await shell('rpm-deps update --quiet --set os && rpm-deps image build os && rpm-deps image push os --sbom');
    buildPackages(2);
    await shell('rpm-deps update --quiet --set app --set less');
  });
  afterAll(() => world?.close());

  test('rpm upgrades, installs beside, adds and removes, with the scriptlets of both sides', async () => {
    await shell('rpm-deps image build app && rpm-deps image verify app');
    expect(installed('app:v1')).toEqual([
      'base-daemon 2',
      'base-kernel 1',
      'base-kernel 2',
      'el-rpm 4.16.1.3',
      'mini-data 2024a',
      'mini-filesystem 1.0',
      'mini-shell 5.2',
      'mini-tools 2.0~rc1^git5',
    ]);
    expect(run('app:v1', 'read -d "" all </scriptlets; echo "$all"').slice(6)).toEqual([
      'old 1 preun 0',
      'old 1 postun 0',
      'kernel 2 pre 2',
      'kernel 2 post 2',
      'daemon 2 pre 2',
      'daemon 2 post 2',
      'daemon 1 preun 1',
      'daemon 1 postun 1',
    ]);
    const mount = world.podman('image', 'mount', image('app:v1'));
    expect(readdirSync(`${mount}/opt`).sort()).toEqual(['daemon', 'daemon.txt', 'kernel']);
    expect(readdirSync(`${mount}/opt/kernel`).sort()).toEqual(['1', '2']);
    expect(readFileSync(`${mount}/opt/daemon.txt`, 'utf8')).toBe('2\n');
    expect(existsSync(`${mount}/var/lib/rpm/rpmdb.sqlite`)).toBe(true);
    world.podman('image', 'umount', image('app:v1'));
  });

  test('a lock that only removes packages is built', async () => {
    expect(JSON.parse(readFileSync(join(project, 'rpm-lockfiles/less-x86_64.lock.json'), 'utf8'))).toMatchObject({ packages: [] });
    await shell('rpm-deps image build less && rpm-deps image verify less');
    expect(installed('less:v1')).not.toContain('base-old 1');
    expect(installed('less:v1')).toContain('base-daemon 1');
  });

  test('an image on a base keeps what the base says of its containers, also in what --dry-run prints', async () => {
    const configOf = (name: string) =>
      JSON.parse(world.podman('image', 'inspect', '--format', '{{json .Config}}', image(name))) as Record<string, unknown>;
    const base = configOf('os:v1');
    expect(base['Env']).toContain('COLOUR=blue, "red" and $5');
    expect(configOf('less:v1')).toMatchObject({ Env: base['Env'], Entrypoint: base['Entrypoint'] });
    const id = world.podman('image', 'inspect', '--format', '{{.Id}}', image('less:v1'));
    const script = await shell('rpm-deps image build less --dry-run');
    world.podman('rmi', image('less:v1'));
    await shell(`set -e\n${script}`);
    expect(world.podman('image', 'inspect', '--format', '{{.Id}}', image('less:v1'))).toBe(id);
    expect(await shell('rpm-deps image containerfile less')).toContain('ENTRYPOINT ["/usr/bin/bash","-c"]');
  });

  test('a pushed image has its bill of materials beside it, and not that of another lock', async () => {
    const [, artifact] = /os:v1-amd64 has the CycloneDX file (sha256:[0-9a-f]{64})\n/.exec(pushed) ?? [];
    const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    const read = async (path: string): Promise<Record<string, unknown>> => {
      const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*';
      const answer = await fetch(`http://${world.registry}/v2/kubevirt/os/${path}`, { headers: { authorization, accept } });
      return (await answer.json()) as Record<string, unknown>;
    };
    const { layers, subject } = (await read(`manifests/${artifact}`)) as { layers: { digest: string }[]; subject: { digest: string } };
    expect(await read(`blobs/${layers[0]!.digest}`)).toMatchObject({ bomFormat: 'CycloneDX' });
    const index = (await read(`manifests/${subject.digest.replace(':', '-')}`)) as { manifests: unknown[] };
    expect(index.manifests).toEqual([expect.objectContaining({ digest: artifact, artifactType: 'application/vnd.cyclonedx+json' })]);
    await shell('rpm-deps image attach os --json');
    const path = join(project, 'rpm-lockfiles/os-x86_64.lock.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text}\n`);
    const { status, output } = await startShell(world, 'rpm-deps image attach os', { cwd: project, bin }).ended;
    writeFileSync(path, text);
    expect([status, output]).toEqual([1, expect.stringContaining('os:v1-amd64 was not built from ')]);
  });

  test('a base whose database the rpm here cannot write is refused before the build', async () => {
    const folder = join(world.directory, 'el8');
    mkdirSync(join(folder, 'var/lib/rpm'), { recursive: true });
    writeFileSync(join(folder, 'var/lib/rpm/Packages'), gunzipSync(readFileSync(fixture('rpmdb/Packages.gz'))));
    writeFileSync(join(folder, 'Containerfile'), 'FROM scratch\nCOPY var/ /var/\n');
    world.podman('build', '--quiet', '--layers=false', `--tag=${world.registry}/el8:1`, folder);
    const { status, output } = await startShell(world, `rpm-deps image build os --tag el8 --base ${world.registry}/el8:1`, {
      cwd: project,
      bin,
    }).ended;
    expect(status, output).toBe(4);
    expect(output).toContain(
      `the rpm database of the base ${world.registry}/el8:1 is a Berkeley DB, which the rpm of this machine cannot write`,
    );
    expect(output).toContain('--tool-image IMAGE');
    expect(output).not.toContain('STEP 1/1');
  });

  function buildPackages(version: number): void {
    const folder = join(world.directory, 'base-packages');
    mkdirSync(folder, { recursive: true });
    const specs = [
      spec('daemon', version),
      spec('kernel', version, 'Provides: installonlypkg(kernel)'),
      ...(version === 1 ? [spec('old', 1)] : []),
    ];
    for (const [i, text] of specs.entries()) {
      writeFileSync(join(folder, `${i}.spec`), text);
      execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${folder}`, join(folder, `${i}.spec`)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    }
    mkdirSync(join(world.repository, 'base'), { recursive: true });
    execFileSync('cp', ['-r', `${folder}/RPMS/noarch/.`, join(world.repository, 'base')]);
    execFileSync('createrepo_c', ['--quiet', join(world.repository, 'base')]);
  }
});
