/** Keeps the RPMs of locks where no mirror can drop them, and says which of them exist nowhere else any more. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { type ArchiveTarget, directoryTarget, httpTarget } from '../artifacts/archive-target.ts';
import { RpmDepsError } from '../errors.ts';
import { statusOf } from '../net/failures.ts';
import type { Context } from './context.ts';
import { fetchRpms } from './fetch.ts';
import { findManifest, type LockedRpm, lockedRpms } from './locked-sources.ts';
import type { ProjectInput, TargetInput } from './manifest-input.ts';
import { readChosenLocks } from './read-locks.ts';

export interface ArchiveInput extends ProjectInput, TargetInput {
  /** A directory, a file: URL, or an http(s) URL that takes PUT; with `{sha256}` or `{filename}` it is a template. */
  readonly to: string;
  /** Only report. */
  readonly check?: boolean | undefined;
  /** Default true. */
  readonly signatures?: boolean | undefined;
}

export interface ArchiveFile {
  readonly architecture: string;
  readonly filename: string;
  readonly sha256: string;
}

export interface ArchiveOutput {
  /** For a person: without login. */
  readonly target: string;
  readonly total: number;
  /** Copied by this run; empty with `check`. */
  readonly copied: readonly ArchiveFile[];
  /** How many were there before. */
  readonly present: number;
  /** Only with `check`. */
  readonly report: ArchiveReport | null;
}

export interface ArchiveReport {
  /** In the archive, and on no mirror any more. */
  readonly onlyInArchive: readonly ArchiveFile[];
  /** On a mirror, and not in the archive. */
  readonly notInArchive: readonly ArchiveFile[];
  readonly nowhere: readonly ArchiveFile[];
}

const PARALLEL = 8;

export async function archiveLocked(input: ArchiveInput, context: Context): Promise<ArchiveOutput> {
  const target = targetOf(input.to, context);
  const locks = await readChosenLocks(input, context);
  const rpms = unique(lockedRpms(locks, await findManifest(input, context), context));
  const stage = input.check === true ? 'verify' : 'push';
  context.emit({ kind: 'stage', stage, text: `looking for ${rpms.length} packages in ${target.name}` });
  const there = await each(rpms, (rpm) => target.has(rpm), context);
  const missing = rpms.filter((_, i) => there[i] === false);
  const common = { target: target.name, total: rpms.length, present: rpms.length - missing.length };
  if (input.check === true) return { ...common, copied: [], report: await report(rpms, there, context) };
  const { files } = await fetchRpms(missing, { signatures: input.signatures }, context);
  let done = 0;
  await each(
    missing,
    async (rpm) => {
      await target.put(rpm, files.find(({ sha256 }) => sha256 === rpm.sha256)!.path);
      context.emit({ kind: 'progress', stage, text: target.name, done: ++done, total: missing.length, unit: 'items' });
    },
    context,
  );
  return { ...common, copied: missing.map(fileOf), report: null };
}

function targetOf(to: string, { cwd, env, http }: Context): ArchiveTarget {
  if (/^https?:\/\//i.test(to)) return httpTarget(to, { http, token: env['RPM_DEPS_ARCHIVE_TOKEN'] || undefined });
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) return directoryTarget(resolve(cwd, to));
  if (to.startsWith('file://')) return directoryTarget(fileURLToPath(to));
  throw new RpmDepsError('USAGE', '--to must be a directory or an http(s) URL', {
    hint: 'such as `--to /srv/rpms` or `--to https://rpms.example.com/sha256`',
  });
}

/** Content is kept once, whatever it is called. */
function unique(rpms: readonly LockedRpm[]): LockedRpm[] {
  return [...new Map(rpms.map((rpm) => [rpm.sha256, rpm])).values()];
}

async function report(rpms: readonly LockedRpm[], there: readonly boolean[], context: Context): Promise<ArchiveReport> {
  const mirrored = await each(rpms, (rpm) => isOnMirror(rpm, context), context);
  const pick = (archived: boolean, mirror: boolean): ArchiveFile[] =>
    rpms.filter((_, i) => there[i] === archived && mirrored[i] === mirror).map(fileOf);
  return { onlyInArchive: pick(true, false), notInArchive: pick(false, true), nowhere: pick(false, false) };
}

/** A place that is down is not a place that has it no more: that is an error. */
async function isOnMirror(rpm: LockedRpm, { http }: Context): Promise<boolean> {
  let failure: unknown;
  for (const url of await rpm.mirrorUrls()) {
    try {
      const { status, headers } = await http.request(url, { method: 'HEAD', accept: [404, 410] });
      const length = headers['content-length'];
      if (status < 400 && (rpm.size === undefined || length === undefined || Number(length) === rpm.size)) return true;
    } catch (error) {
      if (statusOf(error) !== 403) failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return false;
}

function each<T>(rpms: readonly LockedRpm[], work: (rpm: LockedRpm) => Promise<T>, { signal }: Context): Promise<T[]> {
  const limit = pLimit(PARALLEL);
  return Promise.all(
    rpms.map((rpm) =>
      limit(() => {
        signal.throwIfAborted();
        return work(rpm);
      }),
    ),
  );
}

function fileOf({ architecture, filename, sha256 }: LockedRpm): ArchiveFile {
  return { architecture, filename, sha256 };
}
