/** The content of a file of another tool, in the terms of a manifest. Readers fill it in; `manifest-text.ts` writes it. */

import { type Fields, fieldsOf } from '../base/fields.ts';
import { firstOf, shortPrintable } from '../base/printable.ts';
import type { Plain } from '../manifest/source-text.ts';

export interface ImportedIgnore {
  /** As `ignore` of a set takes it. */
  readonly pattern: string;
  readonly reason?: string | undefined;
}

/** A set for one architecture. */
export interface ImportedTarget {
  readonly set: string;
  readonly architecture: string;
  readonly specs: readonly string[];
  /** `specs` are all packages of an answer, without what was asked for: roots are to be found by the metadata of repositories. */
  readonly isClosure?: boolean;
  /** Of a closure, the roots by the dependencies that the file itself has. Metadata only adds packages that would not be chosen again. */
  readonly roots?: readonly string[];
  /** Specs of packages without an architecture, where the file does not say for which architectures they are. */
  readonly forAnyArchitecture?: readonly string[];
  /** `specs` are all packages of a file that does not say which sets have them: used only where no other file does. */
  readonly isPile?: boolean;
  readonly ignore?: readonly ImportedIgnore[];
  /** Base URLs of the repositories that it is answered from, where the file says it. */
  readonly places?: readonly string[];
  /** Names of rules, to be looked up in `origins` of any file. */
  readonly rules?: readonly string[];
  /** Other keys of a set, as a manifest has them. */
  readonly settings?: { readonly [key: string]: Plain };
  /** What the manifest has no place for: a comment in the set, and a warning. */
  readonly lost?: readonly string[];
}

export interface ImportedRepository {
  /** As `repositories:` of a manifest has it; `id` and URLs may be those of one architecture. */
  readonly definition: { readonly [key: string]: Plain };
  /** The only one that it is for; undefined for all. */
  readonly architecture?: string | undefined;
  /** Its id was made from its URL: any other name for it is better. */
  readonly isUnnamed?: boolean;
  readonly lost?: readonly string[];
}

export interface ImportedHold {
  readonly package: string;
  readonly version: string;
  readonly reason: string;
}

export interface Imported {
  readonly targets?: readonly ImportedTarget[];
  readonly repositories?: readonly ImportedRepository[];
  readonly repofiles?: readonly Plain[];
  /** Names for versions, as the file has them. */
  readonly versions?: ReadonlyMap<string, string>;
  /** Lists that several sets may share, as the file names them, with a comment that was above them. */
  readonly groups?: ReadonlyMap<string, { readonly specs: readonly string[]; readonly comment?: string | undefined }>;
  readonly holds?: readonly ImportedHold[];
  readonly exclude?: readonly string[];
  /** Base URLs of repositories by the name of a rule. */
  readonly origins?: ReadonlyMap<string, string>;
  /** URL templates with `{sha256}` or `{filename}`. */
  readonly fallbacks?: readonly string[];
  /** Files that say where its packages come from; what is not imported too is lost. */
  readonly repositoryFiles?: readonly string[];
  /** Files that it contains, because its script sources them: they are not imported once more. */
  readonly contains?: readonly string[];
  readonly lost?: readonly string[];
}

/** A file that is to be imported. */
export interface ImportFile {
  /** As it was named. */
  readonly name: string;
  readonly text: string;
  /** The map that the file holds as JSON or YAML; undefined for everything else. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** Named with `--arch`. */
  readonly arch: string | undefined;
  /** Texts of the files that are imported with it, by name. */
  readonly others?: ReadonlyMap<string, string>;
}

export const CHOSEN_ANEW = 'versions and checksums: `rpm-deps lock` selects new versions';

export const MODULES = 'module streams: name those of packages with `.module` in their release under `modules`';

export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string' || typeof item === 'number').map(String) : [];

/** At most twenty, between backquotes. */
export const quotedNames = (names: readonly string[]): string => firstOf(names, 20, (name) => `\`${shortPrintable(name, 60)}\``);

export const unknownArchitectures = (names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`what is for architectures that rpm-deps does not know: ${quotedNames(names)}`];

/** Of files for several architectures, if `--arch` or the name of the file selects one. */
export function otherArchitectures(names: readonly string[], given: string | undefined): string[] {
  const others = names.filter((name) => name !== given && (name !== 'i686' || given !== 'x86_64'));
  return given === undefined || others.length === 0 ? [] : [`packages for ${quotedNames(others)}: only those for ${given} are imported`];
}

/** Hexadecimal digits of `sha256-BASE64`, as Bazel writes checksums. */
export function sha256OfIntegrity(integrity: unknown): string | undefined {
  const base64 = /^sha256-([A-Za-z0-9+/=]{44})$/.exec(typeof integrity === 'string' ? integrity : '')?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** Of packages for any architecture. */
export const namesWithoutArchitecture = (packages: readonly { readonly name: string; readonly arch?: string | undefined }[]): string[] =>
  packages.filter(({ arch }) => arch === 'noarch').map(({ name }) => name);
