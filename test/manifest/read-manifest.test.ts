import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseManifest, readManifest } from '../../src/manifest/read-manifest.ts';
import { manifestOf, mistakesOf } from '../helpers/parse-manifest.ts';

const FULL = `schema_version: "1.0"
architectures: [amd64, arm64, s390x]
mirror: https://mirror.test/
repositories:
  - id: baseos
    baseurl: $mirror/9-stream/BaseOS/$basearch/os/
    gpgkey: https://keys.test/KEY
  - { id: crb, baseurl: [$mirror/CRB/$basearch/os/], architectures: [x86_64], priority: 10, exclude: [foo] }
versions:
  LIBVIRT_VERSION: 0:11.9.0-1.el9
  EDK2_VERSION: 20241117
groups:
  centos_main: [acl, curl-minimal]
  firmware:
    - { name: "edk2-ovmf-\${EDK2_VERSION}", architectures: [amd64] }
sets:
  launcherbase:
    architectures: [x86_64, s390x]
    groups: [centos_main, firmware]
    packages: [acl, "libvirt-client-\${LIBVIRT_VERSION}"]
    ignore: ["python*", "/^mozjs60/"]
    exclude: [vim-enhanced]
    options: { best: true }
  testimage:
    packages: [bash]
options: { weak_dependencies: true }
modules: { enable: ["nodejs:20"] }
holds:
  - { package: seabios, version: "1.16.3*", reason: "1.17 dropped the ACPI tables", until: 2027-01-01, issue: "https://tracker.test/1" }
cross_architecture: { same_version: ["libvirt*"] }
fallbacks: ["https://archive.test/{sha256}"]
`;

describe('a good manifest', () => {
  test('has aliases resolved and groups, variables and scopes expanded', async () => {
    const manifest = await manifestOf(FULL);
    expect(manifest.architectures).toEqual(['x86_64', 'aarch64', 's390x']);
    const [launcher, image] = manifest.sets;
    expect(launcher!.specsFor('x86_64').map((spec) => spec.text)).toEqual([
      'acl',
      'curl-minimal',
      'edk2-ovmf-20241117',
      'libvirt-client-0:11.9.0-1.el9',
    ]);
    expect(launcher!.specsFor('s390x').map((spec) => spec.text)).toEqual(['acl', 'curl-minimal', 'libvirt-client-0:11.9.0-1.el9']);
    expect(image!.architectures).toEqual(['x86_64', 'aarch64', 's390x']);
  });

  test('tells for each spec where it stands and which versions pin it', async () => {
    const specs = (await manifestOf(FULL)).sets[0]!.specsFor('s390x');
    expect(specs.at(-1)).toEqual({
      text: 'libvirt-client-0:11.9.0-1.el9',
      template: 'libvirt-client-${LIBVIRT_VERSION}',
      variables: ['LIBVIRT_VERSION'],
      line: 20,
      column: 21,
    });
  });

  test("lets a set's options win over the manifest's", async () => {
    const [launcher, image] = (await manifestOf(FULL)).sets;
    expect([launcher!.best, launcher!.weakDependencies, image!.best]).toEqual([true, true, false]);
    expect(image!.modulesFor('x86_64')).toEqual({ enable: ['nodejs:20'], disable: [] });
  });

  test('checks signatures where a key is given, and only there', async () => {
    const { repositories } = await manifestOf(FULL);
    expect(repositories.map(({ id, gpgcheck, priority, baseurl }) => [id, gpgcheck, priority, baseurl])).toEqual([
      ['baseos', true, 99, ['$mirror/9-stream/BaseOS/$basearch/os/']],
      ['crb', false, 10, ['$mirror/CRB/$basearch/os/']],
    ]);
  });

  test('reads holds, cross-architecture rules and fallbacks', async () => {
    const { holds, sameVersion, fallbacks } = await manifestOf(FULL);
    expect(holds[0]).toMatchObject({ package: 'seabios', version: '1.16.3*', until: '2027-01-01' });
    expect([sameVersion, fallbacks]).toEqual([['libvirt*'], ['https://archive.test/{sha256}']]);
  });

  test('takes a version from the environment where it has one', async () => {
    const manifest = await manifestOf(FULL, { RPM_DEPS_VERSION_LIBVIRT_VERSION: '0:12.0.0-1.el9', RPM_DEPS_VERSION_EDK2_VERSION: '' });
    expect(manifest.versions).toEqual({ LIBVIRT_VERSION: '0:12.0.0-1.el9', EDK2_VERSION: '20241117' });
  });

  test('takes a plain variable only where whoever runs it allows that', async () => {
    const env = { LIBVIRT_VERSION: '0:12.0.0-1.el9', EDK2_VERSION: '20250101' };
    expect((await manifestOf(FULL, env)).versions).toEqual({ LIBVIRT_VERSION: '0:11.9.0-1.el9', EDK2_VERSION: '20241117' });
    const allowed = await manifestOf(FULL, { ...env, RPM_DEPS_VERSIONS_FROM_ENV: 'QEMU_VERSION, LIBVIRT_VERSION' });
    expect(allowed.versions).toEqual({ LIBVIRT_VERSION: '0:12.0.0-1.el9', EDK2_VERSION: '20241117' });
  });

  test('names a variable that holds no version, and does not quote it', async () => {
    const env = { LIBVIRT_VERSION: 'a secret!', RPM_DEPS_VERSIONS_FROM_ENV: 'LIBVIRT_VERSION' };
    const mistakes = await mistakesOf(FULL, env);
    expect(mistakes).toEqual([expect.stringContaining('the environment variable LIBVIRT_VERSION has characters that no RPM version has')]);
    expect(mistakes.join()).not.toContain('secret');
  });

  test('takes the mirror from the option, then the environment, then itself', async () => {
    const mirror = async (env: Record<string, string>, option?: string) =>
      (await parseManifest(FULL, 'm.yaml', { env, overrides: { mirror: option } })).mirror;
    expect(await mirror({})).toBe('https://mirror.test');
    expect(await mirror({ RPM_DEPS_MIRROR: 'file:///srv/mirror' })).toBe('file:///srv/mirror');
    expect(await mirror({ RPM_DEPS_MIRROR: 'file:///srv/mirror' }, 'https://other.test')).toBe('https://other.test');
    expect(await mirror({ RPM_DEPS_MIRROR: '/srv/mirror' }, 'file:///srv/mirror')).toBe('file:///srv/mirror');
  });

  test('gets the repositories of CentOS Stream when it names none', async () => {
    const { repositories, releasever } = await manifestOf('architectures: [s390x]\nsets: { a: { packages: [bash] } }\n');
    expect(repositories.map(({ id }) => id)).toEqual(['baseos', 'appstream', 'crb']);
    expect(releasever).toBe('9-stream');
  });

  test('keeps a version that YAML takes for a number as it was typed', async () => {
    const { versions } = await manifestOf('versions: { A: 1.10, B: 0x10, C: 20240101 }\nsets: { a: { packages: [bash] } }\n');
    expect(versions).toEqual({ A: '1.10', B: '0x10', C: '20240101' });
  });

  test('may be JSON', async () => {
    const json = JSON.stringify({ architectures: ['amd64'], sets: { a: { packages: ['bash'] } } }, null, '\t');
    const manifest = await parseManifest(json, 'rpm-packages.json', { env: {} });
    expect(manifest.sets[0]!.specsFor('x86_64').map((spec) => spec.text)).toEqual(['bash']);
  });

  test('may share values by alias', async () => {
    const manifest = await manifestOf('sets:\n  a: { packages: &p [bash] }\n  b: { packages: *p }\n');
    expect(manifest.sets[1]!.specsFor('x86_64').map((spec) => spec.text)).toEqual(['bash']);
  });
});

describe('mistakes', () => {
  test('are reported all at once, at their positions, in the order of the text', async () => {
    const text = FULL.replace('architectures: [amd64', 'architectures: [amd46')
      .replace('groups: [centos_main, firmware]', 'groups: [centos_man]')
      .replace('client-${LIBVIRT', 'client-${LIBVRT')
      .replace('ignore:', 'ingore:')
      .replace('priority: 10', 'priority: high')
      .replace('until: 2027-01-01', 'until: 2027-02-30');
    expect(await mistakesOf(text)).toMatchInlineSnapshot(`
      [
        "rpm-packages.yaml:2:17: unknown architecture \`amd46\`; did you mean \`amd64\`?",
        "rpm-packages.yaml:8:89: \`repositories[1].priority\` must be a whole number, not \`high\`",
        "rpm-packages.yaml:19:14: unknown group \`centos_man\`; did you mean \`centos_main\`?",
        "rpm-packages.yaml:20:21: undefined version \`\${LIBVRT_VERSION}\`; did you mean \`\${LIBVIRT_VERSION}\`?",
        "rpm-packages.yaml:21:5: unknown key \`ingore\` in \`sets.launcherbase\`; did you mean \`ignore\`?",
        "rpm-packages.yaml:29:92: expected a date such as 2027-01-31, not \`2027-02-30\`",
      ]
    `);
  });

  test.each([
    ['an empty manifest', '', ['rpm-packages.yaml:1:1: the manifest is empty']],
    ['only comments', '# nothing\n', ['rpm-packages.yaml:1:1: the manifest is empty']],
    ['a list', '- a\n', ['rpm-packages.yaml:1:1: the manifest must be a mapping, not a list']],
    [
      'an architecture that is a map',
      'architectures: [{}]\nsets: { a: { packages: [bash] } }\n',
      [expect.stringMatching(/^rpm-packages.yaml:1:17: /)],
    ],
    [
      'keys that follow each other without end',
      `sets: { a: { packages: [bash] } }\nx: { y:${'a: '.repeat(5000)}}\n`,
      ['rpm-packages.yaml:1:1: nested more than 30 levels deep'],
    ],
    ['no sets', 'architectures: [x86_64]\n', ['rpm-packages.yaml:1:1: the manifest needs the key `sets`']],
    ['a set of nothing', 'sets: { a: {} }\n', ['rpm-packages.yaml:1:12: the set `a` is empty; give it `packages` or `groups`']],
    [
      'a repeated key',
      'sets: { a: { packages: [b] } }\nsets: { c: { packages: [d] } }\n',
      ['rpm-packages.yaml:2:1: this key occurs twice'],
    ],
    [
      'a newer schema',
      'schema_version: "2.0"\nsets: { a: { packages: [b] } }\n',
      ['rpm-packages.yaml:1:17: schema version 2.0 is newer than this rpm-deps; expected "1.0"'],
    ],
    [
      'a set whose name is a path',
      'sets: { "../a": { packages: [b] } }\n',
      ['rpm-packages.yaml:1:9: `../a` cannot be a set name: letters, digits, and ._+- after the first character'],
    ],
    [
      'a set for an architecture that the manifest does not list',
      'architectures: [x86_64]\nsets: { a: { architectures: [s390x], packages: [b] } }\n',
      ['rpm-packages.yaml:2:30: the manifest does not list the architecture `s390x`; expected one of x86_64'],
    ],
    ['a control character', 'sets: { a: { packages: ["b\\e[31m"] } }\n', ['rpm-packages.yaml:1:25: a control character in `b\\u001b[31m`']],
    [
      'a dollar without braces',
      'sets: { a: { packages: [b-$V] } }\n',
      ['rpm-packages.yaml:1:25: a stray `$` in `b-$V`; a version is written as `${V}`'],
    ],
    ['a key called __proto__', '__proto__: {}\nsets: { a: { packages: [b] } }\n', [expect.stringContaining('unknown key `__proto__`')]],
    [
      'a repository without a URL',
      'repositories: [{ id: x }]\nsets: { a: { packages: [b] } }\n',
      ['rpm-packages.yaml:1:16: the repository `x` needs `baseurl`, `metalink` or `mirrorlist`'],
    ],
    [
      'a repository with a misspelt URL and no name',
      'repositories: [{ baseulr: $mirror/a, gpgkey: nonsense }]\nsets: { a: { packages: [b] } }\n',
      [
        'rpm-packages.yaml:1:16: `repositories[0]` needs the key `id`',
        'rpm-packages.yaml:1:18: unknown key `baseulr` in `repositories[0]`; did you mean `baseurl`?',
        'rpm-packages.yaml:1:46: a URL must start with http://, https://, file:// or $mirror, not `nonsense`',
      ],
    ],
    [
      'a hold without a reason, with an impossible date',
      'sets: { a: { packages: [b] } }\nholds: [{ package: b, version: "1", until: 2027-13-01 }]\n',
      [
        'rpm-packages.yaml:2:9: `holds[0]` needs the key `reason`',
        'rpm-packages.yaml:2:44: expected a date such as 2027-01-31, not `2027-13-01`',
      ],
    ],
    ['a set whose list is a text', 'sets: { a: { packages: b } }\n', ['rpm-packages.yaml:1:24: `sets.a.packages` must be a list, not `b`']],
    [
      'two documents',
      'sets: { a: { packages: [b] } }\n---\nsets: {}\n',
      ['rpm-packages.yaml:2:1: a second YAML document begins here; a manifest has only one'],
    ],
    ...['{ name: b-${V}, architectures: [x86_64] }', '[b-${V}, c]'].map((item): [string, string, string[]] => [
      `a version that is not quoted in ${item}`,
      `versions:\n  V: "1"\nsets:\n  a:\n    packages:\n    - ${item}\n  b:\n    packages: [c]\n`,
      [`rpm-packages.yaml:6:${7 + item.indexOf('{', 1)}: a version between brackets must be quoted, as in { name: "foo-\${NAME}" }`],
    ]),
    [
      'something that is not YAML, once',
      'sets:\n  a:\n    packages: [b] ] }\n  c:\n    packages: [d]\n',
      [expect.stringMatching(/^rpm-packages\.yaml:3:19: unexpected /)],
    ],
    ['an alias of nothing', 'sets: { a: { packages: *b } }\n', ['rpm-packages.yaml:1:24: no anchor `&b` before this alias']],
    [
      'a mirror that is no URL',
      'mirror: mirror.test\nsets: { a: { packages: [b] } }\n',
      ['rpm-packages.yaml:1:9: `mirror` must be a URL that starts with http://, https:// or file://, not `mirror.test`'],
    ],
    [
      'a URL variable that does not exist',
      'repositories: [{ id: x, baseurl: $miror/a }]\nsets: { a: { packages: [b] } }\n',
      ['rpm-packages.yaml:1:34: unknown variable `$miror` in a URL; did you mean `$mirror`?'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await mistakesOf(text)).toEqual(expected);
  });

  test('in JSON have positions too, and its syntax is held to', async () => {
    expect(await mistakesOf('{\n\t"sets": {\n\t\t"a": { "pakages": ["b"] }\n\t}\n}', {}, 'm.json')).toEqual([
      'm.json:3:10: unknown key `pakages` in `sets.a`; did you mean `packages`?',
    ]);
    expect(await mistakesOf('{"sets": {},}', {}, 'm.json')).toEqual([expect.stringMatching(/^m\.json:1:13: not valid JSON: /)]);
  });

  test('of a mirror that was given on the command line are a matter of usage', async () => {
    await expect(parseManifest(FULL, 'm.yaml', { env: {}, overrides: { mirror: 'mirror.test' } })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('an alias bomb is refused quickly', async () => {
    const levels = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
    const lines = await mistakesOf(`a0: &a0 [x]\n${levels.join('\n')}\nsets: { a: { packages: [b] } }\n`);
    expect(lines).toEqual([expect.stringMatching(/more than 100000 values|levels deep/)]);
  });

  test.each([
    ['open brackets', `sets: ${'['.repeat(200_000)}\n`],
    ['brackets', `sets: ${'['.repeat(50)}${']'.repeat(50)}\n`],
    ['braces', `sets: ${'{a: '.repeat(5000)}${'}'.repeat(5000)}\n`],
    ['dashes', `sets:\n${'- '.repeat(5000)}a\n`],
    ['indentation', `${Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')} b\n`],
  ])('deep nesting by %s is refused before it can end the process', async (_, text) => {
    expect(await mistakesOf(text)).toEqual([expect.stringContaining('nested more than 30 levels deep')]);
  });
});

describe('files', () => {
  test('a missing manifest is its own error, with a way out', async () => {
    await expect(readManifest('/nowhere/rpm-packages.yaml', { env: {} })).rejects.toMatchObject({
      code: 'MANIFEST_MISSING',
      hint: expect.stringContaining('rpm-deps init'),
    });
  });

  test('a manifest with a byte order mark and Windows line ends is read', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'rpm-packages.yaml');
    writeFileSync(path, `\ufeff${FULL.replaceAll('\n', '\r\n')}`);
    expect((await readManifest(path, { env: {} })).sets.map(({ name }) => name)).toEqual(['launcherbase', 'testimage']);
  });
});

test('a version may have the name of something that every object has', async () => {
  const { versions } = await manifestOf(
    'versions: { constructor: "1", toString: 2 }\nsets: { a: { packages: ["bash-${constructor}"] } }\n',
  );
  expect({ ...versions }).toEqual({ constructor: '1', toString: '2' });
});

test('names that are suggested do nothing to a terminal', async () => {
  const mistakes = await mistakesOf('versions: { A\u001bB: "1" }\nsets: { a: { packages: ["bash-${AB}"] } }\n');
  expect(mistakes.join('\n')).toContain('did you mean');
  expect(mistakes.join('\n')).not.toContain('\u001b');
});
