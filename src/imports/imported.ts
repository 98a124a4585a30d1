/** The content of a file of another tool, in the terms of a manifest. Readers fill it in; `manifest-text.ts` writes it. */

import { type Fields, fieldsOf } from '../base/fields.ts';
import { firstOf, shortPrintable } from '../base/printable.ts';
import type { Plain } from '../manifest/source-text.ts';

export interface ImportedIgnore {
  /** As in `ignore` of a set. */
  readonly pattern: string;
  readonly reason?: string | undefined;
}

/** A set for one architecture. */
export interface ImportedTarget {
  readonly set: string;
  readonly architecture: string;
  readonly specs: readonly string[];
  /** `specs` are all packages of a resolution, without the request: the roots must be found with the metadata of repositories. */
  readonly isClosure?: boolean;
  /** Roots of a closure by the dependencies in the file itself. Metadata only adds packages that would not be chosen again. */
  readonly roots?: readonly string[];
  /** Specs of packages without an architecture, if the file does not assign them to architectures. */
  readonly forAnyArchitecture?: readonly string[];
  /** `specs` are all packages of a file without sets: used only if no other file has sets. */
  readonly isPile?: boolean;
  readonly ignore?: readonly ImportedIgnore[];
  /** Base URLs of the target's repositories, if the file contains them. */
  readonly places?: readonly string[];
  /** Names of rules, to be looked up in `origins` of any file. */
  readonly rules?: readonly string[];
  /** Files with its repositories; where all of them are imported too, it has only those. */
  readonly repositoryFiles?: readonly string[];
  /** Other keys of a set, as a manifest has them. */
  readonly settings?: { readonly [key: string]: Plain };
  /** Items without an equivalent in a manifest: reported as a comment in the set and as a warning. */
  readonly lost?: readonly string[];
}

export interface ImportedRepository {
  /** As in `repositories:` of a manifest; `id` and URLs may be those of one architecture. */
  readonly definition: { readonly [key: string]: Plain };
  /** The only architecture of the repository; undefined for all. */
  readonly architecture?: string | undefined;
  /** Its id was made from its URL: any other name is preferred. */
  readonly isUnnamed?: boolean;
  readonly lost?: readonly string[];
}

export interface ImportedHold {
  readonly package: string;
  readonly version: string;
  readonly reason: string;
}

export interface Imported {
  /** The file, as it was named. */
  readonly file?: string;
  readonly targets?: readonly ImportedTarget[];
  readonly repositories?: readonly ImportedRepository[];
  readonly repofiles?: readonly Plain[];
  /** Named versions of the file. */
  readonly versions?: ReadonlyMap<string, string>;
  /** Named lists of the file that several sets may share, with the comment above them. */
  readonly groups?: ReadonlyMap<string, { readonly specs: readonly string[]; readonly comment?: string | undefined }>;
  readonly holds?: readonly ImportedHold[];
  readonly exclude?: readonly string[];
  /** Base URLs of repositories by name of a rule. */
  readonly origins?: ReadonlyMap<string, string>;
  /** URL templates with `{sha256}` or `{filename}`. */
  readonly fallbacks?: readonly string[];
  /** Files with the repositories of its packages; those that are not imported too are reported as lost. */
  readonly repositoryFiles?: readonly string[];
  /** Files that its script sources: they are not imported again. */
  readonly contains?: readonly string[];
  readonly lost?: readonly string[];
}

/** A file to import. */
export interface ImportFile {
  /** The name as given by the user. */
  readonly name: string;
  readonly text: string;
  /** The map in a JSON or YAML file; undefined for other files. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** Value of `--arch`. */
  readonly arch: string | undefined;
  /** Texts of the files that are imported together with it, by name. */
  readonly others?: ReadonlyMap<string, string>;
}

export const CHOSEN_ANEW = 'versions and checksums: `rpm-deps lock` selects new versions';

export const MODULES = 'module streams: name those of packages with `.module` in their release under `modules`';

export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string' || typeof item === 'number').map(String) : [];

/** `repo.yaml` of `rpm/repo.yaml` and of `//rpm:repo.yaml`. */
export const lastPart = (name: string): string => name.split(/[/:]/).at(-1) ?? '';

/** At most twenty names, in backquotes. */
export const quotedNames = (names: readonly string[]): string => firstOf(names, 20, (name) => `\`${shortPrintable(name, 60)}\``);

export const unknownArchitectures = (names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`what is for architectures that rpm-deps does not know: ${quotedNames(names)}`];

/** Architectures of the file that are skipped because `--arch` or the name of the file selects another one. */
export function otherArchitectures(names: readonly string[], given: string | undefined): string[] {
  const others = names.filter((name) => name !== given && (name !== 'i686' || given !== 'x86_64'));
  return given === undefined || others.length === 0 ? [] : [`packages for ${quotedNames(others)}: only those for ${given} are imported`];
}

/** Hexadecimal digits of `sha256-BASE64`, as Bazel writes checksums. */
export function sha256OfIntegrity(integrity: unknown): string | undefined {
  const base64 = /^sha256-([A-Za-z0-9+/=]{44})$/.exec(typeof integrity === 'string' ? integrity : '')?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** Names of packages without an architecture. */
export const namesWithoutArchitecture = (packages: readonly { readonly name: string; readonly arch?: string | undefined }[]): string[] =>
  packages.filter(({ arch }) => arch === 'noarch').map(({ name }) => name);
