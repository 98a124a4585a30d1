import { RpmDepsError } from '../base/errors.ts';
import { checkArchitecture } from '../images/build-image.ts';
import { comparisonLines } from '../images/comparison-script.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerOutput,
  type ContainerServices,
  type FetchLocked,
  type LockInput,
  SERVICES,
} from '../images/container-input.ts';
import { type ContainerSession, requiredPrefix, sessionOutput, versionBuilt, withContainers } from '../images/container-session.ts';
import { imageReference } from '../images/image-reference.ts';
import { inspectImage } from '../images/inspect-image.ts';
import { baseOf, checkLockedBase } from '../images/locked-base.ts';
import { chosenTargets, type DigestedLock, imageNameOf, readDigestedLock } from '../images/locked-images.ts';
import { readInstallations } from '../images/locked-installations.ts';
import { readBase } from '../images/pull-base.ts';
import { leftOutBy, readImageSettings } from '../images/read-image-settings.ts';
import { type ContentDifference, compareContents, describeContents, isAsLocked } from '../images/verify-contents.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { RpmInstallation } from '../rpm/installation.ts';
import type { Context } from '../run/context.ts';
import { fetchLocks } from './fetch.ts';
import { refuseSharedName } from './image-build.ts';

export interface ImageVerifyInput extends LockInput {
  readonly sets: readonly string[];
  readonly name?: string | undefined;
  /** The image, if it has not the name from `image build`; only for one set and architecture. */
  readonly image?: string | undefined;
  /** A base image, whose packages are allowed too. */
  readonly base?: string | undefined;
}

interface VerifiedImage extends ContentDifference {
  readonly image: string;
  readonly set: string;
  readonly architecture: string;
  readonly lockfile: string;
  readonly locked: number;
  readonly equal: boolean;
}

export interface ImageVerifyOutput extends ContainerOutput {
  /** True if there are no differences. */
  readonly equal: boolean;
  readonly images: readonly VerifiedImage[];
}

/** Compares packages and their files in images with the locks. An image of any architecture is read without running it. */
export async function imageVerify(
  input: ImageVerifyInput,
  context: Context,
  fetchLocked: FetchLocked = fetchLocks,
  services: ContainerServices = SERVICES,
): Promise<ImageVerifyOutput> {
  const directory = lockfilesDirectory(input, context);
  const architectures = askedArchitectures(input, context, 'BUILD_ARCH') ?? [buildMachine(services)];
  const targets = await chosenTargets(directory, input.sets, architectures);
  refuseSharedName(targets, input.name);
  if (input.image !== undefined && (targets.length !== 1 || targets[0]!.architectures.length !== 1)) {
    throw new RpmDepsError('USAGE', '--image requires exactly one set and one architecture', {
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
        images.push(await verifyOne(image, lock, { ...input, fetchLocked }, session));
      }
    }
    return { ...sessionOutput(session, images.flatMap(verdict)), equal: images.every(({ equal }) => equal), images };
  });
}

function verdict(verified: VerifiedImage): readonly string[] {
  const { image, locked, equal, lockfile } = verified;
  return equal
    ? [`${image}: ${locked} package${locked === 1 ? '' : 's'}, as locked`]
    : [`${image} is not ${lockfile}:`, ...describeContents(verified).map((line) => `  ${line}`)];
}

async function verifyOne(
  image: string,
  lock: DigestedLock,
  input: ImageVerifyInput & { readonly fetchLocked: FetchLocked },
  session: ContainerSession,
): Promise<VerifiedImage> {
  const { package_set: set, packages } = lock.lock;
  session.context.emit({ kind: 'stage', stage: 'verify', text: `${image} against ${lock.path}` });
  await checkArchitecture(session.engine, image, lock.architecture.container);
  const installations = session.engine.dryRun ? [] : await lockedInstallations(lock, input, session);
  const base = baseOf(lock, input.base);
  const read = base === undefined ? undefined : await readBase(base, lock, input, session);
  if (read !== undefined) checkLockedBase(read, lock);
  const settingsOf = await readImageSettings(input, session.context);
  const expected = { lock, fromBase: read?.packages ?? [], installations, leftOut: leftOutBy(settingsOf(set)) };
  const difference = (await inspectImage({ image, name: `${set}-${lock.architecture.rpm}` }, input, session, (contents) =>
    compareContents(image, contents, expected, session),
  )) ?? { missing: [], extra: [], otherVersion: [], files: [], database: [] };
  const { fromBase } = expected;
  // If the base could not be read, a warning was already reported.
  if (base === undefined || read !== undefined)
    session.engine.addToScript(...(await comparisonLines({ image, lock, fromBase }, input, session)));
  const about = { image, set, architecture: lock.architecture.container, lockfile: lock.path, locked: packages.length };
  return { ...about, ...difference, equal: isAsLocked(difference) };
}

/** The files of the locked RPMs; undefined if the RPMs are not available any more, then those of the image's database are used. */
async function lockedInstallations(
  { lock }: DigestedLock,
  input: ImageVerifyInput & { readonly fetchLocked: FetchLocked },
  { context }: ContainerSession,
): Promise<readonly RpmInstallation[] | undefined> {
  try {
    return await readInstallations(lock, await input.fetchLocked([lock], input, context));
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    const text = `files are compared with the rpm database in the image, because the locked RPMs are not available: ${error.message}`;
    context.emit({ kind: 'warning', code: 'IMAGE_DATABASE_TRUSTED', text, set: lock.package_set, architecture: lock.architecture });
    return undefined;
  }
}
