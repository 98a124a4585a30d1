/**
 * Compares the header of an RPM with its locked package. Checksum and signature of a file do not prove that
 * it is the package in the lockfile: only the header reveals a changed lockfile, or a mirror that offers an old build as a
 * new one.
 */
import pLimit from 'p-limit';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { LockedPackage } from '../lockfile/lockfile.ts';
import { formatNevra } from '../rpm/nevra.ts';
import { type RpmIdentity, readRpmIdentity } from '../rpm/rpm-identity.ts';

export type ExpectedIdentity = Pick<LockedPackage, 'name' | 'epoch' | 'version' | 'release' | 'arch' | 'source' | 'filename'>;

export interface IdentifiedFile {
  /** The locked packages for this file; usually one. */
  readonly expected: readonly ExpectedIdentity[];
  /** Path of the file, or its URL if `read` is set. */
  readonly path: string;
  /** Reads a remote file. `name` is for messages. */
  readonly read?: (name: string) => Promise<RpmIdentity>;
}

export interface IdentityFault<File extends IdentifiedFile = IdentifiedFile> {
  readonly file: File;
  readonly error: RpmDepsError;
}

/** Maximum number of open files. */
const PARALLEL = 8;

/** The files that are not their locked package or not valid RPMs, in the given order. */
export async function findOtherPackages<File extends IdentifiedFile>(
  files: readonly File[],
  signal: AbortSignal,
): Promise<IdentityFault<File>[]> {
  const limit = pLimit(PARALLEL);
  const identities = new Map<string, Promise<RpmIdentity>>();
  const identityOf = ({ path, read }: IdentifiedFile, name: string): Promise<RpmIdentity> => {
    const known = identities.get(path) ?? limit(() => read?.(name) ?? readRpmIdentity(path, name));
    identities.set(path, known);
    return known;
  };
  const faults = await Promise.all(
    files.map(async (file): Promise<IdentityFault<File> | undefined> => {
      signal.throwIfAborted();
      try {
        for (const expected of file.expected) {
          const error = compareIdentity(expected, await identityOf(file, printable(expected.filename)));
          if (error !== undefined) return { file, error };
        }
        return undefined;
      } catch (error) {
        if (!(error instanceof RpmDepsError) || error.code !== 'RPM_INVALID') throw error;
        return { file, error };
      }
    }),
  );
  return faults.filter((fault) => fault !== undefined);
}

/** The error if a file is not its locked package, else undefined. A lockfile of schema 1.0 has no `source`. */
export function compareIdentity(expected: ExpectedIdentity, found: RpmIdentity): RpmDepsError | undefined {
  const [locked, actual] = [formatNevra(expected), formatNevra(found)];
  const what = printable(expected.filename);
  // In some metadata, a source package without its sources has the architecture `nosrc`.
  const isSame = locked === actual || (expected.arch === 'nosrc' && formatNevra({ ...expected, arch: 'src' }) === actual);
  if (!isSame)
    return wrongPackage(`\`${what}\` is locked as ${printable(locked)}, and the file is ${printable(actual)}`, { locked, actual, what });
  if (expected.source === undefined || expected.source === found.source) return undefined;
  const sources = [expected.source, found.source].map((source) => (source === '' ? 'no source package' : printable(source))) as [
    string,
    string,
  ];
  return wrongPackage(`\`${what}\` is locked as built from ${sources[0]}, and the file was built from ${sources[1]}`, {
    locked: expected.source,
    actual: found.source,
    what,
  });
}

/** Throws the first fault; its details list the others. */
export function refuseOtherPackages(faults: readonly IdentityFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  if (faults.length === 1) throw first.error;
  const wrong = faults.find(({ error }) => error.code === 'WRONG_PACKAGE') ?? first;
  throw new RpmDepsError(wrong.error.code, `${faults.length} files are different packages from those in the lockfiles`, {
    ...(wrong.error.hint === undefined ? {} : { hint: wrong.error.hint }),
    details: faults.map(({ error }) => error.message),
    data: { files: faults.map(({ error }) => error.data ?? {}) },
  });
}

function wrongPackage(message: string, { locked, actual, what }: { locked: string; actual: string; what: string }): RpmDepsError {
  return new RpmDepsError('WRONG_PACKAGE', message, {
    hint: 'the lockfile was changed by hand, or the mirror offers an old build as a new one: restore the lockfile from git, or run `rpm-deps lock` with a mirror that you trust',
    data: { file: what, locked, found: actual },
  });
}
