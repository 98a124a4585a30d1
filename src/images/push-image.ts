import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { accessArguments, type RegistryAccess } from './build-arguments.ts';
import type { Engine } from './engine.ts';

/** Pushes one image under its own name. Registries set the tag last, after all layers. Returns the digest in the registry. */
export async function pushImage(
  engine: Engine,
  { reference, access, scratch }: { reference: string; access: RegistryAccess; scratch: string },
): Promise<string | undefined> {
  const purpose = { what: `push ${reference}`, reference };
  if (engine.name === 'docker') {
    await engine.perform(['push', reference], purpose);
    const digests = await engine.ask(['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', reference], purpose);
    const repository = reference.slice(0, reference.lastIndexOf(':'));
    return digests
      ?.split('\n')
      .find((line) => line.startsWith(`${repository}@`))
      ?.slice(repository.length + 1);
  }
  // The digest in podman's storage differs from that in the registry, which is recorded.
  const digestFile = join(scratch, 'digest');
  await engine.perform(['push', ...accessArguments(access), `--digestfile=${digestFile}`, reference, `docker://${reference}`], purpose);
  return engine.dryRun ? undefined : readDigest(digestFile, reference);
}

export async function readDigest(file: string, reference: string): Promise<string> {
  const text = (await readFile(file, 'utf8')).trim();
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw new RpmDepsError('PODMAN', `the engine reported no digest for ${reference}`);
}
