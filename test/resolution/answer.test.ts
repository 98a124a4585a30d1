/** Who brought a package in, by the answer's edges: what `why` and `tree` show. */
import { expect, test } from 'vitest';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { askScenario, poolOfScenario } from '../scenarios/answer-scenario.ts';
import { parseScenario } from '../scenarios/scenario.ts';

/** `from -> to, by what`, sorted; the request is not told. */
function reasonsOf(text: string): string[] {
  const scenario = parseScenario(`# reasons\n${text}\n`, 'reasons');
  const outcome = askScenario(poolOfScenario(scenario), scenario.requests[0]!);
  if (outcome.kind === 'unsolvable') return outcome.problems.map((problem) => problem.text);
  const name = (index: number): string => formatNevra(outcome.packages[index]!).replace(/-0:.*/, '');
  const edges = outcome.edges.filter(({ from }) => from >= 0);
  return edges.map(({ from, to, relation, kind }) => `${name(from)} -> ${name(to)}: ${kind} ${relation}`).sort();
}

test('each clause of a boolean requirement has brought in what meets it', () => {
  expect(
    reasonsOf(`
repo base
  a-1-1.x86_64 requires: (b or (c unless d)), c
  b-1-1.x86_64
  c-1-1.x86_64 requires: d
  d-1-1.x86_64

install a`),
  ).toEqual(['a -> b: requires (b or (c unless d))', 'a -> c: requires (b or (c unless d))', 'a -> c: requires c', 'c -> d: requires d']);
});

test('a conflict with a condition is avoided by what meets the condition', () => {
  expect(
    reasonsOf(`
repo base
  a-1-1.x86_64 conflicts: (b = 1 if (b or c))
  b-1-1.x86_64
  b-2-1.x86_64

install a`),
  ).toEqual(['a -> b: conflicts (b = 1 if (b or c))']);
});

test('an alternative that a package is enough for itself has no reason', () => {
  expect(
    reasonsOf(`
repo base
  a-1-1.x86_64 requires: (b or a), (b if c)
  b-1-1.x86_64
  c-1-1.x86_64

install a, b`),
  ).toEqual([]);
});
