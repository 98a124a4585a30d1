import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { mergeComps, parseComps } from '../../src/repodata/comps.ts';
import { corpus } from '../helpers/corpus.ts';

const URL = 'https://mirror.example/comps.xml';
const parse = (inside: string) => parseComps(`<?xml version="1.0"?>\n<comps>${inside}</comps>`, URL);

const CORE = `<group>
  <id>core</id>
  <name xml:lang="de">Kern</name>
  <name>Core &amp; more</name>
  <description>Smallest <![CDATA[<possible>]]> installation</description>
  <default>true</default>
  <uservisible>false</uservisible>
  <display_order>7</display_order>
  <packagelist>
    <packagereq type="mandatory">bash</packagereq>
    <packagereq type="default">vim</packagereq>
    <packagereq type="optional" basearchonly="true">emacs</packagereq>
    <packagereq type="conditional" requires="gtk3">gtk3-immodule-xim</packagereq>
    <packagereq arch="s390x, ppc64le" type="mandatory">s390utils</packagereq>
    <packagereq>untyped</packagereq>
    <packagereq type="recommended">of-unknown-type</packagereq>
    <packagereq type="mandatory"></packagereq>
  </packagelist>
</group>`;

test('a group has its packages with their types', () => {
  const [group] = parse(CORE).groups;
  expect(group).toMatchObject({
    id: 'core',
    name: 'Core & more',
    description: 'Smallest <possible> installation',
    visible: false,
    displayOrder: 7,
  });
  expect(group?.packages.map(({ name, type }) => `${type} ${name}`)).toEqual([
    'mandatory bash',
    'default vim',
    'optional emacs',
    'conditional gtk3-immodule-xim',
    'mandatory s390utils',
    'mandatory untyped',
  ]);
  expect(group?.packages.find(({ name }) => name === 'emacs')?.baseArchOnly).toBe(true);
  expect(group?.packages.find(({ name }) => name === 'gtk3-immodule-xim')?.requires).toBe('gtk3');
  expect(group?.packages.find(({ name }) => name === 's390utils')?.architectures).toEqual(['s390x', 'ppc64le']);
});

test('an environment has groups and groups to choose from', () => {
  const comps = parse(`<environment><id>e</id><name>E</name><grouplist><groupid>core</groupid><groupid arch="s390x">z</groupid></grouplist>
    <optionlist><groupid>standard</groupid></optionlist></environment>
    <category><id>c</id><name>C</name><grouplist><groupid>core</groupid></grouplist></category>
    <langpacks><match name="aspell" install="aspell-%s"/></langpacks>`);
  expect(comps.environments).toMatchObject([
    {
      id: 'e',
      groups: [
        { id: 'core', architectures: undefined },
        { id: 'z', architectures: ['s390x'] },
      ],
      optionalGroups: [{ id: 'standard' }],
    },
  ]);
  expect(comps.categories).toMatchObject([{ id: 'c', groups: ['core'] }]);
});

test('a later repository adds to a group and changes what it repeats', () => {
  const again = parse(`<group><id>core</id><name>Other</name><packagelist>
    <packagereq type="optional">bash</packagereq><packagereq type="mandatory">zsh</packagereq></packagelist></group>`);
  const [group] = mergeComps([parse(CORE), again]).groups;
  expect(group?.name).toBe('Other');
  expect(group?.packages[0]).toMatchObject({ name: 'bash', type: 'optional' });
  expect(group?.packages.at(-1)).toMatchObject({ name: 'zsh', type: 'mandatory' });
  expect(group?.packages).toHaveLength(7);
});

test('an environment of two repositories has the groups of both', () => {
  const environment = (groups: string) => parse(`<environment><id>e</id><name>E</name><grouplist>${groups}</grouplist></environment>`);
  const merged = mergeComps([environment('<groupid>a</groupid>'), environment('<groupid>a</groupid><groupid>b</groupid>')]);
  expect(merged.environments[0]?.groups.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('what has no id is left out', () => {
  expect(parse('<group><name>nameless</name></group><group/>').groups).toEqual([]);
});

test('a document type is passed over where it declares nothing', () => {
  const doctype = `<!DOCTYPE comps\n  PUBLIC '-//Red Hat, Inc.//DTD Comps info//EN'\n  "comps.dtd">`;
  expect(parseComps(`<?xml version="1.0"?>\n${doctype}\n<comps>${CORE}</comps>`, URL)).toEqual(parse(CORE));
});

test.each([
  ['an entity that doubles itself', '<!DOCTYPE c [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><comps>&b;</comps>', /DTD/],
  ['an entity of another file', '<!DOCTYPE comps [<!ENTITY a SYSTEM "file:///etc/passwd">]><comps>&a;</comps>', /DTD/],
  ['a second document type', '<!DOCTYPE comps><!DOCTYPE comps><comps/>', /DTD/],
  ['a cut file', '<comps><group>', /not well-formed/],
  ['another root', '<repomd/>', /<repomd> where <comps>/],
])('%s is refused', (_, text, reason) => {
  expect(() => parseComps(text, URL)).toThrow(RpmDepsError);
  expect(() => parseComps(text, URL)).toThrow(reason);
});

test('the groups of real repositories are all read', () => {
  const shared = corpus();
  if (shared === undefined) return;
  for (const [repository, groups] of [
    ['AppStream', 63],
    ['BaseOS', 34],
  ] as const) {
    const folder = join(shared, `mirror/2025-01-13/9-stream/${repository}/x86_64/os/repodata`);
    const text = readFileSync(join(folder, readdirSync(folder).find((name) => name.includes('comps'))!), 'utf8');
    const comps = parseComps(text, URL);
    expect(comps.groups.length).toBe(groups);
    expect(comps.groups.flatMap((group) => group.packages).length).toBe([...text.matchAll(/<packagereq/g)].length);
  }
});
