import { type AttachedSbom, attachSbom } from '../images/attach-sbom.ts';
import { askedArchitectures, buildMachine, type LockInput, registryAccess, SERVICES } from '../images/container-input.ts';
import { type ContainerSession, recordPath, requiredPrefix, versionBuilt } from '../images/container-session.ts';
import { readImageRecord } from '../images/image-record.ts';
import { chosenTargets, imageNameOf, readDigestedLock } from '../images/locked-images.ts';
import { recordedArchitectures } from '../images/push-images.ts';
import { scriptCommand } from '../images/shell-quote.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { ContainerArchitecture } from '../rpm/container-architecture.ts';
import { containerArchitectures } from '../rpm/container-architecture.ts';
import type { Context } from '../run/context.ts';
import { EXPORT_WRITERS } from '../views/export-formats.ts';
import { refuseSharedName } from './image-build.ts';

export interface ImageAttachInput extends Omit<LockInput, 'dryRun'> {
  readonly sets: readonly string[];
  readonly name?: string | undefined;
}

export interface ImageAttachOutput {
  readonly attached: readonly AttachedSbom[];
}

/** Attaches the CycloneDX file of each lock to its image in the registry, without an engine. */
export async function imageAttach(input: ImageAttachInput, context: Context): Promise<ImageAttachOutput> {
  const prefix = requiredPrefix(input, context);
  const asked = askedArchitectures(input, context, 'BUILD_ARCH');
  const chosen = await chosenTargets(lockfilesDirectory(input, context), input.sets, asked);
  refuseSharedName(chosen, input.name);
  const record = await readImageRecord(recordPath(input, context));
  const attached: AttachedSbom[] = [];
  for (const { set, architectures } of chosen) {
    const repository = `${prefix}/${imageNameOf(set, input.name)}`;
    const version = versionBuilt(input, context, record, repository);
    const recorded = containerArchitectures(recordedArchitectures({ record }, repository, version));
    const wanted = asked ? architectures : recorded.length > 0 ? recorded : [buildMachine(SERVICES)];
    attached.push(...(await attachSboms({ set, repository, version, architectures: wanted }, input, context)));
  }
  return { attached };
}

/** The images of one set: `repository:version-ARCHITECTURE`. */
interface SetImages {
  readonly set: string;
  readonly repository: string;
  readonly version: string;
  readonly architectures: readonly ContainerArchitecture[];
}

/** The same for images that were just pushed; a dry run adds the command line to the script. */
export async function attachPushed(images: SetImages, input: LockInput, session: ContainerSession): Promise<readonly AttachedSbom[]> {
  if (!session.engine.dryRun) return attachSboms(images, input, session.context);
  session.engine.addToScript(scriptCommand(attachCommand(images, input), session.scratch));
  return [];
}

export const attachedLine = ({ reference, digest }: AttachedSbom): string => `${reference} has the CycloneDX file ${digest}`;

async function attachSboms(images: SetImages, input: LockInput, context: Context): Promise<readonly AttachedSbom[]> {
  const attached: AttachedSbom[] = [];
  for (const architecture of images.architectures) {
    const lock = await readDigestedLock(lockfilesDirectory(input, context), images.set, architecture);
    const reference = `${images.repository}:${images.version}-${architecture.container}`;
    const sbom = EXPORT_WRITERS.cyclonedx.write([lock.lock]);
    const done = await attachSbom({ reference, lock, sbom }, registryAccess(input), context);
    if (done !== undefined) attached.push(done);
  }
  return attached;
}

function attachCommand({ set, repository, version, architectures }: SetImages, input: LockInput): readonly string[] {
  const slash = repository.lastIndexOf('/');
  const flags = {
    ...{ arch: architectures.map(({ container }) => container).join(','), tag: version },
    ...{ prefix: repository.slice(0, slash), name: repository.slice(slash + 1) },
    ...{ lockfiles: input.lockfiles, manifest: input.manifest, authfile: input.authfile, 'tls-verify': input.tlsVerify },
  };
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]));
  return ['rpm-deps', 'image', 'attach', set, ...given];
}
