/** Reads files that a manifest refers to: `.repo` files, and Containerfiles with packages. */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { DnfOptions, DnfRequests, ScriptPlace } from './dnf-command.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import { parseRepoFile, withoutEmptyCheck } from './repo-file.ts';
import { fill } from './rpms-in-variables.ts';
import type { Plain, SourceText } from './source-text.ts';

/** The text of a file, relative to the folder of the manifest; a pattern with `*` matches several. Throws errors with text for users. */
export type ReadIncluded = (path: string) => Promise<readonly { readonly path: string; readonly text: string }[]>;

type PlainMap = { [key: string]: Plain };
type Path = readonly (string | number)[];

export interface WithIncluded {
  readonly source: SourceText;
  readonly mistakes: readonly Mistake[];
  /** The included file that defines a name, such as `sets web`, or a hold, by its index in the merged list, such as `holds 0`. */
  readonly holders?: Holders;
  /** Path -> text of each included file. */
  readonly included?: ReadonlyMap<string, string>;
}

export type Holders = ReadonlyMap<string, string>;

interface IncludeOptions {
  /** Values of `{name}` in repositories. */
  readonly variables?: { readonly [name: string]: Plain };
  /** Skips repositories with `enabled=0`. */
  readonly onlyEnabled?: boolean;
}

/** Adds the repositories and packages of these files to the manifest. */
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
  /** For each file: the index of its first repository, and the index of the entry that names the file. */
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
    for (const [name, set] of Object.entries(sets)) {
      const named = [asMap(set)?.['architectures'], root['architectures']].map(textList).find((list) => list.length > 0) ?? ['x86_64'];
      const architectures = [...new Set(named.map((architecture) => canonicalArchitecture(architecture) ?? architecture))];
      filled[name] = await withContainerfile(set, ['sets', name], architectures, { read, complain });
    }
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

async function withContainerfile(set: Plain, path: Path, architectures: readonly string[], reading: Reading): Promise<Plain> {
  const map = asMap(set);
  const from = asMap(map?.['packages_from_containerfile']);
  if (map === undefined || from === undefined) return set;
  const at = [...path, 'packages_from_containerfile'];
  const stage = from['stage'];
  const [file] = await readOrComplain(String(from['containerfile'] ?? ''), at, reading);
  if (file === undefined) return set;
  const { requestsOfContainerfile } = await import('./containerfile-packages.ts');
  const found = await requestsOfContainerfile({
    ...file,
    stage: typeof stage === 'string' || typeof stage === 'number' ? stage : undefined,
    args: Object.fromEntries(Object.entries(asMap(from['args']) ?? {}).map(([name, value]) => [name, String(value)])),
    architectures,
    read: async (name) => (await reading.read(name).catch(orNothing))[0]?.text,
  });
  for (const message of complaintsOf([...found.values()])) reading.complain(at, message);
  // The base is only the content of the image root, not of other install roots.
  const hasBase = map['base'] !== undefined;
  const others = !hasBase ? [] : [...found.values()].flatMap(({ otherRoots }) => otherRoots.map(shownPlace));
  for (const place of new Set(others))
    reading.complain(
      at,
      `${place}: \`--installroot\` installs into an empty folder: lock it without a base, in rpms.in.yaml with \`context: { bare: true }\``,
    );
  const excluded = new Set(textList(from['exclude']));
  const filled: PlainMap = { ...map };
  const add = (
    target: PlainMap,
    key: string,
    kind: 'install' | 'upgrade' | 'reinstall' | 'sync' | 'remove' | 'enable' | 'disable',
  ): void => {
    const asked = [...found.values()].flatMap((requests) => [...requests[kind]]);
    // Without a base there is nothing to remove, and nothing to upgrade with `upgrade *`.
    const names = new Set(asked.filter((name) => !excluded.has(name) && (hasBase || (kind !== 'remove' && name !== '*'))));
    const added = [...names].map((name): Plain => {
      const where = architectures.filter((architecture) => found.get(architecture)?.[kind].has(name));
      return where.length === architectures.length ? name : { name, architectures: where };
    });
    const before = target[key];
    if (added.includes('*')) target[key] = true;
    else if (added.length > 0 && before !== true) target[key] = [...(Array.isArray(before) ? before : []), ...added];
  };
  add(filled, 'packages', 'install');
  add(filled, 'upgrade', 'upgrade');
  add(filled, 'reinstall', 'reinstall');
  add(filled, 'distro_sync', 'sync');
  add(filled, 'remove', 'remove');
  const modules: PlainMap = { ...asMap(map['modules']) };
  add(modules, 'enable', 'enable');
  add(modules, 'disable', 'disable');
  if (Object.keys(modules).length > 0) filled['modules'] = modules;
  const options = [...found.values()].flatMap((requests) => requests.options);
  const [first, ...more] = options;
  if (first === undefined) return filled;
  // One command may exclude a package that another one installs.
  const other = more.find(({ exclude }) => exclude.join() !== first.exclude.join());
  if (other !== undefined) {
    const { place } = other.exclude.length > 0 ? other : first;
    reading.complain(
      at,
      `${shownPlace(place)}: \`--exclude\` is not the same in all commands that install: write their packages into the manifest`,
    );
  } else if (first.exclude.length > 0) filled['exclude'] = [...textList(map['exclude']), ...first.exclude];
  if (options.some(({ allowErasing }) => allowErasing)) filled['allow_erasing'] ??= true;
  filled['options'] = { ...commonOptions(options), ...asMap(map['options']) };
  return filled;
}

/** Weak dependencies are locked if any command installs them. */
function commonOptions(options: readonly DnfOptions[]): PlainMap {
  const weak = options.map(({ weakDependencies }) => weakDependencies);
  return {
    ...(weak.every((each) => each === false) ? { weak_dependencies: false } : {}),
    ...(weak.includes(true) ? { weak_dependencies: true } : {}),
    ...(options.some(({ best }) => best) ? { best: true } : {}),
  };
}

function orNothing(error: unknown): readonly { text: string }[] {
  if (error instanceof RpmDepsError && error.code !== 'INTERRUPTED') return [];
  throw error;
}

const shownPlace = ({ file, line }: ScriptPlace): string => `${shortPrintable(file)}:${line}`;

/** Without duplicates from several architectures. */
function complaintsOf(all: readonly DnfRequests[]): ReadonlySet<string> {
  const at = shownPlace;
  return new Set(
    all.flatMap(({ unknown, others }) => [
      ...others.map(
        ({ action, place }) => `${at(place)}: \`${shortPrintable(action)}\` is not supported: write its packages into the manifest`,
      ),
      ...unknown.map(
        ({ word, place }) => `${at(place)}: \`${shortPrintable(word)}\` depends on a variable; list its packages under \`packages\``,
      ),
    ]),
  );
}
