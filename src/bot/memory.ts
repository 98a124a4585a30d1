/**
 * The state that the bot keeps between runs: when it ran, and when it first saw a build. It is stored in the
 * repository to which branches are pushed, as `refs/rpm-deps/bot`, for fresh CI runners; and in the cache, for Gerrit
 * and for remotes that refuse such a ref.
 */
import { readFile } from 'node:fs/promises';
import { RpmDepsError } from '../base/errors.ts';
import { fieldsOf } from '../base/fields.ts';
import { sha256 } from '../base/sha256.ts';
import { type RemoteText, readRemoteText, writeRemoteText } from '../forge/remote-text.ts';
import type { GitPlace } from '../forge/run-git.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { cachePath } from '../io/cache-dir.ts';
import type { Run } from '../run/run.ts';

export interface Memory {
  /** Time of the last run in ISO 8601, by directory in the repository where the bot was started. */
  readonly runs: ReadonlyMap<string, string>;
  /** Time when each build was first seen, in ISO 8601: by project, then by source RPM. Contains only watched projects. */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface MemoryPlace {
  readonly place: GitPlace;
  /** Remote with the memory; undefined if only the cache can store it. */
  readonly remote: string | undefined;
  /** Name of the project in the cache. */
  readonly name: string;
}

const REF = 'refs/rpm-deps/bot';
const ATTEMPTS = 3;
const NOTHING: Memory = { runs: new Map(), seen: new Map() };
/** Minimum time between pushes that only update the time of the run: the cache has the exact time, a fresh runner gets it to half a day. */
const PUSH_EVERY_MS = 12 * 3_600_000;
/** Builds that were not seen again for this time are removed. */
const FORGET_AFTER_MS = 90 * 24 * 3_600_000;

export interface Recalled {
  readonly memory: Memory;
  /** The text in the remote; undefined if it could not be read. */
  readonly kept: RemoteText | undefined;
}

/** An unreadable memory counts as empty: the age of updates is then that of their build time. */
export async function recall(where: MemoryPlace, run: Run): Promise<Recalled> {
  const kept = await readKept(where, run);
  const cached = await readCached(where, run);
  if (kept === undefined || kept.text === '') return { memory: cached, kept };
  const known = parseMemory(kept.text, run.now());
  const runs = new Map([...known.runs].map(([folder, time]) => [folder, latest(time, cached.runs.get(folder))]));
  return { memory: { seen: known.seen, runs }, kept };
}

const readCached = async (where: MemoryPlace, run: Run): Promise<Memory> =>
  parseMemory(await readFile(pathOf(where, run), 'utf8').catch(() => ''), run.now());

const latest = (a: string, b = ''): string => (a < b ? b : a);

/** Merges the news with the recalled memory or, if another bot has pushed meanwhile, with the current one in the remote, so that nothing is lost. */
export async function remember(where: MemoryPlace, recalled: Recalled['kept'], news: Memory, run: Run): Promise<void> {
  const now = run.now();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const kept = attempt === 0 && where.remote !== undefined ? recalled : await readKept(where, run);
    const before = kept === undefined ? await readCached(where, run) : parseMemory(kept.text, now);
    const text = renderMemory(merged(before, news), now);
    await writeCache(where, text, run);
    if (kept === undefined || where.remote === undefined || !hasNews(before, news, now)) return;
    const time = Math.floor(now.getTime() / 1000);
    const outcome = await unlessRefused(run, () =>
      writeRemoteText(where.place, where.remote!, { ref: REF, text, expected: kept.commit, time }),
    );
    if (outcome?.kind === 'refused') run.emit({ kind: 'debug', text: `the remote refuses ${REF}: ${outcome.reason}` });
    if (outcome?.kind !== 'moved') return;
  }
}

const readKept = async ({ place, remote }: MemoryPlace, run: Run) =>
  remote === undefined ? undefined : unlessRefused(run, () => readRemoteText(place, remote, REF));

/** Ignores errors of the remote: if it fails here, it fails for the proposals too and is reported there. */
async function unlessRefused<T>(run: Run, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    run.emit({ kind: 'debug', text: `${REF}: ${error.message}` });
    return undefined;
  }
}

const pathOf = ({ name }: MemoryPlace, { cacheDir }: Run): string => cachePath(cacheDir, 'bot-v2', sha256(name));

/** If the cache cannot be written, the next run lacks this data. */
async function writeCache(where: MemoryPlace, text: string, run: Run): Promise<void> {
  const path = pathOf(where, run);
  await writeFileAtomic(path, text).catch((error: unknown) =>
    run.emit({ kind: 'debug', text: `the memory of the bot is not in the cache: ${String(error)}` }),
  );
}

function hasNews(before: Memory, news: Memory, now: Date): boolean {
  const isLate = [...news.runs.keys()].some(
    (folder) => Date.parse(before.runs.get(folder) ?? '1970-01-01') < now.getTime() - PUSH_EVERY_MS,
  );
  const isNew = [...news.seen].some(([project, builds]) => {
    const known = before.seen.get(project);
    return known === undefined || [...builds.keys()].some((build) => !known.has(build));
  });
  return isLate || isNew;
}

function merged(before: Memory, news: Memory): Memory {
  const seen = new Map(before.seen);
  for (const [project, builds] of news.seen) seen.set(project, new Map([...(before.seen.get(project) ?? []), ...builds]));
  return { runs: new Map([...before.runs, ...news.runs]), seen };
}

function renderMemory({ runs, seen }: Memory, now: Date): string {
  const oldest = new Date(now.getTime() - FORGET_AFTER_MS).toISOString();
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const builds = sorted(seen).map(([project, known]) => [project, sorted(known).filter(([, time]) => time >= oldest)] as const);
  const value = {
    version: 1,
    runs: Object.fromEntries(sorted(runs)),
    seen: Object.fromEntries(builds.map(([project, known]) => [project, Object.fromEntries(known)])),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** Anyone with push permission may have written it: invalid data counts as absent, and times in the future are ignored. */
function parseMemory(text: string, now: Date): Memory {
  const { runs, seen } = fieldsOf(jsonOf(text));
  const timesOf = (value: unknown): Map<string, string> =>
    new Map(
      Object.entries(fieldsOf(value)).flatMap(([key, time]) => {
        const parsed = typeof time === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) ? Date.parse(time) : Number.NaN;
        return Number.isNaN(parsed) ? [] : [[key, new Date(Math.min(parsed, now.getTime())).toISOString()] as const];
      }),
    );
  if (text === '') return NOTHING;
  return {
    runs: timesOf(runs),
    seen: new Map(Object.entries(fieldsOf(seen)).map(([project, known]) => [project, timesOf(known)])),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
