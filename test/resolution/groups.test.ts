import { expect, test } from 'vitest';
import { expandGroup, modulesAskedFor } from '../../src/resolution/groups.ts';
import { smallPool } from '../helpers/small-pool.ts';

const COMPS = `<comps>
<group><id>core</id><name>Core</name><packagelist>
  <packagereq type="mandatory">bash</packagereq><packagereq type="default">vim</packagereq><packagereq type="optional">emacs</packagereq>
  <packagereq type="conditional" requires="gtk3">gtk3-x</packagereq><packagereq type="mandatory" arch="s390x">s390utils</packagereq>
</packagelist></group>
<group><id>standard</id><name>Standard</name><packagelist>
  <packagereq type="mandatory">bash</packagereq><packagereq type="mandatory" basearchonly="true">tar</packagereq></packagelist></group>
<group><id>extra</id><name>Extra Tools</name><packagelist><packagereq type="mandatory">htop</packagereq></packagelist></group>
<environment><id>minimal-environment</id><name>Minimal Install</name>
  <grouplist><groupid>core</groupid><groupid>standard</groupid><groupid>gone</groupid></grouplist>
  <optionlist><groupid>extra</groupid></optionlist></environment>
</comps>`;

const MODULES = `---
document: modulemd-defaults
version: 1
data:
  module: node
  profiles:
    20: [common]
...
${['18', '20']
  .map(
    (stream) => `---
document: modulemd
version: 2
data:
  name: node
  stream: "${stream}"
  version: 1
  context: c
  static_context: true
  arch: x86_64
  summary: s
  description: d
  license:
    module: [MIT]
  profiles:
    common:
      rpms:
      - node
      - npm
      - bash
    minimal:
      rpms:
      - node
  artifacts:
    rpms:
    - node-1:${stream}-1.x86_64
    - node-1:${stream}-1.src
    - node-doc-1:${stream}-1.x86_64
    - npm-1:${stream}-1.noarch
...
`,
  )
  .join('')}`;

const PACKAGES = ['18', '20'].flatMap((version) => [`node-1:${version}-1.x86_64`, `node-1:${version}-1.src`, `npm-1:${version}-1.noarch`]);
const POOL = smallPool('x86_64', [{ id: 'appstream', packages: [...PACKAGES, 'bash-0:5-1.x86_64'], modules: MODULES, comps: COMPS }]);

const packagesOf = (spec: string) => {
  const found = expandGroup(POOL, spec);
  return found.kind === 'not-found' ? found.suggestions : found.packages.map(({ name, type }) => `${type} ${name}`);
};

test('a group has its mandatory, default and conditional packages, those of other architectures left out', () => {
  expect(expandGroup(POOL, '@core')).toEqual({
    kind: 'group',
    ids: ['core'],
    packages: [
      { name: 'bash', type: 'mandatory' },
      { name: 'vim', type: 'default' },
      { name: 'gtk3-x', type: 'conditional', requires: 'gtk3' },
    ],
  });
});

test('the types can be named', () => {
  expect(packagesOf('@core/mandatory,optional')).toEqual(['mandatory bash', 'optional emacs']);
});

test('an environment has the packages of its groups, without those to choose from', () => {
  const found = expandGroup(POOL, '@minimal-environment');
  expect(found.kind).toBe('environment');
  expect(packagesOf('@^minimal-environment')).toEqual(['mandatory bash', 'default vim', 'conditional gtk3-x', 'mandatory tar']);
  expect(packagesOf('@Minimal Install')).toEqual(packagesOf('@minimal-environment'));
});

test('a name or a glob will do, whatever its capitals', () => {
  expect(packagesOf('@Extra Tools')).toEqual(['mandatory htop']);
  expect(packagesOf('@extra t*')).toEqual(['mandatory htop']);
  expect(expandGroup(POOL, '@S*')).toMatchObject({
    kind: 'group',
    ids: ['standard'],
    packages: [{ name: 'bash' }, { name: 'tar', baseArchOnly: true }],
  });
});

test('what does not exist is not found, with what is near', () => {
  expect(packagesOf('@cor')).toEqual(['@core']);
  expect(packagesOf('@zzzzzzzzzz')).toEqual([]);
  expect(expandGroup(smallPool('x86_64', [{ id: 'r', packages: [] }]), '@core')).toEqual({
    kind: 'not-found',
    suggestions: [],
  });
});

test('a module profile has its packages out of the stream that is meant', () => {
  const found = expandGroup(POOL, '@node:18/common');
  expect(found).toMatchObject({ kind: 'module', ids: ['node:18/common'] });
  if (found.kind === 'not-found') return;
  const candidates = found.packages.map(({ name, candidates = [] }) => [name, candidates.map((s) => POOL.nevra(s))]);
  expect(candidates).toEqual([
    ['node', ['node-1:18-1.x86_64']],
    ['npm', ['npm-1:18-1.noarch']],
    ['bash', []],
  ]);
});

test('without a profile the default profiles of the stream are taken', () => {
  expect(expandGroup(POOL, '@node:20')).toMatchObject({ kind: 'module', ids: ['node:20/common'] });
});

test.each([
  ['@node:18', ['@node:18/common', '@node:18/minimal']],
  ['@node:18/huge', ['@node:18/common', '@node:18/minimal']],
  ['@node', ['@node:18', '@node:20']],
])('%s is not found, but others are: %j', (spec, suggestions) => {
  expect(packagesOf(spec)).toEqual(suggestions);
});

test('an enabled stream decides which one a module without a stream is', () => {
  expect(expandGroup(POOL, '@node', { enable: ['node:20'], disable: [] })).toMatchObject({ ids: ['node:20/common'] });
});

test('requests for modules are told from requests for groups', () => {
  expect(modulesAskedFor(POOL, ['bash', '@core', '@node:18/common', 'node'])).toEqual(['node:18/common']);
});
