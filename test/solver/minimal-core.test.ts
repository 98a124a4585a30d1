import { expect, test } from 'vitest';
import { ClauseSearch } from '../../src/solver/clause-search.ts';
import { minimalCore } from '../../src/solver/minimal-core.ts';
import { randomNumbers } from '../helpers/mutate.ts';

const PLENTY = 10_000_000;

function hasAnswer(clauses: readonly (readonly number[])[], variables: number): boolean {
  for (let mask = 0; mask < 1 << variables; mask++) {
    if (clauses.every((clause) => clause.some((literal) => ((mask >> (Math.abs(literal) - 1)) & 1) === (literal > 0 ? 1 : 0)))) return true;
  }
  return false;
}

function randomClauses(random: (below: number) => number, variables: number, count: number): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random(3) }, () => (1 + random(variables)) * (random(2) === 0 ? 1 : -1)),
  );
}

test.each([1, 2, 3, 4])('a search finds an answer where trying everything finds one, and what it finds is one (seed %d)', (seed) => {
  const random = randomNumbers(seed);
  for (let round = 0; round < 300; round++) {
    const clauses = randomClauses(random, 8, 6 + random(40));
    const search = new ClauseSearch(clauses);
    const found = search.solve([...clauses.keys()], { steps: PLENTY });
    expect(found === 'contradiction').toBe(!hasAnswer(clauses, 8));
    if (found instanceof Uint8Array) expect(clauses.every((_, index) => search.holds(index, found))).toBe(true);
  }
});

test.each([5, 6, 7])('of a core nothing can be left out (seed %d)', (seed) => {
  const random = randomNumbers(seed);
  for (let round = 0; round < 200; round++) {
    const clauses = randomClauses(random, 7, 30 + random(30));
    if (hasAnswer(clauses, 7)) continue;
    const core = minimalCore(clauses, { steps: PLENTY }).map((index) => clauses[index]!);
    expect(hasAnswer(core, 7)).toBe(false);
    for (const left of core.keys())
      expect(
        hasAnswer(
          core.filter((_, index) => index !== left),
          7,
        ),
      ).toBe(true);
  }
});

test('a long chain is known to be minimal after a few trials', () => {
  const budget = { steps: PLENTY };
  const length = 20_000;
  const clauses = [[1], ...Array.from({ length }, (_, i) => [-(i + 1), i + 2]), [-(length + 1)]];
  expect(minimalCore(clauses, budget)).toHaveLength(clauses.length);
  expect(PLENTY - budget.steps).toBeLessThan(60 * length);
});

test('what is left when the budget is spent contradicts itself still', () => {
  const random = randomNumbers(9);
  const clauses = randomClauses(random, 9, 90);
  expect(hasAnswer(clauses, 9)).toBe(false);
  for (const steps of [0, 50, 200, 1000, 5000]) {
    const core = minimalCore(clauses, { steps }).map((index) => clauses[index]!);
    expect(hasAnswer(core, 9)).toBe(false);
  }
});
