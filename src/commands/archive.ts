/** Copies locked RPMs to an archive, and reports which of them are on no mirror any more. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { type ArchiveTarget, directoryTarget, httpTarget } from '../artifacts/archive-target.ts';
import { findOtherPackages, type IdentifiedFile, refuseOtherPackages } from '../artifacts/check-identity.ts';
import { fetchAvailable } from '../artifacts/fetch-artifacts.ts';
import { isPresent } from '../artifacts/remote-presence.ts';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { removeLeftovers } from '../io/atomic-file.ts';
import { ContentStore } from '../io/content-store.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isRetryable, statusOf } from '../net/failures.ts';
import { checkSignatures, type SignedFile } from '../project/check-signatures.ts';
import { findManifest, type LockedRpm, lockedRpms } from '../project/locked-sources.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import { formatNevra } from '../rpm/nevra.ts';
import { signatureError } from '../rpm/signature.ts';
import type { Context } from '../run/context.ts';
import { refuseNoSources, storeContext } from './fetch.ts';

export interface ArchiveInput extends ProjectInput, TargetInput {
  /** A directory, a file: URL, or an http(s) URL that accepts PUT; with `{sha256}` or `{filename}` it is a template. */
  readonly to: string;
  /** Only report, copy nothing. */
  readonly check?: boolean | undefined;
  /** Include the locked source RPMs. */
  readonly sources?: boolean | undefined;
  /** Check signatures; default true. */
  readonly signatures?: boolean | undefined;
}

interface ArchiveFile {
  readonly architecture: string;
  readonly filename: string;
  readonly sha256: string;
}

export interface ArchiveOutput {
  /** The target for messages, without login. */
  readonly target: string;
  readonly total: number;
  /** Files copied by this run; empty with `check`. */
  readonly copied: readonly ArchiveFile[];
  /** Number of files that were in the archive before. */
  readonly present: number;
  /** Only with `check`. */
  readonly report: ArchiveReport | null;
}

interface ArchiveReport {
  /** Files that are in the archive but on no mirror any more. */
  readonly onlyInArchive: readonly ArchiveFile[];
  /** Files that are on a mirror but not in the archive. */
  readonly notInArchive: readonly ArchiveFile[];
  readonly nowhere: readonly ArchiveFile[];
}

const PARALLEL = 8;

/** Lockfiles and their manifest, from any source. */
export interface GivenLocks {
  readonly locks: readonly Lockfile[];
  readonly manifest: Manifest | undefined;
}

export async function archiveLocked(input: ArchiveInput, context: Context): Promise<ArchiveOutput> {
  const target = await targetOf(input, context);
  const locks = await readChosenLocks(input, context);
  return archiveTo(target, { locks, manifest: await findManifest(input, context) }, input, context);
}

/** For programs that have the texts and no directory. */
export async function archiveGiven(given: GivenLocks, input: Pick<ArchiveInput, 'to'>, context: Context): Promise<ArchiveOutput> {
  return archiveTo(await targetOf(input, context), given, input, context);
}

async function archiveTo(
  target: ArchiveTarget,
  { locks, manifest }: GivenLocks,
  input: Pick<ArchiveInput, 'to' | 'check' | 'signatures' | 'sources'>,
  context: Context,
): Promise<ArchiveOutput> {
  const rpms = unique(lockedRpms(locks, manifest, context, { sources: refuseNoSources(locks, input.sources) }));
  const stage = input.check === true ? 'verify' : 'push';
  context.emit({ kind: 'stage', stage, text: `looking for ${rpms.length} packages in ${target.name}` });
  const there = await each(rpms, (rpm) => target.has(rpm), context);
  const missing = rpms.filter((_, i) => there[i] === false);
  await refuseWrongNames(rpms, { target, there }, context);
  const common = { target: target.name, total: rpms.length, present: rpms.length - missing.length };
  if (input.check === true) return { ...common, copied: [], report: await report(rpms, there, context) };
  const { good, failures } = await verified(missing, input, context);
  let done = 0;
  const outcomes = await each(
    good,
    async ({ rpm, path }) => {
      if (failures.some(concernsAll)) return undefined;
      try {
        await target.put(rpm, path);
        context.emit({ kind: 'progress', stage, text: target.name, done: ++done, total: good.length, unit: 'items' });
        return rpm;
      } catch (error) {
        if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
        failures.push(error);
        return undefined;
      }
    },
    context,
  );
  const copied = outcomes.filter((rpm) => rpm !== undefined);
  if (failures.length > 0) throw summary(failures, { copied: copied.length, missing: missing.length });
  return { ...common, copied: copied.map(fileOf), report: null };
}

/** RPMs that are available and correctly signed. If one RPM is gone from all mirrors, the others are still copied. */
async function verified(
  rpms: readonly LockedRpm[],
  { signatures }: Pick<ArchiveInput, 'signatures'>,
  context: Context,
): Promise<{ readonly good: readonly SignedFile[]; readonly failures: RpmDepsError[] }> {
  context.emit({ kind: 'stage', stage: 'download', text: `fetching ${rpms.length} packages` });
  const { fetched, failure } = await fetchAvailable(rpms, storeContext(context));
  const files = rpms.flatMap((rpm, i) => (fetched[i] === undefined ? [] : [{ rpm, path: fetched[i].path }]));
  const others = await findOtherPackages(
    files.map(({ rpm, path }) => ({ rpm, path, expected: rpm.lockedPackages })),
    context.signal,
  );
  const misnamed = new Set(others.map(({ file }) => file.rpm));
  const named = files.filter(({ rpm }) => !misnamed.has(rpm));
  const { faults } = signatures === false ? { faults: [] } : await checkSignatures(named, context);
  const wrong = new Set(faults.map(({ rpm }) => rpm));
  const unverified = [
    ...others.map(({ error }) => error),
    ...faults.map(({ rpm, result }) => signatureError(printable(rpm.filename), result)),
  ];
  return { good: named.filter(({ rpm }) => !wrong.has(rpm)), failures: [...(failure === undefined ? [] : [failure]), ...unverified] };
}

/** Locks may use other names for files that are already in the archive: checks them in the local store, else in the archive. */
async function refuseWrongNames(
  rpms: readonly LockedRpm[],
  { target, there }: { readonly target: ArchiveTarget; readonly there: readonly boolean[] },
  context: Context,
): Promise<void> {
  const store = new ContentStore(context.cacheDir);
  const files: IdentifiedFile[] = [];
  for (const [i, rpm] of rpms.entries()) {
    if ((await store.verify(rpm.sha256)) === 'good') files.push({ expected: rpm.lockedPackages, path: store.path(rpm.sha256) });
    else if (there[i] === true) files.push({ expected: rpm.lockedPackages, ...target.file(rpm) });
    else if (rpm.lockedPackages.length > 1) refuseTwoNames(rpm);
  }
  refuseOtherPackages(await findOtherPackages(files, context.signal));
}

/** A file is one package: if locks have two names for the same sha256, one of them is wrong. */
function refuseTwoNames({ lockedPackages: expected, filename }: LockedRpm): void {
  const names = [...new Set(expected.map(formatNevra))];
  if (names.length < 2) return;
  throw new RpmDepsError('WRONG_PACKAGE', `the lockfiles list one file as ${names.map(printable).join(' and as ')}`, {
    hint: 'the lockfiles were changed by hand: restore them from git',
    data: { file: printable(filename), locked: names },
  });
}

/** Errors that affect all further files: a server that does not respond or refuses the token, or a full disk. */
function concernsAll(error: RpmDepsError): boolean {
  const status = statusOf(error);
  return error.code === 'WRITE_FAILED' || (error.data?.['file'] === undefined && (isRetryable(error) || status === 401 || status === 403));
}

function summary(failures: readonly RpmDepsError[], { copied, missing }: { copied: number; missing: number }): RpmDepsError {
  const codes = ['WRITE_FAILED', 'DIGEST_MISMATCH', 'RPM_INVALID', 'WRONG_PACKAGE', 'SIGNATURE', 'OFFLINE', 'NETWORK'];
  const worst = failures.reduce((a, b) => (codes.indexOf(b.code) < codes.indexOf(a.code) ? b : a));
  if (worst.code === 'WRITE_FAILED' || (failures.length === 1 && copied === 0)) return worst;
  const details = failures.flatMap(({ message, details: more }) =>
    more.length > 0 ? [`${message}:`, ...more.map((line) => `  ${line}`)] : [message],
  );
  return new RpmDepsError(worst.code, `${copied} of ${missing} packages were copied; the others failed`, {
    ...(worst.hint === undefined ? {} : { hint: worst.hint }),
    details,
    data: { failures: failures.map(({ code, message, data }) => ({ code, message, ...data })) },
    cause: worst,
  });
}

async function targetOf({ to, check }: Pick<ArchiveInput, 'to' | 'check'>, { cwd, env, http, now }: Context): Promise<ArchiveTarget> {
  const field = /\{(?!sha256\}|filename\})[^}]*\}/.exec(to)?.[0];
  if (/^https?:\/\/[^/]/i.test(to) && URL.canParse(to) && field === undefined)
    return httpTarget(to, { http, token: env['RPM_DEPS_ARCHIVE_TOKEN'] || undefined, isThorough: check === true });
  const isLocal = /^file:\/\/(?:localhost)?\//i.test(to) || (to !== '' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(to));
  if (!isLocal) {
    throw new RpmDepsError(
      'USAGE',
      `--to must be a directory or an http(s) URL${field === undefined ? '' : ' with no other fields than {sha256} and {filename}'}`,
      {
        hint: 'for example `--to /srv/rpms` or `--to https://rpms.example.com/sha256`',
      },
    );
  }
  const directory = /^file:/i.test(to) ? fileURLToPath(to) : resolve(cwd, to);
  await removeLeftovers(directory, now().getTime());
  return directoryTarget(directory);
}

/** Files with the same content are stored once, whatever their names. */
function unique(rpms: readonly LockedRpm[]): LockedRpm[] {
  const bySha256 = new Map<string, LockedRpm>();
  for (const rpm of rpms) {
    const known = bySha256.get(rpm.sha256);
    bySha256.set(rpm.sha256, known === undefined ? rpm : { ...known, lockedPackages: [...known.lockedPackages, ...rpm.lockedPackages] });
  }
  return [...bySha256.values()];
}

async function report(rpms: readonly LockedRpm[], there: readonly boolean[], context: Context): Promise<ArchiveReport> {
  const mirrored = await each(rpms, (rpm) => isOnMirror(rpm, context), context);
  const pick = (archived: boolean, mirror: boolean): ArchiveFile[] =>
    rpms.filter((_, i) => there[i] === archived && mirrored[i] === mirror).map(fileOf);
  return { onlyInArchive: pick(true, false), notInArchive: pick(false, true), nowhere: pick(false, false) };
}

/** Throws if a mirror is down, because the file may still be there. */
async function isOnMirror(rpm: LockedRpm, { http }: Context): Promise<boolean> {
  let failure: unknown;
  for (const url of await rpm.mirrorUrls()) {
    try {
      if (await isPresent(url, rpm, { http })) return true;
    } catch (error) {
      if (statusOf(error) !== 403) failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return false;
}

function each<Item, T>(items: readonly Item[], work: (item: Item) => Promise<T>, { signal }: Context): Promise<T[]> {
  const limit = pLimit(PARALLEL);
  return Promise.all(
    items.map((item) =>
      limit(() => {
        signal.throwIfAborted();
        return work(item);
      }),
    ),
  );
}

function fileOf({ architecture, filename, sha256 }: LockedRpm): ArchiveFile {
  return { architecture, filename, sha256 };
}
