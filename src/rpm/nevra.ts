import { architectureOfSpec } from './architecture-names.ts';
import type { Evr } from './evr.ts';

/** Identifies a build: name, epoch, version, release, architecture. */
export interface Nevra extends Evr {
  readonly name: string;
  readonly arch: string;
}

/** `name-epoch:version-release.arch`, always with the epoch. */
export function formatNevra({ name, epoch, version, release, arch }: Nevra): string {
  return `${name}-${epoch}:${version}-${release}.${arch}`;
}

/** Parses `name-[epoch:]version-release.arch`; undefined for anything else. */
export function parseNevra(text: string): Nevra | undefined {
  const parts = /^(.+)-(?:(\d+):)?([^-:]+)-([^-:]+)\.([^-:.]+)$/.exec(text);
  if (parts === null) return undefined;
  const [, name = '', epoch = '0', version = '', release = '', arch = ''] = parts;
  return { name, epoch, version, release, arch };
}

/** Parses the name of an RPM file, which has no epoch: `bash-5.1.8-9.el9.s390x.rpm`. */
export function parseRpmFilename(filename: string): Omit<Nevra, 'epoch'> | undefined {
  if (!filename.endsWith('.rpm')) return undefined;
  const nevra = parseNevra(filename.slice(0, -4));
  if (nevra === undefined) return undefined;
  const { name, version, release, arch } = nevra;
  return { name, version, release, arch };
}

/** File name of a package, as rpm writes it. */
export const formatRpmFilename = ({ name, version, release, arch }: Omit<Nevra, 'epoch'>): string =>
  `${name}-${version}-${release}.${arch}.rpm`;

/** One way to read a spec; undefined parts match anything. Each part may be a glob. */
export interface ParsedSpec {
  readonly name: string;
  readonly epoch: string | undefined;
  readonly version: string | undefined;
  readonly release: string | undefined;
  readonly arch: string | undefined;
}

const NAME = '([^:(/=<> ]+)';
const VERSION = '([^-:(/=<> ]+)';
const ARCH = '([^-:.(/=<> ]+)';
const EPOCH = '(?:([0-9]+):)?';

/** In dnf's order (hawkey, HY_FORMS_MOST_SPEC): NEVRA, name.arch, name, NEVR, NEV. */
const FORMS: readonly { readonly pattern: RegExp; readonly parts: readonly (keyof ParsedSpec)[] }[] = [
  { pattern: new RegExp(`^${NAME}-${EPOCH}${VERSION}-${VERSION}\\.${ARCH}$`), parts: ['name', 'epoch', 'version', 'release', 'arch'] },
  { pattern: new RegExp(`^${NAME}\\.${ARCH}$`), parts: ['name', 'arch'] },
  { pattern: new RegExp(`^${NAME}$`), parts: ['name'] },
  { pattern: new RegExp(`^${NAME}-${EPOCH}${VERSION}-${VERSION}$`), parts: ['name', 'epoch', 'version', 'release'] },
  { pattern: new RegExp(`^${NAME}-${EPOCH}${VERSION}$`), parts: ['name', 'epoch', 'version'] },
];

/** Maximum characters of a spec; no package name is nearly as long. */
export const MAX_SPEC = 4096;

/** All ways to read a spec, in the order in which dnf tries them; `.amd64` and `.arm64` mean x86_64 and aarch64 of RPM. */
export function possibleNevras(spec: string): ParsedSpec[] {
  if (spec.length > MAX_SPEC) return [];
  const readings: ParsedSpec[] = [];
  for (const { pattern, parts } of FORMS) {
    const match = pattern.exec(spec);
    if (match === null) continue;
    const part = (key: keyof ParsedSpec): string | undefined => {
      const index = parts.indexOf(key);
      return index < 0 ? undefined : match[index + 1];
    };
    const arch = part('arch');
    readings.push({
      name: match[1]!,
      epoch: part('epoch'),
      version: part('version'),
      release: part('release'),
      arch: arch === undefined ? undefined : architectureOfSpec(arch),
    });
  }
  return readings;
}
