import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { isWithin } from '../base/leads-out.ts';
import { sha256 } from '../base/sha256.ts';
import { readWithin } from '../io/read-within.ts';
import { lockfileName } from '../lockfile/lock-archive.ts';
import { type Lockfile, MAX_LOCKFILE_BYTES } from '../lockfile/lockfile.ts';
import { listLockfiles, readLockfiles } from '../lockfile/lockfile-dir.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { MAX_MANIFEST_BYTES, type Manifest } from '../manifest/manifest.ts';
import type { EditedFile } from '../manifest/manifest-texts.ts';
import type { Context } from '../run/context.ts';
import type { LockPlace, Project, ProjectChange } from './project.ts';
import { lockfilesDirectory, manifestPath, type ProjectInput } from './project-paths.ts';
import { readPresentLock, writeLocks } from './write-locks.ts';

/** A manifest and its lockfiles in a directory, selected by the flags of a command. */
export class FolderProject implements Project {
  readonly manifestPath: string;
  /** Directory of the lockfiles. */
  readonly directory: string;
  readonly #input: ProjectInput;
  readonly #context: Context;

  constructor(input: ProjectInput, context: Context) {
    this.#input = input;
    this.#context = context;
    this.manifestPath = manifestPath(input, context);
    this.directory = lockfilesDirectory(input, context);
  }

  async manifest(): Promise<Manifest> {
    // Imported here, because a run that only writes needs no parser.
    const { loadManifest } = await import('./manifest-input.ts');
    return loadManifest(this.#input, this.#context);
  }

  async manifestText(): Promise<string> {
    return (await readWithin(this.manifestPath, MAX_MANIFEST_BYTES)).toString('utf8');
  }

  async locks(places?: readonly LockPlace[]): Promise<Lockfile[]> {
    if (places === undefined) return (await readLockfiles(this.directory)).map(({ lockfile }) => lockfile);
    const read = await Promise.all(places.map((place) => readPresentLock(this.lockPath(place))));
    return read.filter((lockfile) => lockfile !== undefined);
  }

  async write({ locks, rendered, manifestText, editedFrom, included = [] }: ProjectChange): Promise<void> {
    const files = locks.map((lock) => ({
      path: this.lockPath({ set: lock.package_set, architecture: lock.architecture }),
      content: rendered?.get(lock) ?? renderLockfile(lock),
    }));
    const manifest = manifestText === undefined ? [] : [{ path: this.manifestPath, content: manifestText }];
    const others = included.map(({ path, text }) => ({ path: join(dirname(this.manifestPath), path), content: text }));
    const write = (): Promise<void> => writeLocks([...files, ...manifest, ...others], this.directory, this.#context, () => this.manifest());
    if (manifestText === undefined || editedFrom === undefined) return write();
    const { withFileLock } = await import('../io/file-lock.ts');
    await withFileLock(`${this.manifestPath}.lock`, this.#context.signal, async () => {
      const present = await this.manifestText().catch(() => undefined);
      if (present !== editedFrom) throw changedMeanwhile(this.manifestPath);
      for (const file of included) await this.#refuseChanged(file);
      await write();
    });
  }

  /** Refuses files that changed since they were read, or that a link leads outside the project. */
  async #refuseChanged({ path, before }: EditedFile): Promise<void> {
    const folder = await realpath(dirname(this.manifestPath));
    const real = await realpath(join(folder, path)).catch(() => undefined);
    if (real === undefined || !isWithin(real, folder)) {
      throw new RpmDepsError('WRITE_FAILED', `\`${path}\` is a link to a file outside the project; nothing was written`, {
        hint: `edit that file, then run \`rpm-deps lock\``,
      });
    }
    const present = (await readWithin(real, MAX_MANIFEST_BYTES).catch(() => undefined))?.toString('utf8');
    if (present !== before) throw changedMeanwhile(path);
  }

  /** A digest of all its files. */
  async revision(): Promise<string> {
    const paths = [this.manifestPath, ...(await listLockfiles(this.directory)).map(({ path }) => path)];
    const digests = await Promise.all(
      paths.map(async (path) => [path, await readWithin(path, MAX_LOCKFILE_BYTES).then(sha256, () => null)]),
    );
    return `sha256:${sha256(JSON.stringify(digests))}`;
  }

  lockPath({ set, architecture }: LockPlace): string {
    return join(this.directory, lockfileName(set, architecture));
  }
}

const changedMeanwhile = (path: string): RpmDepsError =>
  new RpmDepsError('WRITE_FAILED', `\`${basename(path)}\` was changed while this run edited it; nothing was written`, {
    hint: 'run the command again',
  });
