/**
 * Random small installed systems, asked of dnf in one Python process: the same packages come and go, or both refuse.
 * `RPM_DEPS_SEED=<seed> RPM_DEPS_FUZZ=1` asks the world of a message again.
 */
import { expect, test } from 'vitest';
import { DNF_WORLDS } from '../brute/dnf-worlds.ts';
import { pick, type Random, randomGenerator, randomSpecs, randomWorld, type WorldKind } from '../brute/random-world.ts';
import { answerSystem, recordOf, type SystemAnswer, type SystemRequest } from '../brute/system.ts';
import { nevraOf, packagesOf, type World, type WorldPackage, worldText } from '../brute/world.ts';
import { FUZZ_TIMEOUT, SEED, SEED_TEXT } from '../helpers/fuzz.ts';
import { optIn } from '../helpers/opt-in.ts';
import { askDnf, type Query } from './installed-worlds.ts';

const enabled = optIn('ORACLE', ['dnf', 'rpm']);
const KINDS = [
  'plain worlds',
  'worlds of two repositories and weak dependencies',
  'worlds of two architectures',
  'worlds of kernels',
  'large worlds',
];
/** A system takes dnf a fifth of a second. */
const COUNT = Math.min(150, Math.ceil(Number(process.env['RPM_DEPS_FUZZ'] ?? 300) / KINDS.length));
const REQUESTS = 8;
/** Of answers that differ, in worlds made of contradictions: see docs/solver.md. On real metadata they do not. */
const MOST_DIFFERENT = 0.06;
const MAX_SHOWN = Number(process.env['RPM_DEPS_SHOWN'] ?? 3);

function randomQuery(seed: number, kind: WorldKind): Query {
  const random = randomGenerator(seed);
  const all = randomWorld(random, { ...kind, repositories: kind.repositories + 1 });
  // Of the last repository packages can only be installed before.
  const world = { ...all, repos: all.repos.slice(0, -1) };
  const installed: WorldPackage[] = [];
  const share = 0.15 + random() * 0.5;
  for (const item of packagesOf(all)) {
    if (random() > share || item.arch === 'src' || nevraOf(item).includes('kmod')) continue;
    const isThere = installed.some(
      ({ name, arch }) => name === item.name && (arch === item.arch || arch === 'noarch' || item.arch === 'noarch'),
    );
    if (!isThere || (item.name.startsWith('kernel') && installed.every((other) => nevraOf(other) !== nevraOf(item)))) installed.push(item);
  }
  if (installed.length === 0) installed.push(packagesOf(all)[0]!);
  return { world, installed, requests: Array.from({ length: REQUESTS }, () => randomRequest(random, all, installed, kind)) };
}

function randomRequest(random: Random, world: World, installed: readonly WorldPackage[], kind: WorldKind): SystemRequest {
  const own = (): string[] => [pick(random, installed).name];
  const nothing = { install: [], upgrade: [], distroSync: [], reinstall: [], remove: [] };
  const mode = {
    ...nothing,
    allowErasing: random() < 0.4,
    weak: random() < 0.35,
    best: random() < 0.35,
    exclude: random() < 0.1 ? [nevraOf(pick(random, packagesOf(world)))] : [],
  };
  const install = randomSpecs(random, world, kind).filter((spec) => !/[*?[]/.test(spec));
  const chance = random();
  if (chance < 0.4) return { ...mode, install };
  if (chance < 0.55) return { ...mode, upgrade: 'all' };
  if (chance < 0.63) return { ...mode, upgrade: own() };
  if (chance < 0.73) return { ...mode, distroSync: 'all' };
  if (chance < 0.78) return { ...mode, distroSync: own() };
  if (chance < 0.83) return { ...mode, remove: own() };
  if (chance < 0.87) return { ...mode, reinstall: own() };
  if (chance < 0.94) return { ...mode, install, upgrade: 'all' };
  return { ...mode, install, remove: own() };
}

test.runIf(enabled).each(KINDS)(
  `dnf answers installed systems of %s alike, but for a few in a hundred (${SEED_TEXT})`,
  { timeout: FUZZ_TIMEOUT },
  async (title) => {
    const kind = DNF_WORLDS[title]!;
    const queries = Array.from({ length: COUNT }, (_, i) => ({ seed: SEED + i, ...randomQuery(SEED + i, kind) }));
    const answers = await askDnf(queries);
    const shown: string[] = [];
    let different = 0;
    queries.forEach(({ seed, world, installed, requests }, i) => {
      requests.forEach((request, r) => {
        const ours = answerSystem(world, installed, request);
        const theirs = answers[i]![r]!;
        if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
        different++;
        if (shown.length < MAX_SHOWN) shown.push(describeDifference({ seed, world, installed, request, ours, theirs }));
      });
    });
    expect(different <= MOST_DIFFERENT * COUNT * REQUESTS ? '' : `${different} of ${COUNT * REQUESTS}\n${shown.join('\n\n')}\n`).toBe('');
  },
);

interface Difference {
  readonly seed: number;
  readonly world: World;
  readonly installed: readonly WorldPackage[];
  readonly request: SystemRequest;
  readonly ours: SystemAnswer;
  readonly theirs: SystemAnswer;
}

function describeDifference({ seed, world, installed, request, ours, theirs }: Difference): string {
  const text = (answer: SystemAnswer): string =>
    answer === null ? 'refused' : `comes ${answer[0].join(' ')}; goes ${answer[1].join(' ')}`;
  return [
    `RPM_DEPS_SEED=${seed}`,
    worldText({ ...world, repos: [{ id: 'installed', priority: 0, packages: installed }, ...world.repos] }),
    JSON.stringify(request),
    `ours: ${text(ours)}`,
    `dnf:  ${text(theirs)}`,
  ].join('\n');
}

test('a record of a package says what the package says', () => {
  expect(
    recordOf({
      name: 'a',
      evr: { epoch: '1', version: '2', release: '3' },
      arch: 'noarch',
      relations: {},
      files: ['/a'],
    }),
  ).toMatchObject({ name: 'a', epoch: '1', version: '2', release: '3', files: [{ path: '/a' }] });
});
