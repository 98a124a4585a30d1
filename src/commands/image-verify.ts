import { RpmDepsError } from '../base/errors.ts';
import { checkArchitecture } from '../images/build-image.ts';
import { compareInstalled, describeDifference, type ImageDifference, isEqual } from '../images/compare-installed.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerOutput,
  type ContainerServices,
  type LockInput,
  SERVICES,
} from '../images/container-input.ts';
import { type ContainerSession, requiredPrefix, sessionOutput, versionBuilt, withContainers } from '../images/container-session.ts';
import { imageReference } from '../images/image-reference.ts';
import { installedIn } from '../images/locked-build.ts';
import { chosenTargets, type DigestedLock, imageNameOf, lockfileDirectory, readDigestedLock } from '../images/locked-images.ts';
import type { Context } from '../run/context.ts';
import { refuseSharedName } from './image-build.ts';

export interface ImageVerifyInput extends LockInput {
  readonly sets: readonly string[];
  readonly name?: string | undefined;
  /** The image, instead of the name that `image build` gives; for one set and architecture. */
  readonly image?: string | undefined;
  /** An image whose packages may be there too. */
  readonly base?: string | undefined;
}

interface VerifiedImage extends ImageDifference {
  readonly image: string;
  readonly set: string;
  readonly architecture: string;
  readonly lockfile: string;
  readonly locked: number;
  readonly equal: boolean;
}

export interface ImageVerifyOutput extends ContainerOutput {
  /** No difference anywhere. */
  readonly equal: boolean;
  readonly images: readonly VerifiedImage[];
}

/** Compares what rpm's database in images says with the locks. An image of any architecture is read without running it. */
export async function imageVerify(
  input: ImageVerifyInput,
  context: Context,
  services: ContainerServices = SERVICES,
): Promise<ImageVerifyOutput> {
  const directory = lockfileDirectory(input, context);
  const architectures = askedArchitectures(input, context, 'BUILD_ARCH') ?? [buildMachine(services)];
  const targets = await chosenTargets(directory, input.sets, architectures);
  refuseSharedName(targets, input.name);
  if (input.image !== undefined && (targets.length !== 1 || targets[0]!.architectures.length !== 1)) {
    throw new RpmDepsError('USAGE', '--image is for one set and one architecture', {
      hint: `name the set, ${targets.map(({ set }) => set).join(' or ')}, and --arch`,
    });
  }
  const prefix = input.image === undefined ? requiredPrefix(input, context) : '';
  return withContainers(input, context, services, async (session) => {
    const images: VerifiedImage[] = [];
    for (const { set, architectures } of targets) {
      for (const architecture of architectures) {
        const lock = await readDigestedLock(directory, set, architecture);
        const repository = `${prefix}/${imageNameOf(set, input.name)}`;
        const image =
          input.image === undefined
            ? `${repository}:${versionBuilt(input, context, session.record, repository)}-${architecture.container}`
            : imageReference(input.image, '--image');
        images.push(await verifyOne(image, lock, input, session));
      }
    }
    return { ...sessionOutput(session, images.flatMap(verdict)), equal: images.every(({ equal }) => equal), images };
  });
}

function verdict(verified: VerifiedImage): readonly string[] {
  const { image, locked, equal, lockfile } = verified;
  return equal
    ? [`${image}: ${locked} package${locked === 1 ? '' : 's'}, as locked`]
    : [`${image} is not ${lockfile}:`, ...describeDifference(verified).map((line) => `  ${line}`)];
}

async function verifyOne(image: string, lock: DigestedLock, input: ImageVerifyInput, session: ContainerSession): Promise<VerifiedImage> {
  const { package_set: set, packages } = lock.lock;
  session.context.emit({ kind: 'stage', stage: 'verify', text: `${image} against ${lock.path}` });
  await checkArchitecture(session.engine, image, lock.architecture.container);
  const name = `${set}-${lock.architecture.rpm}`;
  const installed = await installedIn(image, { name, none: 'fails' }, input, session);
  const base = input.base === undefined ? undefined : imageReference(input.base, '--base');
  const fromBase = base === undefined ? [] : await installedIn(base, { name: `${name}-base`, none: 'is empty' }, input, session);
  const difference = compareInstalled(packages, installed ?? packages, fromBase);
  const about = { image, set, architecture: lock.architecture.container, lockfile: lock.path, locked: packages.length };
  return { ...about, ...difference, equal: isEqual(difference) };
}
