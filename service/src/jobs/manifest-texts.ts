/** The manifest of a project with the files that it refers to, all of one commit. */
import { posix } from 'node:path';
import { type Manifest, parseManifest, type ReadIncluded, RpmDepsError, readIncludedAt } from 'rpm-deps';
import type { Clone } from './clone.ts';

/** Files by the name in the manifest; a pattern matches several files. */
type IncludedTexts = readonly (readonly [name: string, files: Awaited<ReturnType<ReadIncluded>>])[];

export interface ManifestTexts {
  readonly text: string;
  readonly included: IncludedTexts;
}

export interface ManifestAt {
  readonly manifest: Manifest;
  readonly texts: ManifestTexts;
}

/** undefined if the commit has no manifest at that path. */
export async function readManifestAt(clone: Clone, commit: string, path: string): Promise<ManifestAt | undefined> {
  const text = await clone.file(commit, path);
  if (text === undefined) return undefined;
  const whole = (content: string, name: string): void => {
    if (!content.includes('\0')) return;
    throw new RpmDepsError('MANIFEST_INVALID', `\`${name}\` has a null byte`, { hint: 'save it as UTF-8 text' });
  };
  whole(text, path);
  const readAt = readIncludedAt(clone.place, commit, posix.dirname(path));
  const included = new Map<string, Awaited<ReturnType<ReadIncluded>>>();
  const read: ReadIncluded = async (name) => {
    const files = included.get(name) ?? (await readAt(name));
    for (const file of files) whole(file.text, file.path);
    included.set(name, files);
    return files;
  };
  const manifest = await parseManifest(text, path, { env: {}, read });
  return { manifest, texts: { text, included: [...included] } };
}

/** Parses the same manifest again, without the repository. */
export function parseTexts({ text, included }: ManifestTexts, path: string): Promise<Manifest> {
  const files = new Map(included);
  const read: ReadIncluded = async (name) => {
    const found = files.get(name);
    if (found === undefined) throw new RpmDepsError('MANIFEST_INVALID', 'an included file of the manifest is not stored');
    return found;
  };
  return parseManifest(text, path, { env: {}, read });
}
