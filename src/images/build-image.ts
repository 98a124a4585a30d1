import { RpmDepsError } from '../base/errors.ts';
import { buildArguments, type ImageBuild } from './build-arguments.ts';
import type { Engine } from './engine.ts';
import { localName } from './image-reference.ts';

/**
 * Builds under a temporary name, checks the result, and only then gives it the requested name: an interrupted or failed build
 * never leaves an incomplete image under that name. Returns the image's id, undefined in a dry run.
 */
export async function buildImage(
  engine: Engine,
  build: ImageBuild,
  { reference, inspect }: { reference: string; inspect?: (candidate: string) => Promise<void> },
): Promise<string | undefined> {
  const candidate = localName('candidate', reference);
  try {
    await engine.perform(buildArguments(engine.name, build, candidate), { what: `build ${reference}` });
    await checkArchitecture(engine, candidate, build.architecture);
    await inspect?.(candidate);
    await engine.perform(['tag', candidate, reference], { what: `name the image ${reference}` });
    return await engine.ask(['image', 'inspect', '--format', '{{.Id}}', reference], { what: `look at ${reference}` });
  } finally {
    await engine.cleanUp(['rmi', candidate]);
  }
}

/** Engines may silently return an image of another architecture. */
export async function checkArchitecture(engine: Engine, image: string, wanted: string): Promise<void> {
  const found = await engine.ask(['image', 'inspect', '--format', '{{.Architecture}}', image], { what: `look at ${image}` });
  if (found === undefined || found === wanted) return;
  throw new RpmDepsError('PODMAN', `${image} is for ${found || 'no architecture'}, not for ${wanted}`, {
    hint: 'check whether a FROM line names, by digest, an image of one architecture only',
  });
}
