import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Plain, parseSource } from '../../src/manifest/source-text.ts';
import { readUsualYaml } from '../../src/manifest/usual-yaml.ts';

const TEXT = `# pins
schema_version: "1.0"
architectures: [x86_64, amd64]   # aliases
mirror: https://mirror.test/a#b
repositories:
- id: baseos
  baseurl: $mirror/$releasever/BaseOS/$basearch/os/
  priority: 10
- { id: crb, baseurl: 'file:///x y', exclude: [], enabled: true }

versions:
  A: 0:11.9.0-1.el9
  B: 1.10
sets:
    a:
        packages:
          - libvirt-client-\${A}
          - { name: "edk2-\${B}", architectures: [x86_64] }
          - name >= 2.0
          - name: bash
            architectures: [s390x]
    b:
        packages: [/usr/bin/make, "libfoo.so.1()(64bit)"]
        ignore: ["python*", "/^mozjs60/"]
holds:
`;

/** Every scalar with its path. */
function scalars(value: Plain, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, i) => scalars(item, [...path, i]));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => scalars(item, [...path, key]));
  return value === null ? [] : [path];
}

/** Nothing at all, or exactly what the general parser says, positions included. */
async function agrees(text: string): Promise<boolean> {
  const usual = readUsualYaml(text);
  if (!usual) return false;
  const outcome = await parseSource(text, { json: false });
  if (outcome.kind !== 'parsed') throw new Error(`read what is broken: ${JSON.stringify(text)} ${JSON.stringify(outcome.mistakes)}`);
  expect(usual.value).toEqual(outcome.source.value);
  for (const path of scalars(usual.value))
    expect([path, usual.locate(path, 'value')]).toEqual([path, outcome.source.locate(path, 'value')]);
  return true;
}

describe('readUsualYaml', () => {
  test('reads a manifest as people write it, exactly as the general parser does', async () => {
    expect(await agrees(TEXT)).toBe(true);
  });

  test.each([
    ['an anchor', 'a: &x b\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str b\n'],
    ['a block scalar', 'a: |\n  b\n'],
    ['a value over two lines', 'a: b\n  c\n'],
    ['a flow collection over two lines', 'a: [b,\n  c]\n'],
    ['an escape', 'a: "\\u0041"\n'],
    ['a repeated key', 'a: b\na: c\n'],
    ['a tab', 'a:\tb\n'],
    ['a document mark', '---\na: b\n'],
    ['wrong indentation', 'a:\n    b: c\n  d: e\n'],
    ['a merge key', '<<: {a: b}\n'],
    ['a colon in a value', 'a: b: c\n'],
    ['braces in a flow sequence', 'a: [b-${V}]\n'],
  ])('leaves %s to the general parser', (_, text) => {
    expect(readUsualYaml(text)).toBeUndefined();
  });

  test('never disagrees with the general parser, whatever the text', async () => {
    const piece = fc.constantFrom(
      ...' \n:-#,[]{}"\'&*!|>%@`?~$\\'.split(''),
      '  ',
      '\n  ',
      '\n- ',
      ': ',
      ' #',
      'a',
      'b1',
      '1.10',
      '007',
      'null',
      'true',
      '-1',
      'é',
      '\n',
    );
    const mutation = fc.tuple(fc.nat(TEXT.length), fc.nat(3), fc.array(piece, { maxLength: 3 }));
    const mutated = fc
      .array(mutation, { maxLength: 3 })
      .map((edits) => edits.reduce((text, [at, count, pieces]) => text.slice(0, at) + pieces.join('') + text.slice(at + count), TEXT));
    const made = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, made), async (text) => {
        if (await agrees(text)) read++;
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 3000) },
    );
    // Otherwise this would show nothing.
    expect(read).toBeGreaterThan(300);
  }, 600_000);
});

test('a key that YAML itself finds too long is left to the general parser', () => {
  expect(readUsualYaml(`${'k'.repeat(1500)}: 1\n`)).toBeUndefined();
});
