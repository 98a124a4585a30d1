/**
 * `rpms.in.yaml` of rpm-lockfile-prototype as a manifest: its keys are put where `rpm-packages.yaml` has them, so that everything behind the
 * manifest knows one form. Each key acts or is refused by name; positions lead back to the file that a person wrote.
 */
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import {
  fill,
  fillUrls,
  type PlainMap,
  type ReadOutside,
  type Refuse,
  readValues,
  readVariables,
  stageOf,
  type Variables,
  WITH_LABELS,
  withLabels,
} from './rpms-in-variables.ts';
import type { Plain, SourceText } from './source-text.ts';

type Path = readonly (string | number)[];

/** The one set of such a file. */
const RPMS_IN_SET = 'rpms';

export interface TranslatedManifest {
  /** In the form of `rpm-packages.yaml`. */
  readonly source: SourceText;
  readonly mistakes: readonly Mistake[];
  /** Values of `{name}` in repositories. */
  readonly variables: { readonly [name: string]: Plain };
}

const NOT_DONE: readonly { readonly path: Path; readonly why: string }[] = [
  { path: ['contentOrigin', 'composes'], why: 'is not read: name the repositories of the compose under `repos` or `repofiles`' },
  { path: ['context', 'rpmOstreeTreefile'], why: 'is not read: use `image`, `containerfile` or `bare`' },
  { path: ['context', 'flatpak'], why: 'is not supported: use `image`, `containerfile` or `bare`' },
];

/** Where `{name}` is filled in, besides repositories. */
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

/** Translates what the YAML reader gave; the shape was checked by the schema. */
export async function translateRpmsIn(source: SourceText, outside: ReadOutside): Promise<TranslatedManifest> {
  const mistakes: Mistake[] = [];
  const places: (readonly [to: Path, from: Path])[] = [];
  const refuse = (path: Path, message: string): void =>
    void mistakes.push({
      place: source.locate(path, 'key'),
      path,
      message: `\`${path.filter((step) => typeof step === 'string').join('.')}\` ${message}`,
    });
  const written = asMap(source.value) ?? {};
  const architectures = readArchitectures(written);
  const reading = { ...outside, architectures: architectures.map(canonical), refuse };
  const all = await readVariables(written['variables'], reading);
  const { values: variables } = all;
  const root: { readonly [key: string]: Plain } = {
    ...written,
    ...Object.fromEntries(FILLED.flatMap((key) => (written[key] === undefined ? [] : [[key, fill(written[key], variables)]]))),
  };
  for (const { path, why } of NOT_DONE) if (isGiven(root, path)) refuse(path, why);

  const set: PlainMap = {};
  // As that tool does it: names are taken off the request, not off the answer.
  const excluded = new Set(textList(root['excludePackages']));
  const scoped = (key: string, target: string): void => {
    const list = root[key];
    if (!Array.isArray(list)) return;
    const wanted: Plain[] = [];
    for (const [i, entry] of list.entries()) {
      if (excluded.has(nameOf(entry))) continue;
      places.push([
        ['sets', RPMS_IN_SET, target, wanted.length],
        [key, i],
      ]);
      wanted.push(scopedEntry(entry, architectures));
    }
    set[target] = wanted;
  };
  const copy = (key: string, target: string, into: PlainMap = set): void => {
    const value = root[key];
    if (value === undefined) return;
    into[target] = value;
    places.push([into === set ? ['sets', RPMS_IN_SET, target] : [target], [key]]);
  };
  scoped('packages', 'packages');
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
    const list = root[key];
    if (!Array.isArray(list)) continue;
    modules[target] = list.map((entry) => scopedEntry(entry, architectures));
    places.push([['sets', RPMS_IN_SET, 'modules', target], [key]]);
  }
  if (Object.keys(modules).length > 0) set['modules'] = modules;
  // Without a list of packages they are those that the Containerfile of the context installs.
  const ofContext = root['packages'] === undefined ? asMap(root['context'])?.['containerfile'] : undefined;
  const fromContainerfile = root['packagesFromContainerfile'] ?? ofContext;
  if (fromContainerfile !== undefined) {
    const path = root['packagesFromContainerfile'] === undefined ? ['context', 'containerfile'] : ['packagesFromContainerfile'];
    const { args: _args, ...chosen } = await containerfile(fromContainerfile, path, reading);
    set['packages_from_containerfile'] = { ...chosen, ...(excluded.size === 0 ? {} : { exclude: [...excluded] }) };
    places.push([['sets', RPMS_IN_SET, 'packages_from_containerfile'], path]);
  }
  if (!Array.isArray(set['packages']) && fromContainerfile === undefined && set['reinstall'] === undefined && set['upgrade'] === undefined)
    set['packages'] = [];
  const base = await readContext(root['context'], reading);
  if (base !== undefined) set['base'] = base;
  places.push([['sets', RPMS_IN_SET, 'base'], ['context']]);

  const origin = asMap(root['contentOrigin']) ?? {};
  const value: PlainMap = { architectures: [...architectures], sets: { [RPMS_IN_SET]: set } };
  if (variables['releasever'] !== undefined) value['releasever'] = variables['releasever'];
  places.push([['architectures'], ['arches']]);
  if (Array.isArray(origin['repos'])) {
    const repositories: PlainMap[] = [];
    for (const [i, entry] of origin['repos'].entries()) {
      const found = await repository(asMap(entry) ?? {}, all, ['contentOrigin', 'repos', i], reading);
      // As dnf: it is not there at all, not even for source RPMs.
      if (found['enabled'] === false) continue;
      places.push([
        ['repositories', repositories.length],
        ['contentOrigin', 'repos', i],
      ]);
      repositories.push(found);
    }
    value['repositories'] = repositories;
  }
  if (Array.isArray(origin['repofiles'])) {
    const repofiles: Plain[] = [];
    for (const [i, entry] of origin['repofiles'].entries()) {
      places.push([
        ['repofiles', i],
        ['contentOrigin', 'repofiles', i],
      ]);
      repofiles.push(await repofile(entry, all, ['contentOrigin', 'repofiles', i], reading));
    }
    value['repofiles'] = repofiles;
  }
  return {
    variables,
    source: { value, locate: (path, on) => source.locate(cameFrom(path, places), on) },
    mistakes,
  };
}

interface Reading extends ReadOutside {
  readonly architectures: readonly string[];
  readonly refuse: Refuse;
}

function isGiven(root: { readonly [key: string]: Plain }, path: Path): boolean {
  let value: Plain | undefined = root;
  for (const step of path) value = asMap(value)?.[step as string];
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

function cameFrom(path: Path, places: readonly (readonly [to: Path, from: Path])[]): Path {
  let best: readonly [Path, Path] | undefined;
  for (const place of places) {
    const [to] = place;
    if (to.every((step, i) => path[i] === step) && (best === undefined || to.length > best[0].length)) best = place;
  }
  return best === undefined ? path : [...best[1], ...path.slice(best[0].length).map((step) => (step === 'id' ? 'repoid' : step))];
}

/** As in a manifest of our own, x86_64 where none is named: what is locked must not depend on the machine. */
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

async function readContext(value: Plain | undefined, reading: Reading): Promise<PlainMap | undefined> {
  const context = asMap(value);
  if (context === undefined) return undefined;
  if (typeof context['image'] === 'string') return { image: context['image'] };
  if (context['containerfile'] !== undefined) return containerfile(context['containerfile'], ['context', 'containerfile'], reading);
  return context['localSystem'] === true ? { rpmdb: '/' } : undefined;
}

async function containerfile(value: Plain, path: Path, reading: Reading): Promise<PlainMap> {
  const map = asMap(value);
  if (map === undefined) return { containerfile: value };
  const { argFile } = map;
  const args = typeof argFile === 'string' ? await readValues(argFile, [...path, 'argFile'], reading) : undefined;
  const stage = stageOf(map, path, reading.refuse);
  return { containerfile: map['file'] ?? '', ...(stage === undefined ? {} : { stage }), ...(args === undefined ? {} : { args }) };
}

/** Options that are written as numbers or text there and as true or false here. */
const FLAGS = new Set(['enabled', 'gpgcheck', 'repo_gpgcheck', 'module_hotfixes', 'sslverify', 'skip_if_unavailable']);
const RENAMED: Readonly<Record<string, string>> = { repoid: 'id', excludepkgs: 'exclude' };
/** Options of a repository that change how it is downloaded and nothing in a lockfile. */
const WITHOUT_EFFECT = new Set([
  'metadata_expire',
  'enabled_metadata',
  'countme',
  'type',
  'timeout',
  'retries',
  'deltarpm',
  'keepcache',
  'fastestmirror',
]);

async function repository(map: { readonly [key: string]: Plain }, variables: Variables, path: Path, reading: Reading): Promise<PlainMap> {
  const found: PlainMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (WITHOUT_EFFECT.has(key) || key === 'varsFromImage' || key === 'varsFromContainerfile') continue;
    if (FLAGS.has(key)) found[key] = typeof value === 'string' ? /^(?:1|yes|true|on)$/i.test(value) : value === true || value === 1;
    else {
      const target = RENAMED[key] ?? key;
      found[target] = WITH_LABELS.has(target) ? value : fill(value, variables.values);
    }
  }
  // `${arch}` is a name of theirs; `$arch` is one of ours and means the same.
  const definition = withoutEmptyCheck(found);
  if (found['enabled'] === false) return definition;
  return fillUrls(definition, await withLabels(map, variables, path, reading), path, reading.refuse);
}

/** `gpgcheck=1` without a key says nothing of which key: dnf resolves with it, and what is fetched is told to be unchecked. */
export function withoutEmptyCheck(definition: { readonly [key: string]: Plain }): PlainMap {
  const { gpgcheck: _gpgcheck, ...rest } = definition;
  return definition['gpgkey'] === undefined ? rest : { ...definition };
}

async function repofile(entry: Plain, variables: Variables, path: Path, reading: Reading): Promise<Plain> {
  const map = asMap(entry);
  if (map === undefined) return fill(entry, variables.values);
  if (map['giturl'] !== undefined) {
    reading.refuse([...path, 'giturl'], 'is not read: keep a copy of the file beside this one and name that');
    return { location: '' };
  }
  const location = map['location'] ?? map['file'] ?? '';
  return fillUrls({ location }, await withLabels(map, variables, path, reading), path, reading.refuse);
}
