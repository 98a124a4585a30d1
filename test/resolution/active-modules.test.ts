import { expect, test } from 'vitest';
import { inOneGo } from '../../src/base/turns.ts';
import { parseModules } from '../../src/repodata/modulemd.ts';
import { type ActiveModules, findActiveModules } from '../../src/resolution/active-modules.ts';
import { Budget } from '../../src/solver/budget.ts';

interface Build {
  /** `name:stream:version:context`, `!` in front of a context that is not static. */
  readonly nsvc: string;
  readonly requires?: Readonly<Record<string, readonly string[]>>;
  readonly arch?: string;
}

function document({ nsvc, requires = {}, arch = 'x86_64' }: Build): string {
  const [name, stream, version, context = ''] = nsvc.split(':');
  const entries = Object.entries(requires).map(([module, streams]) => `      ${module}: [${streams.join(', ')}]\n`);
  return `---
document: modulemd
version: 2
data:
  name: ${name}
  stream: "${stream}"
  version: ${version}
  context: ${context.replace('!', '')}
  static_context: ${!context.startsWith('!')}
  arch: ${arch}
  summary: s
  description: d
  license:
    module: [MIT]
  dependencies:
  - requires:
${entries.join('') || '      platform: [el9]\n'}`;
}

const defaults = (module: string, stream: string, modified = 0) =>
  `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: ${module}\n  modified: ${modified}\n${stream === '' ? '' : `  stream: "${stream}"\n`}`;

interface World {
  readonly builds: readonly Build[];
  /** `module:stream` */
  readonly defaults?: readonly string[];
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
}

function find(world: World): ActiveModules {
  // Each default is that of a repository.
  const texts = [
    world.builds.map(document).join(''),
    ...(world.defaults ?? []).map((entry) => defaults(entry.split(':')[0]!, entry.split(':')[1]!, Number(entry.split(':')[2] ?? 0))),
  ];
  const request = {
    enable: world.enable ?? [],
    disable: world.disable ?? [],
    platform: 'platform:el9',
    architecture: 'x86_64',
    archRankOf: (arch: string) => (arch === 'x86_64' ? 2 : arch === 'i686' ? 3 : 0),
  };
  const indexes = texts.map((text, repo) => ({ index: parseModules(text, 'modules.yaml'), repo }));
  return inOneGo(findActiveModules(indexes, request, new Budget()));
}

function active(world: World): string[] {
  const found = find(world);
  expect(found.problems).toEqual([]);
  return found.builds
    .filter((entry) => entry.active)
    .map(({ build }) => `${build.name}:${build.stream}:${build.version}:${build.context}`)
    .sort();
}

const TWO_STREAMS: readonly Build[] = [{ nsvc: 'node:18:1:c' }, { nsvc: 'node:18:2:c' }, { nsvc: 'node:20:1:c' }];

test('without defaults no stream is active', () => {
  expect(active({ builds: TWO_STREAMS })).toEqual([]);
});

test('all builds of a default stream are active, old ones too', () => {
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18'] })).toEqual(['node:18:1:c', 'node:18:2:c']);
});

test('an enabled stream takes the place of the default stream', () => {
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18'], enable: ['node:20'] })).toEqual(['node:20:1:c']);
});

test('a module by its name alone means its default or its only stream', () => {
  expect(active({ builds: TWO_STREAMS, defaults: ['node:20'], enable: ['node'] })).toEqual(['node:20:1:c']);
  expect(active({ builds: [{ nsvc: 'perl:5:1:c' }], enable: ['perl'] })).toEqual(['perl:5:1:c']);
});

test('a disabled module has no active stream', () => {
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18'], disable: ['node'] })).toEqual([]);
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18'], disable: ['n*:18'] })).toEqual([]);
});

test('of two defaults the newer counts, and two that contradict each other count nothing', () => {
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18:2', 'node:20:1'] })).toEqual(['node:18:1:c', 'node:18:2:c']);
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18:1', 'node:20:1'] })).toEqual([]);
  // libmodulemd forgets the conflict: the third decides.
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18:1', 'node:20:1', 'node:18:1'] })).toEqual(['node:18:1:c', 'node:18:2:c']);
  expect(active({ builds: TWO_STREAMS, defaults: ['node:18:1', 'node:20:1', 'node:18:2'] })).toEqual(['node:18:1:c', 'node:18:2:c']);
});

test('a document without a stream leaves the default stream of another repository as it is', () => {
  for (const defaults of [
    ['node:18:1', 'node::2'],
    ['node::2', 'node:18:1'],
    ['node:18:2', 'node::1'],
    ['node:18', 'node:'],
  ])
    expect(active({ builds: TWO_STREAMS, defaults })).toEqual(['node:18:1:c', 'node:18:2:c']);
});

test('a stream brings the streams it needs', () => {
  const builds = [{ nsvc: 'a:1:1:c', requires: { b: ['2'] } }, { nsvc: 'b:1:1:c' }, { nsvc: 'b:2:1:c' }];
  expect(active({ builds, enable: ['a:1'] })).toEqual(['a:1:1:c', 'b:2:1:c']);
});

test('the context that fits the other enabled streams is chosen', () => {
  const builds = [
    { nsvc: 'app:1:1:with1', requires: { perl: ['1'] } },
    { nsvc: 'app:1:1:with2', requires: { perl: ['2'] } },
    { nsvc: 'perl:1:1:c' },
    { nsvc: 'perl:2:1:c' },
  ];
  expect(active({ builds, enable: ['app:1', 'perl:2'] })).toEqual(['app:1:1:with2', 'perl:2:1:c']);
  expect(active({ builds, enable: ['app:1'], defaults: ['perl:1'] })).toEqual(['app:1:1:with1', 'perl:1:1:c']);
});

test('a build for another platform is not active', () => {
  const builds = [
    { nsvc: 'a:1:2:el8', requires: { platform: ['el8'] } },
    { nsvc: 'a:1:1:el9', requires: { platform: ['el9', 'el10'] } },
  ];
  expect(active({ builds, enable: ['a:1'] })).toEqual(['a:1:1:el9']);
});

test('contexts that are not static are one when they require the same', () => {
  const builds = [
    { nsvc: 'a:1:1:!x', requires: { platform: ['el9'], b: ['1'] } },
    { nsvc: 'a:1:2:!y', requires: { platform: ['el9'], b: ['1'] } },
    { nsvc: 'a:1:1:!z', requires: { platform: ['el9'], b: ['2'] } },
    { nsvc: 'b:1:1:!c' },
    { nsvc: 'b:2:1:!c' },
  ];
  expect(active({ builds, enable: ['a:1', 'b:1'] })).toEqual(['a:1:1:x', 'a:1:2:y', 'b:1:1:c']);
  expect(active({ builds, enable: ['a:1', 'b:2'] })).toEqual(['a:1:1:z', 'b:2:1:c']);
});

test('an empty list of streams means any stream, and a dash excludes one', () => {
  const any = [{ nsvc: 'a:1:1:c', requires: { b: [] } }, { nsvc: 'b:3:1:c' }];
  expect(active({ builds: any, enable: ['a:1'] })).toEqual(['a:1:1:c', 'b:3:1:c']);
  const not = [{ nsvc: 'a:1:1:c', requires: { b: ['-3'] } }, { nsvc: 'b:3:1:c' }, { nsvc: 'b:4:1:c' }];
  expect(active({ builds: not, enable: ['a:1'] })).toEqual(['a:1:1:c', 'b:4:1:c']);
});

test('defaults that contradict each other give way, with a warning', () => {
  const builds = [{ nsvc: 'a:1:1:c', requires: { b: ['2'] } }, { nsvc: 'b:1:1:c' }, { nsvc: 'b:2:1:c' }];
  const found = find({ builds, defaults: ['a:1', 'b:1'] });
  expect(found.problems).toEqual([]);
  expect(found.warnings).toEqual([{ code: 'MODULE_DEFAULTS_CONFLICT', text: 'not all default module streams can be enabled together' }]);
  expect(find({ builds, defaults: ['a:1', 'b:1'], enable: ['a:1'] }).builds.filter((entry) => entry.active)).toHaveLength(2);
});

test('a stream whose newest build cannot be is refused, though an older one could', () => {
  const builds = [{ nsvc: 'a:1:2:c', requires: { gone: ['1'] } }, { nsvc: 'a:1:1:c' }];
  expect(find({ builds, enable: ['a:1'] }).problems).toEqual(['module stream `a:1` needs `gone:1`, which no repository has']);
});

test.each<[string, Partial<World>, string]>([
  ['an unknown module', { enable: ['nod:18'] }, 'there is no module `nod`; similar are `node`'],
  ['an unknown module like no other', { enable: ['zzzzzzzz'] }, 'there is no module `zzzzzzzz`; the modules are `needy`, `node`'],
  ['an unknown stream', { enable: ['node:16'] }, 'module `node` has no `16`; its streams are `18`, `20`'],
  ['a module of several streams', { enable: ['node'] }, '`node` could be `node:18`, `node:20`, and none of them is the default: name one'],
  ['two streams of one module', { enable: ['node:18', 'node:20'] }, 'module `node` is enabled with two streams, `18` and `20`'],
  ['nonsense', { enable: [':'] }, '`:` is not a module: write `name:stream`'],
  ['an unknown module to disable', { disable: ['nope'] }, 'there is no module `nope`'],
  ['a missing dependency', { enable: ['needy:1'] }, 'module stream `needy:1` needs `lost:1`, which no repository has'],
  [
    'a dependency of another stream',
    { enable: ['needy:2'] },
    'module stream `needy:2` needs `node:16`; there is only `node:18`, `node:20`',
  ],
  [
    'a disabled dependency',
    { enable: ['needy:3'], disable: ['node'] },
    'module stream `needy:3` needs `node:18`, but module `node` is disabled',
  ],
  [
    'a dependency against another wish',
    { enable: ['needy:3', 'node:20'] },
    'module stream `needy:3` needs `node:18`, but `node:20` is enabled',
  ],
  ['another platform', { enable: ['needy:4'] }, 'module stream `needy:4` needs `platform:el8`; there is only `platform:el9`'],
  ['another architecture', { enable: ['needy:5'] }, 'module stream `needy:5` is not built for this architecture'],
])('%s is a problem that says what there is', (_, request, problem) => {
  const builds = [
    ...TWO_STREAMS,
    { nsvc: 'needy:1:1:c', requires: { lost: ['1'] } },
    { nsvc: 'needy:2:1:c', requires: { node: ['16'] } },
    { nsvc: 'needy:3:1:c', requires: { node: ['18'] } },
    { nsvc: 'needy:4:1:c', requires: { platform: ['el8'] } },
    { nsvc: 'needy:5:1:c', arch: 's390x' },
  ];
  expect(find({ builds, ...request }).problems).toEqual([expect.stringContaining(problem)]);
});
