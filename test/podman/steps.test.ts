import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeCommand, startShell } from './podman-shell.ts';
import { canRunPodman, openPodmanWorld, PASSWORD, type PodmanWorld, USER } from './podman-world.ts';

const MANIFEST = `architectures: [x86_64, aarch64, s390x]
repositories:
  - { id: mini, baseurl: $mirror/$basearch/ }
sets:
  launcherbase: { packages: [mini-tools] }
`;

describe.skipIf(!canRunPodman())('steps that can be repeated by hand, and broken off', () => {
  let world: PodmanWorld;
  let project: string;
  let bin: string;
  const shell = (script: string, cwd = project) => startShell(world, script, { cwd, bin });

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    bin = placeCommand(join(world.directory, 'bin'));
    mkdirSync(project);
    writeFileSync(world.env['REGISTRY_AUTH_FILE']!, '{}');
    writeFileSync(join(project, 'rpm-packages.yaml'), MANIFEST);
    const { status, output } = await shell('rpm-deps update --quiet').ended;
    expect(status, output).toBe(0);
  });
  afterAll(() => world?.close());

  test('what --dry-run prints does the same when it is pasted into a shell in an empty folder', async () => {
    const script = join(world.directory, 'script');
    const printed = await shell(`rpm-deps image build launcherbase --arch amd64,s390x --dry-run >'${script}'`).ended;
    expect(printed.status, printed.output).toBe(0);
    const empty = join(world.directory, 'empty');
    mkdirSync(empty);
    const text = readFileSync(script, 'utf8');
    const pasted = await shell(`set -e\n${text}`, empty).ended;
    expect(pasted.status, `${text}\n${pasted.output}`).toBe(0);
    expect(pasted.output).toMatch(/launcherbase:v1-s390x: 4 packages, as locked/);
    expect(readdirSync(empty)).toEqual([]);
    const id = world.podman('image', 'inspect', '--format', '{{.Id}}', `${world.registry}/kubevirt/launcherbase:v1-amd64`);
    const real = await shell('rpm-deps image build launcherbase --arch amd64').ended;
    expect(real.output).toContain(id);
  });

  test('the printed script of image verify compares the packages', async () => {
    const script = join(world.directory, 'script');
    const printed = await shell(`rpm-deps image verify launcherbase --arch amd64,s390x --dry-run >'${script}'`).ended;
    expect(printed.status, printed.output).toBe(0);
    const text = readFileSync(script, 'utf8');
    const pasted = await shell(`set -e\n${text}`).ended;
    expect(pasted.status, `${text}\n${pasted.output}`).toBe(0);
    expect(pasted.output.match(/launcherbase:v1-\w+: 4 packages, as locked/g)).toHaveLength(2);
    const other = await shell(`set -e\n${text.replaceAll('mini-tools-', 'mini-tools-9')}`).ended;
    expect(other.status, other.output).not.toBe(0);
  });

  test('a secret reaches a RUN step of a Containerfile, also behind --, and is in no layer and no message', async () => {
    mkdirSync(join(project, 'own'), { recursive: true });
    writeFileSync(join(world.directory, 'secret'), 'value-of-the-secret\n');
    const step =
      'RUN --mount=type=secret,id=token rpm --version && read token </run/secrets/token && echo "${#token} $COLOR" >/rootfs/etc/length';
    const printed = await shell('rpm-deps image containerfile launcherbase').ended;
    const text = printed.output.replace('\nFROM scratch\n', `\nARG COLOR\n${step}\n\nFROM scratch\n`);
    writeFileSync(join(project, 'own/Containerfile'), text);
    const secret = `--secret id=token,src=${world.directory}/secret`;
    for (const options of [`${secret} --build-arg COLOR=19`, `-- ${secret} --build-arg COLOR=19`]) {
      const build = `rpm-deps image build launcherbase --arch amd64 --tag secret --containerfile own/Containerfile ${options}`;
      const { status, output } = await shell(build).ended;
      expect(status, output).toBe(0);
      expect(output).not.toContain('value-of-the-secret');
    }
    const image = `${world.registry}/kubevirt/launcherbase:secret-amd64`;
    const kept = await shell(`c=$(podman create ${image} /none) && podman export $c | tar -xO etc/length; podman rm $c >/dev/null`).ended;
    expect(kept.output.trim()).toBe('19 19');
  });

  test('the printed scripts of pushing, listing and publishing do it too', async () => {
    world.podman('login', '--username', USER, '--password', PASSWORD, world.registry);
    writeFileSync(join(project, 'rpm-packages.yaml'), `${MANIFEST}  builder: { packages: [mini-tools] }\n`);
    const prepared = 'rpm-deps update --quiet && rpm-deps init --builder && DOCKER_IMAGE=builder rpm-deps builder build --arch amd64';
    const built = await shell(prepared).ended;
    expect(built.status, built.output).toBe(0);
    for (const [command, expected] of [
      ['image push launcherbase --arch amd64,s390x --sbom', /(\S+launcherbase:v1-\w+ has the CycloneDX file sha256:\w+\n){2}$/],
      ['image manifest launcherbase --arch amd64,s390x', /Storing signatures/],
      ['builder publish --sbom', /builder:v1-amd64 has the CycloneDX file/],
    ] as const) {
      const script = join(world.directory, 'script');
      const printed = await shell(`DOCKER_IMAGE=builder rpm-deps ${command} --dry-run >'${script}'`).ended;
      expect(printed.status, printed.output).toBe(0);
      const pasted = await shell(`set -e\n${readFileSync(script, 'utf8')}`, join(world.directory, 'empty')).ended;
      expect(pasted.status, pasted.output).toBe(0);
      expect(pasted.output).toMatch(expected);
    }
  }, 300_000);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s in the middle of a build leaves nothing behind, soon', async (signal) => {
    const own = join(project, `own-${signal}`);
    mkdirSync(own);
    const printed = await shell('rpm-deps image containerfile launcherbase').ended;
    // bash alone can wait: nothing else is there.
    const slow = 'RUN read -r -t 100 line <> <(:) || :';
    writeFileSync(join(own, 'Containerfile'), printed.output.replace('\nFROM scratch', `\n${slow}\n\nFROM scratch`));
    const running = shell(`exec rpm-deps image build launcherbase --arch amd64 --containerfile ${own}/Containerfile`);
    for (let tries = 0; !running.output().includes('read -r -t 100') && tries < 600; tries++) await sleep(100);
    running.child.kill(signal);
    const { status, output } = await running.ended;
    expect(status, output).toBe(130);
    expect(readdirSync(join(world.directory, 'cache')).filter((name) => name.startsWith('image-build-'))).toEqual([]);
    expect(world.podman('ps', '--all', '--external', '--format', '{{.Names}}')).toBe('');
    expect(world.podman('images', '--format', '{{.Repository}}')).not.toContain('candidate');
  });
});
