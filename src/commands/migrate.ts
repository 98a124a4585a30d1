/** Rebuilds lockfiles of schema 1.0 from the headers of their RPMs, which an archive may have after the mirrors deleted them. */
import { RpmDepsError } from '../base/errors.ts';
import { firstLines, printable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import { GENERATOR } from '../base/version.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { type LockedHeader, rebuildLock } from '../lockfile/rebuild-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { FolderProject } from '../project/folder-project.ts';
import { HeaderReader } from '../project/locked-headers.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';

export interface MigrateInput extends ProjectInput, TargetInput {
  readonly dryRun?: boolean | undefined;
}

interface MigratedLock {
  readonly set: string;
  readonly architecture: string;
  readonly path: string;
  readonly packages: number;
  /** Requirements that no package of the lock meets; below, specs of the manifest that no package matches. */
  readonly unmet: readonly { readonly package: string; readonly requirement: string }[];
  readonly unanswered: readonly string[];
}

interface MigrateOutput {
  readonly migrated: readonly MigratedLock[];
  /** Number of chosen lockfiles that already have a newer schema. */
  readonly current: number;
  readonly dryRun: boolean;
  /** Error for lockfiles that were not converted because some of their RPMs are not available. */
  readonly failure: RpmDepsError | undefined;
}

export async function migrateLocks(input: MigrateInput, context: Context): Promise<MigrateOutput> {
  const project = new FolderProject(input, context);
  const manifest = await project.manifest();
  const chosen = await readChosenLocks(input, context);
  const old = chosen.filter(({ schema_version: version }) => version === '1.0');
  for (const lock of old) refuseStray(lock, manifest);
  const reader = new HeaderReader(old, manifest, context);
  const migrated: (MigratedLock & { readonly lock: Lockfile })[] = [];
  const failed: { readonly lock: Lockfile; readonly missing: readonly LockedPackage[] }[] = [];
  for (const lock of old) {
    const headers = await reader.headersOf(lock);
    const missing = lock.packages.filter((_, i) => headers[i] === undefined);
    if (missing.length > 0) {
      failed.push({ lock, missing });
      continue;
    }
    const rebuilt = rebuildLock(lock, headers as LockedHeader[], manifest, GENERATOR);
    const { package_set: set, architecture } = lock;
    migrated.push({ set, architecture, path: project.lockPath({ set, architecture }), packages: lock.packages.length, ...rebuilt });
  }
  context.signal.throwIfAborted();
  if (input.dryRun !== true && migrated.length > 0) await project.write({ locks: migrated.map(({ lock }) => lock) });
  return {
    migrated,
    current: chosen.length - old.length,
    dryRun: input.dryRun === true,
    failure: failed.length === 0 ? undefined : notFound(failed, reader.worst),
  };
}

function refuseStray({ package_set: set, architecture }: Lockfile, { sets }: Manifest): void {
  if (sets.find(({ name }) => name === set)?.architectures.includes(architecture) === true) return;
  throw new RpmDepsError('USAGE', `the manifest has no set \`${printable(set)}\` for ${printable(architecture)}`, {
    hint: 'choose lockfiles with --set and --arch, or make a manifest with `rpm-deps import`',
  });
}

function notFound(
  failed: readonly { readonly lock: Lockfile; readonly missing: readonly LockedPackage[] }[],
  worst: RpmDepsError | undefined,
): RpmDepsError {
  const names = failed.flatMap(({ lock, missing }) =>
    missing.map(({ filename }) => `${lock.package_set}-${lock.architecture}: ${filename}`),
  );
  const stay = failed.length === 1 ? 'a lockfile stays as it is' : `${failed.length} lockfiles stay as they are`;
  return new RpmDepsError(worst?.code ?? 'NETWORK', `${stay}: no header is found for ${plural(names.length, 'RPM')}`, {
    details: [...firstLines(names, 50), ...(worst === undefined ? [] : [`for example, ${worst.message}`])],
    hint: 'name an archive that has them under `fallbacks`, for example https://storage.example/rpms/{sha256}; or create it again with `rpm-deps lock`',
  });
}
