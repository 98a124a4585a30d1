import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { Context } from '../run/context.ts';
import { accessArguments, type RegistryAccess } from './build-arguments.ts';
import type { Engine } from './engine.ts';
import { localName } from './image-reference.ts';
import { openRepository } from './open-repository.ts';
import { readDigest } from './push-image.ts';

interface ManifestListEntry {
  /** Container name of the architecture. */
  readonly architecture: string;
  /** Reference in the registry; by digest if known, so that exactly the pushed image is listed. */
  readonly image: string;
}

export interface ManifestListPush {
  readonly reference: string;
  readonly entries: readonly ManifestListEntry[];
  readonly access: RegistryAccess;
  readonly scratch: string;
}

/** Creates and pushes a manifest list of images in the registry; pushes nothing if one of them is missing. Returns its digest. */
export async function pushManifestList(engine: Engine, list: ManifestListPush): Promise<string | undefined> {
  return engine.name === 'docker' ? pushWithDocker(engine, list) : pushWithPodman(engine, list);
}

/** The architectures of a list in the registry; none if there is no such list, or if the registry refuses access. */
export async function pushedArchitectures(reference: string, access: RegistryAccess, context: Context): Promise<readonly string[]> {
  try {
    const { repository, version } = await openRepository(reference, access, 'pull', context);
    const { content } = await repository.manifest(version);
    // Attestations have the architecture `unknown`.
    return architecturesOf(content).filter((one) => one !== 'unknown');
  } catch (error) {
    // Pushing the list will fail with the same error and the engine's own message.
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    context.emit({ kind: 'debug', text: `no manifest list ${reference}: ${error.message}` });
    return [];
  }
}

async function pushWithPodman(engine: Engine, { reference, entries, access, scratch }: ManifestListPush): Promise<string | undefined> {
  // A separate name, because an image may have been pulled under the list's name.
  const local = localName('manifest', reference);
  const flags = accessArguments(access);
  // Remove the list of an earlier run. Images are added one by one, because `manifest create LIST IMAGE...` hides failures (podman 4.3).
  await engine.attempt(['manifest', 'rm', local]);
  await engine.perform(['manifest', 'create', local], { what: `make the manifest list of ${reference}` });
  try {
    for (const { architecture, image } of entries) {
      await engine.perform(['manifest', 'add', ...flags, local, `docker://${image}`], {
        what: `put ${architecture} into the manifest list of ${reference}`,
        reference: image,
      });
    }
    checkEntries(
      await engine.ask(['manifest', 'inspect', local], { what: `look at the manifest list of ${reference}` }),
      reference,
      entries,
    );
    const digestFile = join(scratch, 'digest');
    await engine.perform(['manifest', 'push', '--all', ...flags, `--digestfile=${digestFile}`, local, `docker://${reference}`], {
      what: `push the manifest list ${reference}`,
      reference,
    });
    return engine.dryRun ? undefined : await readDigest(digestFile, reference);
  } finally {
    // `podman images` fails while a manifest list is in storage (podman 4.3).
    await engine.cleanUp(['manifest', 'rm', local]);
  }
}

async function pushWithDocker(engine: Engine, { reference, entries, access }: ManifestListPush): Promise<string | undefined> {
  const insecure = access.tlsVerify === false ? ['--insecure'] : [];
  await engine.attempt(['manifest', 'rm', reference]);
  await engine.perform(['manifest', 'create', ...insecure, reference, ...entries.map(({ image }) => image)], {
    what: `make the manifest list of ${reference}`,
    reference,
  });
  checkEntries(
    await engine.ask(['manifest', 'inspect', reference], { what: `look at the manifest list of ${reference}` }),
    reference,
    entries,
  );
  const answer = await engine.ask(['manifest', 'push', '--purge', ...insecure, reference], {
    what: `push the manifest list ${reference}`,
    reference,
  });
  return answer === undefined ? undefined : (/sha256:[0-9a-f]{64}/.exec(answer)?.[0] ?? undefined);
}

/** Throws PODMAN if the manifest list does not have exactly one entry for each architecture; called before the push. */
function checkEntries(inspected: string | undefined, reference: string, entries: readonly ManifestListEntry[]): void {
  if (inspected === undefined) return;
  const found = architecturesOf(parsed(inspected)).sort();
  const wanted = entries.map(({ architecture }) => architecture).sort();
  if (found.join() === wanted.join()) return;
  throw new RpmDepsError(
    'PODMAN',
    `the manifest list of ${reference} has ${found.join(', ') || 'no images'} and should have ${wanted.join(', ')}`,
    {
      hint: 'nothing was pushed; build and push the images of every architecture first',
    },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function architecturesOf(list: unknown): string[] {
  const manifests = typeof list === 'object' && list !== null && 'manifests' in list ? list.manifests : undefined;
  if (!Array.isArray(manifests)) return [];
  return manifests.map((entry: { platform?: { architecture?: unknown } } | null) => String(entry?.platform?.architecture ?? 'unknown'));
}
