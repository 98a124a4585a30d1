import {
  checkLockfiles,
  checkView,
  diffLockfiles,
  diffView,
  type Lockfile,
  type Manifest,
  outputJson,
  type Pools,
  parseLockfile,
  parseManifest,
  plan,
  RpmDepsError,
} from 'rpm-deps';
import type { CheckQuery, DiffQuery, PlanQuery } from './query.ts';
import type { QueryAnswer } from './run-query.ts';

/** Paths in answers are those of the request. */
const PLACE = { directory: '/' };

/** Pools of a manifest, preferably those that are already loaded. */
export type PoolsOf = (manifest: Manifest) => Pools;

export async function runPlanQuery(query: PlanQuery, poolsOf: PoolsOf, solverSeconds: number): Promise<QueryAnswer> {
  const { mode, names, today } = query;
  const manifest = await readGiven(query.manifest);
  const { locks, diff, notes, failures } = await plan({
    manifest,
    locks: query.locks.map((lock, i) => readGivenLock(lock, `locks[${i}]`)),
    pools: poolsOf(manifest),
    ...{ mode, names, today, solverSeconds },
  });
  const failed = failures.map(({ target, problems }) => ({ package_set: target.set.name, architecture: target.architecture, problems }));
  const value = { schema: 1, locks, diff, failures: failed, warnings: notes };
  if (failed.length === 0) return { status: 200, text: JSON.stringify(value) };
  const detail = failed[0]!.problems[0]?.text ?? '';
  const problem = {
    type: '/errors#UNSOLVABLE',
    title: 'No set of packages satisfies the request',
    status: 409,
    code: 'UNSOLVABLE',
    detail,
  };
  return { status: 409, text: JSON.stringify({ ...problem, ...value }) };
}

export async function runCheckQuery({ manifest, locks, today }: CheckQuery): Promise<QueryAnswer> {
  const found = locks.map((lock, i) => {
    const lockfile = readGivenLock(lock, `locks[${i}]`);
    return { file: `${lockfile.package_set}-${lockfile.architecture}.lock.json`, lockfile };
  });
  const findings = checkLockfiles(await readGiven(manifest), found, { today });
  const data = { ok: findings.length === 0, checked: found.length, findings, online: undefined };
  return { status: 200, text: JSON.stringify(outputJson({ view: checkView, data }, [], PLACE)) };
}

export async function runDiffQuery({ before, after }: DiffQuery): Promise<QueryAnswer> {
  const read = (locks: readonly object[], name: string): Lockfile[] => locks.map((lock, i) => readGivenLock(lock, `${name}[${i}]`));
  return {
    status: 200,
    text: JSON.stringify(outputJson({ view: diffView, data: diffLockfiles(read(before, 'before'), read(after, 'after')) }, [], PLACE)),
  };
}

/** Parses the text without the server's variables and mirror. */
const readGiven = (text: string): Promise<Manifest> =>
  parseManifest(text, text.trimStart().startsWith('{') ? 'manifest.json' : 'manifest.yaml', { env: {} });

function readGivenLock(lock: object, name: string): Lockfile {
  try {
    return parseLockfile(JSON.stringify(lock), name);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    throw new RpmDepsError(error.code, error.message, {
      details: error.details,
      hint: 'send the whole content of a lockfile',
      cause: error,
    });
  }
}
