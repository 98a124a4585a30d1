/**
 * Converts `rpms.in.yaml` of rpm-lockfile-prototype to the form of `rpm-packages.yaml`, so that later code handles only one form. Each key has an
 * effect or is refused by name; mistakes have positions in the original file.
 */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { withoutSecrets } from '../base/redact.ts';
import { splitList } from '../base/split-list.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import { notAFlag, parseFlag, REPO_FLAGS, WITHOUT_EFFECT, withoutEmptyCheck } from './repo-file.ts';
import { repositoriesOfCompose } from './rpms-in-composes.ts';
import { flatpakPackages, type ListedPackages, treefilePackages } from './rpms-in-lists.ts';
import {
  fill,
  fillUrls,
  type GitFile,
  type PlainMap,
  type Reading,
  type ReadOutside,
  readChoice,
  readVariables,
  type Variables,
  WITH_LABELS,
  withLabels,
} from './rpms-in-variables.ts';
import type { Plain, SourceText } from './source-text.ts';

type Path = readonly (string | number)[];

/** Name of the only set of such a file. */
const RPMS_IN_SET = 'rpms';

export interface TranslatedManifest {
  /** In the form of `rpm-packages.yaml`. */
  readonly source: SourceText;
  readonly mistakes: readonly Mistake[];
  /** Values of `{name}` in repositories. */
  readonly variables: { readonly [name: string]: Plain };
  /** Texts of `.repo` files outside of the folder of the manifest, by their name in `repofiles`. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Keys in which `{name}` is expanded, besides repositories. */
const FILLED = [
  'packages',
  'reinstallPackages',
  'upgradePackages',
  'excludePackages',
  'moduleEnable',
  'moduleDisable',
  'assumeProvides',
  'packagesFromContainerfile',
  'context',
];

/** Converts parsed YAML; the schema has already checked its types. */
export async function translateRpmsIn(source: SourceText, outside: ReadOutside): Promise<TranslatedManifest> {
  const mistakes: Mistake[] = [];
  const places: (readonly [to: Path, from: Path])[] = [];
  const refuse = (path: Path, text: string): void => {
    const message = `\`${path.filter((step) => typeof step === 'string').join('.')}\` ${text}`;
    // Report once, even if a Containerfile is read several times.
    if (!mistakes.some((known) => known.message === message && known.path.join() === path.join()))
      mistakes.push({ place: source.locate(path, 'key'), path, message });
  };
  const written = asMap(source.value) ?? {};
  const architectures = readArchitectures(written);
  const reading = { ...outside, architectures: architectures.map(canonical), refuse };
  const all = await readVariables(written['variables'], reading);
  const { values: variables } = all;
  const texts = new Map<string, string>();
  const context = await contextOf(written['context'], reading);
  const root: { readonly [key: string]: Plain } = {
    ...written,
    ...(context === undefined ? {} : { context }),
    ...Object.fromEntries(
      FILLED.flatMap((key) =>
        written[key] === undefined || (key === 'context' && context !== written[key]) ? [] : [[key, fill(written[key], variables)]],
      ),
    ),
  };

  const set: PlainMap = {};
  // Like rpm-lockfile-prototype: excluded names are removed from the request, not from the result.
  const excluded = new Set(textList(root['excludePackages']));
  const scoped = (key: string, target: string): void => {
    const list = root[key];
    if (!Array.isArray(list)) return;
    const wanted: Plain[] = [];
    for (const [i, entry] of list.entries()) {
      if (excluded.has(nameOf(entry)) || isForNone(entry, architectures)) continue;
      places.push([
        ['sets', RPMS_IN_SET, target, wanted.length],
        [key, i],
      ]);
      wanted.push(scopedEntry(entry, architectures));
    }
    set[target] = wanted;
  };
  const listed = await otherLists(root['context'], reading);
  const copy = (key: string, target: string, into: PlainMap = set): void => {
    const value = root[key];
    if (value === undefined) return;
    into[target] = value;
    places.push([into === set ? ['sets', RPMS_IN_SET, target] : [target], [key]]);
  };
  scoped('packages', 'packages');
  if (listed !== undefined) {
    const own = Array.isArray(set['packages']) ? set['packages'] : [];
    const more = listed.packages.filter((entry) => !excluded.has(nameOf(entry)) && !isForNone(entry, architectures));
    set['packages'] = [...own, ...more.map((entry) => scopedEntry(entry, architectures))];
    if (listed.exclude.length > 0) set['exclude'] = listed.exclude;
  }
  scoped('reinstallPackages', 'reinstall');
  scoped('upgradePackages', 'upgrade');
  copy('assumeProvides', 'assume_provides');
  copy('matchContextVersions', 'match_base_versions');
  copy('allowerasing', 'allow_erasing');
  if (root['noSources'] !== true) set['sources'] = true;
  if (root['installWeakDeps'] !== undefined) set['options'] = { weak_dependencies: root['installWeakDeps'] };
  const modules: PlainMap = {};
  for (const [key, target] of [
    ['moduleEnable', 'enable'],
    ['moduleDisable', 'disable'],
  ] as const) {
    const list = [...(Array.isArray(root[key]) ? root[key] : []), ...(key === 'moduleEnable' ? (listed?.enable ?? []) : [])];
    if (list.length === 0) continue;
    modules[target] = list.filter((entry) => !isForNone(entry, architectures)).map((entry) => scopedEntry(entry, architectures));
    places.push([['sets', RPMS_IN_SET, 'modules', target], [key]]);
  }
  if (Object.keys(modules).length > 0) set['modules'] = modules;
  // Without a package list, use the packages that the Containerfile of the context installs.
  const ofContext = root['packages'] === undefined ? asMap(root['context'])?.['containerfile'] : undefined;
  const fromContainerfile = root['packagesFromContainerfile'] ?? ofContext;
  if (fromContainerfile !== undefined) {
    const path = root['packagesFromContainerfile'] === undefined ? ['context', 'containerfile'] : ['packagesFromContainerfile'];
    const chosen = await containerfile(fromContainerfile, path, reading);
    set['packages_from_containerfile'] = { ...chosen, ...(excluded.size === 0 ? {} : { exclude: [...excluded] }) };
    places.push([['sets', RPMS_IN_SET, 'packages_from_containerfile'], path]);
  }
  if (!Array.isArray(set['packages']) && fromContainerfile === undefined && set['reinstall'] === undefined && set['upgrade'] === undefined)
    set['packages'] = [];
  const base = await readContext(root['context'], reading);
  if (base !== undefined) set['base'] = base;
  if (base?.['image'] === undefined && base?.['containerfile'] === undefined && textList(root['matchContextVersions']).length > 0)
    refuse(['matchContextVersions'], 'needs an image: `context` with `image` or `containerfile`');
  places.push([['sets', RPMS_IN_SET, 'base'], ['context']]);

  const origin = asMap(root['contentOrigin']) ?? {};
  const value: PlainMap = {
    architectures: [...architectures],
    // The default of dnf.
    options: { weak_dependencies: true },
    sets: { [RPMS_IN_SET]: set },
  };
  if (variables['releasever'] !== undefined) value['releasever'] = variables['releasever'];
  places.push([['architectures'], ['arches']]);
  if (Array.isArray(origin['repos'])) {
    const repositories: PlainMap[] = [];
    for (const [i, entry] of origin['repos'].entries()) {
      const found = await repository(asMap(entry) ?? {}, all, ['contentOrigin', 'repos', i], reading);
      // Like dnf: a disabled repository is not used, not even for source RPMs.
      if (found['enabled'] === false) continue;
      places.push([
        ['repositories', repositories.length],
        ['contentOrigin', 'repos', i],
      ]);
      repositories.push(found);
    }
    value['repositories'] = repositories;
  }
  if (Array.isArray(origin['composes'])) {
    const repositories: Plain[] = Array.isArray(value['repositories']) ? value['repositories'] : [];
    for (const [i, entry] of origin['composes'].entries()) {
      const found = await repositoriesOfCompose(entry, ['contentOrigin', 'composes', i], reading);
      for (const each of found)
        places.push([
          ['repositories', repositories.push(each) - 1],
          ['contentOrigin', 'composes', i],
        ]);
    }
    if (repositories.length > 0) value['repositories'] = repositories;
  }
  if (Array.isArray(origin['repofiles'])) {
    const repofiles: Plain[] = [];
    for (const [i, entry] of origin['repofiles'].entries()) {
      places.push([
        ['repofiles', i],
        ['contentOrigin', 'repofiles', i],
      ]);
      repofiles.push(await repofile(entry, all, ['contentOrigin', 'repofiles', i], { ...reading, texts }));
    }
    value['repofiles'] = repofiles;
  }
  return {
    variables,
    source: { value, locate: (path, on) => source.locate(cameFrom(path, places), on) },
    mistakes,
    texts,
  };
}

function cameFrom(path: Path, places: readonly (readonly [to: Path, from: Path])[]): Path {
  let best: readonly [Path, Path] | undefined;
  for (const place of places) {
    const [to] = place;
    if (to.every((step, i) => path[i] === step) && (best === undefined || to.length > best[0].length)) best = place;
  }
  return best === undefined ? path : [...best[1], ...path.slice(best[0].length).map((step) => (step === 'id' ? 'repoid' : step))];
}

/** Default x86_64, as in our manifests: the result must not depend on the machine. */
function readArchitectures(root: { readonly [key: string]: Plain }): readonly string[] {
  const named = textList(root['arches']);
  return named.length === 0 ? ['x86_64'] : named;
}

const canonical = (name: string): string => canonicalArchitecture(name) ?? name;

const nameOf = (entry: Plain): string => (typeof entry === 'string' ? entry : String(asMap(entry)?.['name'] ?? ''));

/** `{ name, arches: { only, not } }` becomes `{ name, architectures }`. */
function scopedEntry(entry: Plain, architectures: readonly string[]): Plain {
  const map = asMap(entry);
  const arches = asMap(map?.['arches']);
  if (map === undefined || arches === undefined) return map === undefined ? entry : (map['name'] ?? '');
  const only = arches['only'] === undefined ? architectures : textList(arches['only']);
  const not = new Set(textList(arches['not']).map(canonical));
  return {
    name: map['name'] ?? '',
    architectures: only.filter((name) => !not.has(canonical(name)) && ARCHITECTURES.includes(canonical(name))),
  };
}

const CONTEXTS = ['image', 'containerfile', 'rpmOstreeTreefile', 'localSystem', 'bare'];

/** Default: a Containerfile next to this file, as in rpm-lockfile-prototype. */
async function contextOf(value: Plain | undefined, { read }: Reading): Promise<Plain | undefined> {
  const context = asMap(value);
  if (CONTEXTS.some((key) => context?.[key] !== undefined && context[key] !== false)) return value;
  for (const containerfile of ['Containerfile', 'Dockerfile'])
    if ('text' in (await read(containerfile))) return { ...context, containerfile };
  return value;
}

/** Packages listed in other files. */
async function otherLists(value: Plain | undefined, reading: Reading): Promise<ListedPackages | undefined> {
  const context = asMap(value);
  const treefile = context?.['rpmOstreeTreefile'];
  if (typeof treefile === 'string') return treefilePackages(treefile, ['context', 'rpmOstreeTreefile'], reading);
  return context?.['flatpak'] === true ? flatpakPackages(['context', 'flatpak'], reading) : undefined;
}

/** Whether `arches` excludes all architectures of the file; the entry is then ignored. */
function isForNone(entry: Plain, architectures: readonly string[]): boolean {
  const scope = asMap(scopedEntry(entry, architectures))?.['architectures'];
  return Array.isArray(scope) && scope.length === 0;
}

async function readContext(value: Plain | undefined, reading: Reading): Promise<PlainMap | undefined> {
  const context = asMap(value);
  if (context === undefined) return undefined;
  if (typeof context['image'] === 'string') return { image: context['image'] };
  if (context['containerfile'] !== undefined) return containerfile(context['containerfile'], ['context', 'containerfile'], reading);
  return context['localSystem'] === true ? { rpmdb: '/' } : undefined;
}

async function containerfile(value: Plain, path: Path, reading: Reading): Promise<PlainMap> {
  const { file, stage, args } = await readChoice(value, path, reading);
  return {
    containerfile: file,
    ...(stage === undefined ? {} : { stage }),
    ...(Object.keys(args).length === 0 ? {} : { args: { ...args } }),
  };
}

const RENAMED: Readonly<Record<string, string>> = { repoid: 'id', excludepkgs: 'exclude' };
const NUMBERS: ReadonlySet<string> = new Set(['priority', 'cost']);
/** Also accept one text with several names, as in `.repo` files. */
const LISTS: ReadonlySet<string> = new Set(['exclude', 'includepkgs']);

async function repository(map: { readonly [key: string]: Plain }, variables: Variables, path: Path, reading: Reading): Promise<PlainMap> {
  const found: PlainMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (WITHOUT_EFFECT.has(key) || key === 'varsFromImage' || key === 'varsFromContainerfile') continue;
    const flag = REPO_FLAGS[key];
    if (flag !== undefined) {
      const isSet = parseFlag(String(value));
      if (isSet === undefined) reading.refuse([...path, key], notAFlag(shortPrintable(String(value))));
      else found[flag] = isSet;
    } else if (NUMBERS.has(key) && typeof value === 'string' && /^-?\d{1,9}$/.test(value)) found[key] = Number(value);
    else {
      const target = RENAMED[key] ?? key;
      const filled = WITH_LABELS.has(target) ? value : fill(value, variables.values);
      found[target] = LISTS.has(target) && typeof filled === 'string' ? splitList(filled) : filled;
    }
  }
  // `${arch}` of rpm-lockfile-prototype means the same as our `$arch`.
  const definition = withoutEmptyCheck(found);
  if (found['enabled'] === false) return definition;
  return fillUrls(definition, await withLabels(map, variables, path, reading), path, reading.refuse);
}

async function repofile(
  entry: Plain,
  variables: Variables,
  path: Path,
  reading: Reading & { readonly texts: Map<string, string> },
): Promise<Plain> {
  const map = asMap(entry);
  if (map === undefined) return fill(entry, variables.values);
  const labels = await withLabels(map, variables, path, reading);
  if (map['giturl'] === undefined) return fillUrls({ location: map['location'] ?? map['file'] ?? '' }, labels, path, reading.refuse);
  const [url, ref, file] = ['giturl', 'gitref', 'file'].map((key) => String(fill(map[key] ?? '', labels.values)));
  const wanted: GitFile = { url: url!, ref: ref!, file: file! };
  if (ref === '' || file === '') {
    reading.refuse([...path, 'giturl'], 'needs `gitref` and `file` beside it');
    return { location: '' };
  }
  try {
    if (reading.git === undefined)
      throw new RpmDepsError('MANIFEST_INVALID', 'files of git repositories cannot be read here: keep a copy of the file beside this one');
    const location = `${wanted.file} of ${withoutSecrets(wanted.url)} at ${wanted.ref}`;
    reading.texts.set(location, await reading.git(wanted));
    return { location };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    reading.refuse([...path, 'giturl'], `cannot be read: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
    return { location: '' };
  }
}
