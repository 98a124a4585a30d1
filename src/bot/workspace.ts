/** The files of a base branch in a separate directory, where commands work as in any clone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { leadsOut } from '../base/leads-out.ts';
import { shortPrintable } from '../base/printable.ts';
import type { Warning } from '../base/warnings.ts';
import { gitOutput } from '../forge/git-output.ts';
import { type CheckedOut, checkOut, layOut } from '../forge/git-tree.ts';
import type { GitPlace } from '../forge/run-git.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { imageOf } from '../project/base-source.ts';
import { loadManifest } from '../project/manifest-input.ts';
import { lockfilesOf } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import { mapTexts } from './map-texts.ts';
import { refuseOutward, removeLinks, removeOutwardLinks } from './outward-links.ts';
import { withoutWorkspacePaths, workspacePrefix } from './workspace-paths.ts';

export interface Workspace {
  readonly files: CheckedOut;
  /** Directory of the manifest, relative to the repository, with slashes; empty for the root. */
  readonly folder: string;
  /** File name of the manifest. */
  readonly manifest: string;
  /** Relative to `folder`. */
  readonly lockfiles: string;
  /** Links that lead outside the repository: they are hidden from commands. */
  readonly outward: readonly string[];
  /** Context of commands: the directory of the manifest, and only the environment variables that programs need to start. */
  readonly context: Context;
  /** Warnings of commands since the last reset. */
  readonly warnings: Warning[];
  /** Restores all files of the commit. */
  reset(): Promise<void>;
  /** Checks out all files of another commit. */
  show(commit: string): Promise<void>;
  remove(): Promise<void>;
}

export interface WorkspaceOptions {
  readonly place: GitPlace;
  readonly commit: string;
  /** Path of the manifest in the repository. */
  readonly manifest: string;
  readonly lockfiles: string | undefined;
}

/** The workspace of a manifest, found by its path in a commit. */
export interface OpenedManifest {
  readonly commit: string;
  readonly path: string;
  readonly workspace: Workspace;
}

export interface ApprovalInput {
  readonly mirror?: string | undefined;
  /** Called with each manifest before its servers are contacted or its files are written; throws to forbid it. */
  readonly approve?: ((manifest: Manifest) => void) | undefined;
}

export async function openWorkspace({ place, commit, manifest, lockfiles }: WorkspaceOptions, context: Context): Promise<Workspace> {
  const parent = await mkdtemp(join(tmpdir(), workspacePrefix()));
  try {
    const files = await checkOut(place, commit, parent);
    const outward = await removeOutwardLinks(files);
    const folder = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
    const lockPath = lockfiles ?? lockfilesOf(posix.basename(manifest));
    for (const path of [manifest, posix.normalize(posix.join(folder, lockPath))]) refuseOutward(path, outward);
    if (outward.length > 0) context.emit({ kind: 'debug', text: `links to the outside are not followed: ${outward.join(', ')}` });
    const warnings: Warning[] = [];
    const emit: Context['emit'] = (event) => {
      const isWarning = event.kind === 'warning' || event.kind === 'warnings';
      const known = isWarning ? mapTexts(event, withoutWorkspacePaths) : event;
      if (known.kind === 'warning') {
        const { kind: _, ...warning } = known;
        warnings.push(warning);
      } else if (known.kind === 'warnings') warnings.push(...known.warnings);
      context.emit(known);
    };
    const workspace: Workspace = {
      files,
      folder,
      manifest: posix.basename(manifest),
      lockfiles: lockPath,
      outward,
      context: { ...context, cwd: join(files.directory, folder), within: files.directory, env: bareEnvironment(context.env), emit },
      warnings,
      reset: async () => {
        warnings.length = 0;
        await restore(files, files.commit);
        await removeLinks(files.directory, outward);
      },
      show: async (other) => {
        await restore(files, other);
        await removeOutwardLinks(files);
      },
      remove: () => rm(parent, { recursive: true, force: true }),
    };
    return workspace;
  } catch (error) {
    await rm(parent, { recursive: true, force: true });
    throw error;
  }
}

/** Only the variables that child processes need to start, and those of repositories (`DNF_VAR_*`): manifests can use no others. */
const bareEnvironment = ({ PATH, HOME, TMPDIR, ...others }: Context['env']): Context['env'] => ({
  ...{ PATH, HOME, TMPDIR },
  ...Object.fromEntries(Object.entries(others).filter(([name]) => name.startsWith('DNF_VAR_'))),
});

async function restore(files: CheckedOut, commit: string): Promise<void> {
  await layOut(files, commit);
  await gitOutput(files.place, ['clean', '-ffdxq']);
}

export async function approvedManifest(workspace: Workspace, { mirror, approve }: ApprovalInput): Promise<Manifest> {
  const { manifest, context } = workspace;
  const read = await loadManifest({ manifest, mirror }, context);
  if (approve === undefined) return read;
  approve(read);
  refuseBasesOutside(read, workspace);
  // The base image of a Containerfile, for each architecture, is contacted like an image in the manifest.
  const sets = read.sets.flatMap((set): (PackageSet | Promise<PackageSet>)[] => {
    const { base, architectures } = set;
    if (base?.kind !== 'containerfile') return [set];
    const imageFor = (architecture: string): Promise<string> => imageOf(base, { folder: context.cwd, architecture });
    return architectures.map(async (architecture) => ({ ...set, base: { kind: 'image' as const, image: await imageFor(architecture) } }));
  });
  approve({ ...read, sets: await Promise.all(sets) });
  return read;
}

/** Refuses bases outside the repository: the workspace is not in the directory of the clone, so such a path leads to unrelated files. */
export function refuseBasesOutside({ sets }: Manifest, { folder, outward }: Workspace): void {
  for (const { name, base } of sets) {
    if (base?.kind !== 'rpmdb' && base?.kind !== 'containerfile') continue;
    if (posix.isAbsolute(base.path)) continue;
    const path = posix.normalize(posix.join(folder, base.path));
    // A root file system may contain such links.
    const isLink = outward.some((link) => `${path}/`.startsWith(`${link}/`));
    if (!isLink && !leadsOut(path)) continue;
    throw new RpmDepsError(
      'MANIFEST_INVALID',
      `\`${shortPrintable(base.path)}\`, the base of the set \`${name}\`, is outside of the repository`,
      {
        hint: 'only files of the branch are read: name an absolute path or an image',
      },
    );
  }
}
