import { expect, test } from 'vitest';
import type { SolvableId } from '../../src/pool/ids.ts';
import { moduleFilter } from '../../src/resolution/module-filter.ts';
import { type SmallRepo, smallPool } from '../helpers/small-pool.ts';

const stream = (name: string, of: string, rpms: readonly string[], more = '') => `---
document: modulemd
version: 2
data:
  name: ${name}
  stream: "${of}"
  version: 1
  context: c
  static_context: true
  arch: x86_64
  summary: s
  description: d
  license:
    module: [MIT]
  dependencies:
  - requires:
      platform: [el9]
${more}  artifacts:
    rpms:
${rpms.map((rpm) => `    - ${rpm}\n`).join('')}...
`;

function visible(repos: readonly SmallRepo[], enable: readonly string[], platform?: string): string[] {
  const pool = smallPool('x86_64', repos);
  const { excluded, problems } = moduleFilter(pool, { enable, disable: [], ...(platform === undefined ? {} : { platform }) });
  expect(problems).toEqual([]);
  const names: string[] = [];
  for (let s = 1; s < pool.end; s++) if (excluded[s] === 0) names.push(pool.nevra(s as SolvableId));
  return names;
}

const PLAIN = 'node-1:16-1.el9.x86_64';
const V18 = 'node-1:18-1.module.x86_64';
const V20 = 'node-1:20-1.module.x86_64';
const STREAMS = stream('node', '18', [V18]) + stream('node', '20', [V20]);
const REPO: SmallRepo = { id: 'appstream', packages: [PLAIN, V18, V20, 'other-0:1-1.x86_64'], modules: STREAMS };

test('packages of streams that are not enabled are hidden', () => {
  expect(visible([REPO], [])).toEqual([PLAIN, 'other-0:1-1.x86_64']);
});

test('an enabled stream shows its packages and hides all others of their names, in every repository', () => {
  const second = { id: 'second', packages: ['node-1:99-1.el9.x86_64'] };
  expect(visible([REPO, second], ['node:20'])).toEqual([V20, 'other-0:1-1.x86_64']);
});

test('what provides the name of a package of an enabled stream is hidden', () => {
  const repo = { ...REPO, packages: [...REPO.packages, 'provider-0:1-1.x86_64 node'] };
  expect(visible([repo], ['node:20'])).toEqual([V20, 'other-0:1-1.x86_64']);
  expect(visible([repo], [])).toContain('provider-0:1-1.x86_64');
});

test('nothing is hidden in a repository of hotfixes', () => {
  const hotfix = { id: 'hotfix', packages: ['node-1:20-2.hotfix.x86_64'], moduleHotfixes: true };
  expect(visible([REPO, hotfix], ['node:18'])).toEqual([V18, 'other-0:1-1.x86_64', 'node-1:20-2.hotfix.x86_64']);
});

test('a source package of a stream hides source packages only', () => {
  const repo = {
    id: 'r',
    packages: ['node-0:1-1.x86_64', 'node-0:1-1.src', 'node-0:2-1.src'],
    modules: stream('node', '2', ['node-0:2-1.src']),
  };
  expect(visible([repo], ['node:2'])).toEqual(['node-0:1-1.x86_64', 'node-0:2-1.src']);
});

test('a name that left a stream hides nothing', () => {
  const modules = stream('node', '20', [V20], '  demodularized:\n    rpms:\n    - node\n');
  expect(visible([{ ...REPO, modules }], ['node:20'])).toEqual([PLAIN, V18, V20, 'other-0:1-1.x86_64']);
});

test('a document that has an artifact without an epoch is skipped', () => {
  const repo = { id: 'r', packages: ['a-0:1-1.x86_64'], modules: stream('m', '1', ['a-1-1.x86_64']) };
  expect(visible([repo], [])).toEqual(['a-0:1-1.x86_64']);
});

test('the platform is what the release package provides', () => {
  const modules = STREAMS.replaceAll('[el9]', '[el10]');
  const release = 'centos-release-0:10-1.noarch system-release base-module(platform:el10)';
  expect(visible([{ ...REPO, packages: [V18, release], modules }], ['node:18'])).toEqual([V18, 'centos-release-0:10-1.noarch']);
  expect(visible([{ ...REPO, packages: [V18], modules }], ['node:18'], 'platform:el10')).toEqual([V18]);
});

test('active streams are told with the reason', () => {
  const pool = smallPool('x86_64', [REPO]);
  expect(moduleFilter(pool, { enable: ['node:18'], disable: [] }).activeStreams).toEqual([
    { name: 'node', stream: '18', version: '1', context: 'c', arch: 'x86_64', repository: 'appstream', state: 'enabled' },
  ]);
});

test('a stream can be enabled only where there are modules', () => {
  const pool = smallPool('x86_64', [{ id: 'plain', packages: [PLAIN] }]);
  expect(moduleFilter(pool, { enable: [], disable: [] }).problems).toEqual([]);
  expect(moduleFilter(pool, { enable: ['node:18'], disable: [] }).problems).toEqual([
    'there is no module `node`: the repositories have no modules',
  ]);
});

test('where the document of an enabled stream was skipped, the problem says why', () => {
  const modules = `${STREAMS}---\ndocument: modulemd\nversion: 9\ndata:\n  name: perl\n  stream: 5\n`;
  const pool = smallPool('x86_64', [{ ...REPO, modules }]);
  expect(moduleFilter(pool, { enable: ['perl:5'], disable: [] }).problems).toEqual([
    'there is no module `perl`; the modules are `node`; a document of it in modules.yaml was skipped: unknown version `9`',
  ]);
});
