/** Random 3-SAT worlds around the point where half of them have no answer: solved right or refused in bounded work, as trying everything says. */
import { expect, test } from 'vitest';
import { buildPool } from '../../src/pool/build-pool.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

interface World {
  readonly variables: number;
  /** A literal is a variable and whether its second version is meant. */
  readonly clauses: readonly (readonly (readonly [number, boolean])[])[];
}

function randomWorld(random: (below: number) => number): World {
  const variables = 4 + random(9);
  const count = Math.round(variables * (3.6 + random(14) / 10));
  const clauses = Array.from({ length: count }, () => {
    const chosen = new Set<number>();
    while (chosen.size < 3) chosen.add(random(variables));
    return [...chosen].map((variable) => [variable, random(2) === 1] as const);
  });
  return { variables, clauses };
}

function linesOf({ clauses }: World): string[] {
  const literals = new Map<string, string[]>();
  for (const [i, clause] of clauses.entries()) {
    for (const [variable, isSecond] of clause) {
      const key = `v${variable}-${isSecond ? 2 : 1}-1.noarch`;
      literals.set(key, [...(literals.get(key) ?? []), `c${i}`]);
    }
  }
  return [
    `all-1-1.noarch requires: ${clauses.map((_, i) => `c${i}`).join(', ')}`,
    ...[...literals].map(([nevra, met]) => `${nevra} provides: ${met.join(', ')}`),
  ];
}

function hasAnswer({ variables, clauses }: World): boolean {
  for (let choice = 0; choice < 1 << variables; choice++) {
    if (clauses.every((clause) => clause.some(([variable, isSecond]) => ((choice >> variable) & 1) === (isSecond ? 1 : 0)))) return true;
  }
  return false;
}

test(`random 3-SAT worlds are solved or refused as trying everything says, ${SEED_TEXT}`, { timeout: FUZZ_TIMEOUT }, async () => {
  await readMutants({
    share: 10,
    make: (random) => JSON.stringify(randomWorld(random)),
    read: (text) => {
      const world = JSON.parse(text) as World;
      const primary = new TextEncoder().encode(primaryXml(linesOf(world)));
      const pool = buildPool({ architecture: 'x86_64', repos: [{ info: plainInfo('r'), primary }] });
      const outcome = resolve(pool, { install: ['all'] }, { steps: 5_000_000 });
      expect(outcome.kind).toBe(hasAnswer(world) ? 'solved' : 'unsolvable');
      if (outcome.kind === 'unsolvable') expect(outcome.problems.length).toBeGreaterThan(0);
    },
    codes: [],
  });
});
