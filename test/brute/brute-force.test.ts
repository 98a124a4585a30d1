/**
 * Random small worlds: whether there is an answer at all is found by trying every set of packages, and each answer of the resolver is checked by
 * rules that know nothing of it. `RPM_DEPS_FUZZ` says how many; world i of seed s is world 0 of seed s + i, so
 * `RPM_DEPS_SEED=<seed of the message> RPM_DEPS_FUZZ=1` asks it again.
 */
import { expect, test } from 'vitest';
import { resolve } from '../../src/resolution/resolve.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { FUZZ_TIMEOUT, SEED, SEED_TEXT } from '../helpers/fuzz.ts';
import { findAnySet, isInLockStep } from './brute-force.ts';
import {
  PLAIN_WORLD,
  type Random,
  RICH_WORLD,
  randomGenerator,
  randomWorld,
  TWO_ARCHITECTURES,
  WEAK_WORLD,
  type WorldKind,
} from './random-world.ts';
import { type Mask, whatIsWrong } from './rpm-rules.ts';
import { maskOf, randomWishes } from './wish.ts';
import { nevraOf, packagesOf, poolOf, worldText } from './world.ts';

const COUNT = Number(process.env['RPM_DEPS_FUZZ'] ?? 320);
const KINDS = {
  'plain worlds': PLAIN_WORLD,
  'worlds of rich dependencies': RICH_WORLD,
  'worlds of two architectures': TWO_ARCHITECTURES,
  'worlds of weak dependencies': WEAK_WORLD,
};

test.each(Object.entries(KINDS))(
  `%s have an answer where trying every set finds one, and the answer is one of them (${SEED_TEXT})`,
  { timeout: FUZZ_TIMEOUT },
  (_title, kind) => {
    let solved = 0;
    const count = Math.ceil(COUNT / Object.keys(KINDS).length);
    for (let i = 0; i < count; i++) if (examine(randomGenerator(SEED + i), kind, SEED + i)) solved++;
    // Neither all nor none: such worlds would show nothing.
    if (count >= 50) expect(solved / count).toBeGreaterThan(0.2);
    if (count >= 50) expect(solved / count).toBeLessThan(0.95);
  },
);

/** Whether there is an answer; throws where two opinions differ. */
function examine(random: Random, kind: WorldKind, seed: number): boolean {
  const world = randomWorld(random, kind);
  const packages = packagesOf(world);
  const excluded = random() < 0.3 ? maskOf(packages, () => random() < 0.15) : 0;
  const wishes = randomWishes(random, packages, excluded);
  const outcome = resolve(poolOf(world), {
    install: wishes.map(({ spec }) => spec),
    exclude: packages.filter((_item, i) => (excluded & (1 << i)) !== 0).map(nevraOf),
    weakDependencies: kind.weak > 0,
  });
  const told = (what: string): Error =>
    new Error(
      `RPM_DEPS_SEED=${seed}: ${what}\n${worldText(world)}\ninstall ${wishes.map(({ spec }) => spec).join(', ')}\nexclude ${names(excluded)}`,
    );
  const names = (set: Mask): string =>
    packages
      .filter((_item, i) => (set & (1 << i)) !== 0)
      .map(nevraOf)
      .join(', ');
  if (outcome.kind === 'solved') {
    const nevras = new Set(outcome.packages.map(formatNevra));
    const set = maskOf(packages, (item) => nevras.has(nevraOf(item)));
    const unmet = wishes.find(({ answers }) => (answers & set) === 0);
    if (unmet !== undefined) throw told(`the answer ${names(set)} has nothing for ${unmet.spec}`);
    if ((set & excluded) !== 0) throw told(`the answer ${names(set)} has what was excluded`);
    const wrong = whatIsWrong(packages, set);
    if (wrong !== undefined) throw told(`the answer ${names(set)} cannot be: ${wrong}`);
    return true;
  }
  const isAllowed = (set: Mask): boolean => isInLockStep(packages, world.architecture, set);
  const possible = findAnySet({ packages, wishes: wishes.map(({ answers }) => answers), excluded, isAllowed });
  if (possible !== undefined)
    throw told(`refused, but ${names(possible)} is an answer\n${outcome.problems.map(({ text }) => text).join('\n')}`);
  return false;
}
