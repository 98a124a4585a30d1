import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { PackageURL } from 'packageurl-js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readBazel } from '../../src/imports/read-bazel.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { EXPORT_WRITERS } from '../../src/views/export-formats.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const EXAMPLES = join(import.meta.dirname, '../../lockfiles/examples/rpm-lockfiles');
const SCHEMAS = join(import.meta.dirname, '../../node_modules/@cyclonedx/cyclonedx-library/res/schema');

const examples = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith('.lock.json'))
  .map((name) => JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as Lockfile);

const baseos = { id: 'centos/stream9-baseos-x86_64', baseurl: 'https://mirror.test/BaseOS/', revision: '1', repomd_sha256: 'a'.repeat(64) };
/** Two architectures of one name, as wine or a 32-bit toolchain has them, and characters that URLs escape. */
const multilib = lock(
  'web-x86_64',
  ['app', 'old.i686'],
  [
    lockedPackage('app 2:1.0^git~1+b-1.el9', { dependencies: ['glibc', 'data'], repository: baseos.id }),
    lockedPackage('data 1-1.el9', { arch: 'noarch', dependencies: ['glibc'], repository: baseos.id }),
    lockedPackage('glibc 2.34-1.el9', { repository: baseos.id }),
    lockedPackage('glibc 2.34-1.el9', { arch: 'i686', repository: baseos.id }),
    lockedPackage('old 1-1.el9', { arch: 'i686', dependencies: ['glibc', 'data'], repository: baseos.id }),
  ],
  { repositories: [baseos] },
);
const other = lock(
  'web-s390x',
  ['data'],
  [lockedPackage('data 1-1.el9', { arch: 'noarch' }), lockedPackage('glibc 2.34-1.el9', { arch: 's390x' })],
);

interface Bom {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly { readonly 'bom-ref': string; readonly purl: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}
const bomOf = (one: Lockfile): Bom => JSON.parse(EXPORT_WRITERS.cyclonedx.write([one])) as Bom;

function validator(): (value: unknown) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const read = (name: string): AnySchema => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')) as AnySchema;
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(read(`${name}.SNAPSHOT.schema.json`), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(read('bom-1.6.SNAPSHOT.schema.json'));
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
}

test('CycloneDX: the schema of 1.6 accepts it, and the parser of package URLs gives each back unchanged', () => {
  const problems = validator();
  for (const one of [multilib, other, ...examples]) {
    const bom = bomOf(one);
    expect(problems(bom)).toEqual([]);
    const references = bom.components.map((component) => component['bom-ref']);
    expect(new Set(references).size).toBe(one.packages.length);
    for (const { purl } of bom.components) expect(PackageURL.fromString(purl).toString()).toBe(purl);
    for (const { dependsOn } of bom.dependencies) for (const reference of dependsOn) expect(references).toContain(reference);
    expect(bom.dependencies[0]!.ref).toBe(bom.metadata.component['bom-ref']);
    expect(bom.dependencies).toHaveLength(one.packages.length + 1);
  }
});

test('CycloneDX: edges lead to the package of the same architecture, and the root to what was asked for', () => {
  const { components, dependencies } = bomOf(multilib);
  const file = new Map(multilib.packages.map((one, i) => [components[i]!.purl, `${one.name}.${one.arch}`]));
  const edges = Object.fromEntries(dependencies.map(({ ref, dependsOn }) => [file.get(ref) ?? ref, dependsOn.map((to) => file.get(to))]));
  expect(edges).toEqual({
    'web-x86_64': ['app.x86_64', 'old.i686'],
    'app.x86_64': ['data.noarch', 'glibc.x86_64'],
    'data.noarch': ['glibc.x86_64'],
    'glibc.x86_64': [],
    'glibc.i686': [],
    'old.i686': ['data.noarch', 'glibc.i686'],
  });
});

test('a package of another architecture that only a name leads to is a dependency of what has that name', () => {
  const both = lock(
    'both-x86_64',
    ['app'],
    [
      lockedPackage('app 1-1', { dependencies: ['libx'] }),
      lockedPackage('libx 1-1'),
      lockedPackage('libx 1-1', { arch: 'i686' }),
      lockedPackage('other 1-1'),
    ],
  );
  const { rpms } = JSON.parse(EXPORT_WRITERS.bazeldnf.write([both])) as { rpms: { name: string; dependencies: string[] }[] };
  expect(rpms.find(({ name }) => name === 'app')!.dependencies).toEqual(['libx-0__1-1.i686', 'libx-0__1-1.x86_64']);
  const { dependencies } = bomOf(both);
  expect(dependencies[0]!.dependsOn.map((purl) => PackageURL.fromString(purl).name)).toEqual(['app', 'other']);
});

test('package URLs have namespace, distribution, repository and checksum', () => {
  const [app] = multilib.packages;
  expect(bomOf(multilib).components[0]!.purl).toBe(
    `pkg:rpm/centos/app@1.0%5Egit~1+b-1.el9?arch=x86_64&checksum=sha256%3A${app!.sha256}&distro=centos-9&epoch=2` +
      '&repository_id=centos%2Fstream9-baseos-x86_64&upstream=app-1.0%5Egit%7E1%2Bb-1.el9.src.rpm',
  );
});

test.each([
  ['the release package', { release: 'redhat-release 9.4-0.5.el9' }, ['redhat', 'rhel-9.4']],
  ['the release package of Fedora', { release: 'fedora-release-common 42-30' }, ['fedora', 'fedora-42']],
  ['the URL of a repository', { baseurl: 'https://mirror.test/9-stream/BaseOS/' }, ['centos', 'centos-9']],
  ['the id of a repository', { id: 'ubi-9-baseos-rpms' }, ['redhat', 'rhel-9']],
  ['a key', { keys: ['21CB256AE16FC54C6E652949702D426D350D275D'] }, ['rocky', 'rocky-9']],
  ['nothing', {}, [null, undefined]],
])(
  'the distribution is known by %s',
  (_, {
    release,
    id = 'r',
    baseurl = 'https://mirror.test/r/',
    keys = [],
  }: {
    release?: string;
    id?: string;
    baseurl?: string;
    keys?: readonly string[];
  }, expected) => {
    const packages = [
      lockedPackage('bash 5-1.el9', { repository: id }),
      ...(release === undefined ? [] : [lockedPackage(release, { repository: id })]),
    ];
    const repositories = [{ ...baseos, id, baseurl, gpgkey_fingerprints: keys }];
    const { purl } = bomOf(lock('s-x86_64', ['bash'], packages, { repositories })).components[0]!;
    const { namespace, qualifiers } = PackageURL.fromString(purl);
    expect([namespace ?? null, qualifiers?.['distro']]).toEqual(expected);
  },
);

/** Rules of the specification (2.3) and its JSON schema for what is in such a document. */
function brokenRules(document: object): string[] {
  const { creationInfo, documentNamespace, packages, relationships } = document as Record<string, unknown> as {
    creationInfo: { created: string; creators: string[] };
    documentNamespace: string;
    packages: Record<string, unknown>[];
    relationships: { relationshipType: string }[];
  };
  const broken: string[] = [];
  const check = (isRight: boolean, rule: string): void => void (isRight ? undefined : broken.push(rule));
  check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(creationInfo.created), '6.9: created is YYYY-MM-DDThh:mm:ssZ');
  check(
    creationInfo.creators.every((one) => /^(?:Tool|Organization|Person): \S/.test(one)),
    '6.8: creators',
  );
  check(/^[a-z]+:[^#\s]+$/.test(documentNamespace), '6.5: the namespace is a URI without #');
  for (const one of packages) {
    check(typeof one['name'] === 'string' && one['name'] !== '', '7.1: name');
    check(/^(?:NOASSERTION|NONE|https?:\/\/\S+)$/.test(String(one['downloadLocation'])), '7.7: downloadLocation');
    check(one['filesAnalyzed'] === false && !('packageVerificationCode' in one), '7.9: no verification code without files');
    for (const sum of (one['checksums'] ?? []) as { algorithm: string; checksumValue: string }[]) {
      check(/^(?:SHA1|SHA224|SHA256|SHA384|SHA512|MD5)$/.test(sum.algorithm) && /^[0-9a-f]+$/.test(sum.checksumValue), '7.10: checksums');
    }
    for (const reference of (one['externalRefs'] ?? []) as Record<string, string>[]) {
      check(reference['referenceCategory'] === 'PACKAGE-MANAGER' && reference['referenceType'] === 'purl', '7.21: purl');
      check(PackageURL.fromString(reference['referenceLocator']!).toString() === reference['referenceLocator'], '7.21: a canonical purl');
    }
  }
  for (const { relationshipType } of relationships)
    check(/^(?:DESCRIBES|CONTAINS|DEPENDS_ON)$/.test(relationshipType), '11.1: relationships');
  return [...new Set(broken)];
}

test('SPDX 2.3: every relation names elements of the document, identifiers are valid, and the same lock gives the same bytes', () => {
  for (const one of [multilib, other, ...examples]) {
    const text = EXPORT_WRITERS.spdx.write([one]);
    expect(EXPORT_WRITERS.spdx.write([structuredClone(one)])).toBe(text);
    const document = JSON.parse(text) as {
      packages: { SPDXID: string }[];
      relationships: { spdxElementId: string; relatedSpdxElement: string; relationshipType: string }[];
    };
    expect(document).toMatchObject({ spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT' });
    expect(brokenRules(document)).toEqual([]);
    const ids = new Set(['SPDXRef-DOCUMENT', ...document.packages.map(({ SPDXID }) => SPDXID)]);
    expect(ids.size).toBe(one.packages.length + 2);
    for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
      expect(ids).toContain(spdxElementId);
      expect(ids).toContain(relatedSpdxElement);
    }
  }
});

test('packages.manifest.yaml: a package stands under its own architecture and says for which systems it is', () => {
  const { data } = parse(EXPORT_WRITERS['packages.manifest.yaml'].write([multilib, other])) as {
    data: { repositories: { id: string }[]; packages: Record<string, Record<string, unknown>[]> };
  };
  const packages = Object.entries(data.packages).flatMap(([arch, entries]) =>
    entries.map((entry) => [`${String(entry['name'])}.${arch}`, entry['parent_archs']]),
  );
  expect(packages).toEqual([
    ['glibc.i686', ['x86_64']],
    ['old.i686', ['x86_64']],
    ['data.noarch', ['s390x', 'x86_64']],
    ['glibc.s390x', undefined],
    ['app.x86_64', undefined],
    ['glibc.x86_64', undefined],
  ]);
  const ids = data.repositories.map(({ id }) => id);
  for (const entry of Object.values(data.packages).flat()) {
    expect(ids).toContain(entry['repo_id']);
    expect(entry['srpm']).toMatch(/\.src$/);
  }
});

test('bazeldnf: one file for all locks, with ids that do not clash, known dependencies and escaped URLs', () => {
  const text = EXPORT_WRITERS.bazeldnf.write([multilib, other, ...examples]);
  const { rpms, targets, repositories } = JSON.parse(text) as {
    rpms: { id: string; name: string; dependencies: string[]; urls: string[]; repository: string }[];
    targets: string[];
    repositories: Record<string, string[]>;
  };
  const ids = new Set(rpms.map(({ id }) => id));
  expect(ids.size).toBe(rpms.length);
  expect(rpms.length).toBe(new Set([multilib, other, ...examples].flatMap(({ packages }) => packages.map(({ sha256 }) => sha256))).size);
  for (const { id, dependencies, repository } of rpms) {
    expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(Object.keys(repositories)).toContain(repository);
    for (const other of dependencies) expect(ids).toContain(other);
  }
  for (const target of targets) expect(ids).toContain(target);
  expect(rpms.find(({ name }) => name === 'app')).toMatchObject({
    id: 'app-2__1.0__caret__git__tilde__1__plus__b-1.el9.x86_64',
    urls: ['Packages/app-1.0%5Egit~1%2Bb-1.el9.x86_64.rpm'],
    dependencies: ['data-0__1-1.el9.noarch', 'glibc-0__2.34-1.el9.x86_64'],
  });
});

/**
 * What libpkgmanifest makes of a file (schema 0.2.2): a package is of the architecture that it stands under, `evr` is `[EPOCH:]VERSION-RELEASE`, the
 * checksum is METHOD:HEX, size is a positive number, a repository that it names is in the list, and `location` is below that.
 */
function readAsLibpkgmanifest(text: string): { readonly nevra: string; readonly srpm: string | undefined; readonly sha256: string }[] {
  const file = parse(text) as Record<string, unknown>;
  expect(Object.keys(file).sort()).toEqual(['data', 'document', 'version']);
  expect([file['document'], file['version']]).toEqual(['rpm-package-manifest', '0.2.2']);
  const { repositories, packages } = file['data'] as {
    repositories: Record<string, string>[];
    packages: Record<string, Record<string, unknown>[]>;
  };
  const ids = repositories.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const repository of repositories) {
    expect(Object.keys(repository).filter((key) => ['baseurl', 'metalink', 'mirrorlist'].includes(key))).toHaveLength(1);
  }
  return Object.entries(packages).flatMap(([arch, entries]) =>
    entries.map((entry) => {
      const { name, repo_id, location, checksum, size, evr, srpm, parent_archs, ...others } = entry;
      expect(others).toEqual({});
      const [, epoch = '0', version, release] = /^(?:(\d+):)?([^-:]+)-([^-:]+)$/.exec(String(evr))!;
      const [, sha256 = ''] = /^sha256:([0-9a-f]{64})$/.exec(String(checksum))!;
      expect(ids).toContain(repo_id);
      expect(size).toBeGreaterThan(0);
      expect(String(location)).toMatch(/^[^/].*\.rpm$/);
      if (parent_archs !== undefined) expect(parent_archs).toEqual([...(parent_archs as string[])].sort());
      if (srpm !== undefined) expect(String(srpm)).toMatch(/^[^:]+-[^-:]+-[^-:]+\.src$/);
      return { nevra: `${String(name)}-${epoch}:${version}-${release}.${arch}`, srpm: srpm as string | undefined, sha256 };
    }),
  );
}

test('packages.manifest.yaml: read as libpkgmanifest reads it, it has exactly the packages of the lockfiles', () => {
  for (const locks of [[multilib, other], examples]) {
    const placed = locks.map((one) => ({ ...one, packages: one.packages.map((each) => ({ size: 1, ...each })) }));
    const read = readAsLibpkgmanifest(EXPORT_WRITERS['packages.manifest.yaml'].write(placed));
    const locked = new Map(placed.flatMap(({ packages }) => packages.map((each) => [each.sha256, each] as const)));
    expect(read.map(({ sha256 }) => sha256).sort()).toEqual([...locked.keys()].sort());
    for (const { nevra, sha256, srpm } of read) {
      expect(nevra).toBe(formatNevra(locked.get(sha256)!));
      expect(srpm).toBe(locked.get(sha256)!.source?.replace(/\.rpm$/, '') || undefined);
    }
  }
});

test('rpmtree: a rule for each file, a tree for each set of an architecture, and every label has its rule', () => {
  const text = EXPORT_WRITERS.rpmtree.write([multilib, other, ...examples], ['https://archive.test/{sha256}']);
  const [rules = '', trees = ''] = text.split('# BUILD.bazel\n');
  const imported = readBazel({ name: 'WORKSPACE', text, value: undefined, arch: undefined })!;
  const names = [...rules.matchAll(/^ {4}name = "(.*)",$/gm)].map(([, name]) => name!);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
  const labels = [...trees.matchAll(/"@(.*)\/\/rpm"/g)].map(([, label]) => label!);
  expect([...new Set(labels)].sort()).toEqual([...names].sort());
  const targets = imported.targets!.filter(({ isPile }) => isPile !== true);
  expect(targets.map(({ set, architecture }) => `${set}-${architecture}`).sort()).toEqual(
    [multilib, other, ...examples].map((one) => `${one.package_set}-${one.architecture}`).sort(),
  );
  expect(targets.find(({ set, architecture }) => set === 'web' && architecture === 'x86_64')!.specs.toSorted()).toEqual(
    ['app', 'data', 'glibc', 'glibc.i686', 'old.i686'].sort(),
  );
  const [app] = multilib.packages;
  expect(rules).toContain(`rpm(
    name = "app-2__1.0__caret__git__tilde__1__plus__b-1.el9.x86_64",
    sha256 = "${app!.sha256}",
    urls = [
        "https://mirror.test/BaseOS/Packages/app-1.0%5Egit~1%2Bb-1.el9.x86_64.rpm",
        "https://archive.test/${app!.sha256}",
    ],
)
`);
});

test('fallbacks of the manifest stand behind the place of each file', () => {
  const [app] = multilib.packages;
  const fallback = `https://archive.test/${app!.sha256}`;
  const { rpms } = JSON.parse(EXPORT_WRITERS.bazeldnf.write([multilib], ['https://archive.test/{sha256}'])) as {
    rpms: { name: string; urls: string[] }[];
  };
  expect(rpms.find(({ name }) => name === 'app')!.urls).toEqual(['Packages/app-1.0%5Egit~1%2Bb-1.el9.x86_64.rpm', fallback]);
  expect(EXPORT_WRITERS.aria2.write([multilib], ['https://archive.test/{sha256}'])).toContain(`.x86_64.rpm\t${fallback}\n  out=`);
});

test('bazeldnf: two files of one name and version get ids of their own', () => {
  const twice = lock('s-x86_64', ['a'], [lockedPackage('a 1-1'), lockedPackage('a 1-1', { sha256: 'b'.repeat(64) })]);
  const { rpms } = JSON.parse(EXPORT_WRITERS.bazeldnf.write([twice])) as { rpms: { id: string }[] };
  expect(new Set(rpms.map(({ id }) => id)).size).toBe(2);
});

test('kickstart and aria2: one entry for each package, and checksums where the format has them', () => {
  expect(EXPORT_WRITERS.kickstart.write([other])).toBe(
    '# web for s390x\n%packages --nocore --exclude-weakdeps\ndata-0:1-1.el9.noarch\nglibc-0:2.34-1.el9.s390x\n%end\n',
  );
  const [data] = other.packages;
  const text = EXPORT_WRITERS.aria2.write([other, multilib]);
  expect(text).toContain(
    `https://mirror.test/BaseOS/Packages/data-1-1.el9.noarch.rpm\n  out=s390x/data-1-1.el9.noarch.rpm\n  checksum=sha-256=${data!.sha256}\n`,
  );
  expect(text.match(/^https:/gm)).toHaveLength(multilib.packages.length + other.packages.length);
  expect(text).toContain('Packages/app-1.0%5Egit~1%2Bb-1.el9.x86_64.rpm\n');
});
