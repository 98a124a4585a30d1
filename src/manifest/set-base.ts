/** The base of a set: `base`, and the keys about changes to installed packages. */
import type { MistakeList } from './mistake.ts';
import { asFlag, asMap, textList } from './plain-access.ts';
import { type Scoped, scopedTexts, textsFor } from './scoped-texts.ts';
import type { Plain } from './source-text.ts';

/** Source of the list of installed packages. */
export type BaseDefinition =
  | { readonly kind: 'image'; readonly image: string }
  | {
      readonly kind: 'containerfile';
      /** Relative to the folder of the manifest. */
      readonly path: string;
      /** Name, or number from 0; undefined: the last stage. */
      readonly stage: string | number | undefined;
      readonly args: Readonly<Record<string, string>>;
    }
  /** A folder: a root file system, or the database itself; relative to the folder of the manifest. */
  | { readonly kind: 'rpmdb'; readonly path: string }
  /** NEVRAs, which must exist in the repositories. */
  | { readonly kind: 'packages'; readonly packages: readonly string[] };

/** Allowed changes to installed packages; without effect if there is no base. */
export interface InstalledSettings {
  readonly base: BaseDefinition | undefined;
  /** Globs of installed packages to upgrade to the newest version; `*`: all. */
  readonly upgrade: readonly string[];
  /** Like `upgrade`, but to the version in the repositories even if it is older. */
  readonly distroSync: readonly string[];
  readonly reinstall: readonly string[];
  readonly remove: readonly string[];
  readonly allowErasing: boolean;
  /** Names or capabilities that are treated as installed. */
  readonly assumeProvides: readonly string[];
  /** Globs of packages that must have the version of an installed package with the same source. */
  readonly matchBaseVersions: readonly string[];
}

type PlainMap = { readonly [key: string]: Plain };
type Path = readonly (string | number)[];

export interface BuiltInstalledSettings {
  readonly base: BaseDefinition | undefined;
  readonly forArchitecture: (architecture: string) => InstalledSettings;
}

export function buildInstalledSettings(map: PlainMap, path: Path, mistakes: MistakeList): BuiltInstalledSettings {
  const base = buildBase(map['base'], [...path, 'base'], mistakes);
  const list = (key: string): readonly Scoped[] =>
    map[key] === true ? [{ text: '*', architectures: undefined }] : scopedTexts(map[key], [...path, key], mistakes);
  const [upgrade, distroSync, reinstall, remove] = ['upgrade', 'distro_sync', 'reinstall', 'remove'].map(list) as [
    readonly Scoped[],
    readonly Scoped[],
    readonly Scoped[],
    readonly Scoped[],
  ];
  const allowErasing = asFlag(map['allow_erasing']) ?? false;
  const [assumeProvides, matchBaseVersions] = [textList(map['assume_provides']), textList(map['match_base_versions'])];
  if (base === undefined) {
    for (const key of ['upgrade', 'distro_sync', 'reinstall', 'remove']) {
      if (list(key).length > 0) mistakes.add([...path, key], `\`${key}\` needs \`base\`: without one nothing is installed`);
    }
  }
  return {
    base,
    forArchitecture: (architecture) => ({
      base,
      upgrade: textsFor(upgrade, architecture),
      distroSync: textsFor(distroSync, architecture),
      reinstall: textsFor(reinstall, architecture),
      remove: textsFor(remove, architecture),
      allowErasing,
      assumeProvides,
      matchBaseVersions,
    }),
  };
}

/** Whether there is no base and nothing is assumed to be installed. */
export const isEmptyInstalledSettings = ({ base, assumeProvides, matchBaseVersions }: InstalledSettings): boolean =>
  base === undefined && assumeProvides.length === 0 && matchBaseVersions.length === 0;

const KINDS = ['image', 'containerfile', 'rpmdb', 'packages'] as const;

function buildBase(value: Plain | undefined, path: Path, mistakes: MistakeList): BaseDefinition | undefined {
  const map = asMap(value);
  if (map === undefined) return undefined;
  const given = KINDS.filter((kind) => map[kind] !== undefined);
  if (given.length !== 1) {
    mistakes.add(path, `\`base\` needs exactly one of ${KINDS.map((kind) => `\`${kind}\``).join(', ')}`);
    return undefined;
  }
  const kind = given[0]!;
  for (const key of ['stage', 'args']) {
    if (map[key] !== undefined && kind !== 'containerfile') mistakes.add([...path, key], `\`${key}\` is for \`containerfile\``);
  }
  const text = typeof map[kind] === 'string' ? map[kind] : '';
  if (kind === 'packages') return { kind, packages: textList(map['packages']) };
  if (kind === 'image') return { kind, image: text };
  if (kind === 'rpmdb') return { kind, path: text };
  const stage = map['stage'];
  const args = Object.entries(asMap(map['args']) ?? {}).map(([name, arg]) => [name, String(arg)] as const);
  return {
    kind,
    path: text,
    stage: typeof stage === 'string' || typeof stage === 'number' ? stage : undefined,
    args: Object.fromEntries(args),
  };
}
