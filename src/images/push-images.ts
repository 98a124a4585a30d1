import type { ContainerArchitecture } from '../rpm/container-architecture.ts';
import { type ContainerInput, registryAccess } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { withImage } from './image-record.ts';
import { pushImage } from './push-image.ts';

export interface PushedImage {
  readonly reference: string;
  /** Container name. */
  readonly architecture: string;
  /** Digest in the registry; absent in a dry run. */
  readonly digest?: string;
}

export interface PushedManifest {
  readonly reference: string;
  readonly architectures: readonly string[];
  readonly digest?: string;
}

/** Pushes the image of each architecture and records its digest. */
export async function pushImages(
  { repository, version, architectures }: { repository: string; version: string; architectures: readonly ContainerArchitecture[] },
  input: ContainerInput,
  session: ContainerSession,
): Promise<readonly PushedImage[]> {
  const pushed: PushedImage[] = [];
  for (const { container } of architectures) {
    const reference = `${repository}:${version}-${container}`;
    session.context.emit({ kind: 'stage', stage: 'push', text: reference });
    const digest = await pushImage(session.engine, { reference, access: registryAccess(input), scratch: session.scratch });
    const known = session.record.images.find((image) => image.reference === reference);
    const entry = { reference, architecture: container, ...(digest === undefined ? {} : { digest }) };
    await session.update((record) => withImage(record, { ...known, ...entry }));
    pushed.push(entry);
  }
  return pushed;
}

/** The architectures for which this version of a repository was built here. */
export function recordedArchitectures(
  { record }: Pick<ContainerSession, 'record'>,
  repository: string,
  version: string,
): readonly string[] {
  return record.images
    .filter(({ reference, architecture }) => reference === `${repository}:${version}-${architecture}`)
    .map(({ architecture }) => architecture);
}
