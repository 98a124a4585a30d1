import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import { fullVersionText } from '../lockfile/package-version.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQueryArchitectures, lockfilesDirectory, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import { type ArchitectureInfo, queryInfo } from '../resolution/query-info.ts';
import { packageNames } from '../resolution/resolve.ts';
import type { Context } from '../run/context.ts';

export interface InfoInput extends ProjectInput {
  readonly name: string;
  readonly arch?: readonly string[] | undefined;
}

/** Texts of the newest version; null if unknown. */
interface DescribedInfo extends ArchitectureInfo {
  readonly summary: string | null;
  readonly license: string | null;
  readonly url: string | null;
}

export interface InfoOutput {
  readonly name: string;
  readonly architectures: readonly DescribedInfo[];
  /** Locks that contain it, with the version. */
  readonly locked: readonly (LockName & { readonly version: string })[];
}

/** Versions, dependencies and locks of a package. Throws CHECK_FAILED if no repository has it. */
export async function info(input: InfoInput, context: Context): Promise<InfoOutput> {
  const manifest = await repositoriesOrDefaults(input, context);
  const architectures: DescribedInfo[] = [];
  let near: string | undefined;
  for (const architecture of chooseQueryArchitectures(input.arch, manifest)) {
    const pool = await loadArchitecture(manifest, architecture, context);
    const found = queryInfo(pool, input.name);
    if (found !== undefined) architectures.push({ ...found, ...(await describe(found, manifest, context)) });
    else near ??= nearestOf(input.name, packageNames(pool));
  }
  if (architectures.length === 0) {
    throw new RpmDepsError('CHECK_FAILED', `no repository has a package \`${input.name}\``, {
      hint: near === undefined ? '`rpm-deps search WORD` finds packages' : `did you mean \`${near}\`?`,
    });
  }
  const { name } = architectures[0]!.packages[0]!;
  const locked = (await readLockfiles(lockfilesDirectory(input, context))).flatMap(
    ({ lockfile: { package_set, architecture, packages } }) =>
      packages
        .filter((lockedPackage) => lockedPackage.name === name)
        .map((lockedPackage) => ({ package_set, architecture, version: fullVersionText(lockedPackage) })),
  );
  return { name, architectures, locked };
}

async function describe({ architecture, packages }: ArchitectureInfo, manifest: Manifest, context: Context) {
  const { readTexts } = await import('../project/read-texts.ts');
  const { repository, checksum } = packages[0]!;
  // Read only the repository of the package.
  const there = { ...manifest, repositories: manifest.repositories.filter(({ id }) => id === repository || id.includes('$')) };
  const text = (await readTexts(there, architecture, context)).find((one) => one.checksum === checksum.value);
  return { summary: text?.summary || null, license: text?.license || null, url: text?.url || null };
}
