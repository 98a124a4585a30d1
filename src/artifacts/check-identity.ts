/**
 * Compares the header of an RPM with its locked package. The checksum and the signature of a file do not prove that
 * it is the package that the lockfile names: a changed lockfile, or a mirror that offers an old build as a new one,
 * shows only in the header.
 */
import pLimit from 'p-limit';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { LockedPackage } from '../lockfile/lockfile.ts';
import { formatNevra } from '../rpm/nevra.ts';
import { type RpmIdentity, readRpmIdentity } from '../rpm/rpm-identity.ts';

export type ExpectedIdentity = Pick<LockedPackage, 'name' | 'epoch' | 'version' | 'release' | 'arch' | 'source' | 'filename'>;

export interface IdentifiedFile {
  /** The packages that lockfiles expect in the file; usually one. */
  readonly expected: readonly ExpectedIdentity[];
  /** Or the URL, with `read`. */
  readonly path: string;
  /** For a file that is not on this machine. `name` is for messages. */
  readonly read?: (name: string) => Promise<RpmIdentity>;
}

export interface IdentityFault<File extends IdentifiedFile = IdentifiedFile> {
  readonly file: File;
  readonly error: RpmDepsError;
}

/** How many files are open at once. */
const PARALLEL = 8;

/** The files that are not the packages that lockfiles say, or no RPMs, in the order given. */
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

/** The error for a file that is another package than its lock says; undefined where it is the same. A lock of schema 1.0 has no source. */
export function compareIdentity(expected: ExpectedIdentity, found: RpmIdentity): RpmDepsError | undefined {
  const [locked, actual] = [formatNevra(expected), formatNevra(found)];
  const what = printable(expected.filename);
  // The metadata of some repositories calls a source package without its sources `nosrc`.
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

/** Throws for the first fault; the others are its details. */
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
