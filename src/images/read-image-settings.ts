import { type ImageSettings, PLAIN_IMAGE } from '../manifest/image-settings.ts';
import { findManifest } from '../project/locked-sources.ts';
import type { ProjectInput } from '../project/manifest-input.ts';
import type { Context } from '../run/context.ts';
import type { LeftOut } from './compare-files.ts';
import { CLEANED } from './finish-script.ts';

/** The image settings of sets in the manifest; defaults for unknown sets and without a manifest. */
export async function readImageSettings(input: ProjectInput, context: Context): Promise<(set: string) => ImageSettings> {
  const manifest = await findManifest(input, context);
  return (set) => manifest?.sets.find(({ name }) => name === set)?.image ?? PLAIN_IMAGE;
}

/** Intended differences between an image and its packages. */
export function leftOutBy({ docs, languages, clean, capabilities }: ImageSettings): LeftOut {
  return { docs: !docs, languages, capabilities, isRemoved: removedBy(clean) };
}

function removedBy(clean: ImageSettings['clean']): (path: string) => boolean {
  if (clean === true) return (path) => CLEANED.some((directory) => path.startsWith(`${directory}/`));
  const patterns = clean.map(pathPattern);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** Matches paths that a shell glob matches, and paths below. */
function pathPattern(glob: string): RegExp {
  const body = glob.replace(/\/+$/, '').replaceAll(/[.+^$()|{}\\]/g, '\\$&');
  return new RegExp(`^${body.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}(?:/|$)`);
}
