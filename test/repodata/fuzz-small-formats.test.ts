/** Mutants of repomd, comps, modules, other and updateinfo: a right answer or an error of ours, never a crash or a hang. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseComps } from '../../src/repodata/comps.ts';
import { filePlace } from '../../src/repodata/file-place.ts';
import { parseModules } from '../../src/repodata/modulemd.ts';
import { readChangelogs } from '../../src/repodata/other.ts';
import { parseRepomd } from '../../src/repodata/repomd.ts';
import { readAdvisories } from '../../src/repodata/updateinfo.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { mutate, randomNumbers, XML_WORDS, YAML_WORDS } from '../helpers/mutate.ts';
import { excerpt, piecesOf, realFiles, repositories } from '../helpers/real-metadata.ts';

const URL = 'https://mirror.example/file';

const SHA256 = 'a'.repeat(64);
const REPOMD = `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>9-stream</revision>
  <tags><distro cpeid="cpe:/o:x:y:9">Example</distro></tags>
${['primary', 'filelists', 'modules', 'group']
  .map(
    (type) => `  <data type="${type}">
    <checksum type="sha256">${SHA256}</checksum>
    <open-checksum type="sha512">${SHA256}${SHA256}</open-checksum>
    <location href="repodata/${type}.xml.gz"/>
    <timestamp>1736761412</timestamp>
    <size>3597627</size>
    <open-size>51840420</open-size>
  </data>
`,
  )
  .join('')}</repomd>
`;

const COMPS = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC '-//Red Hat, Inc.//DTD Comps info//EN' 'comps.dtd'>
<comps>
  <group>
    <id>core</id>
    <name>Core &amp; &#169;</name>
    <name xml:lang="de">Kern</name>
    <description><![CDATA[<all>]]></description>
    <uservisible>false</uservisible>
    <packagelist>
      <packagereq type="mandatory">bash</packagereq>
      <packagereq type="conditional" requires="gtk3">gtk3-x</packagereq>
      <packagereq type="optional" basearchonly="true" arch="s390x">z</packagereq>
    </packagelist>
  </group>
  <environment>
    <id>minimal</id>
    <grouplist><groupid>core</groupid></grouplist>
    <optionlist><groupid>other</groupid></optionlist>
  </environment>
</comps>
`;

const MODULES = `---
document: modulemd-defaults
version: 1
data:
  module: nodejs
  stream: "18"
  profiles:
    18: [common]
...
---
document: modulemd
version: 2
data:
  name: nodejs
  stream: "18"
  version: 920240311154052
  context: rhel9
  static_context: true
  arch: x86_64
  description: >-
    Several lines
    of text
  dependencies:
  - buildrequires:
      platform: [el9]
    requires:
      platform: [el9]
      perl: ["5.30", -5.24]
  profiles:
    common:
      rpms:
      - nodejs
  artifacts:
    rpms:
    - nodejs-1:18.19.1-1.module_el9+911+5b1e9b5d.src
    - nodejs-1:18.19.1-1.module_el9+911+5b1e9b5d.x86_64
...
`;

const OTHER = `<?xml version="1.0"?>
<otherdata packages="1">
<package pkgid="aa" name="bash" arch="x86_64">
  <version epoch="0" ver="1" rel="1"/>
  <changelog author="A &lt;a@example.org&gt; - 1-1" date="1700000000">- changed &amp; mended</changelog>
</package>
</otherdata>
`;

const UPDATEINFO = `<?xml version="1.0"?>
<updates><update type="security"><id>A-1</id><title>T</title><severity>Low</severity>
<references><reference href="https://example.org/1" id="CVE-2025-1234" type="cve"/></references>
<pkglist><collection><package name="bash" version="1" release="1" epoch="0" arch="x86_64"/></collection></pkglist></update></updates>
`;

const bytes = (text: string) => new TextEncoder().encode(text);

const FORMATS: readonly (readonly [string, string, readonly string[], (text: string) => unknown])[] = [
  ['repomd.xml', REPOMD, XML_WORDS, (text) => checkRepomd(parseRepomd(bytes(text), URL))],
  ['comps.xml', COMPS, XML_WORDS, (text) => parseComps(text, URL)],
  ['modules.yaml', MODULES, YAML_WORDS, (text) => checkModules(text)],
  ['other.xml', OTHER, XML_WORDS, (text) => readChangelogs(inPieces(text), new Set(['aa']), URL)],
  ['updateinfo.xml', UPDATEINFO, XML_WORDS, (text) => readAdvisories(inPieces(text), URL)],
];

function inPieces(text: string): Uint8Array[] {
  const all = bytes(text);
  const middle = all.length >> 1;
  return [all.subarray(0, middle), all.subarray(middle)];
}

function checkRepomd(repomd: ReturnType<typeof parseRepomd>): void {
  for (const { href, checksum, size, openSize, timestamp } of repomd.records.values()) {
    expect(filePlace(href, '')).toEqual({ location: href });
    expect(checksum.value).toMatch(/^[0-9a-f]{56,128}$/);
    for (const number of [size ?? 0, openSize ?? 0, timestamp]) expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
  }
}

/** Where the general parser understands a mutant too, the fast reader must have read the same. */
function checkModules(text: string): void {
  const fast = parseModules(text, URL);
  const slow = parseModules(text.replaceAll(/\r?\n/g, '\r\n'), URL);
  // What the fast reader skips need not be YAML, and may be deep.
  if (slow.warnings.some(({ text: told }) => /not valid YAML|brackets nest|nests too deep/.test(told))) return;
  expect(fast).toEqual(slow);
}

/** Documents as they are on mirrors, besides those above. */
const REAL: readonly (readonly [string, () => Promise<readonly string[]>, readonly string[], (text: string) => unknown])[] = [
  [
    'repomd.xml',
    async () => repositories().map((path) => readFileSync(`${path}/repodata/repomd.xml`, 'utf8')),
    XML_WORDS,
    (text) => checkRepomd(parseRepomd(bytes(text), URL)),
  ],
  ['comps.xml', async () => (await realFiles('group')).map((text) => shortened(text, 'group')), XML_WORDS, (text) => parseComps(text, URL)],
  ['modules.yaml', async () => (await realFiles('modules')).flatMap(someDocuments), YAML_WORDS, (text) => checkModules(text)],
  [
    'other.xml',
    async () => (await realFiles('other')).map((text) => shortened(text, 'package')),
    XML_WORDS,
    (text) => readChangelogs(inPieces(text), new Set([/pkgid="(\w+)"/.exec(text)?.[1] ?? '']), URL),
  ],
];

function shortened(text: string, element: string): string {
  return excerpt(piecesOf(text, element), randomNumbers(1));
}

/** Large documents are cut down to what has structure. */
function someDocuments(text: string): string[] {
  const documents = text.split(/^(?=---$)/m).filter((document) => document.length < 20_000);
  return [0, 1, 2].map((i) => documents.slice(5 * i, 5 * i + 2).join(''));
}

test.each(REAL)(
  `mutants of %s of real mirrors are read or refused (${SEED_TEXT})`,
  async (_, load, words, read) => {
    const originals = (await load()).filter((text) => text !== '');
    expect(originals.length).toBeGreaterThan(0);
    for (const original of originals) await read(original);
    await readMutants({
      share: 1,
      codes: ['METADATA_INVALID'],
      make: (random) => mutate(originals[random(originals.length)]!, words, random),
      read,
    });
  },
  FUZZ_TIMEOUT,
);

test.each(FORMATS)(
  `mutants of %s are read or refused (${SEED_TEXT})`,
  async (_, original, words, read) => {
    await read(original);
    await readMutants({
      // Real files are the better part.
      share: 4,
      codes: ['METADATA_INVALID'],
      make: (random) => mutate(original, words, random),
      read,
    });
  },
  FUZZ_TIMEOUT,
);
