/** Mutants of manifests: read, the same by both readers, or refused with the place of each mistake. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { parseManifest } from '../../src/manifest/read-manifest.ts';
import { parseSource } from '../../src/manifest/source-text.ts';
import { fixture } from '../helpers/fixtures.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { JSON_WORDS, type Json, mutate, mutateJson, YAML_WORDS } from '../helpers/mutate.ts';

const EVERYTHING = `schema_version: "1.0"
releasever: 9-stream
architectures: [x86_64, aarch64]
mirror: https://mirror.example/centos/
versions: { LIBVIRT_VERSION: 0:10.10.0-7.el9, QEMU_VERSION: "17:9.1.0-15.el9" }
repositories:
  - id: baseos
    baseurl: $mirror/$releasever/BaseOS/$basearch/os/
    gpgkey: https://mirror.example/key
    priority: 10
  - { id: other, metalink: "https://mirrors.example/metalink?arch=$basearch", exclude: ["kernel*"] }
groups:
  common: [bash, glibc-minimal-langpack]
sets:
  web: { groups: [common], packages: ["libvirt-daemon-\${LIBVIRT_VERSION}", '@core', nginx >= 1.20], ignore: ['python3*'] }
  tools:
    packages:
      - acl # needed by the tests
      - 'qemu-img-\${QEMU_VERSION}'
    architectures: [x86_64]
    exclude: [vim-enhanced]
    options: { best: true }
options: { weak_dependencies: true }
modules: { enable: ["nodejs:20"] }
cross_architecture: { same_version: ["libvirt*"] }
holds:
  - { package: libvirt*, version: 10.10.0-7.el9, reason: "a bug", until: 2030-01-01 }
fallbacks: ["https://storage.example/{sha256}"]
`;
const originals: readonly string[] = [
  EVERYTHING,
  readFileSync(fixture('rpm-packages.yaml'), 'utf8'),
  readFileSync(join(import.meta.dirname, '../../lockfiles/examples/rpm-packages.yaml'), 'utf8'),
];
const WORDS = [
  ...YAML_WORDS,
  '${',
  '}',
  '${arch}',
  '${X}',
  '$mirror',
  'a b',
  '../',
  '-rf',
  'https://',
  'file:///etc/passwd',
  '\u001b[31m',
  '\u202e',
  '@',
  '>=',
  '*',
];

const env = {};

/** Without what is only there for one of the two readers. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test(
  `mutants of manifests are read or refused (${SEED_TEXT})`,
  () =>
    readMutants({
      share: 1,
      codes: ['MANIFEST_INVALID'],
      make: (random) => mutate(originals[random(originals.length)]!, WORDS, random),
      read: (text) => parseManifest(text, 'rpm-packages.yaml', { env }),
    }),
  FUZZ_TIMEOUT,
);

test(
  `mutants of manifests in JSON are read or refused (${SEED_TEXT})`,
  async () => {
    const source = await parseSource(EVERYTHING, { json: false });
    const value = plain(source.kind === 'parsed' ? source.source.value : {}) as Json;
    await readMutants({
      share: 2,
      codes: ['MANIFEST_INVALID'],
      make: (random) =>
        random(3) === 0 ? mutate(JSON.stringify(value, null, 1), JSON_WORDS, random) : JSON.stringify(mutateJson(value, random)),
      read: (text) => parseManifest(text, 'rpm-packages.json', { env }),
    });
  },
  FUZZ_TIMEOUT,
);

test('what the mutants are made of is a manifest', async () => {
  for (const original of originals) await parseManifest(original, 'rpm-packages.yaml', { env });
});
