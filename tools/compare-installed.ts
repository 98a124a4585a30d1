/** Compares dnf of Debian and rpm-deps on random installed systems with random requests (`npm run compare -- --installed`). */
import { execFileSync } from 'node:child_process';
import { join, resolve as resolvePath } from 'node:path';
import { loadRepositories, type Pool, type ResolveOutcome, type ResolveRequest, resolve } from '../src/index.ts';
import type { SolvableId, StringId } from '../src/pool/ids.ts';
import { formatNevra } from '../src/rpm/nevra.ts';
import { randomFrom, randomRequests } from './random-requests.ts';

type SystemRequest = Pick<ResolveRequest, 'install' | 'upgrade' | 'distroSync' | 'reinstall' | 'remove' | 'allowErasing' | 'installed'>;

interface Base {
  readonly installed: readonly string[];
  readonly requests: readonly SystemRequest[];
}

type DnfAnswer = { readonly install: readonly string[]; readonly gone: readonly string[] } | { readonly error: string };

interface Mode {
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
}

const MODES: readonly Mode[] = [
  { weak: false, best: false, exclude: [] },
  { weak: true, best: false, exclude: [] },
  { weak: false, best: true, exclude: [] },
];
const REQUESTS_OF_A_BASE = 10;
/** Larger systems are slower in dnf and show no more differences. */
const MAX_PACKAGES = 220;

export interface Comparison {
  readonly mirrors: readonly string[];
  readonly repos: readonly string[];
  readonly architectures: readonly string[];
  readonly requests: number;
  readonly seed: number;
  /** Directory for caches. */
  readonly folder: string;
}

/** Prints each disagreement; returns the numbers of compared requests and of different results. */
export async function compareInstalled(comparison: Comparison): Promise<{ readonly compared: number; readonly different: number }> {
  let compared = 0;
  let different = 0;
  const perMode = Math.ceil(comparison.requests / (comparison.architectures.length * MODES.length));
  for (const [index, architecture] of comparison.architectures.entries()) {
    const random = randomFrom(comparison.seed + index);
    const repos = comparison.mirrors.flatMap((mirror, age) =>
      comparison.repos.map((name) => ({
        id: `${name.toLowerCase()}${age === 0 ? '' : `-${age}`}`,
        directory: join(mirror, '9-stream', name, architecture, 'os'),
        isUsed: age === 0,
      })),
    );
    const used = repos.filter(({ isUsed }) => isUsed);
    const pool = await loadRepositories({
      architecture,
      repositories: repos.map(({ id, directory }) => ({ id, baseurl: directory })),
      cacheDir: join(comparison.folder, 'cache'),
    });
    for (const mode of MODES) {
      const bases = Array.from({ length: Math.ceil(perMode / REQUESTS_OF_A_BASE) }, () => randomBase(pool, random));
      const answers = askDnf(comparison.folder, architecture, { mode, repos, used, bases });
      bases.forEach((base, b) => {
        base.requests.forEach((request, r) => {
          const ours = resolve(pool, {
            ...request,
            installed: base.installed,
            repositories: used.map(({ id }) => id),
            weakDependencies: mode.weak,
            best: mode.best,
            exclude: mode.exclude,
          });
          compared++;
          const theirs = answers[b]![r]!;
          const difference = differenceOf(ours, theirs);
          if (difference.length === 0) return;
          different++;
          const { installed: _installed, ...told } = request;
          console.log(
            `\n${architecture} ${JSON.stringify(mode)} base ${b} of ${base.installed.length} packages\n  request ${JSON.stringify(told)}`,
          );
          for (const line of difference.slice(0, 12)) console.log(`  ${line}`);
          if (process.env['RPM_DEPS_SHOW_BASE'] === '1') console.log(`  installed ${JSON.stringify(base.installed)}`);
        });
      });
    }
  }
  return { compared, different };
}

interface Asked {
  readonly mode: Mode;
  readonly repos: readonly { readonly id: string; readonly directory: string }[];
  readonly used: readonly { readonly id: string }[];
  readonly bases: readonly Base[];
}

function askDnf(folder: string, architecture: string, { mode, repos, used, bases }: Asked): DnfAnswer[][] {
  const options = { ...mode, use: used.map(({ id }) => id) };
  const args = ['tools/dnf_installed.py', join(folder, `dnf-${architecture}`), architecture, JSON.stringify(options)];
  const input = bases.map(({ installed, requests }) => ({
    installed,
    requests: requests.map(({ install, upgrade, distroSync, reinstall, remove, allowErasing }) => ({
      install,
      upgrade,
      distro_sync: distroSync,
      reinstall,
      remove,
      allow_erasing: allowErasing,
    })),
  }));
  const output = execFileSync('/usr/bin/python3', [...args, ...repos.map(({ id, directory }) => `${id}=${directory}`)], {
    cwd: resolvePath(import.meta.dirname, '..'),
    input: JSON.stringify({ bases: input }),
    maxBuffer: 1024 ** 3,
    stdio: ['pipe', 'pipe', process.env['RPM_DEPS_SHOW_BASE'] === '1' ? 'inherit' : 'ignore'],
  });
  return JSON.parse(output.toString('utf8')) as DnfAnswer[][];
}

function differenceOf(ours: ResolveOutcome, theirs: DnfAnswer): string[] {
  if (ours.kind === 'unsolvable')
    return 'error' in theirs ? [] : ['only rpm-deps refuses:', ...ours.problems.flatMap(({ text }) => text.split('\n').slice(0, 6))];
  if ('error' in theirs) return ['only dnf refuses:', ...theirs.error.split('\n').slice(0, 8)];
  const come = ours.packages.map(formatNevra);
  const gone = [...new Set([...ours.changes.flatMap(({ replaces }) => replaces), ...ours.removed])];
  return [
    ...missing('only here comes', come, theirs.install),
    ...missing('only with dnf comes', theirs.install, come),
    ...missing('only here goes', gone, theirs.gone),
    ...missing('only with dnf goes', theirs.gone, gone),
  ];
}

const missing = (what: string, from: readonly string[], others: readonly string[]): string[] => {
  const there = new Set(others);
  return from.filter((nevra) => !there.has(nevra)).map((nevra) => `${what} ${nevra}`);
};

/** Packages of a few random requests, at either date, with older builds of some packages, and some missing. */
function randomBase(pool: Pool, random: () => number): Base {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const ids = pool.repos.map(({ id }) => id);
  for (;;) {
    const old = ids.filter((id) => id.endsWith('-1'));
    const current = ids.filter((id) => !id.endsWith('-1'));
    const install = randomRequests(pool, 3, random).flat().slice(0, 4);
    const outcome = resolve(pool, { install, repositories: old.length > 0 && random() < 0.5 ? old : current });
    if (outcome.kind !== 'solved' || outcome.packages.length > MAX_PACKAGES || outcome.packages.length < 3) continue;
    const older = random() * 0.6;
    const lost = random() < 0.5 ? 0 : random() * 0.15;
    const chosen = new Map<string, string>();
    for (const item of outcome.packages) {
      if (random() < lost) continue;
      const builds = [...pool.withName(pool.strings.find(item.name))].filter(
        (s) => pool.strings.get(pool.arch[s] as StringId) === item.arch,
      );
      const nevra = random() < older ? pool.nevra(pick(builds) as SolvableId) : formatNevra(item);
      chosen.set(`${item.name}.${item.arch}`, nevra);
    }
    const installed = [...new Set(chosen.values())];
    if (installed.length === 0) continue;
    const names = [...chosen.keys()].map((key) => key.slice(0, key.lastIndexOf('.')));
    return { installed, requests: Array.from({ length: REQUESTS_OF_A_BASE }, () => randomSystemRequest(pool, names, random)) };
  }
}

function randomSystemRequest(pool: Pool, names: readonly string[], random: () => number): SystemRequest {
  const some = (): string[] => [
    ...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => names[Math.floor(random() * names.length)]!)),
  ];
  const request = { install: [] as readonly string[], allowErasing: random() < 0.4 };
  const chance = random();
  if (chance < 0.35) return { ...request, install: randomRequests(pool, 1, random)[0]! };
  if (chance < 0.42) return { ...request, install: [...randomRequests(pool, 1, random)[0]!, ...some()] };
  if (chance < 0.52) return { ...request, upgrade: 'all' };
  if (chance < 0.62) return { ...request, upgrade: some() };
  if (chance < 0.7) return { ...request, distroSync: 'all' };
  if (chance < 0.76) return { ...request, distroSync: some() };
  if (chance < 0.81) return { ...request, reinstall: some() };
  if (chance < 0.88) return { ...request, remove: some() };
  if (chance < 0.94) return { ...request, install: randomRequests(pool, 1, random)[0]!, upgrade: 'all' };
  return { ...request, install: randomRequests(pool, 1, random)[0]!, remove: some() };
}
