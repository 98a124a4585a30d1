/** What holds for every answer, tried on random worlds: `RPM_DEPS_FUZZ` says on how many, `RPM_DEPS_SEED` repeats a run. */
import { describe, expect, test } from 'vitest';
import { movingConstraints } from '../../src/locking/moved-packages.ts';
import type { Solved } from '../../src/resolution/resolution.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { formatEvr } from '../../src/rpm/evr.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { FUZZ_TIMEOUT, SEED, SEED_TEXT } from '../helpers/fuzz.ts';
import {
  PLAIN_WORLD,
  pick,
  type Random,
  randomGenerator,
  randomWorld,
  TWO_ARCHITECTURES,
  WEAK_WORLD,
  type WorldKind,
} from './random-world.ts';
import { isMet, type Mask, whatIsWrong } from './rpm-rules.ts';
import { maskOf, randomWishes } from './wish.ts';
import { nevraOf, packagesOf, plain, poolOf, type World, type WorldPackage, worldText } from './world.ts';

/** Each property has worlds of its own. */
const COUNT = Math.ceil(Number(process.env['RPM_DEPS_FUZZ'] ?? 1800) / 30);
const KINDS: Readonly<Record<string, WorldKind>> = {
  plain: { ...PLAIN_WORLD, packages: [6, 12], repositories: 2, twins: false },
  weak: { ...WEAK_WORLD, packages: [6, 12], repositories: 2, twins: false },
  'two architectures': { ...TWO_ARCHITECTURES, repositories: 2, twins: false },
};

interface Asked {
  readonly random: Random;
  readonly world: World;
  readonly packages: readonly WorldPackage[];
  readonly install: readonly string[];
  readonly weak: boolean;
  /** Undefined where the request is refused. */
  readonly answer: readonly string[] | undefined;
}

interface Query {
  readonly install: readonly string[];
  readonly weak: boolean;
  readonly exclude?: readonly string[];
  readonly favor?: readonly string[];
}

describe.each(Object.entries(KINDS))(`worlds: %s (${SEED_TEXT})`, (_title, kind) => {
  /** Says of each world what is wrong, where something is. */
  const always = (title: string, wrong: (asked: Asked) => unknown): void => {
    test(title, { timeout: FUZZ_TIMEOUT }, () => {
      for (let seed = SEED; seed < SEED + COUNT; seed++) {
        const asked = ask(seed, kind);
        const what = wrong(asked);
        if (what === undefined) continue;
        const { world, install, weak, answer } = asked;
        const request = `install ${install.join(', ')}${weak ? '\nwith weak' : ''}\n=> ${answer?.join(' ') ?? 'refused'}`;
        expect.fail(`RPM_DEPS_SEED=${seed}: ${JSON.stringify(what)}\n${worldText(world)}\n${request}`);
      }
    });
  };

  always('a pool that was asked other things before gives the same answer', ({ random, world, packages, install, weak, answer }) => {
    const pool = poolOf(world);
    for (let i = 0; i < 4; i++) {
      const exclude = packages.filter(() => random() < 0.2).map(nevraOf);
      answerOf(pool, { install: randomWishes(random, packages, 0).map(({ spec }) => spec), weak: !weak, exclude });
    }
    return differs(answerOf(pool, { install, weak }), answer);
  });

  always('asking for the packages of the answer gives the answer', ({ world, weak, answer }) =>
    answer === undefined ? undefined : differs(answerOf(poolOf(world), { install: answer, weak }), answer),
  );

  // Of weak dependencies no such thing can be said: where less of the answer is required when it is favoured, what was in the way before may fit.
  always('favouring the answer brings nothing new in that is required', ({ world, install, answer }) => {
    if (answer === undefined) return undefined;
    const given = answerOf(poolOf(world), { install, weak: false, favor: answer });
    return given?.every((nevra) => answer.includes(nevra)) === true ? undefined : { given };
  });

  // What a lockfile has is not what would be chosen today: some packages were not there, or were excluded. Among several architectures more than
  // rpm's rules decides whether something still is an answer: which one of a name is the right one depends on what else there is.
  always('what was chosen before and still is an answer stays, whatever is newer', ({ random, world, packages, install }) => {
    const exclude = packages.map(nevraOf).filter(() => random() < 0.35);
    const locked = answerOf(poolOf(world), { install, weak: false, exclude });
    if (locked === undefined || hasForeign(world, packages) || !isAnswer(packages, install, locked)) return undefined;
    const given = answerOf(poolOf(world), { install, weak: false, favor: locked });
    return given?.every((nevra) => locked.includes(nevra)) === true ? undefined : { locked, given };
  });

  always('where one package is made to move, no other moves that could stay', ({ random, world, packages, install }) => {
    const exclude = packages.map(nevraOf).filter(() => random() < 0.35);
    const before = resolve(poolOf(world), { install, exclude });
    if (hasForeign(world, packages)) return undefined;
    if (before.kind === 'unsolvable' || before.packages.length === 0) return undefined;
    const locked = before.packages.map(formatNevra);
    if (!isAnswer(packages, install, locked)) return undefined;
    const { name, epoch, version, release } = pick(random, before.packages);
    const request = { install, favor: before.packages.filter((item) => item.name !== name).map(formatNevra) };
    const pool = poolOf(world);
    const [constraints = []] = movingConstraints(pool, [{ name, evr: `${epoch}:${version}-${release}` }], request);
    const outcome = resolve(pool, { ...request, constraints: constraints.slice(0, 1) });
    if (outcome.kind === 'unsolvable') return undefined;
    const given = outcome.packages.map(formatNevra);
    const free = given.filter((nevra) => !request.favor.includes(nevra));
    // What is free to move may have been chosen for something that the package meets as well: then it came for a reason that is gone by now.
    if (chosenOf(packages, given).some(hasBoolean)) return undefined;
    const isRivalled = (nevra: string): boolean => free.some((other) => other !== nevra && shareProvides(packages, nevra, other));
    const needless = outcome.packages.filter((item) => {
      if (isRivalled(formatNevra(item))) return false;
      const old = before.packages.find((other) => other.name === item.name && other.arch === item.arch);
      if (item.name === name || locked.includes(formatNevra(item)) || old === undefined) return false;
      const others = given.filter((nevra) => nevra !== formatNevra(item));
      return isAnswer(packages, install, [...others, formatNevra(old)]);
    });
    return needless.length === 0 ? undefined : { moved: name, locked, given, needless: needless.map(formatNevra) };
  });

  always('asking for something twice is asking for it once', ({ world, install, weak, answer }) =>
    differs(answerOf(poolOf(world), { install: [...install, ...install], weak }), answer),
  );

  always('packages that have nothing to do with it change nothing', ({ random, world, install, weak, answer }) => {
    const repos = world.repos.map((repo) => {
      const packages = [...repo.packages];
      for (let i = 0; i < 3; i++) packages.splice(Math.floor(random() * (packages.length + 1)), 0, unrelated(random, i));
      return { ...repo, packages };
    });
    return differs(answerOf(poolOf({ ...world, repos }), { install, weak }), answer);
  });

  always('whether there is an answer depends neither on the order of packages and repositories nor on that of the request', (asked) => {
    const { random, world, install, weak, answer } = asked;
    const repos = shuffled(random, world.repos).map((repo) => ({ ...repo, packages: shuffled(random, repo.packages) }));
    const other = answerOf(poolOf({ ...world, repos }), { install: shuffled(random, install), weak });
    return (other === undefined) === (answer === undefined) ? undefined : other;
  });

  always('without packages that were not chosen there is an answer still', ({ random, world, packages, install, weak, answer }) => {
    if (answer === undefined || install.some((spec) => !packages.some((item) => nevraOf(item) === spec))) return undefined;
    const exclude = packages.map(nevraOf).filter((nevra) => !answer.includes(nevra) && random() < 0.5);
    const kept = (item: WorldPackage): boolean => !exclude.includes(nevraOf(item));
    const repos = world.repos.map((repo) => ({ ...repo, packages: repo.packages.filter(kept) }));
    const query = { install, weak };
    if (answerOf(poolOf({ ...world, repos }), query) === undefined) return { removed: exclude };
    return answerOf(poolOf(world), { ...query, exclude }) === undefined ? { excluded: exclude } : undefined;
  });

  always('each package of an answer is there because of another one or of the request', ({ world, install, weak, answer }) => {
    if (answer === undefined) return undefined;
    const outcome = resolve(poolOf(world), { install, weakDependencies: weak }) as Solved;
    const needed = new Set(outcome.edges.filter(({ from }) => from === -1).map(({ to }) => to));
    for (const from of needed) for (const to of [...outcome.dependencies[from]!, ...twinsOf(outcome.packages, from)]) needed.add(to);
    const orphans = outcome.packages.filter((_item, index) => !needed.has(index));
    return orphans.length === 0 ? undefined : orphans.map(formatNevra);
  });

  always('what is ignored is not there, and each requirement that only it met is told', ({ random, world, packages, install, weak }) => {
    const ignore = [...new Set(packages.map(({ name }) => name))].filter(() => random() < 0.3);
    const outcome = resolve(poolOf(world), { install, weakDependencies: weak, ignore });
    if (outcome.kind === 'unsolvable') return undefined;
    const set = setOf(packages, outcome.packages.map(formatNevra));
    if (outcome.packages.some(({ name }) => ignore.includes(name))) return { ignore, packages: outcome.packages.map(formatNevra) };
    const unmet = packages.flatMap((item, index) =>
      (set & (1 << index)) === 0
        ? []
        : (item.relations.requires ?? []).filter((dependency) => !isMet(packages, set, dependency)).map(() => nevraOf(item)),
    );
    const told = new Set(outcome.unmet.map((entry) => entry.package));
    return [...new Set(unmet)].sort().join() === [...told].sort().join() ? undefined : { ignore, unmet, told: outcome.unmet };
  });

  always('an answer of only the best candidates is an answer', ({ world, packages, install, weak, answer }) => {
    const outcome = resolve(poolOf(world), { install, weakDependencies: weak, best: true });
    if (outcome.kind === 'unsolvable') return undefined;
    if (answer === undefined) return 'best is solvable, anything is not';
    return whatIsWrong(packages, setOf(packages, outcome.packages.map(formatNevra)));
  });
});

function ask(seed: number, kind: WorldKind): Asked {
  const random = randomGenerator(seed);
  const world = randomWorld(random, kind);
  const packages = packagesOf(world);
  const install = randomWishes(random, packages, 0).map(({ spec }) => spec);
  const weak = kind.weak > 0;
  return { random, world, packages, install, weak, answer: answerOf(poolOf(world), { install, weak }) };
}

function answerOf(pool: ReturnType<typeof poolOf>, { install, weak, exclude = [], favor = [] }: Query): string[] | undefined {
  const outcome = resolve(pool, { install, weakDependencies: weak, exclude, favor });
  return outcome.kind === 'solved' ? outcome.packages.map(formatNevra).sort() : undefined;
}

const hasForeign = ({ architecture }: World, packages: readonly WorldPackage[]): boolean =>
  packages.some(({ arch }) => arch !== 'noarch' && arch !== architecture);

/** By rpm's rules, without the resolver: nothing is wrong with it, and every spec is answered by name or NEVRA. */
function isAnswer(packages: readonly WorldPackage[], install: readonly string[], nevras: readonly string[]): boolean {
  const isAnswered = (spec: string): boolean =>
    packages.some((item) => nevras.includes(nevraOf(item)) && (item.name === spec || nevraOf(item) === spec));
  return install.every(isAnswered) && whatIsWrong(packages, setOf(packages, nevras)) === undefined;
}

const differs = (given: readonly string[] | undefined, expected: readonly string[] | undefined): unknown =>
  given?.join() === expected?.join() ? undefined : { given: given ?? 'refused' };

const chosenOf = (packages: readonly WorldPackage[], nevras: readonly string[]): WorldPackage[] =>
  packages.filter((item) => nevras.includes(nevraOf(item)));

const hasBoolean = ({ relations }: WorldPackage): boolean =>
  [...(relations.requires ?? []), ...(relations.conflicts ?? [])].some(({ kind }) => kind !== 'plain');

/** Whether two packages provide something of one name. */
function shareProvides(packages: readonly WorldPackage[], a: string, b: string): boolean {
  const [first, second] = [a, b].map((nevra) => {
    const item = packages.find((one) => nevraOf(one) === nevra);
    return [...(item?.files ?? []), ...(item?.relations.provides ?? []).map((offer) => (offer.kind === 'plain' ? offer.name : ''))];
  });
  return first!.some((name) => second!.includes(name));
}

/** Multilib binds builds of one version together, which no dependency says. */
function twinsOf(packages: Solved['packages'], index: number): number[] {
  const { name } = packages[index]!;
  return [...packages.keys()].filter((i) => packages[i]!.name === name && formatEvr(packages[i]!) === formatEvr(packages[index]!));
}

function setOf(packages: readonly WorldPackage[], nevras: readonly string[]): Mask {
  return maskOf(packages, (item) => nevras.includes(nevraOf(item)));
}

function unrelated(random: Random, number: number): WorldPackage {
  const evr = { epoch: '0', version: '1', release: '1' };
  const name = `unrelated-${number}-${Math.floor(random() * 1000)}`;
  const relations = { provides: [plain(name, '=', evr)], requires: [plain(pick(random, ['nothing-has-this', name]))] };
  return { name, evr, arch: 'noarch', relations, files: [`/usr/share/${name}`] };
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
