/**
 * Compares dnf of Debian and rpm-deps with random requests on the same mirror.
 * npm run compare -- --requests 2000 --seed 7 [--arch A]... [--mirror DIR] [--repos BaseOS,AppStream]
 * With --installed the requests are for random systems with installed packages of that mirror and of the mirror of 2025-01-07.
 * Prints the agreement and every disagreement with its cause; exits with 1 if there are more than `--at-most N` (default 0). If dnf agrees once
 * it gets the names of a glob in a given order, its result was not deterministic (docs/solver.md): this is printed but does not count.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRepositories, type Pool, type ResolveOutcome, resolve } from '../src/index.ts';
import { formatNevra } from '../src/rpm/nevra.ts';
import { compareInstalled } from './compare-installed.ts';
import { causesOf, withoutGlobs } from './disagreement.ts';
import { randomFrom, randomRequests } from './random-requests.ts';

interface Mode {
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
}

type DnfAnswer = readonly string[] | { readonly error: string };

const MAX_CAUSES = 8;
const MAX_TEXT = 800;
const MODES: readonly Mode[] = [
  { weak: false, best: false, exclude: [] },
  { weak: true, best: false, exclude: [] },
  { weak: false, best: true, exclude: [] },
  { weak: true, best: false, exclude: ['glibc-langpack-*', 'python3-s*', '*-doc'] },
];

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    arch: { type: 'string', multiple: true, default: ['x86_64', 'aarch64', 's390x'] },
    mirror: { type: 'string' },
    repos: { type: 'string', default: 'BaseOS,AppStream' },
    installed: { type: 'boolean', default: false },
    'at-most': { type: 'string', default: '0' },
  },
});
const corpus = process.env['RPM_DEPS_CORPUS'] ?? resolvePath(import.meta.dirname, '../../shared');
const mirror = resolvePath(values.mirror ?? join(corpus, 'mirror/2025-01-13'));
if (!existsSync(join(mirror, '9-stream'))) {
  console.log(`nothing compared: there is no mirror with 9-stream/REPO/ARCH/os in ${mirror} (give --mirror, or set RPM_DEPS_CORPUS)`);
  process.exit(values.mirror === undefined ? 0 : 2);
}
const seed = Number(values.seed);
console.log(`seed ${seed}, mirror ${mirror}`);

const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-compare-'));
let compared = 0;
let different = 0;
let undetermined = 0;
try {
  if (values.installed) {
    const mirrors = [mirror, join(corpus, 'mirror/2025-01-07')].filter((path, i, all) => existsSync(path) && all.indexOf(path) === i);
    const found = await compareInstalled({
      mirrors,
      repos: values.repos.split(','),
      architectures: values.arch,
      requests: Number(values.requests),
      seed,
      folder,
    });
    compared = found.compared;
    different = found.different;
  }
  const perBatch = values.installed ? 0 : Math.ceil(Number(values.requests) / (values.arch.length * MODES.length));
  if (!values.installed)
    for (const [index, architecture] of values.arch.entries()) await compareArchitecture(architecture, perBatch, seed + index);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const except = undetermined > 0 ? `, ${undetermined} of them once dnf is told an order` : '';
console.log(`${compared - different} of ${compared} requests have the same answer${except}`);
process.exitCode = different > Number(values['at-most']) ? 1 : 0;

async function compareArchitecture(architecture: string, perBatch: number, from: number): Promise<void> {
  const random = randomFrom(from);
  const repos = values.repos
    .split(',')
    .map((name) => ({ id: name.toLowerCase(), directory: join(mirror, '9-stream', name, architecture, 'os') }));
  const pool = await loadRepositories({
    architecture,
    repositories: repos.map(({ id, directory }) => ({ id, baseurl: directory })),
    cacheDir: join(folder, 'cache'),
  });
  const ask = (mode: Mode, requests: readonly (readonly string[])[]): DnfAnswer[] => {
    const args = ['tools/dnf_answers.py', join(folder, `dnf-${architecture}`), architecture, JSON.stringify(mode)];
    const output = execFileSync('/usr/bin/python3', [...args, ...repos.map(({ id, directory }) => `${id}=${directory}`)], {
      cwd: resolvePath(import.meta.dirname, '..'),
      input: JSON.stringify(requests),
      maxBuffer: 1024 ** 3,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return JSON.parse(output.toString('utf8')) as DnfAnswer[];
  };
  for (const mode of MODES) {
    const requests = randomRequests(pool, perBatch, random);
    const answers = ask(mode, requests);
    const disagreeing = requests.flatMap((specs, i) => {
      const ours = resolve(pool, { install: specs, weakDependencies: mode.weak, best: mode.best, exclude: mode.exclude });
      return isSame(ours, answers[i]!) ? [] : [{ specs, ours, answer: answers[i]! }];
    });
    compared += requests.length;
    if (disagreeing.length === 0) continue;
    const again = ask(
      mode,
      disagreeing.map(({ specs }) => withoutGlobs(pool, specs)),
    );
    disagreeing.forEach(({ specs, ours, answer }, i) => {
      const isUndetermined = isSame(ours, again[i]!);
      if (isUndetermined) undetermined++;
      else different++;
      const cause = isUndetermined ? ['the order in which dnf goes through the names of a glob'] : describe(pool, ours, answer);
      const title = `${architecture} ${JSON.stringify(mode)}\n  request ${JSON.stringify(specs)}`;
      console.log(`\n${title}\n  cause: ${cause.slice(0, MAX_CAUSES).join('\n         ')}`);
    });
  }
}

/** Text in one or a few lines. */
function describe(pool: Pool, ours: ResolveOutcome, answer: DnfAnswer): string[] {
  if (ours.kind === 'unsolvable')
    return [
      `only rpm-deps refuses: ${ours.problems
        .map(({ text }) => text)
        .join('\n')
        .slice(0, MAX_TEXT)}`,
    ];
  if ('error' in answer) return [`only dnf refuses: ${answer.error.trim().slice(0, MAX_TEXT)}`];
  return causesOf(pool, ours, answer);
}

function isSame(ours: ResolveOutcome, answer: DnfAnswer): boolean {
  if (ours.kind === 'unsolvable' || 'error' in answer) return ours.kind === 'unsolvable' && 'error' in answer;
  return ours.packages.map(formatNevra).sort().join() === answer.join();
}
