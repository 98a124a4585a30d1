/** Values of `{name}` in `rpms.in.yaml`: defined in it, in a file, or by labels of an image. */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { RegexMistake } from '../rpm/regex.ts';
import { baseOfContainerfile, findStage } from './containerfile.ts';
import { asMap } from './plain-access.ts';
import type { Plain } from './source-text.ts';

export type PlainMap = { [key: string]: Plain };
type Path = readonly (string | number)[];
export type Refuse = (path: Path, message: string) => void;

/** The text of a file, relative to the folder of the manifest, or the reason why it cannot be read. */
export type ReadText = (path: string) => Promise<{ readonly text: string } | { readonly problem: string }>;

/** The labels of an image: one map for each of these architectures. Throws errors with text for users. */
export type ReadLabels = (image: string, architectures: readonly string[]) => Promise<readonly Readonly<Record<string, string>>[]>;

/** `releasever` and related variables of an image for an architecture. Throws errors with text for users. */
export type ReadRelease = (image: string, architecture: string) => Promise<Readonly<Record<string, string>>>;

export interface ReadOutside {
  readonly read: ReadText;
  readonly labels: ReadLabels;
  /** Undefined if the release is given. */
  readonly release: ReadRelease | undefined;
  /** Undefined if git is not allowed. */
  readonly git: ReadGitFile | undefined;
  /** URL of the compose tracking service. */
  readonly cts: string | undefined;
}

export interface GitFile {
  readonly url: string;
  readonly ref: string;
  readonly file: string;
}

/** The text of a file in a git repository. Throws errors with text for users. */
export type ReadGitFile = (file: GitFile) => Promise<string>;

export interface Reading extends ReadOutside {
  readonly architectures: readonly string[];
  readonly refuse: Refuse;
}

export interface Variables {
  readonly values: { readonly [name: string]: Plain };
  /** Names whose label exists but cannot be used, with the reason. */
  readonly unusable: { readonly [name: string]: string };
  /** The images whose labels are used. */
  readonly images: readonly string[];
}

const NONE: Variables = { values: {}, unusable: {}, images: [] };

/** Reads `variables`; the last value of a name is used. */
export async function readVariables(value: Plain | undefined, reading: Reading): Promise<Variables> {
  let variables = NONE;
  for (const [i, entry] of (Array.isArray(value) ? value : []).entries()) {
    const map = asMap(entry) ?? {};
    const path = ['variables', i];
    if (typeof map['file'] === 'string')
      variables = withValues(variables, await readValues(fillText(map['file'], variables.values), [...path, 'file'], reading));
    variables = await withLabelsOf({ image: 'image', containerfile: 'containerfile' }, map, { variables, path, reading });
    const inline = Object.entries(asMap(map['inline']) ?? {}).map(([name, text]) => [name, String(text)] as const);
    variables = withValues(variables, Object.fromEntries(inline));
  }
  return variables;
}

/** Adds the labels of `varsFromImage` and `varsFromContainerfile` of a repository or repofile; they override `variables`. */
export const withLabels = (
  map: { readonly [key: string]: Plain },
  variables: Variables,
  path: Path,
  reading: Reading,
): Promise<Variables> =>
  withLabelsOf({ image: 'varsFromImage', containerfile: 'varsFromContainerfile' }, map, { variables, path, reading });

async function withLabelsOf(
  keys: { readonly image: string; readonly containerfile: string },
  map: { readonly [key: string]: Plain },
  { variables, path, reading }: { readonly variables: Variables; readonly path: Path; readonly reading: Reading },
): Promise<Variables> {
  let all = variables;
  for (const key of [keys.image, keys.containerfile]) {
    const value = fill(map[key] ?? null, variables.values);
    if (value === null) continue;
    const at = [...path, key];
    try {
      const image = key === keys.image ? String(value) : await imageOfContainerfile(value, at, reading);
      if (image !== undefined) all = withVariants(all, image, await reading.labels(image, reading.architectures));
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      reading.refuse(at, `cannot be read: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
      // Do not report again names that have no value because of this failure.
      all = { ...all, images: [] };
    }
  }
  return all;
}

/** The base image of a stage; undefined after a reported mistake. */
async function imageOfContainerfile(value: Plain, path: Path, reading: Reading): Promise<string | undefined> {
  const chosen = await readChoice(value, path, reading);
  const found = await reading.read(chosen.file);
  if ('text' in found) return baseOfContainerfile(found.text, shortPrintable(chosen.file), chosen);
  reading.refuse(path, found.problem);
  return undefined;
}

interface Choice {
  readonly file: string;
  /** Name of a stage, or its number, from 0. */
  readonly stage: string | number | undefined;
  readonly args: Readonly<Record<string, string>>;
}

/** Parses a Containerfile reference of `rpms.in.yaml`: a path, or a map with path, stage and build arguments. */
export async function readChoice(value: Plain, path: Path, reading: Reading): Promise<Choice> {
  const map = asMap(value) ?? { file: value };
  const file = String(map['file'] ?? '');
  const { argFile, stageName, stageNum, imagePattern } = map;
  const args = asTexts(typeof argFile === 'string' ? await readValues(argFile, [...path, 'argFile'], reading) : {});
  const named = typeof stageName === 'string' ? stageName : undefined;
  const numbered = typeof stageNum === 'number' ? stageNum : undefined;
  // rpm-lockfile-prototype counts stages from 1.
  if (typeof imagePattern !== 'string') return { file, stage: named ?? (numbered === undefined ? undefined : numbered - 1), args };
  const found = await reading.read(file);
  const at = [...path, 'imagePattern'];
  try {
    if ('problem' in found) reading.refuse(path, found.problem);
    else
      return {
        file,
        stage: findStage(found.text, shortPrintable(file), { stageName: named, stageNum: numbered, imagePattern, args }),
        args,
      };
  } catch (error) {
    if (error instanceof RegexMistake) reading.refuse(at, `is no regular expression: ${error.message}`);
    else if (error instanceof RpmDepsError)
      reading.refuse(at, `fits nothing: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
    else throw error;
  }
  return { file, stage: undefined, args };
}

const asTexts = (map: PlainMap): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]));

const withValues = (variables: Variables, values: { readonly [name: string]: Plain }): Variables => ({
  ...variables,
  values: { ...variables.values, ...values },
});

/** A label must be the same for all architectures, because they share one manifest. */
function withVariants(variables: Variables, image: string, variants: readonly Readonly<Record<string, string>>[]): Variables {
  const values: PlainMap = {};
  const unusable: { [name: string]: string } = {};
  for (const name of new Set(variants.flatMap(Object.keys))) {
    const texts = variants.map((labels) => (Object.hasOwn(labels, name) ? labels[name] : undefined));
    const [text] = texts;
    if (text === undefined || texts.some((other) => other !== text)) unusable[name] = 'is not the same for all architectures';
    // The author of the image chooses the value: refuse text that would be expanded again or end a URL.
    else if (!/^[\w.~+:/?#@!&*,;=%()[\]-]{1,500}$/.test(text)) unusable[name] = 'has a value that cannot be part of a URL or a name';
    else values[name] = text;
  }
  const kept = Object.entries(variables.values).filter(([name]) => !Object.hasOwn(unusable, name));
  return {
    values: { ...Object.fromEntries(kept), ...values },
    unusable: { ...variables.unusable, ...unusable },
    images: [...variables.images, image],
  };
}

/** Lines of `NAME=VALUE`, in the format of `podman build --build-arg-file`. */
async function readValues(file: string, path: Path, { read, refuse }: Pick<Reading, 'read' | 'refuse'>): Promise<PlainMap> {
  const found = await read(file);
  if ('problem' in found) {
    refuse(path, found.problem);
    return {};
  }
  const lines = found.text.split(/\r?\n/).flatMap((line) => {
    const [, name, value = ''] = /^\s*([^#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, /^(["'])(.*)\1$/.exec(value)?.[2] ?? value] as const];
  });
  return Object.fromEntries(lines);
}

/** Keys of a repository or repofile in which labels are expanded. */
export const WITH_LABELS: ReadonlySet<string> = new Set(['id', 'name', 'baseurl', 'metalink', 'mirrorlist', 'gpgkey', 'location']);

/** Expands labels in URLs and ids; with labels, a name without a value is refused. */
export function fillUrls(definition: PlainMap, { values, unusable, images }: Variables, path: Path, refuse: Refuse): PlainMap {
  const filled = { ...definition };
  const missing = new Set<string>();
  for (const key of WITH_LABELS) {
    if (filled[key] === undefined) continue;
    filled[key] = fill(filled[key], values);
    for (const [, name] of JSON.stringify(filled[key]).matchAll(PLACEHOLDER)) missing.add(name!);
  }
  const shown = images.map((image) => shortPrintable(image)).join(' and ');
  for (const name of images.length === 0 ? [] : missing)
    refuse(
      path,
      Object.hasOwn(unusable, name)
        ? `needs \`{${name}}\`: this label of ${shown} ${unusable[name]}`
        : `needs \`{${name}}\`: ${shown} has no such label`,
    );
  return filled;
}

const PLACEHOLDER = /(?<!\$)\{([\w.-]+)\}/g;

const fillText = (text: string, variables: { readonly [name: string]: Plain }): string =>
  text.replace(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(variables, name) ? String(variables[name]) : whole));

/** Expands `{name}`; names without a value stay. */
export function fill(value: Plain, variables: { readonly [name: string]: Plain }): Plain {
  if (Array.isArray(value)) return value.map((item) => fill(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)]));
  return typeof value === 'string' ? fillText(value, variables) : value;
}
