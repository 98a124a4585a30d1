import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ModulesFile, parseModules } from '../../src/repodata/modulemd.ts';
import { corpus } from '../helpers/corpus.ts';

const URL = 'https://mirror.example/modules.yaml';
const parse = (text: string) => parseModules(text, URL);
/** Carriage returns are more than the fast reader takes: every document goes through the general parser. */
const parseSlowly = (text: string) => parse(text.replaceAll('\n', '\r\n'));

const NODEJS = `---
document: modulemd
version: 2
data:
  name: nodejs
  stream: "1.10"
  version: 0920241205131105
  context: rhel9
  static_context: true
  arch: x86_64
  summary: >-
    Javascript runtime
      indented
  description: |
    # not a comment
    name: not a name
  license:
    module:
    - MIT
  xmd: {}
  dependencies:
  - buildrequires:
      platform: [el9]
    requires:
      platform: [el9]
      perl: [ "5.30", '5.26', 5.24 ]
      ruby: [ -3.1 ]
      any: []
  profiles:
    common:
      default: true
      description: some words
      rpms:
      - nodejs
      - npm
    empty:
      rpms: []
  api:
    rpms: [nodejs]
  artifacts:
    rpms:
    - nodejs-1:20.18.1-1.module_el9+1170+77d8e1f5.src
    - nodejs-1:20.18.1-1.module_el9+1170+77d8e1f5.x86_64
  demodularized:
    rpms: [ old-name ]
...
`;

describe.each([
  ['the fast reader', parse],
  ['the general parser', parseSlowly],
])('%s', (_, read) => {
  test('reads a stream, its scalars as text', () => {
    expect(read(NODEJS)).toEqual({
      streams: [
        {
          name: 'nodejs',
          stream: '1.10',
          version: '920241205131105',
          context: 'rhel9',
          arch: 'x86_64',
          staticContext: true,
          requires: [
            new Map([
              ['any', []],
              ['perl', ['5.24', '5.26', '5.30']],
              ['platform', ['el9']],
              ['ruby', ['-3.1']],
            ]),
          ],
          profiles: new Map([
            ['common', { rpms: ['nodejs', 'npm'], isDefault: true }],
            ['empty', { rpms: [], isDefault: false }],
          ]),
          artifacts: ['nodejs-1:20.18.1-1.module_el9+1170+77d8e1f5.src', 'nodejs-1:20.18.1-1.module_el9+1170+77d8e1f5.x86_64'],
          demodularized: ['old-name'],
        },
      ],
      defaults: [],
      warnings: [],
      skipped: [],
    });
  });

  test('reads the defaults of a module', () => {
    const text = `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: nodejs\n  stream: 18\n  modified: 201911191205\n  profiles:\n    18: [common, 'x']\n    20: []\n...\n`;
    expect(read(text).defaults).toEqual([
      {
        module: 'nodejs',
        stream: '18',
        modified: 201911191205,
        profiles: new Map([
          ['18', ['common', 'x']],
          ['20', []],
        ]),
      },
    ]);
  });

  test('reads a document of version 1, where a requirement is one stream', () => {
    const text = `document: modulemd\nversion: 1\ndata:\n  name: a\n  stream: b\n  version: 1\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  dependencies:\n    requires:\n      platform: el9\n      other:\n`;
    expect(read(text).streams[0]?.requires).toEqual([
      new Map([
        ['platform', ['el9']],
        ['other', []],
      ]),
    ]);
  });

  test('takes what is empty as libmodulemd does: a name, a stream, an architecture, but no version', () => {
    const made = (data: string) =>
      read(
        `---\ndocument: modulemd\nversion: 2\ndata:\n${data}  summary: s\n  description: d\n  license:\n    module: [MIT]\n`,
      ).streams.map(({ name, stream, arch, version }) => [name, stream, arch, version]);
    expect(made('  name: ""\n  stream: ""\n')).toEqual([['', '', 'noarch', '0']]);
    expect(made('  name: a\n  stream: b\n  arch:\n')).toEqual([['a', 'b', '', '0']]);
    expect(made('  name: a\n  stream: b\n  version:\n')).toEqual([]);
    expect(made('  name: a\n  stream: my b\n')).toEqual([['a', 'my b', 'noarch', '0']]);
    expect(made('  name: a\n  stream: "b\\u2028c"\n')).toEqual([]);
  });

  test('skips what is not a modulemd, with the reason', () => {
    const rest = '  summary: s\n  description: d\n  license:\n    module: [MIT]\n';
    const bad = (data: string) => `---\ndocument: modulemd\nversion: 2\ndata:\n${data}${rest}`;
    const index = read(
      `---\ndocument: modulemd-obsoletes\nversion: 1\ndata: {}\n${bad('  stream: b\n')}${bad('  name: c\n  stream: d\n  version: x\n')}` +
        `${bad('  name: e\n  stream: f\n  artifacts:\n    rpms: g\n')}---\ndocument: modulemd\nversion: 3\n${bad('  name: h\n  stream: i\n  dependencies:\n  - requires:\n      j: [k, -l]\n')}${NODEJS}`,
    );
    expect(index.streams.map((stream) => stream.name)).toEqual(['nodejs']);
    expect(new Set(index.warnings.map(({ code }) => code))).toEqual(new Set(['MODULE_SKIPPED']));
    expect(index.warnings.map(({ text }) => text)).toEqual([
      `${URL}: a modulemd document was skipped: it has no usable name (\`\`)`,
      `${URL}: a modulemd document was skipped: the version \`x\` of \`c\` is not a number`,
      `${URL}: a modulemd document was skipped: \`rpms\` is not a list`,
      `${URL}: a modulemd document was skipped: unknown version \`3\``,
      `${URL}: a modulemd document was skipped: it both names and excludes streams of \`j\``,
    ]);
  });

  test('finds nothing in an empty file', () => {
    expect(read('---\n\n# nothing\n...\n')).toEqual({ streams: [], defaults: [], warnings: [], skipped: [] });
  });
});

test.each([
  ['an anchor and a tag', 'stream: "1.10"', 'stream: !!str &a "1.10"'],
  ['an escape', 'stream: "1.10"', 'stream: "1.\\x310"'],
  ['a comment after a value', 'context: rhel9', 'context: rhel9 # the context'],
  ['a scalar over two lines', 'context: rhel9', 'context:\n      rhel9'],
  ['a flow sequence over two lines', 'platform: [el9]\n      perl', 'platform: [\n        el9 ]\n      perl'],
  ['a flow mapping', 'rpms: [ old-name ]', '{ rpms: [old-name] }'],
  ['a block scalar', 'context: rhel9', 'context: >-\n    rhel9'],
  ['a directive', '---\n', '%YAML 1.2\n---\n'],
  ['a quoted key', '  context:', '  "context" :'],
  ['dashes deeper than their key', '      - nodejs\n      - npm', '        - nodejs\n        - npm'],
  ['a comment in a column of its own', '      - npm', '# here\n      - npm'],
])('%s makes no difference', (_, from, to) => {
  const text = NODEJS.replace(from, to);
  expect(text).not.toBe(NODEJS);
  expect(parse(text)).toEqual(parse(NODEJS));
});

const DEFAULTS = '---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: nodejs\n  stream: "1.10"\n...\n';

/** What libmodulemd 2.14 does with each, as dnf 4.14 shows. */
test.each([
  ['an alias', '  xmd: {}', '  xmd: &a {}\n  references: *a', 'it has an alias'],
  ['an alias bomb', '  xmd: {}', '  xmd: { a: &a [x, x], b: &b [*a, *a], c: [*b, *b] }', 'it has an alias'],
  ['deep brackets', '  xmd: {}', `  xmd: ${'['.repeat(10_000)}`, 'brackets nest more than 32 deep'],
  ['broken YAML', '  xmd: {}', '  xmd: {}\n  summary: [}', 'it is not valid YAML'],
  ['broken quotes', '  context: rhel9', '  context: "rhel9', 'it is not valid YAML'],
  ['its name twice', '  context: rhel9', '  context: rhel9\n  name: other', 'it has `name` twice'],
  ['its stream twice', '  context: rhel9', '  context: rhel9\n  stream: "1.10"', 'it has `stream` twice'],
  ['no summary', '  summary: >-\n    Javascript runtime\n      indented\n', '', '`nodejs` has no summary'],
  ['no description', '  description: |\n    # not a comment\n    name: not a name\n', '', '`nodejs` has no description'],
  [
    'a list for a description',
    '  description: |\n    # not a comment\n    name: not a name\n',
    '  description: [d]\n',
    'not a single value',
  ],
  ['no license', '  license:\n    module:\n    - MIT\n', '', '`nodejs` has no license'],
  ['an empty license', '    module:\n    - MIT\n', '    module: []\n', '`nodejs` has no license'],
  ['only a license of its content', '    module:\n    - MIT\n', '    content:\n    - MIT\n', '`nodejs` has no license'],
  ['a word for its license', '  license:\n    module:\n    - MIT\n', '  license: MIT\n', '`license` is not a mapping'],
  ['a mapping in its license', '    - MIT\n', '    - MIT    content:\n    - GPLv2\n', '`module` has something in it that is not text'],
  [
    'a key between the brackets of its license',
    '    module:\n    - MIT\n',
    '    module: [? MIT]\n',
    '`module` has something in it that is not text',
  ],
  [
    'keys within keys ten thousand deep',
    '  xmd: {}',
    `  xmd:${' '.repeat(1)}\n${Array.from({ length: 10_000 }, (_, i) => `${' '.repeat(i + 4)}a:\n`).join('')}  "x": *`,
    'skipped',
  ],
  ['an artifact without an epoch', '    - nodejs-1:20', '    - nodejs-20', 'is not name-epoch:version-release.arch'],
  ['a list for a profile', '    empty:\n      rpms: []\n', '    empty: [nodejs]\n', 'its profile `empty` is not a mapping'],
  ['a negative version', 'version: 0920241205131105', 'version: -1', 'is not a number'],
])('a document with %s is skipped, and the others are read', (_, from, to, reason) => {
  const text = NODEJS.replace(from, to);
  expect(text).not.toBe(NODEJS);
  for (const read of [parse, parseSlowly]) {
    const { streams, defaults, warnings } = read(text + DEFAULTS);
    expect([streams.length, defaults.length, warnings.length]).toEqual([0, 1, 1]);
    expect(warnings[0]!.text).toContain(reason);
  }
});

test.each([
  ['a key twice that nobody reads', '  xmd: {}', '  xmd: {}\n  xmd: {}'],
  ['a stream twice in what nobody reads', '  xmd: {}', '  xmd:\n    stream: 1\n    stream: 2'],
  ['its summary twice', '  context: rhel9', '  context: rhel9\n  summary: other'],
  ['an empty summary', '  summary: >-\n    Javascript runtime\n      indented\n', '  summary: ""\n'],
  ['its license in one line', '  license:\n    module:\n    - MIT\n', '  license: { module: [MIT] }\n'],
  ['an anchor that nobody uses', '  xmd: {}', '  xmd: &a {}'],
  ['an unknown key', '  xmd: {}', '  xmd: {}\n  future: [1, 2]'],
  ['a bullet in its description', '    # not a comment', '    * one\n    - *two'],
  ['a requirement without brackets', '      platform: [el9]\n      perl', '      platform: el9\n      perl'],
  ['a mark of the byte order', '---\ndocument', '\ufeff---\ndocument'],
  ['a closing quote in column 0', '  xmd: {}', "  components:\n    rpms:\n      npm:\n        rationale: 'A tool.\n\n'"],
  ['a double one', '  xmd: {}', '  xmd: { a: "A tool.\n\n", b: c }'],
  ['lines of a quoted text in column 0', '  xmd: {}', "  xmd:\n    a: 'It''s a tool\nthat goes on: with\n\n  stream: 1'\n    b: x"],
  ['such lines with escapes', '  xmd: {}', '  xmd:\n    a: "A \\"tool\\\n\\ that\ngoes on"\n    b: x'],
  ['such lines of a list', '  xmd: {}', "  xmd:\n  - 'a\nb'\n  - text: |\n      don't: '\n    c: 'd\ne'"],
  ['such lines between brackets', '  xmd: {}', "  xmd: { a: 'b\nc', d: [ 'e, f\n]', g ] }"],
  ['such lines beside words with apostrophes', '  xmd: {}', "  xmd:\n    a: it's - 'so' # isn't it?\n    b: 'c\nd'"],
  ['a summary that goes on so', '  summary: >-\n    Javascript runtime\n      indented\n', "  summary: 'A runtime\nfor it'\n"],
  ['one of its summary', '  summary: >-\n    Javascript runtime\n      indented\n', "  summary: 'A runtime.\n\n'\n"],
])('a document with %s is read', (_, from, to) => {
  const text = NODEJS.replace(from, to);
  expect(text).not.toBe(NODEJS);
  for (const read of [parse, parseSlowly]) expect(read(text)).toEqual(parse(NODEJS));
});

test('a skipped document is known by the name of its module, valid or not', () => {
  const names = (text: string) => parse(text).skipped.map(({ name }) => name);
  expect(names(NODEJS.replace('xmd: {}', 'xmd: "'))).toEqual(['nodejs']);
  expect(names(NODEJS.replace('version: 2', 'version: 9'))).toEqual(['nodejs']);
  expect(names(NODEJS)).toEqual([]);
});

test('what stands under a key that comes twice adds up', () => {
  const text = NODEJS.replace('  xmd: {}', '  artifacts:\n    rpms:\n    - npm-1:1-1.x86_64');
  expect(parse(text).streams[0]!.artifacts).toHaveLength(3);
});

test('of two documents of defaults in one file the last counts', () => {
  const none = DEFAULTS.replace('  stream: "1.10"\n', '');
  expect(parse(DEFAULTS + none).defaults.map(({ stream }) => stream)).toEqual([undefined]);
  expect(parse(none + DEFAULTS).defaults.map(({ stream }) => stream)).toEqual(['1.10']);
});

test.each([
  ['of another version', 'version: 1', 'version: 2', 'unknown version `2`'],
  ['without a module', '  module: nodejs\n', '', 'no usable module'],
  ['with two streams', '  module: nodejs\n', '  module: nodejs\n  stream: 18\n', 'it has `stream` twice'],
  ['of no date', '  module: nodejs\n', '  module: nodejs\n  modified: yesterday\n', 'is not a number'],
])('defaults %s are skipped', (_, from, to, reason) => {
  const { defaults, warnings } = parse(DEFAULTS.replace(from, to));
  expect([defaults, warnings[0]?.text]).toEqual([[], expect.stringContaining(reason)]);
});

test.each(['hello', '- a\n- b', '<html>\n<body>no: {', 'document: {}'])('what is no module document at all is skipped: %j', (text) => {
  const { streams, warnings } = parse(`---\n${text}\n${NODEJS}`);
  expect([streams.length, warnings.length]).toEqual([1, 1]);
});

test.each([parse, parseSlowly])(
  'a module that is required without its streams is required with a stream of no name, as by libmodulemd',
  (read) => {
    expect(read(NODEJS.replace('any: []', 'any:')).streams[0]!.requires[0]!.get('any')).toEqual(['']);
    expect(read(NODEJS).streams[0]!.requires[0]!.get('any')).toEqual([]);
  },
);

test('a list with a million blanks is read in one pass', () => {
  const blanks = ' '.repeat(1_000_000);
  const { streams } = parse(NODEJS.replace('[ old-name ]', `[ old-name,${blanks}other${blanks}]`));
  expect(streams[0]!.demodularized).toEqual(['old-name', 'other']);
});

test.each([',', ',:', ',&a b', ']', '\t\n'])('documents of %j alone, which the general parser reads slowly, are skipped', (mark) => {
  const { streams, warnings } = parse(NODEJS.replace('nodejs]', `nodejs${mark.repeat(3_000_000 / mark.length)}]`) + NODEJS);
  expect([streams.length, warnings[0]?.text]).toEqual([1, expect.stringContaining('its YAML is unusual')]);
});

test('documents of an unusual style are read as long as there are not too many of them', () => {
  const odd = NODEJS.replace('summary: >-', 'summary: "\\x41"\n  other: >-');
  const { streams, warnings } = parse(odd.repeat(1000));
  expect([streams.length, warnings.length]).toEqual([1000, 0]);
});

test('too many documents are refused', () => {
  expect(() => parse('---\na\n'.repeat(250_001))).toThrow('has more than 250000 documents');
});

test('both readers agree on the modules of real repositories', () => {
  const shared = corpus();
  if (shared === undefined) return;
  for (const arch of ['x86_64', 'aarch64', 's390x']) {
    const folder = join(shared, `mirror/2025-01-13/9-stream/AppStream/${arch}/os/repodata`);
    const file = readdirSync(folder).find((name) => name.endsWith('modules.yaml.xz'));
    const text = execFileSync('xz', ['-dc', join(folder, file!)], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const index = parse(text);
    expect(index.streams.length).toBeGreaterThan(25);
    expect(index).toEqual(parseSlowly(text));
  }
});

test('of many documents that are skipped the first are named, and the others counted', () => {
  const { warnings, skipped } = parse('---\ndocument: modulemd\nversion: 9\ndata:\n  name: m\n'.repeat(30_000));
  expect(warnings).toHaveLength(21);
  expect(warnings.at(-1)).toEqual({ code: 'MODULE_SKIPPED', text: `${URL}: 29980 more documents were skipped` });
  expect(skipped).toHaveLength(30_000);
});

test('a modules.yaml is read with pauses, once for all who wait for it, and anew where it failed', () => {
  let reads = 0;
  const texts = [undefined, NODEJS.repeat(5)];
  const file = new ModulesFile(() => {
    const text = texts[reads++];
    if (text === undefined) throw new Error('gone');
    return text;
  }, URL);
  expect(() => file.index()).toThrow('gone');
  const [first, second] = [file.indexInTurns(), file.indexInTurns()];
  // A pause before each document, whoever asks.
  for (let i = 0; i < 5; i++) expect((i % 2 === 0 ? first : second).next()).toEqual({ done: false, value: undefined });
  const { value } = first.next();
  expect(value!.streams).toHaveLength(5);
  expect(second.next()).toEqual({ done: true, value });
  expect(file.index()).toBe(value);
  expect(reads).toBe(2);
});
