import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { builderContainerfile } from '../images/image-containerfile.ts';
import { BUILDER_SET } from '../images/locked-images.ts';
import type { Context } from '../run/context.ts';

export interface InitBuilderInput {
  /** Default `builder/Containerfile`. */
  readonly containerfile?: string | undefined;
  /** Package set with the toolchain; default `builder`. */
  readonly set?: string | undefined;
}

export interface InitBuilderOutput {
  readonly path: string;
}

/** Writes the Containerfile of a builder; never over one that is there. */
export async function initBuilder(input: InitBuilderInput, context: Context): Promise<InitBuilderOutput> {
  const path = resolve(context.cwd, input.containerfile ?? 'builder/Containerfile');
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, builderContainerfile(input.set ?? BUILDER_SET), { flag: 'wx' });
  } catch (error) {
    const there = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new RpmDepsError('WRITE_FAILED', there ? `${path} already exists` : `cannot write ${path}`, {
      ...(there ? { hint: 'remove it first, or write another one with --containerfile' } : {}),
      cause: error,
    });
  }
  return { path };
}
