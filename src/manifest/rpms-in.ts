/**
 * `rpms.in.yaml` of rpm-lockfile-prototype as a manifest: its keys are put where `rpm-packages.yaml` has them, so that everything behind the
 * manifest knows one form. Each key acts or is refused by name; positions lead back to the file that a person wrote.
 */
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import type { Plain, SourceText } from './source-text.ts';

type PlainMap = { [key: string]: Plain };
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
export async function translateRpmsIn(source: SourceText, read: ReadText): Promise<TranslatedManifest> {
  const mistakes: Mistake[] = [];
  const places: (readonly [to: Path, from: Path])[] = [];
  const refuse = (path: Path, message: string): void =>
    void mistakes.push({
      place: source.locate(path, 'key'),
      path,
      message: `\`${path.filter((step) => typeof step === 'string').join('.')}\` ${message}`,
    });
  const written = asMap(source.value) ?? {};
  const variables = await readVariables(written['variables'], refuse, read);
  const root: { readonly [key: string]: Plain } = {
    ...written,
    ...Object.fromEntries(FILLED.flatMap((key) => (written[key] === undefined ? [] : [[key, fill(written[key], variables)]]))),
  };
  for (const { path, why } of NOT_DONE) if (isGiven(root, path)) refuse(path, why);

  const architectures = readArchitectures(root);
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
    const { args: _args, ...chosen } = await containerfile(fromContainerfile, path, refuse, read);
    set['packages_from_containerfile'] = { ...chosen, ...(excluded.size === 0 ? {} : { exclude: [...excluded] }) };
    places.push([['sets', RPMS_IN_SET, 'packages_from_containerfile'], path]);
  }
  if (!Array.isArray(set['packages']) && fromContainerfile === undefined && set['reinstall'] === undefined && set['upgrade'] === undefined)
    set['packages'] = [];
  const base = await readContext(root['context'], refuse, read);
  if (base !== undefined) set['base'] = base;
  places.push([['sets', RPMS_IN_SET, 'base'], ['context']]);

  const origin = asMap(root['contentOrigin']) ?? {};
  const value: PlainMap = { architectures: [...architectures], sets: { [RPMS_IN_SET]: set } };
  if (variables['releasever'] !== undefined) value['releasever'] = variables['releasever'];
  places.push([['architectures'], ['arches']]);
  if (Array.isArray(origin['repos'])) {
    const repositories: PlainMap[] = [];
    for (const [i, entry] of origin['repos'].entries()) {
      const found = repository(asMap(entry) ?? {}, variables, ['contentOrigin', 'repos', i], refuse);
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
    value['repofiles'] = origin['repofiles'].map((entry, i) => {
      places.push([
        ['repofiles', i],
        ['contentOrigin', 'repofiles', i],
      ]);
      return repofile(entry, ['contentOrigin', 'repofiles', i], refuse);
    });
  }
  return {
    variables,
    source: { value, locate: (path, on) => source.locate(cameFrom(path, places), on) },
    mistakes,
  };
}

type Refuse = (path: Path, message: string) => void;

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

const nameOf = (entry: Plain): string => (typeof entry === 'string' ? entry : String(asMap(entry)?.['name'] ?? ''));

/** `{ name, arches: { only, not } }` becomes `{ name, architectures }`. */
function scopedEntry(entry: Plain, architectures: readonly string[]): Plain {
  const map = asMap(entry);
  const arches = asMap(map?.['arches']);
  if (map === undefined || arches === undefined) return map === undefined ? entry : (map['name'] ?? '');
  const canonical = (name: string): string => canonicalArchitecture(name) ?? name;
  const only = arches['only'] === undefined ? architectures : textList(arches['only']);
  const not = new Set(textList(arches['not']).map(canonical));
  return {
    name: map['name'] ?? '',
    architectures: only.filter((name) => !not.has(canonical(name)) && ARCHITECTURES.includes(canonical(name))),
  };
}

async function readContext(value: Plain | undefined, refuse: Refuse, read: ReadText): Promise<PlainMap | undefined> {
  const context = asMap(value);
  if (context === undefined) return undefined;
  if (typeof context['image'] === 'string') return { image: context['image'] };
  if (context['containerfile'] !== undefined) return containerfile(context['containerfile'], ['context', 'containerfile'], refuse, read);
  return context['localSystem'] === true ? { rpmdb: '/' } : undefined;
}

async function containerfile(value: Plain, path: Path, refuse: Refuse, read: ReadText): Promise<PlainMap> {
  const map = asMap(value);
  if (map === undefined) return { containerfile: value };
  if (map['imagePattern'] !== undefined) refuse([...path, 'imagePattern'], 'is not supported: name the stage with `stageName`');
  const { stageName, stageNum, argFile } = map;
  const args = typeof argFile === 'string' ? await readValues(argFile, [...path, 'argFile'], refuse, read) : undefined;
  // Their stages count from 1.
  const stage = stageName ?? (typeof stageNum === 'number' ? stageNum - 1 : undefined);
  return { containerfile: map['file'] ?? '', ...(stage === undefined ? {} : { stage }), ...(args === undefined ? {} : { args }) };
}

/** The text of a file, named from the folder of the manifest; a message where it cannot be read. */
export type ReadText = (path: string) => Promise<{ readonly text: string } | { readonly problem: string }>;

/** Values for `{name}`; later ones win. */
async function readVariables(value: Plain | undefined, refuse: Refuse, read: ReadText): Promise<PlainMap> {
  const variables: PlainMap = {};
  for (const [i, entry] of (Array.isArray(value) ? value : []).entries()) {
    const map = asMap(entry) ?? {};
    for (const kind of ['image', 'containerfile'])
      if (map[kind] !== undefined) refuse(['variables', i, kind], 'is not read: write the values under `inline`');
    if (typeof map['file'] === 'string') Object.assign(variables, await readValues(map['file'], ['variables', i, 'file'], refuse, read));
    for (const [name, text] of Object.entries(asMap(map['inline']) ?? {})) variables[name] = String(text);
  }
  return variables;
}

/** Lines of `NAME=VALUE`, as `podman build --build-arg-file` reads them. */
async function readValues(file: string, path: Path, refuse: Refuse, read: ReadText): Promise<PlainMap> {
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

const LABELS_UNREAD = 'is not read: write the values under `variables`, as `- inline: { version: "9.5" }`';

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

function repository(map: { readonly [key: string]: Plain }, inline: PlainMap, path: Path, refuse: Refuse): PlainMap {
  const found: PlainMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (WITHOUT_EFFECT.has(key)) continue;
    if (key === 'varsFromImage' || key === 'varsFromContainerfile') refuse([...path, key], LABELS_UNREAD);
    else if (FLAGS.has(key)) found[key] = typeof value === 'string' ? /^(?:1|yes|true|on)$/i.test(value) : value === true || value === 1;
    else found[RENAMED[key] ?? key] = fill(value, inline);
  }
  // `${arch}` is a name of theirs; `$arch` is one of ours and means the same.
  return withoutEmptyCheck(found);
}

/** `gpgcheck=1` without a key says nothing of which key: dnf resolves with it, and what is fetched is told to be unchecked. */
export function withoutEmptyCheck(definition: { readonly [key: string]: Plain }): PlainMap {
  const { gpgcheck: _gpgcheck, ...rest } = definition;
  return definition['gpgkey'] === undefined ? rest : { ...definition };
}

/** Fills in `{name}`; one that has no value may be a label of an image and stays. */
export function fill(value: Plain, variables: { readonly [name: string]: Plain }): Plain {
  if (Array.isArray(value)) return value.map((item) => fill(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)]));
  if (typeof value !== 'string') return value;
  return value.replace(/(?<!\$)\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(variables, name) ? String(variables[name]) : whole));
}

function repofile(entry: Plain, path: Path, refuse: Refuse): Plain {
  const map = asMap(entry);
  if (map === undefined) return entry;
  if (map['giturl'] !== undefined) {
    refuse([...path, 'giturl'], 'is not read: keep a copy of the file beside this one and name that');
    return { location: '' };
  }
  for (const key of ['varsFromImage', 'varsFromContainerfile']) if (map[key] !== undefined) refuse([...path, key], LABELS_UNREAD);
  return { location: map['location'] ?? map['file'] ?? '' };
}
