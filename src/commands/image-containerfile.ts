import type { LockInput } from '../images/container-input.ts';
import { databasePlace } from '../images/database-place.ts';
import { imageContainerfile as containerfileOf } from '../images/image-containerfile.ts';
import { baseOf } from '../images/locked-base.ts';
import { chosenTargets, readDigestedLock } from '../images/locked-images.ts';
import { readInstallations, storedRpms } from '../images/locked-installations.ts';
import { readPublishedBase } from '../images/pull-base.ts';
import { readImageSettings } from '../images/read-image-settings.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';

export interface ImageContainerfileInput extends Pick<LockInput, 'lockfiles' | 'manifest' | 'mirror'> {
  readonly set: string;
  readonly base?: string | undefined;
}

export interface ImageContainerfileOutput {
  readonly set: string;
  readonly text: string;
}

/** The Containerfile that `image build` would use, for users to read and extend. */
export async function imageContainerfile(input: ImageContainerfileInput, context: Context): Promise<ImageContainerfileOutput> {
  const directory = lockfilesDirectory(input, context);
  const [target] = await chosenTargets(directory, [input.set], undefined);
  const digested = await readDigestedLock(directory, input.set, target!.architectures[0]!);
  const { lock } = digested;
  const base = baseOf(digested, input.base);
  const onBase = lock.base === undefined || base === undefined ? undefined : await readPublishedBase(base, digested, context);
  const settingsOf = await readImageSettings(input, context);
  const installations = await readInstallations(lock, await storedRpms([lock], context));
  return {
    set: input.set,
    text: containerfileOf(input.set, {
      base,
      databasePath: onBase?.databases[0] ?? databasePlace(lock, installations),
      settings: settingsOf(input.set),
      upgrade: lock.base !== undefined,
      ofBase: onBase?.settings ?? [],
    }),
  };
}
