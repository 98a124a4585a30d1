import type { Nevra } from '../rpm/nevra.ts';

export interface ImageDifference {
  /** NEVRAs that are locked but not installed. */
  readonly missing: readonly string[];
  /** NEVRAs that are installed but not locked. */
  readonly extra: readonly string[];
  readonly otherVersion: readonly { readonly name: string; readonly arch: string; readonly locked: string; readonly installed: string }[];
}

/** Compares the locked packages with the installed ones. Packages of the base image are allowed. */
export function compareInstalled(locked: readonly Nevra[], installed: readonly Nevra[], fromBase: readonly Nevra[] = []): ImageDifference {
  const lockedTexts = new Set(locked.map(nevra));
  const installedTexts = new Set(installed.map(nevra));
  const baseTexts = new Set(fromBase.map(nevra));
  const absent = locked.filter((entry) => !installedTexts.has(nevra(entry)));
  const surplus = installed.filter((entry) => !lockedTexts.has(nevra(entry)) && !baseTexts.has(nevra(entry)));

  const otherVersion: { name: string; arch: string; locked: string; installed: string }[] = [];
  const missing: string[] = [];
  for (const entry of absent) {
    const at = surplus.findIndex(({ name, arch }) => name === entry.name && arch === entry.arch);
    const [other] = at < 0 ? [] : surplus.splice(at, 1);
    if (other) otherVersion.push({ name: entry.name, arch: entry.arch, locked: evr(entry), installed: evr(other) });
    else missing.push(nevra(entry));
  }
  return {
    missing: missing.sort(),
    extra: surplus.map(nevra).sort(),
    otherVersion: otherVersion.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

export function isEqual({ missing, extra, otherVersion }: ImageDifference): boolean {
  return missing.length + extra.length + otherVersion.length === 0;
}

/** Messages for users, one line each. */
export function describeDifference({ missing, extra, otherVersion }: ImageDifference): readonly string[] {
  return [
    ...otherVersion.map(({ name, arch, locked, installed }) => `other version: ${name}.${arch} is ${installed}, locked is ${locked}`),
    ...missing.map((text) => `missing: ${text}`),
    ...extra.map((text) => `extra: ${text}`),
  ];
}

function evr({ epoch, version, release }: Nevra): string {
  return `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}`;
}

function nevra(entry: Nevra): string {
  return `${entry.name}-${evr(entry)}.${entry.arch}`;
}
