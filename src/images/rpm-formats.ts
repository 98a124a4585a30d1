import { RpmDepsError } from '../base/errors.ts';
import type { PulledBase } from './check-base.ts';
import type { ContainerSession } from './container-session.ts';
import type { DatabaseFormat } from './database-place.ts';
import { HOST_TOOL_IMAGE } from './tool-image.ts';

const NAMES: Readonly<Record<DatabaseFormat, string>> = { sqlite: 'an SQLite database', ndb: 'an ndb database', bdb: 'a Berkeley DB' };

/** Throws if the installing rpm cannot write the database of a base. Does nothing in a dry run. */
export async function requireFormat({ image, format }: PulledBase, toolImage: string, session: ContainerSession): Promise<void> {
  if (format === undefined || session.engine.dryRun) return;
  const known = await writtenFormats(toolImage, session);
  if (known === undefined || known.includes(format)) return;
  const rpm = toolImage === HOST_TOOL_IMAGE ? 'the rpm of this machine' : `the rpm of ${toolImage}`;
  throw new RpmDepsError('PODMAN', `the rpm database of the base ${image} is ${NAMES[format]}, which ${rpm} cannot write`, {
    hint: '--tool-image IMAGE names an image whose rpm can: one of the distribution of the base',
    details: [`it writes: ${known.join(', ') || 'nothing'}`],
  });
}

/** rpm's names of the formats; undefined if it does not list them. rpm before 4.16 had only one. */
async function writtenFormats(toolImage: string, { engine, services }: ContainerSession): Promise<readonly string[] | undefined> {
  const text =
    toolImage === HOST_TOOL_IMAGE
      ? (await services.run('rpm', ['--showrc'])).stdout
      : await engine.askProgram(['--network=none', '--entrypoint=rpm', toolImage, '--showrc'], {
          what: `ask the rpm of ${toolImage} for its database formats`,
          reference: toolImage,
        });
  if (text === undefined || !/^ARCHITECTURE AND OS:/m.test(text)) return undefined;
  const listed = /^available backends\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? ['bdb'];
  return listed.filter((name) => Object.hasOwn(NAMES, name));
}
