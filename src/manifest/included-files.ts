/** What a manifest names and other files hold: repositories of `.repo` files, packages that a Containerfile installs. */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { packagesOfContainerfile } from './containerfile.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import { parseRepoFile } from './repo-file.ts';
import { withoutEmptyCheck } from './rpms-in.ts';
import { fill } from './rpms-in-variables.ts';
import type { Plain, SourceText } from './source-text.ts';

/** The text of a file, named from the folder of the manifest; a pattern with `*` names several. Throws what a person should read. */
export type ReadIncluded = (path: string) => Promise<readonly { readonly path: string; readonly text: string }[]>;

type PlainMap = { [key: string]: Plain };
type Path = readonly (string | number)[];

export interface WithIncluded {
  readonly source: SourceText;
  readonly mistakes: readonly Mistake[];
  /** The included file that has a name, such as `sets web`. */
  readonly holders?: Holders;
}

export type Holders = ReadonlyMap<string, string>;

interface IncludeOptions {
  /** Values of `{name}` in repositories. */
  readonly variables?: { readonly [name: string]: Plain };
  /** Leaves out repositories with `enabled=0`. */
  readonly onlyEnabled?: boolean;
}

/** The manifest as if all of it stood in one file. */
export async function includeFiles(
  source: SourceText,
  read: ReadIncluded,
  { variables = {}, onlyEnabled = false }: IncludeOptions = {},
): Promise<WithIncluded> {
  const root = asMap(source.value);
  const mistakes: Mistake[] = [];
  const complain = (path: Path, message: string): void => void mistakes.push({ place: source.locate(path, 'value'), path, message });
  if (root === undefined) return { source, mistakes };
  const value: PlainMap = { ...root };
  /** Index of the first repository of each file, with the entry that named the file. */
  const origins: (readonly [first: number, entry: number])[] = [];
  if (Array.isArray(root['repofiles'])) {
    const repositories = Array.isArray(root['repositories']) ? [...root['repositories']] : [];
    for (const [i, entry] of root['repofiles'].entries()) {
      origins.push([repositories.length, i]);
      repositories.push(...(await readRepofile(entry, ['repofiles', i], { read, complain, variables, onlyEnabled })));
    }
    value['repositories'] = repositories;
  }
  const sets = asMap(root['sets']);
  if (sets !== undefined) {
    const filled: PlainMap = {};
    for (const [name, set] of Object.entries(sets)) filled[name] = await withContainerfile(set, ['sets', name], { read, complain });
    value['sets'] = filled;
  }
  const locate: SourceText['locate'] = (path, on) => {
    const index = path[0] === 'repositories' && typeof path[1] === 'number' ? path[1] : -1;
    const origin = origins.findLast(([first]) => index >= first);
    return source.locate(origin === undefined ? path : ['repofiles', origin[1]], on);
  };
  return { source: { value, locate }, mistakes };
}

interface Reading {
  readonly read: ReadIncluded;
  readonly complain: (path: Path, message: string) => void;
}

async function readRepofile(
  entry: Plain,
  path: Path,
  { read, complain, variables, onlyEnabled }: Reading & Required<IncludeOptions>,
): Promise<PlainMap[]> {
  const map = asMap(entry);
  const location = typeof entry === 'string' ? entry : String(map?.['location'] ?? '');
  const found: PlainMap[] = [];
  for (const file of await readOrComplain(location, path, { read, complain })) {
    const { sections, mistakes, unknown } = parseRepoFile(file.text);
    for (const { line, message } of [...mistakes, ...unknown]) complain(path, `${shortPrintable(file.path)}:${line}: ${message}`);
    if (sections.length === 0 && mistakes.length === 0) complain(path, `${shortPrintable(file.path)} has no repository`);
    for (const { definition } of sections) {
      if (onlyEnabled && definition['enabled'] === false) continue;
      found.push(fill(withoutEmptyCheck(definition), variables) as PlainMap);
    }
  }
  return found;
}

async function readOrComplain(
  location: string,
  path: Path,
  { read, complain }: Reading,
): Promise<readonly { path: string; text: string }[]> {
  if (location === '') return [];
  try {
    return await read(location);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    complain(path, error.message);
    return [];
  }
}

async function withContainerfile(set: Plain, path: Path, reading: Reading): Promise<Plain> {
  const map = asMap(set);
  const from = asMap(map?.['packages_from_containerfile']);
  if (map === undefined || from === undefined) return set;
  const at = [...path, 'packages_from_containerfile'];
  const packages: Plain[] = Array.isArray(map['packages']) ? [...map['packages']] : [];
  const stage = from['stage'];
  for (const file of await readOrComplain(String(from['containerfile'] ?? ''), at, reading)) {
    const choice = typeof stage === 'string' || typeof stage === 'number' ? { stage } : {};
    const found = packagesOfContainerfile(file.text, file.path, choice);
    const excluded = new Set(textList(from['exclude']));
    packages.push(...found.packages.filter((name) => !excluded.has(name)));
    for (const { action, line } of found.others)
      reading.complain(
        at,
        `${shortPrintable(file.path)}:${line}: \`${shortPrintable(action)}\` is not read: write in the manifest what it does`,
      );
    for (const { word, line } of found.unknown)
      reading.complain(
        at,
        `${shortPrintable(file.path)}:${line}: \`${shortPrintable(word)}\` depends on a variable; list its packages under \`packages\``,
      );
  }
  return { ...map, packages };
}
