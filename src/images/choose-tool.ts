import { RpmDepsError } from '../base/errors.ts';
import type { LockInput } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { setting } from './guide-environment.ts';
import { findHostTool } from './host-tool.ts';
import { imageReference } from './image-reference.ts';
import type { ReadingRpm } from './query-database.ts';
import { HOST_TOOL_IMAGE, loadToolImage } from './tool-image.ts';

const NO_RPM = 'install rpm on this machine, or name an image that has it: --tool-image IMAGE';

/** The image that installs RPMs: the requested one, else one made from this machine's rpm, else the published builder. */
export async function installingImage(input: LockInput, session: ContainerSession, more: readonly string[] = []): Promise<string> {
  const { context } = session;
  if (input.toolImage !== undefined) return imageReference(input.toolImage, '--tool-image');
  const programs = await findHostTool(context.env['PATH']);
  if (programs !== undefined) {
    const missing = more.filter((program) => !programs.has(program));
    if (missing.length > 0) {
      throw new RpmDepsError('PODMAN', `this machine lacks a program that the set needs: ${missing.join(', ')}`, {
        hint: 'setcap is in libcap2-bin (Debian, Ubuntu) or libcap (CentOS, Fedora); or name an image that has them: --tool-image IMAGE',
      });
    }
    await loadToolImage([...programs.values()], session);
    return HOST_TOOL_IMAGE;
  }
  const builder = setting(context.env, undefined, 'KUBEVIRT_BUILDER_IMAGE');
  if (builder !== undefined) return imageReference(builder, 'KUBEVIRT_BUILDER_IMAGE');
  throw new RpmDepsError('PODMAN', 'there is no rpm on this machine to install RPMs with', { hint: NO_RPM });
}

/** The reader of rpm databases: this machine's rpm, else an image. */
export async function readingRpm(input: LockInput, { context, services }: ContainerSession): Promise<ReadingRpm> {
  if (input.toolImage !== undefined) return { kind: 'image', toolImage: imageReference(input.toolImage, '--tool-image') };
  if ((await findHostTool(context.env['PATH'])) !== undefined) return { kind: 'host', run: services.run, signal: context.signal };
  const builder = setting(context.env, undefined, 'KUBEVIRT_BUILDER_IMAGE');
  if (builder !== undefined) return { kind: 'image', toolImage: imageReference(builder, 'KUBEVIRT_BUILDER_IMAGE') };
  throw new RpmDepsError('PODMAN', 'there is no rpm on this machine to read an rpm database with', { hint: NO_RPM });
}
