/** Set and architecture, for files that name them only in their own name or in `--arch`. */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { ImportFile } from './imported.ts';

/** `-`, or the path that a shell passes for `<(...)`: such a name contains no information. */
export const isPiped = (name: string): boolean => name === '-' || name.startsWith('/dev/');

/** `web` of `lists/web-x86_64.txt`. */
export function setOfFile({ name }: Pick<ImportFile, 'name'>): string {
  if (isPiped(name)) return 'imported';
  const plain = basename(name).replace(/(?:\.(?:lock|cdx|spdx))?\.[A-Za-z0-9]+$/, '');
  return splitArchitecture(plain).set;
}

/** From `--arch`, or from the end of the file's name; throws USAGE if neither names it. */
export function architectureOfFile(file: ImportFile): string {
  const architecture = givenArchitecture(file);
  if (architecture !== undefined) return architecture;
  throw new RpmDepsError('USAGE', `\`${shortPrintable(file.name)}\` does not name its architecture`, {
    hint: 'name it with --arch',
  });
}

export function givenArchitecture(file: ImportFile): string | undefined {
  if (file.arch !== undefined) {
    const architecture = canonicalArchitecture(file.arch);
    if (architecture === undefined) throw new RpmDepsError('USAGE', `unknown architecture \`${shortPrintable(file.arch)}\``);
    return architecture;
  }
  const base = basename(file.name);
  const ending = /[-_.]([A-Za-z0-9_]+)(?:\.(?:lock|cdx|spdx))?\.[A-Za-z0-9]+$/.exec(base)?.[1] ?? '';
  return ARCHITECTURES.find((known) => base.includes(`${known}.`)) ?? canonicalArchitecture(ending);
}

/** `launcherbase` and `x86_64` of `launcherbase_x86_64`, `launcherbase_cs9` of `launcherbase_x86_64_cs9`: the usual names of trees and lists. */
export function splitArchitecture(name: string): { readonly set: string; readonly architecture: string | undefined } {
  for (const known of [...ARCHITECTURES, 'amd64', 'arm64']) {
    const at = new RegExp(`[-_.]${known}(?=$|[-_.])`).exec(name);
    if (at === null || at.index === 0) continue;
    const set = `${name.slice(0, at.index)}${name.slice(at.index + at[0].length)}`;
    return { set: plainSetName(set), architecture: canonicalArchitecture(known) };
  }
  return { set: plainSetName(name), architecture: undefined };
}

/** A set name that is valid as a part of a file name. */
export const plainSetName = (text: string): string => text.replace(/[^A-Za-z0-9._+-]/g, '_').replace(/^[^A-Za-z0-9_]+/, '') || 'imported';
