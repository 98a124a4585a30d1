import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/read-manifest.ts';
import { cliProject } from '../helpers/cli-project.ts';

const NAMES = ['centos-stream-9', 'centos-stream-10', 'fedora', 'fedora-43', 'ubi8', 'ubi9', 'ubi10', 'almalinux-9', 'rocky-10'];

describe('init', () => {
  test('writes BaseOS, AppStream and CRB of CentOS Stream 9, and names the next steps', async () => {
    const made = cliProject();
    const { exitCode, stderr } = await made.run('init');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^wrote .*rpm-packages.yaml\nnext:\n {2}rpm-deps add NAME .*\n {2}rpm-deps update .*\n {2}rpm-deps search WORD /,
    );
    const manifest = await parseManifest(made.read('rpm-packages.yaml'), 'rpm-packages.yaml', { env: {} });
    expect(manifest.repositories.map(({ id, gpgcheck }) => [id, gpgcheck])).toEqual([
      ['baseos', true],
      ['appstream', true],
      ['crb', true],
    ]);
    expect(manifest.sets.map(({ name }) => name)).toEqual(['tools']);
  });

  test.each(NAMES)('--distribution %s writes a manifest that is read, with a key for each repository', async (name) => {
    const made = cliProject();
    expect((await made.run('init', '--distribution', name, '--arch', 'amd64')).exitCode).toBe(0);
    const manifest = await parseManifest(made.read('rpm-packages.yaml'), 'rpm-packages.yaml', { env: {} });
    expect(manifest.architectures).toEqual(['x86_64']);
    expect(manifest.repositories.length).toBeGreaterThan(1);
    for (const { gpgkey, gpgcheck } of manifest.repositories)
      expect({ gpgkey, gpgcheck }).toEqual({ gpgkey: [expect.stringMatching(/^https:/)], gpgcheck: true });
  });

  test('EPEL and COPR come beside a distribution, and COPR is built for that one', async () => {
    const made = cliProject();
    await made.run('init', '--distribution', 'centos-stream-10', '--distribution', 'epel-10', '--distribution', 'copr:@osci/tools');
    const manifest = await parseManifest(made.read('rpm-packages.yaml'), 'rpm-packages.yaml', { env: {} });
    expect(manifest.repositories.map(({ id }) => id)).toEqual(['baseos', 'appstream', 'crb', 'epel', 'copr_group_osci_tools']);
    expect(manifest.repositories.at(-1)!.baseurl).toEqual([
      'https://download.copr.fedorainfracloud.org/results/@osci/tools/centos-stream-10-$basearch/',
    ]);
  });

  test('EPEL alone comes on CentOS Stream of its version', async () => {
    for (const [name, stream] of [
      ['epel', '9-stream'],
      ['epel-10', '10-stream'],
    ] as const) {
      const made = cliProject();
      await made.run('init', '--distribution', name);
      const manifest = await parseManifest(made.read('rpm-packages.yaml'), 'rpm-packages.yaml', { env: {} });
      expect(manifest.repositories.map(({ id }) => id)).toEqual(['baseos', 'appstream', 'crb', 'epel']);
      expect(manifest.repositories[0]!.baseurl[0]).toContain(stream);
    }
  });

  test('--releasever and a number in the name choose the version of Fedora', async () => {
    const made = cliProject();
    await made.run('init', '--distribution', 'fedora', '--releasever', '45');
    expect(made.read('rpm-packages.yaml')).toContain('\nreleasever: "45"\n');
  });

  test('two distributions with mirrors of their own do not share one', async () => {
    const made = cliProject();
    const { stderr } = await made.run('init', '--distribution', 'centos-stream-9', '--distribution', 'rocky-9');
    expect(stderr).toContain('error: CentOS Stream 9 and Rocky Linux 9 both have a repository `baseos`\n');
    // Two repositories of one id would be a mistake: one project has one of them, or renames them.
    expect(made.files()).toEqual({});
  });

  test.each([
    [['copr:a/b', 'fedora'], 'a/b/fedora-$releasever-$basearch/'],
    [['copr:a/b', 'epel-10'], 'a/b/epel-10-$basearch/'],
    [['copr:a/b', 'copr:a/b'], 'a/b/epel-9-$basearch/'],
  ])('COPR is that of the distribution, whatever the order: %j', async (names, url) => {
    const made = cliProject();
    await made.run('init', ...names.flatMap((name) => ['--distribution', name]));
    expect(made.read('rpm-packages.yaml').match(/results\/(.*)/g)).toEqual([
      `results/${url}`,
      expect.stringMatching(/^results\/a\/b\/pubkey/),
    ]);
  });

  test('the owner of a COPR project is a name', async () => {
    const { exitCode, stderr } = await cliProject().run('init', '--distribution', 'copr:../x');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('unknown distribution `copr:../x`')]);
  });

  test('an unknown distribution gets the near name', async () => {
    const { exitCode, stderr } = await cliProject().run('init', '--distribution', 'centos-stream9');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean `centos-stream-9`?');
  });

  test('--repofile takes the repositories of a .repo file over, without its logins', async () => {
    const made = cliProject();
    made.write(
      'internal.repo',
      '[internal]\nname=Internal $releasever\nbaseurl=https://rpms.example/$releasever/$basearch/\n  https://two.example/$releasever/\nenabled=1\ngpgcheck=0\npriority=-5\npassword=secret\n\n[off]\nbaseurl=https://off.example/\nenabled=0\ngpgcheck=1\n',
    );
    expect((await made.run('init', '--repofile', 'internal.repo')).stderr).toContain('hint: give one, for example: --releasever 9');
    const { exitCode, stderr } = await made.run('init', '--repofile', 'internal.repo', '--releasever', '9');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: not carried over from internal.repo: internal: password');
    expect(stderr).toContain('off: gpgcheck (without gpgkey signatures are not checked)');
    const text = made.read('rpm-packages.yaml');
    expect(text).not.toContain('secret');
    const manifest = await parseManifest(text, 'rpm-packages.yaml', { env: {} });
    expect(manifest.repositories).toMatchObject([
      {
        id: 'internal',
        baseurl: ['https://rpms.example/$releasever/$basearch/', 'https://two.example/$releasever/'],
        priority: -5,
        gpgcheck: false,
      },
      { id: 'off', enabled: false },
    ]);
  });

  test('--repofile leaves out what opens a server in URLs', async () => {
    const made = cliProject();
    const urls = 'baseurl=https://u:secret1@a.example/os/?token=secret2\ngpgkey=https://u:secret3@a.example/key\n';
    made.write('x.repo', `[x]\n${urls}mirrorlist=https://u:secret4@a.example/?repo=x&arch=$basearch\n`);
    const { exitCode, stdout, stderr } = await made.run('init', '--repofile', 'x.repo');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('not carried over from x.repo: x: the login in its URL');
    const text = made.read('rpm-packages.yaml');
    expect(text + stdout + stderr).not.toContain('secret');
    expect(text).toContain('https://a.example/?repo=x&arch=$basearch');
  });

  test('what is no .repo file is refused, and nothing is written', async () => {
    const made = cliProject();
    made.write('x.repo', 'hello\n');
    const { exitCode, stderr } = await made.run('init', '--repofile', 'x.repo');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('x.repo:1: ');
    expect(Object.keys(made.files())).toEqual(['x.repo']);
  });
});
