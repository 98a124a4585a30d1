/**
 * libsolv's own test cases, where RPM_DEPS_LIBSOLV_TESTS names a folder that has them (test/testcases of libsolv's sources): what they install into an empty
 * root, we install too. Says how many were asked and why the others were not.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DepId, SolvableId } from '../../src/pool/ids.ts';
import { OPERATORS } from '../../src/pool/intern-rich.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { matchesName } from '../../src/solver/match-name.ts';
import { solve } from '../../src/solver/solve.ts';
import { poolOf } from '../brute/world.ts';
import { type Job, readTestcases, type Testcase } from './libsolv-testcase.ts';

const folder = process.env['RPM_DEPS_LIBSOLV_TESTS'] ?? '';
const isThere = folder !== '' && existsSync(folder);

test.runIf(isThere)("what libsolv's test cases install", () => {
  const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.t'))
    .sort()
    .flatMap((file) => readTestcases(join(folder, file), file))
    .map((one) =>
      one.skip === undefined && isOpenToArchitectures(one) ? { ...one, skip: 'no architecture is set, as dnf always does' } : one,
    );
  const asked = cases.filter(({ skip }) => skip === undefined);
  const reasons = new Map<string, number>();
  for (const { skip } of cases) if (skip !== undefined) reasons.set(skip, (reasons.get(skip) ?? 0) + 1);
  const list = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `  ${count} ${reason}`);
  console.log(`${asked.length} of ${cases.length} are about installing; left out:\n${list.join('\n')}`);
  const different = asked.map((one) => ({ name: one.name, libsolv: one.installed ?? 'problems', ours: answer(one) ?? 'problems' }));
  expect(different.filter(({ libsolv, ours }) => String(libsolv) !== String(ours))).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
});

/** A job of dnf's always means the architectures of its candidates as well, so that multilib's lock step does not hold for them. */
function isOpenToArchitectures({ world, jobs }: Testcase): boolean {
  const pool = poolOf(world);
  return jobs.some((job) => {
    const isOpen = job.action === 'install' && ['name', 'provides'].includes(job.selection) && !job.flags.includes('setarch');
    return isOpen && select(pool, job).some((s) => pool.archRank[s]! > 2);
  });
}

function answer({ world, jobs, disabled, weak }: Testcase): string[] | undefined {
  const pool = poolOf(world);
  const nameOf = (s: number): string => nameIn(pool, s);
  const solvables = solvablesOf(pool);
  const column = (selected: readonly number[]): Uint8Array | undefined => {
    if (selected.length === 0) return undefined;
    const bits = new Uint8Array(pool.end);
    for (const s of selected) bits[s] = 1;
    return bits;
  };
  const chosen = (action: string): number[] => jobs.filter((job) => job.action === action).flatMap((job) => select(pool, job));
  const wishes = jobs.filter(({ action }) => action === 'install');
  const candidates = wishes.map((job) => Int32Array.from(select(pool, job)).sort());
  if (candidates.some((list) => list.length === 0)) return undefined;
  const outcome = solve(pool, {
    jobs: candidates.map((list) => ({ candidates: list, weak: false })),
    excluded: column(solvables.filter((s) => disabled.includes(nameOf(s)))),
    ignored: undefined,
    favored: column(chosen('favor')),
    multiversion: column(chosen('multiversion')),
    weakDependencies: weak,
    best: wishes.some(({ flags }) => flags.includes('forcebest')),
  });
  return outcome.kind === 'solved' ? [...outcome.installed].map(nameOf).sort() : undefined;
}

const solvablesOf = (pool: Pool): number[] => Array.from({ length: pool.end - 1 }, (_, i) => i + 1);

/** `name-evr.arch@repo`. */
function nameIn(pool: Pool, s: number): string {
  return `${pool.nevra(s as SolvableId).replace(/-0:(?=[^:]*$)/, '-')}@${pool.repos[pool.repo[s]!]!.id}`;
}

function select(pool: Pool, { selection, what }: Job): number[] {
  if (selection === 'pkg' || selection === 'oneof') return solvablesOf(pool).filter((s) => what.split(' ').includes(nameIn(pool, s)));
  const dep = dependencyOf(pool, what);
  if (dep === undefined) return [];
  return [...pool.providersOf(dep)].filter((s) => selection === 'provides' || matchesName(pool, s as SolvableId, dep));
}

function dependencyOf(pool: Pool, text: string): DepId | undefined {
  const [name = '', operator, evr] = text.split(' ');
  const id = pool.strings.find(name);
  if (id === 0) return undefined;
  return operator === undefined || evr === undefined ? id : pool.relations.intern(id, OPERATORS[operator]!, pool.strings.intern(evr));
}
