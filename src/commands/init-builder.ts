import { resolve } from 'node:path';
import { builderContainerfile } from '../images/image-containerfile.ts';
import { BUILDER_SET } from '../images/locked-images.ts';
import { writeNewFile } from '../io/atomic-file.ts';
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

/** Writes the Containerfile of a builder; never overwrites an existing one. */
export async function initBuilder(input: InitBuilderInput, context: Context): Promise<InitBuilderOutput> {
  const path = resolve(context.cwd, input.containerfile ?? 'builder/Containerfile');
  await writeNewFile(path, builderContainerfile(input.set ?? BUILDER_SET), 'remove it first, or write another one with --containerfile');
  return { path };
}
