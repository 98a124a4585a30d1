/**
 * The random worlds of test/brute, asked of dnf in one Python process: the same packages, or both refuse. What differs is shown as the smallest
 * scenario that still differs. `RPM_DEPS_SEED=<seed> RPM_DEPS_FUZZ=<number of kinds>` asks the world of a message again.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolve } from '../../src/resolution/resolve.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { DNF_WORLDS } from '../brute/dnf-worlds.ts';
import { randomGenerator, randomSpecs, randomWorld, type WorldKind } from '../brute/random-world.ts';
import { scenarioText } from '../brute/scenario-text.ts';
import { type Case, shrink, type WorldRequest } from '../brute/shrink.ts';
import { nevraOf, packagesOf, poolOf, type World } from '../brute/world.ts';
import { FUZZ_TIMEOUT, SEED, SEED_TEXT } from '../helpers/fuzz.ts';
import { optIn } from '../helpers/opt-in.ts';
import { type DnfAnswer, type DnfProcess, startDnf } from './dnf-process.ts';

const enabled = optIn('ORACLE', ['dnf']);
const COUNT = Math.ceil(Number(process.env['RPM_DEPS_FUZZ'] ?? 4000) / Object.keys(DNF_WORLDS).length);
const MODES = [false, true].flatMap((best) => [false, true].map((weak) => ({ weak, best })));
/** More would only be the same again. */
const MAX_SHOWN = Number(process.env['RPM_DEPS_SHOWN'] ?? 3);

let dnf: DnfProcess;
beforeAll(() => {
  if (enabled) dnf = startDnf();
});
afterAll(() => dnf?.end());

test.runIf(enabled).each(Object.entries(DNF_WORLDS))(
  `dnf answers %s alike (${SEED_TEXT})`,
  { timeout: FUZZ_TIMEOUT },
  async (_title, kind) => {
    const different: (Case & { seed: number })[] = [];
    for (let seed = SEED; seed < SEED + COUNT; seed++) {
      const { world, requests } = randomQuery(seed, kind);
      const answers = await dnf.ask(world, requests);
      const ours = answersOf(world, requests);
      for (const [i, request] of requests.entries()) {
        if (!isSame(ours[i]!, answers[i]!) && (await isDifferent({ world, request }))) different.push({ seed, world, request });
      }
    }
    const shown: string[] = [];
    for (const found of different.slice(0, MAX_SHOWN)) shown.push(`RPM_DEPS_SEED=${found.seed}\n${await describeSmallest(found)}`);
    expect(different.length === 0 ? '' : `${different.length} of ${COUNT * MODES.length}\n${shown.join('\n\n')}\n`).toBe('');
  },
);

function randomQuery(seed: number, kind: WorldKind): { world: World; requests: readonly WorldRequest[] } {
  const random = randomGenerator(seed);
  const world = randomWorld(random, kind);
  const install = randomSpecs(random, world, kind);
  const packages = packagesOf(world);
  const exclude = random() < 0.25 ? [...new Set(packages.filter(() => random() < 0.12).map(nevraOf))] : [];
  return { world, requests: MODES.map((mode) => ({ ...mode, install, exclude })) };
}

function answersOf(world: World, requests: readonly WorldRequest[]): DnfAnswer[] {
  const pool = poolOf(world);
  return requests.map(({ install, exclude, best, weak }) => {
    const outcome = resolve(pool, { install, exclude, best, weakDependencies: weak });
    return outcome.kind === 'solved' ? outcome.packages.map(formatNevra).sort() : null;
  });
}

const isSame = (a: DnfAnswer, b: DnfAnswer): boolean => a?.join() === b?.join() && (a === null) === (b === null);

async function askBoth({ world, request }: Case): Promise<readonly [ours: DnfAnswer, theirs: DnfAnswer]> {
  return [answersOf(world, [request])[0]!, (await dnf.ask(world, [request]))[0]!];
}

/** Whether dnf answers something else even when it is told in which order to go through the names of a glob. */
async function isDifferent({ world, request }: Case): Promise<boolean> {
  const [ours, theirs] = await askBoth({ world, request });
  if (isSame(ours, theirs)) return false;
  const inOurOrder = { ...request, install: request.install.flatMap((spec) => namesOf(world, request, spec) ?? [spec]) };
  return !isSame(ours, (await dnf.ask(world, [inOurOrder]))[0]!);
}

/**
 * dnf makes a job for each name that a glob matches, in the order of libsolv's string ids: that is, of whatever in primary.xml mentions a name first,
 * or of how often (docs/solver.md).
 */
function namesOf(world: World, { exclude }: WorldRequest, spec: string): string[] | undefined {
  if (!/^[?[][^-]*$/.test(spec)) return undefined;
  const names = packagesOf(world)
    .filter((item) => !exclude.includes(nevraOf(item)))
    .map(({ name }) => name);
  return [...new Set(names)].filter((name) => spec.startsWith('?') || spec.includes(name));
}

async function describeSmallest(found: Case): Promise<string> {
  const { world, request } = await shrink(found, isDifferent);
  const [ours, theirs] = await askBoth({ world, request });
  return `${scenarioText(world, request)}\nours: ${ours?.join(' ') ?? 'refused'}\ndnf:  ${theirs?.join(' ') ?? 'refused'}`;
}
