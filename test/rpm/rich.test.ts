import { expect, test } from 'vitest';
import { parseRich, type RichDependency } from '../../src/rpm/rich.ts';

/** As nested lists, which are easier to read. */
function brief(tree: RichDependency | undefined): unknown {
  if (tree === undefined) return undefined;
  if (tree.kind === 'simple') return tree.operator === undefined ? tree.name : `${tree.name} ${tree.operator} ${tree.evr}`;
  const operands = [tree.left, tree.right, ...(tree.otherwise === undefined ? [] : [tree.otherwise])];
  return [tree.kind, ...operands.map(brief)];
}

test.each([
  ['(a and b)', ['and', 'a', 'b']],
  ['(a or b or c)', ['or', 'a', ['or', 'b', 'c']]],
  ['(a if b)', ['if', 'a', 'b']],
  ['(a if b else c)', ['if', 'a', 'b', 'c']],
  ['(a unless b)', ['unless', 'a', 'b']],
  ['(a unless b else c)', ['unless', 'a', 'b', 'c']],
  ['(a >= 1 with a < 2)', ['with', 'a >= 1', 'a < 2']],
  ['(a without b)', ['without', 'a', 'b']],
  ['((a and b) or (c if (d or e)))', ['or', ['and', 'a', 'b'], ['if', 'c', ['or', 'd', 'e']]]],
  ['( a   or   b )', ['or', 'a', 'b']],
  ['(a>=1 or b)', ['or', 'a>=1', 'b']],
  ['(libfoo.so.1(V1)(64bit) if lib(x))', ['if', 'libfoo.so.1(V1)(64bit)', 'lib(x)']],
  ['(a = 1:2-3 and b)', ['and', 'a = 1:2-3', 'b']],
  ['(a == 1 and b)', ['and', 'a = 1', 'b']],
  ['(a)', 'a'],
  ['(and or or)', ['or', 'and', 'or']],
  ['(a if b if c else d)', ['if', 'a', ['if', 'b', 'c', 'd']]],
])('%s is read', (text, tree) => {
  expect(brief(parseRich(text))).toEqual(tree);
});

test.each([
  '',
  'a',
  '()',
  '(',
  '(a',
  '(a and)',
  '(a and b',
  '(a and b))',
  '(a and b) ',
  '(a b)',
  '(a and b or c)',
  '(a else b)',
  '(a if b else c else d)',
  '(a or b else c)',
  '(a nor b)',
  '(a >= and b)',
  '(a, b)',
  '(a and b,c)',
  `${'('.repeat(100_000)}a`,
  `${'('.repeat(60)}a and b${' and c)'.repeat(60)}`,
  `(${'a or '.repeat(100_000)}b)`,
])('%.30s is none', (text) => {
  expect(parseRich(text)).toBeUndefined();
});

test('nesting as deep as anybody uses is read', () => {
  const text = `${'(a or '.repeat(40)}b${')'.repeat(40)}`;
  expect(parseRich(text)).toBeDefined();
});
