import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { makeFolders } from '../io/make-folders.ts';
import { CONTAINER_FILES, withoutContainerFiles } from './container-files.ts';
import type { Engine, EngineName } from './engine.ts';
import { scriptCommand, shellCommand } from './shell-quote.ts';

/** Destination of an image besides the engine's storage. */
export interface ImageOutput {
  readonly kind: 'oci' | 'oci-archive' | 'tar';
  /** Absolute. */
  readonly path: string;
}

const KINDS = ['oci', 'oci-archive', 'tar'] as const;

/** `oci:DIR`, `oci-archive:FILE` or `tar:FILE`. Throws USAGE. */
export function parseImageOutput(text: string, { cwd, engine }: { cwd: string; engine: EngineName }): ImageOutput {
  const colon = text.indexOf(':');
  const kind = KINDS.find((one) => one === text.slice(0, colon));
  const path = text.slice(colon + 1);
  // The engines expect a name after another colon.
  if (kind === undefined || path === '' || path.includes(':')) {
    throw new RpmDepsError('USAGE', `--output \`${text}\` is not an output for an image`, {
      hint: 'expected oci:DIR, oci-archive:FILE or tar:FILE, without another colon',
    });
  }
  if (engine === 'docker' && kind !== 'tar') {
    throw new RpmDepsError('USAGE', `docker does not write ${kind}`, { hint: 'use podman, or tar:FILE' });
  }
  const file = resolve(cwd, path);
  const found = existsSync(file) ? statSync(file) : undefined;
  // Renaming would replace a device or a pipe, such as /dev/stdout.
  if (found !== undefined && !(kind === 'oci' ? found.isDirectory() : found.isFile())) {
    throw new RpmDepsError('USAGE', `--output \`${text}\` exists and is not a ${kind === 'oci' ? 'directory' : 'regular file'}`, {
      hint: 'choose another name',
    });
  }
  return { kind, path: file };
}

/** Writes an image from the engine's storage. A file is renamed to its final name when it is complete. */
export async function writeImageOutput(
  engine: Engine,
  { reference, output, scratch }: { reference: string; output: ImageOutput; scratch: string },
): Promise<void> {
  const { kind, path } = output;
  const what = `write ${reference} to ${path}`;
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  if (!engine.dryRun) makeFolders(dirname(path));
  engine.addToScript(scriptCommand(['mkdir', '-p', dirname(path)], scratch));
  if (kind === 'oci') {
    const isNew = !existsSync(path);
    try {
      return await engine.perform(['push', reference, `oci:${path}:${tag}`], { what });
    } catch (error) {
      // Remove an incomplete directory. An existing one has other images, so it stays.
      if (isNew) await rm(path, { recursive: true, force: true });
      throw error;
    }
  }
  const partial = `${path}.${process.pid}.part`;
  try {
    if (kind === 'oci-archive') await engine.perform(['push', reference, `oci-archive:${partial}:${tag}`], { what });
    else await exportTar(engine, reference, partial);
    engine.addToScript(scriptCommand(['mv', '-f', partial, path], scratch));
    if (!engine.dryRun) await rename(partial, path);
  } finally {
    if (!engine.dryRun) await rm(partial, { force: true });
  }
}

/** Exports only the files, with owners, modes and capabilities. */
async function exportTar(engine: Engine, reference: string, file: string): Promise<void> {
  const container = `rpm-deps-${process.pid}-output`;
  const what = `write the files of ${reference}`;
  const never = engine.name === 'podman' ? ['--pull=never'] : [];
  await engine.perform(['create', `--name=${container}`, ...never, reference, '/nothing'], { what, reference });
  try {
    await engine.perform(['export', `--output=${file}`, container], { what, reference });
    if (engine.name === 'docker') await removeContainerFiles(engine, file);
  } finally {
    await engine.cleanUp(['rm', container]);
  }
}

/** The script of a dry run uses GNU tar: as a filter, because in-place deletion damages archives. */
async function removeContainerFiles(engine: Engine, file: string): Promise<void> {
  const rest = `${file}.rest`;
  const [whole, part] = [file, rest].map((path) => shellCommand([path]));
  // GNU tar reports files that are not in the archive, but removes the others.
  engine.addToScript(`tar --delete --file=- ${CONTAINER_FILES.join(' ')} <${whole} >${part} 2>/dev/null || true`, `mv -f ${part} ${whole}`);
  if (engine.dryRun) return;
  try {
    await withoutContainerFiles(file, rest);
    await rename(rest, file);
  } finally {
    await rm(rest, { force: true });
  }
}
