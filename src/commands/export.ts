import { RpmDepsError } from '../base/errors.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { versionText } from '../lockfile/package-version.ts';
import type { ExportFormat } from '../manifest/export-names.ts';
import { withMirrors } from '../project/list-mirrors.ts';
import { findManifest } from '../project/locked-sources.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { EXPORT_WRITERS } from '../views/export-formats.ts';

export interface ExportInput extends ProjectInput, TargetInput {
  readonly format: ExportFormat;
}

/** The chosen locks in a format of another tool. */
export async function exportText(input: ExportInput, context: Context): Promise<string> {
  const locks = await chooseLocks(input, context);
  const { write, needsMirrors = false, usesFallbacks = false } = EXPORT_WRITERS[input.format];
  const hasLists = locks.some(({ repositories = [], source_repositories: more = [] }) =>
    [...repositories, ...more].some(({ list }) => list !== undefined),
  );
  if (!(needsMirrors && hasLists) && !usesFallbacks) return write(locks);
  // If the manifest cannot be read, the lockfiles are enough.
  const manifest = await findManifest(input, context).catch((error: unknown) => {
    if (error instanceof RpmDepsError && error.code !== 'INTERRUPTED') return undefined;
    throw error;
  });
  const placed = needsMirrors && hasLists ? await withMirrors(locks, manifest, context) : locks;
  return write(placed, manifest?.fallbacks ?? []);
}

async function chooseLocks(input: ExportInput, context: Context): Promise<Lockfile[]> {
  const locks = await readChosenLocks(input, context);
  const { single = false, needsLocations = false, isUnion = false } = EXPORT_WRITERS[input.format];
  if (single && locks.length > 1) {
    throw new RpmDepsError(
      'USAGE',
      `\`${input.format}\` contains one set for one architecture, but ${locks.length} lockfiles were chosen`,
      {
        hint: 'choose one with --set SET --arch ARCH',
      },
    );
  }
  const old = locks.find((lock) => lock.schema_version === '1.0');
  if (needsLocations && old !== undefined) {
    throw new RpmDepsError(
      'LOCKFILE_INVALID',
      `the lock of ${old.package_set} for ${old.architecture} is of schema 1.0 which does not record where packages come from`,
      {
        hint: 'run `rpm-deps lock` once, or `rpm-deps migrate` if only an archive still has the RPMs',
      },
    );
  }
  if (isUnion) for (const text of severalVersions(locks)) context.emit({ kind: 'warning', code: 'VERSIONS_MIXED', ...text });
  return locks;
}

/** Packages with different versions in the sets of an architecture, because the sets were locked at different times or pin them. */
function severalVersions(locks: readonly Lockfile[]): { readonly text: string; readonly architecture: string }[] {
  const found = new Map<string, Map<string, string>>();
  for (const { architecture, package_set: set, packages } of locks) {
    const own = new Map<string, string[]>();
    for (const locked of packages)
      own.set(`${locked.name}.${locked.arch}`, [...(own.get(`${locked.name}.${locked.arch}`) ?? []), versionText(locked)]);
    // Several versions in one set are intended, for example kernels.
    for (const [name, versions] of own) {
      const key = `${architecture} ${name}`;
      const known = found.get(key) ?? new Map<string, string>();
      found.set(key, known.set(versions.sort().join(', '), set));
    }
  }
  return [...found].flatMap(([key, versions]) => {
    const [architecture = '', name = ''] = key.split(' ');
    if (versions.size < 2) return [];
    const text = `the file has several versions of ${name}: ${[...versions].map(([version, set]) => `${version} (${set})`).join(', ')}`;
    return [{ text, architecture }];
  });
}
