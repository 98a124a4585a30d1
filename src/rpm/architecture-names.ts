import { nearestOf } from '../base/nearest.ts';
import { splitList } from '../base/split-list.ts';

/** RPM names of the architectures that a manifest can ask for. */
export const ARCHITECTURES: readonly string[] = [
  'x86_64',
  'aarch64',
  's390x',
  'ppc64le',
  'riscv64',
  'i686',
  'armv7hl',
  'loongarch64',
  'x86_64_v2',
  'x86_64_v3',
  'x86_64_v4',
];

/** Names that Go, Debian and containers use for the same machines. */
const ALIASES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  'x86-64': 'x86_64',
  arm64: 'aarch64',
  ppc64el: 'ppc64le',
  '386': 'i686',
  i386: 'i686',
  loong64: 'loongarch64',
};

/** The RPM name of an architecture as a person may write it, or undefined when there is no such architecture. */
export function canonicalArchitecture(name: string): string | undefined {
  if (ARCHITECTURES.includes(name)) return name;
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
}

/** Like `canonicalArchitecture`, for the end of a spec. `386` in `foo-1-2.386` may be a release, so only unambiguous names are read. */
export function architectureOfSpec(name: string): string {
  return name === 'amd64' || name === 'arm64' ? ALIASES[name]! : name;
}

/** Splits the values of `--arch`, which is repeatable and may contain commas: `amd64,arm64`. */
export const splitArchitectures = (texts: readonly string[]): string[] => texts.flatMap(splitList);

/** The closest known architecture name, as a suggestion for an unknown one. */
export function nearestArchitecture(name: string, among: readonly string[] = ARCHITECTURES): string | undefined {
  const aliases = Object.keys(ALIASES).filter((alias) => among.includes(ALIASES[alias]!));
  return nearestOf(name, [...among, ...aliases]);
}
