import type { LockInput } from '../images/container-input.ts';
import { imageContainerfile as containerfileOf } from '../images/image-containerfile.ts';
import { imageReference } from '../images/image-reference.ts';
import { chosenTargets, lockfileDirectory } from '../images/locked-images.ts';
import type { Context } from '../run/context.ts';

export interface ImageContainerfileInput extends Pick<LockInput, 'lockfiles'> {
  readonly set: string;
  readonly base?: string | undefined;
}

export interface ImageContainerfileOutput {
  readonly set: string;
  readonly text: string;
}

/** The Containerfile that `image build` would use, for a person to read and extend. */
export async function imageContainerfile(input: ImageContainerfileInput, context: Context): Promise<ImageContainerfileOutput> {
  await chosenTargets(lockfileDirectory(input, context), [input.set], undefined);
  const base = input.base === undefined ? undefined : imageReference(input.base, '--base');
  return { set: input.set, text: containerfileOf(input.set, base) };
}
