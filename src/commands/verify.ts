/** Compares the files in the store, or in a directory, with the lockfiles. Only keys are downloaded. */

import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { findOtherPackages } from '../artifacts/check-identity.ts';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { ContentStore } from '../io/content-store.ts';
import { digestFile } from '../io/file-digest.ts';
import { checkSignatures, type SignedFile } from '../project/check-signatures.ts';
import { findManifest, type LockedRpm, lockedRpms } from '../project/locked-sources.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { VERIFY_KINDS } from '../views/verify.ts';
import { refuseNoSources } from './fetch.ts';

export interface VerifyInput extends ProjectInput, TargetInput {
  /** Default: the store. Files may be `<arch>/<filename>`, `<filename>` or `<sha256>` in it. */
  readonly directory?: string | undefined;
  /** Include the locked source RPMs. */
  readonly sources?: boolean | undefined;
  /** Check signatures if a repository has a key; default true. */
  readonly signatures?: boolean | undefined;
}

type VerifyProblemKind = (typeof VERIFY_KINDS)[number];

interface VerifyProblem {
  readonly kind: VerifyProblemKind;
  /** null for files that are in no lock. */
  readonly architecture: string | null;
  /** File name in the lock, or path in the directory for files that are in no lock. */
  readonly file: string;
  /** One line for users, without the file name. */
  readonly text: string;
}

export interface VerifyOutput {
  readonly ok: boolean;
  /** Sorted by kind, then architecture and file name. */
  readonly problems: readonly VerifyProblem[];
  /** Number of locked files; below, how many of them were found. */
  readonly expected: number;
  readonly found: number;
  readonly signaturesChecked: number;
  /** The error of the most serious problem: altered and badly signed files before missing ones. Undefined if there are no problems. */
  readonly failure: RpmDepsError | undefined;
}

export async function verifyLocked(input: VerifyInput, context: Context): Promise<VerifyOutput> {
  const manifest = await findManifest(input, context);
  const locks = await readChosenLocks(input, context);
  const rpms = lockedRpms(locks, manifest, context, { sources: refuseNoSources(locks, input.sources) });
  const directory = input.directory === undefined ? undefined : resolve(context.cwd, input.directory);
  const place = directory === undefined ? inStore(context) : await inDirectory(directory);
  context.emit({ kind: 'stage', stage: 'verify', text: `verifying ${rpms.length} packages` });
  const { files, problems } = await compare(rpms, place, context);
  const others = await findOtherPackages(
    files.map(({ rpm, path }) => ({ rpm, path, expected: rpm.lockedPackages })),
    context.signal,
  );
  for (const { file, error } of others) {
    problems.push({ kind: 'wrong-package', architecture: file.rpm.architecture, file: file.rpm.filename, text: error.message });
  }
  const misnamed = new Set(others.map(({ file }) => file.rpm));
  const named = files.filter(({ rpm }) => !misnamed.has(rpm));
  const signed = input.signatures === false ? { faults: [], checked: 0 } : await checkSignatures(named, context);
  for (const { rpm, result, text } of signed.faults) {
    problems.push({
      kind: result.kind === 'unsigned' ? 'unsigned' : 'signature',
      architecture: rpm.architecture,
      file: rpm.filename,
      text,
    });
  }
  if (directory !== undefined) {
    // Files of unselected sets are not extra files.
    const all = lockedRpms(await readChosenLocks({ lockfiles: input.lockfiles }, context), manifest, context, { sources: true });
    problems.push(...(await findExtraFiles(directory, all)));
  }
  problems.sort((a, b) => VERIFY_KINDS.indexOf(a.kind) - VERIFY_KINDS.indexOf(b.kind) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const found = rpms.length - problems.filter(({ kind }) => kind === 'missing').length;
  const failure = failureOf(problems, { found, expected: rpms.length, where: directory ?? 'the store' });
  return { ok: failure === undefined, problems, expected: rpms.length, found, signaturesChecked: signed.checked, failure };
}

const keyOf = ({ architecture, file }: VerifyProblem): string => `${architecture ?? ''}/${file}`;

/** Possible paths of a file; the first existing one is used. */
type Place = (rpm: LockedRpm) => readonly string[];

function inStore({ cacheDir }: Context): Place {
  const store = new ContentStore(cacheDir);
  return ({ sha256 }) => [store.path(sha256)];
}

async function inDirectory(directory: string): Promise<Place> {
  await readdir(directory).catch((cause: unknown) => {
    throw new RpmDepsError('CHECK_FAILED', `${printable(directory)} cannot be read: ${readProblem(cause as NodeJS.ErrnoException)}`, {
      hint: '`rpm-deps fetch --output DIR` downloads RPMs into a directory',
      cause,
    });
  });
  return ({ architecture, filename, sha256 }) => [
    join(directory, architecture, basename(filename)),
    join(directory, basename(filename)),
    join(directory, sha256),
  ];
}

async function compare(
  rpms: readonly LockedRpm[],
  place: Place,
  context: Context,
): Promise<{ readonly files: readonly SignedFile[]; readonly problems: VerifyProblem[] }> {
  const limit = pLimit(4);
  let done = 0;
  const outcomes = await Promise.all(
    rpms.map((rpm) =>
      limit(async (): Promise<SignedFile | VerifyProblem> => {
        context.signal.throwIfAborted();
        const outcome = await compareOne(rpm, place(rpm));
        const text = 'verifying';
        context.emit({ kind: 'progress', stage: 'verify', text, done: ++done, total: rpms.length, unit: 'items' });
        return outcome;
      }),
    ),
  );
  return {
    files: outcomes.filter((outcome) => 'path' in outcome),
    problems: outcomes.filter((outcome) => 'kind' in outcome),
  };
}

/** A file may exist at several paths: all of them are compared, and the signature of the first is checked. */
async function compareOne(rpm: LockedRpm, paths: readonly string[]): Promise<SignedFile | VerifyProblem> {
  const problem = { architecture: rpm.architecture, file: rpm.filename };
  let first: string | undefined;
  for (const path of paths) {
    const found = await digestFile(path).catch((error: NodeJS.ErrnoException) => error);
    if (found === undefined) continue;
    if (found instanceof Error) return { ...problem, kind: 'missing', text: `it cannot be read: ${readProblem(found)}` };
    if (found.sha256 !== rpm.sha256)
      return { ...problem, kind: 'altered', text: `its sha256 is ${found.sha256}, but ${rpm.sha256} is locked` };
    if (rpm.size !== undefined && found.size !== rpm.size)
      return { ...problem, kind: 'altered', text: `it has ${found.size} bytes, but ${rpm.size} are locked` };
    first ??= path;
  }
  return first === undefined ? { ...problem, kind: 'missing', text: 'the file is missing' } : { rpm, path: first };
}

/** Files that look like RPMs or entries of an archive but are in no lockfile. */
async function findExtraFiles(directory: string, all: readonly LockedRpm[]): Promise<VerifyProblem[]> {
  const known = new Set(all.flatMap(({ architecture, filename, sha256 }) => [`${architecture}/${filename}`, filename, sha256]));
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => !entry.isDirectory() && /\.rpm$|^[0-9a-f]{64}$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !known.has(path))
    .map((path) => ({ kind: 'extra', architecture: null, file: path, text: 'it is in no lockfile' }));
}

/** If there are many problems, those with the same text are merged into one line. */
function detailsOf(problems: readonly VerifyProblem[]): string[] {
  const groups = new Map<string, VerifyProblem[]>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.kind, problem.text]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  const nameOf = ({ architecture, file }: VerifyProblem): string => `${architecture === null ? '' : `${architecture}/`}${file}`;
  return [...groups.values()].flatMap((group) => {
    const { kind, text } = group[0]!;
    if (group.length <= MAX_LINES) return group.map((problem) => printable(`${kind}: ${nameOf(problem)}: ${text}`));
    const names = group.slice(0, 3).map(nameOf).join(', ');
    return [printable(`${kind}: ${group.length} files, such as ${names}: ${text}`)];
  });
}

const MAX_LINES = 5;

function failureOf(
  problems: readonly VerifyProblem[],
  { found, expected, where }: { found: number; expected: number; where: string },
): RpmDepsError | undefined {
  const details = found === 0 ? [] : detailsOf(problems);
  if (found === 0) {
    const what = expected === 0 ? 'the lockfiles have no packages' : `none of ${expected} packages is in ${printable(where)}`;
    return new RpmDepsError('CHECK_FAILED', what, { hint: 'run `rpm-deps fetch` first', details });
  }
  const worst = problems[0];
  if (worst === undefined) return undefined;
  const code = (
    {
      altered: 'DIGEST_MISMATCH',
      'wrong-package': 'WRONG_PACKAGE',
      signature: 'SIGNATURE',
      unsigned: 'SIGNATURE',
      missing: 'CHECK_FAILED',
      extra: 'CHECK_FAILED',
    } as const
  )[worst.kind];
  const message = `${printable(where)} does not match the lockfiles: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  return new RpmDepsError(code, message, { details, hint: 'run `rpm-deps fetch` to download missing and altered files' });
}
