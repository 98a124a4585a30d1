import { RpmDepsError } from '../base/errors.ts';
import { readBaseImage } from '../installed/base-image.ts';
import type { Context } from '../run/context.ts';
import { askImageConfig, baseSettings } from './base-settings.ts';
import type { PulledBase } from './check-base.ts';
import { type LockInput, registryAccess } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { databaseFormat } from './database-place.ts';
import { inspectImage } from './inspect-image.ts';
import type { DigestedLock } from './locked-images.ts';

/** Reads a base image with the engine, which pulls it if necessary; in a dry run from its registry. */
export async function readBase(
  base: string,
  lock: DigestedLock,
  input: LockInput,
  session: ContainerSession,
): Promise<PulledBase | undefined> {
  const { engine, context } = session;
  const name = `${lock.lock.package_set}-${lock.architecture.rpm}-base`;
  const pull = { architecture: lock.architecture.container, access: registryAccess(input) };
  // If the image is not here, the build pulls it.
  return engine.unscripted(async () => {
    const read = await inspectImage({ image: base, name, pull }, input, session, async ({ tree, databases, packages }) => ({
      databases,
      format: databaseFormat(tree, databases[0]),
      packages,
    }));
    const config = await askImageConfig(engine, base);
    return read === undefined ? await readPublishedBase(base, lock, context) : { image: base, ...read, settings: baseSettings(config) };
  });
}

/** Reads a base image from its registry, without an engine; undefined, with a warning, if that fails. */
export async function readPublishedBase(base: string, lock: DigestedLock, context: Context): Promise<PulledBase | undefined> {
  const { architecture, lock: content } = lock;
  try {
    const { databaseFolder, packages, config } = await readBaseImage(base, architecture.rpm, context);
    return { image: base, databases: [`/${databaseFolder}`], packages, settings: baseSettings(config) };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    context.emit({
      kind: 'warning',
      code: 'BASE_SETTINGS_UNKNOWN',
      text: `the ENV, USER, WORKDIR, ENTRYPOINT and CMD of the base ${base} are missing from the output, and the path of its rpm database is a guess: ${error.message}`,
      set: content.package_set,
      architecture: architecture.rpm,
    });
    return undefined;
  }
}
