import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { makeFolders } from '../io/make-folders.ts';
import type { Context } from '../run/context.ts';
import { type PassedOptions, userArgumentsOf } from './build-arguments.ts';
import type { ContainerInput, ContainerOutput, ContainerServices } from './container-input.ts';
import { chosenEngine, type Engine, openEngine } from './engine.ts';
import { defaultVersion, requireSettings, setting, settingSource } from './guide-environment.ts';
import { changeImageRecord, type ImageRecord, readImageRecord } from './image-record.ts';
import { imagePrefix, imageTag } from './image-reference.ts';
import { shellCommand } from './shell-quote.ts';

/** Failure of a scriptlet after the files are installed; earlier failures fail the build. docker adds the step and the time to each line. */
const SCRIPTLET_FAILURE = /^(?:#\d+ [\d.]+ )?warning: (%\w+)\((\S+)\) scriptlet failed, (.*)$/;
const LUA_FAILURE = /^(?:#\d+ [\d.]+ )?error: lua script failed: \[string "(%(?!pre)\w+)\((\S+)\)"\]:\d+: (.*)$/;
const DEFAULT_RECORD = '_out/image-digests.json';

/** One run of a builder or image command: the engine, a temporary directory, and the record of images. */
export interface ContainerSession {
  readonly context: Context;
  readonly services: ContainerServices;
  readonly engine: Engine;
  readonly scratch: string;
  readonly record: ImageRecord;
  /** Changes the record and its file; does nothing in a dry run. */
  update(change: (record: ImageRecord) => ImageRecord): Promise<void>;
}

export async function withContainers<T>(
  input: ContainerInput & PassedOptions,
  context: Context,
  services: ContainerServices,
  work: (session: ContainerSession) => Promise<T>,
): Promise<T> {
  const { cwd, env, signal, emit } = context;
  const dryRun = input.dryRun === true;
  const name = chosenEngine(input, context);
  if (name === 'docker' && input.authfile !== undefined) {
    throw new RpmDepsError('USAGE', 'docker has no --authfile', {
      hint: 'use podman, or DOCKER_CONFIG with a directory that `docker login` filled',
    });
  }
  const path = recordPath(input, context);
  let record = await readImageRecord(path);
  const onLine = (text: string): void => {
    emit({ kind: 'output', text });
    // rpm ignores these failures and exits with 0.
    const failed = SCRIPTLET_FAILURE.exec(text) ?? LUA_FAILURE.exec(text);
    if (failed !== null) emit({ kind: 'warning', code: 'SCRIPTLET_FAILED', text: `${failed[1]} of ${failed[2]} failed: ${failed[3]}` });
  };
  const userArguments = userArgumentsOf(input);
  const engine = await openEngine({ name, dryRun, cwd, env, signal, onLine, userArguments, run: services.run });
  const scratch = dryRun ? join(context.cacheDir, 'image-build-XXXXXX') : await makeScratch(context.cacheDir, context.now().getTime());
  try {
    return await work({
      context,
      services,
      engine,
      scratch,
      get record() {
        return record;
      },
      update: async (change) => {
        if (dryRun) return;
        record = await changeImageRecord(path, change, signal);
      },
    });
  } finally {
    if (!dryRun) await rm(scratch, { recursive: true, force: true });
  }
}

/** Path of the file with the digests of built and pushed images. */
export function recordPath({ digests }: ContainerInput, { cwd }: Context): string {
  return resolve(cwd, digests ?? DEFAULT_RECORD);
}

export function sessionOutput({ engine, scratch, context }: ContainerSession, lines: readonly string[]): ContainerOutput {
  const { dryRun, commands } = engine;
  if (!dryRun) return { dryRun, commands, lines };
  const frame = [`cd ${shellCommand([context.cwd])}`, 'work=$(mktemp -d)'];
  return { dryRun, commands, lines: [...frame, ...engine.script(scratch), 'rm -rf "$work"'] };
}

/** `NAME` and its digest or id, if known. */
export function imageLine(image: { readonly reference: string; readonly digest?: string; readonly image_id?: string }): string {
  const id = image.digest ?? image.image_id;
  return id === undefined ? image.reference : `${image.reference} ${id}`;
}

/** DOCKER_PREFIX or its flag; the error also lists missing settings of `also`. */
export function requiredPrefix(input: ContainerInput, context: Context, also: Parameters<typeof requireSettings>[0] = []): string {
  const prefix = setting(context.env, input.prefix, 'DOCKER_PREFIX');
  requireSettings([{ variable: 'DOCKER_PREFIX', flag: '--prefix', value: prefix }, ...also]);
  return imagePrefix(prefix!, settingSource(input.prefix, '--prefix', 'DOCKER_PREFIX'));
}

/** DOCKER_PREFIX or its flag. */
export function givenPrefix(input: ContainerInput, context: Context): string | undefined {
  const prefix = setting(context.env, input.prefix, 'DOCKER_PREFIX');
  return prefix === undefined ? undefined : imagePrefix(prefix, settingSource(input.prefix, '--prefix', 'DOCKER_PREFIX'));
}

/** VERSION or its flag, else the current minute and commit. */
export async function versionToBuild(input: ContainerInput, context: Context, services: ContainerServices): Promise<string> {
  const given = givenVersion(input, context);
  if (given !== undefined) return given;
  const commit = await gitCommit(['--short', 'HEAD'], context, services);
  requireSettings([{ variable: 'VERSION', flag: '--tag', value: commit }]);
  return defaultVersion(context.now(), commit!);
}

/** VERSION or its flag, else the version of `repository` that was built last. */
export function versionBuilt(input: ContainerInput, context: Context, record: ImageRecord, repository: string): string {
  const version = givenVersion(input, context) ?? record.latest[repository];
  requireSettings([{ variable: 'VERSION', flag: '--tag', value: version }]);
  return imageTag(version!, 'the version');
}

/** The commit of the working directory; undefined if it is not a repository or has no commit. */
async function gitCommit(revision: readonly string[], context: Context, services: ContainerServices): Promise<string | undefined> {
  return readObjectId(['rev-parse', ...revision], context.cwd, context, services);
}

/**
 * The last commit, if it contains the file as it is; with `-dirty` if the file differs or is untracked. undefined if the file is not in
 * a repository.
 */
export async function revisionOf(file: string, context: Context, services: ContainerServices): Promise<string | undefined> {
  const folder = dirname(file);
  const commit = await readObjectId(['rev-parse', '--verify', '--quiet', 'HEAD'], folder, context, services);
  if (commit === undefined) return undefined;
  const committed = await readObjectId(['rev-parse', '--verify', '--quiet', `HEAD:./${basename(file)}`], folder, context, services);
  const current = await readObjectId(['hash-object', '--', file], folder, context, services);
  return committed !== undefined && committed === current ? commit : `${commit}-dirty`;
}

/** One object id as printed by git; undefined for any other output. */
async function readObjectId(
  args: readonly string[],
  cwd: string,
  context: Context,
  services: ContainerServices,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await services.run('git', args, { cwd, env: context.env, signal: context.signal });
    const commit = stdout.trim();
    if (exitCode === 0 && /^[0-9a-f]{4,64}$/.test(commit)) return commit;
    context.emit({ kind: 'debug', text: `git ${args.join(' ')} failed in ${cwd}` });
  } catch (error) {
    if (context.signal.aborted) throw new RpmDepsError('INTERRUPTED', 'stopped', { cause: error });
    context.emit({ kind: 'debug', text: 'git is not installed' });
  }
  return undefined;
}

/** VERSION or its flag. */
export function givenVersion(input: ContainerInput, context: Context): string | undefined {
  const version = setting(context.env, input.tag, 'VERSION');
  return version === undefined ? undefined : imageTag(version, settingSource(input.tag, '--tag', 'VERSION'));
}

async function makeScratch(cacheDir: string, nowMs: number): Promise<string> {
  try {
    makeFolders(cacheDir);
    await removeLeftovers(cacheDir, nowMs);
    return await mkdtemp(join(cacheDir, 'image-build-'));
  } catch (error) {
    throw new RpmDepsError('WRITE_FAILED', `cannot write to the cache directory ${cacheDir}`, {
      hint: 'choose another one with --cache-dir',
      cause: error,
    });
  }
}

/** Removes directories of killed runs. A build may take hours, so only directories older than a day are removed. */
async function removeLeftovers(cacheDir: string, nowMs: number): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith('image-build-')) continue;
    const info = await stat(join(cacheDir, name)).catch(() => undefined);
    if (info !== undefined && nowMs - info.mtimeMs > 24 * 60 * 60 * 1000) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}
