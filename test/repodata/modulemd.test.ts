import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { parseModules } from '../../src/repodata/modulemd.ts';
import { corpus } from '../helpers/corpus.ts';

const URL = 'https://mirror.example/modules.yaml';
const parse = (text: string) => parseModules(text, URL);
/** Carriage returns are more than the fast reader takes: every document goes through the general parser. */
const parseSlowly = (text: string) => parse(text.replaceAll('\n', '\r\n'));

function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID') return error.message;
    throw error;
  }
  return 'accepted';
}

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
    const text = `document: modulemd\nversion: 1\ndata:\n  name: a\n  stream: b\n  version: 1\n  dependencies:\n    requires:\n      platform: el9\n      other:\n`;
    expect(read(text).streams[0]?.requires).toEqual([
      new Map([
        ['platform', ['el9']],
        ['other', []],
      ]),
    ]);
  });

  test('skips what is not a modulemd, with the reason', () => {
    const bad = (data: string) => `---\ndocument: modulemd\nversion: 2\ndata:\n${data}`;
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
    expect(read('---\n\n# nothing\n...\n')).toEqual({ streams: [], defaults: [], warnings: [] });
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

test.each([
  ['an alias', 'data: &a\n  name: *a\n', /alias/i],
  ['an alias bomb', `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ndata: *d\n`, /alias/i],
  ['deep brackets', `data: ${'['.repeat(10_000)}`, /nest more than/],
  ['a list', '---\n- a\n- b\n', /not a mapping/],
  ['HTML', '---\n<html>\n<body>no: {\n', /not valid modules metadata/],
  ['broken quotes', 'document: "modulemd\n', /not valid modules metadata/],
  ['a key twice', 'data:\n  name: a\n  name: b\n', /unique/],
])('%s is refused', (_, text, reason) => {
  expect(refusal(text.startsWith('---') ? text : `---\ndocument: modulemd\nversion: 2\n${text}`)).toMatch(reason);
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
