/** Downloads the locked RPMs into the store, verifies them, and copies or links them to a directory. */
import { join, resolve } from 'node:path';
import { findOtherPackages, refuseOtherPackages } from '../artifacts/check-identity.ts';
import { type FetchContext, type FetchedRpm, fetchArtifacts } from '../artifacts/fetch-artifacts.ts';
import { placeFile } from '../artifacts/lay-out.ts';
import { writeRepodata } from '../artifacts/local-repo.ts';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { withoutSecrets } from '../base/redact.ts';
import { removeLeftovers } from '../io/atomic-file.ts';
import { ContentStore } from '../io/content-store.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { checkSignatures, refuseFaults } from '../project/check-signatures.ts';
import { findManifest, type LockedRpm, lockedRpms } from '../project/locked-sources.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { type ModuleText, readModuleTexts } from '../project/module-texts.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';

export interface FetchInput extends ProjectInput, TargetInput {
  /** Directory for `<arch>/<filename>`. */
  readonly output?: string | undefined;
  /** Write repository metadata for that directory, and for each `<arch>` in it. */
  readonly repodata?: boolean | undefined;
  /** Include the locked source RPMs, in the directory `src`. */
  readonly sources?: boolean | undefined;
  /** Check signatures if a repository has a key; default true. */
  readonly signatures?: boolean | undefined;
  /** Copy into the output directory instead of creating hard links. */
  readonly copy?: boolean | undefined;
  /** Number of parallel downloads; default 8. */
  readonly parallel?: number | undefined;
}

interface FetchedFile {
  readonly architecture: string;
  readonly filename: string;
  readonly sha256: string;
  /** Path in the store. */
  readonly path: string;
  /** null if it was already in the store. */
  readonly url: string | null;
}

export interface FetchOutput {
  /** Sorted by architecture and file name. */
  readonly files: readonly FetchedFile[];
  readonly downloaded: number;
  readonly reused: number;
  /** Number of files whose signature was checked; the others are from repositories without a key. */
  readonly signaturesChecked: number;
  /** Absolute; null without --output. */
  readonly output: string | null;
}

export async function fetchLocked(input: FetchInput, context: Context): Promise<FetchOutput> {
  if (input.repodata === true && input.output === undefined) {
    throw new RpmDepsError('USAGE', '--repodata needs --output DIR', { hint: 'the repository metadata is written to that directory' });
  }
  if (input.output === '') throw new RpmDepsError('USAGE', '--output needs the name of a directory');
  const manifest = await findManifest(input, context);
  const locks = await readChosenLocks(input, context);
  const rpms = lockedRpms(locks, manifest, context, { sources: refuseNoSources(locks, input.sources) });
  const { files, fetched, signaturesChecked } = await fetchRpms(rpms, input, context);
  const output = input.output === undefined ? null : resolve(context.cwd, input.output);
  // Do everything that may fail before the first write.
  const modules = input.repodata === true ? await readModuleTexts(locks, manifest, context, storeContext(context)) : [];
  if (output !== null) await layOut(files, { output, modules }, input, context);
  const urls = new Map(fetched.map(({ sha256, url }) => [sha256, url]));
  const downloaded = [...urls.values()].filter((url) => url !== undefined).length;
  return { files, downloaded, reused: urls.size - downloaded, signaturesChecked, output };
}

/** Whether source RPMs are requested; throws if no lockfile has any. */
export function refuseNoSources(locks: readonly Lockfile[], asked: boolean | undefined): boolean {
  if (asked !== true || locks.some(({ sources = [] }) => sources.length > 0)) return asked === true;
  throw new RpmDepsError('USAGE', 'the lockfiles have no source RPMs', {
    hint: 'set `sources: true` in the manifest, then run `rpm-deps lock`',
  });
}

/** For commands that use the files: their paths in the store, by sha256. Signatures are checked if the manifest has keys. */
export async function fetchLocks(locks: readonly Lockfile[], input: ProjectInput, context: Context): Promise<ReadonlyMap<string, string>> {
  const rpms = lockedRpms(locks, await findManifest(input, context), context);
  const { files } = await fetchRpms(rpms, {}, context);
  return new Map(files.map(({ sha256, path }) => [sha256, path]));
}

/** Downloads and verifies; throws an error for all faulty files. */
async function fetchRpms(
  rpms: readonly LockedRpm[],
  { signatures, parallel }: Pick<FetchInput, 'signatures' | 'parallel'>,
  context: Context,
): Promise<{ readonly files: readonly FetchedFile[]; readonly fetched: readonly FetchedRpm[]; readonly signaturesChecked: number }> {
  const { emit } = context;
  emit({ kind: 'stage', stage: 'download', text: `fetching ${rpms.length} packages` });
  const fetched = await fetchArtifacts(rpms, { ...storeContext(context), ...(parallel === undefined ? {} : { parallel }) });
  const placed = rpms.map((rpm, i) => ({ rpm, expected: rpm.lockedPackages, path: fetched[i]!.path }));
  refuseOtherPackages(await findOtherPackages(placed, context.signal));
  let signaturesChecked = 0;
  if (signatures !== false) {
    emit({ kind: 'stage', stage: 'verify', text: 'checking signatures' });
    const check = await checkSignatures(placed, context);
    refuseFaults(check);
    signaturesChecked = check.checked;
  }
  const files = rpms.map(({ architecture, filename, sha256 }, i) => {
    const { path, url } = fetched[i]!;
    return { architecture, filename, sha256, path, url: url === undefined ? null : withoutSecrets(url) };
  });
  return { files, fetched, signaturesChecked };
}

/** Uses the store in the cache directory. */
export function storeContext({ cacheDir, http, emit, signal, now }: Context): FetchContext {
  return { store: new ContentStore(cacheDir), http, emit, signal, nowMs: () => now().getTime() };
}

async function layOut(
  files: readonly FetchedFile[],
  { output, modules }: { readonly output: string; readonly modules: readonly ModuleText[] },
  { repodata, copy }: FetchInput,
  { emit, now }: Context,
): Promise<void> {
  const placed = new Map<string, string>();
  for (const { architecture, filename, sha256 } of files) {
    const place = join(architecture, filename);
    if (placed.get(place) !== undefined) {
      throw new RpmDepsError('LOCKFILE_INVALID', `two lockfiles have different files with the name ${printable(place)}`, {
        hint: 'fetch each set into a directory of its own: --set S',
      });
    }
    placed.set(place, sha256);
  }
  emit({ kind: 'stage', stage: 'write', text: `laying out ${files.length} packages in ${output}` });
  const architectures = [...new Set(files.map(({ architecture }) => architecture))];
  const folders = architectures.map((architecture) => join(output, architecture));
  const repodataFolders = repodata === true ? [output, ...folders].map((folder) => join(folder, 'repodata')) : [];
  for (const folder of [...folders, ...repodataFolders]) await removeLeftovers(folder, now().getTime());
  for (const { architecture, filename, path } of files)
    await placeFile(path, join(output, architecture, filename), { copy: copy === true });
  if (repodata !== true) return;
  const paths = files.map(({ architecture, filename }) => join(output, architecture, filename));
  await writeRepodata(output, paths, textsOf(modules));
  for (const architecture of architectures) {
    const own = paths.filter((_, i) => files[i]!.architecture === architecture);
    await writeRepodata(join(output, architecture), own, textsOf(modules.filter((text) => text.architecture === architecture)));
  }
}

const textsOf = (modules: readonly ModuleText[]): string[] => [...new Map(modules.map(({ sha256, text }) => [sha256, text])).values()];
