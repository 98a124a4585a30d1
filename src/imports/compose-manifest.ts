/** Merges the content of several files into one manifest: sets, shared lists, versions and repositories. */
import { MANIFEST_SCHEMA } from '../manifest/manifest-schema.ts';
import { withoutLogins } from '../manifest/repo-file.ts';
import type { Plain } from '../manifest/source-text.ts';
import { CHOSEN_ANEW, type Imported, type ImportedHold, type ImportedIgnore, type ImportedTarget, lastPart } from './imported.ts';
import { type PinnedVersions, pinVersions } from './pinned-versions.ts';
import { belongsTo, findSharedLists, type SharedList } from './shared-lists.ts';
import { type TranslatedRepositories, translateRepositories, urlsOf } from './translate-repositories.ts';

export interface ComposedSpec {
  readonly spec: string;
  /** Undefined for all architectures of the set. */
  readonly architectures: readonly string[] | undefined;
}

export interface Loss {
  readonly text: string;
  /** Undefined for all architectures of the set or manifest. */
  readonly architectures?: readonly string[] | undefined;
}

export interface ComposedSet {
  readonly name: string;
  /** Comments above its lists in the imported file. */
  readonly comments: readonly string[];
  readonly architectures: readonly string[];
  readonly groups: readonly string[];
  readonly packages: readonly ComposedSpec[];
  readonly ignore: readonly (ImportedIgnore & { readonly architectures: readonly string[] | undefined })[];
  readonly settings: { readonly [key: string]: Plain };
  readonly lost: readonly Loss[];
}

export interface ComposedManifest {
  readonly architectures: readonly string[];
  readonly repositories: TranslatedRepositories;
  readonly repofiles: readonly Plain[];
  readonly versions: ReadonlyMap<string, string>;
  readonly groups: readonly SharedList[];
  readonly sets: readonly ComposedSet[];
  readonly holds: readonly ImportedHold[];
  readonly exclude: readonly string[];
  readonly fallbacks: readonly string[];
  readonly lost: readonly string[];
}

/** Targets of all files; those of a pile only if no other file has sets. The same set of several files is merged. */
export function mergeTargets(imported: readonly Imported[]): ImportedTarget[] {
  const all = imported.flatMap(({ targets = [] }) => targets);
  const chosen = all.some(({ isPile }) => isPile !== true) ? all.filter(({ isPile }) => isPile !== true) : all;
  const merged = new Map<string, ImportedTarget>();
  const origins = new Map(imported.flatMap(({ origins: own = new Map<string, string>() }) => [...own]));
  const urlsByFile = new Map(
    imported.map(({ file = '', repositories = [] }) => [
      lastPart(file),
      repositories.flatMap(({ definition }) => urlsOf(withoutLogins(definition).clean)),
    ]),
  );
  for (const given of chosen) {
    const target = withPlaces(given, origins, urlsByFile);
    const key = `${target.set} ${target.architecture}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? target : joinTargets(known, target));
  }
  return [...merged.values()];
}

function withPlaces(
  target: ImportedTarget,
  origins: ReadonlyMap<string, string>,
  urlsByFile: ReadonlyMap<string, readonly string[]>,
): ImportedTarget {
  const files = (target.repositoryFiles ?? []).map((name) => urlsByFile.get(lastPart(name)) ?? []);
  const listed = files.some((urls) => urls.length === 0) ? [] : files.flat();
  const places = [...new Set([...(target.rules ?? []).flatMap((rule) => origins.get(rule) ?? []), ...listed])];
  return places.length === 0 ? target : { ...target, places };
}

/** The packages of a closure are not added to a request for the same set. */
function joinTargets(a: ImportedTarget, b: ImportedTarget): ImportedTarget {
  const isMixed = (a.isClosure === true) !== (b.isClosure === true);
  const requests = isMixed ? [a, b].filter(({ isClosure }) => isClosure !== true) : [a, b];
  const differing = Object.entries(b.settings ?? {}).filter(
    ([key, value]) => a.settings?.[key] !== undefined && JSON.stringify(a.settings[key]) !== JSON.stringify(value),
  );
  const lost = [
    ...[a, b].flatMap(({ lost: own = [] }) => own.filter((text) => !isMixed || text !== CHOSEN_ANEW)),
    ...(isMixed ? ['the list of all packages in one file: another file has what was requested'] : []),
    ...differing.map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\`, which another file has differently`),
  ];
  return {
    set: a.set,
    architecture: a.architecture,
    specs: [...new Set(requests.flatMap(({ specs }) => specs))],
    isClosure: !isMixed && a.isClosure === true,
    ...(a.roots === undefined || b.roots === undefined ? {} : { roots: [...new Set([...a.roots, ...b.roots])] }),
    forAnyArchitecture: requests.flatMap(({ forAnyArchitecture = [] }) => forAnyArchitecture),
    ignore: [...(a.ignore ?? []), ...(b.ignore ?? [])],
    settings: { ...b.settings, ...a.settings },
    ...(a.places === undefined || b.places === undefined ? {} : { places: [...new Set([...a.places, ...b.places])] }),
    lost: [...new Set(lost)],
  };
}

export function composeManifest(imported: readonly Imported[], targets: readonly ImportedTarget[]): ComposedManifest {
  const given = imported.flatMap(({ repositories = [] }) => repositories);
  const named =
    targets.length > 0 ? targets.map(({ architecture }) => architecture) : given.flatMap(({ architecture }) => architecture ?? []);
  const architectures = [...new Set(named)];
  const pins = pinVersions(
    targets.flatMap(({ specs }) => specs),
    new Map(imported.flatMap(({ versions = new Map<string, string>() }) => [...versions])),
  );
  const repositories = translateRepositories(given, architectures);
  const sets = setsOf(targets, architectures, pins).map((set) => withRepositories(set, targets, repositories));
  const lists = new Map(
    imported.flatMap(({ groups = new Map<string, { readonly specs: readonly string[]; readonly comment?: string }>() }) =>
      [...groups].map(([name, list]) => [name, { ...list, specs: list.specs.map(pins.specOf) }] as const),
    ),
  );
  const groups = findSharedLists(
    sets
      .filter(({ name }) => !targets.some(({ set, isClosure }) => set === name && isClosure === true))
      .map(({ name, packages }) => ({
        name,
        common: new Set(packages.filter((one) => one.architectures === undefined).map(({ spec }) => spec)),
      })),
    lists,
  );
  const shared = sharedLosses(sets);
  const files = withoutLogins(imported.flatMap(({ repofiles = [] }) => repofiles));
  return {
    architectures: architectures.length > 0 ? architectures : ['x86_64'],
    repositories,
    repofiles: files.clean,
    versions: pins.versions,
    groups,
    sets: sets.map((set) =>
      withGroups({ ...set, comments: commentsOf(set.name, lists), lost: set.lost.filter(({ text }) => !shared.includes(text)) }, groups),
    ),
    holds: imported.flatMap(({ holds = [] }) => holds),
    exclude: [...new Set(imported.flatMap(({ exclude = [] }) => exclude))],
    fallbacks: [...new Set(imported.flatMap(({ fallbacks = [] }) => fallbacks))],
    lost: [
      ...new Set([
        ...imported.flatMap(({ lost = [] }) => lost),
        ...(files.hadLogins ? ['the login in the URL of a repository file'] : []),
        ...shared,
      ]),
    ],
  };
}

const commentsOf = (set: string, lists: ReadonlyMap<string, { readonly comment?: string | undefined }>): string[] => [
  ...new Set([...lists].flatMap(([name, { comment }]) => (comment !== undefined && belongsTo(name, set) ? [comment] : []))),
];

/** Items that all sets lost for all their architectures are reported once for the manifest. */
function sharedLosses(sets: readonly ComposedSet[]): string[] {
  const whole = sets.map(({ lost }) => lost.filter(({ architectures }) => architectures === undefined).map(({ text }) => text));
  return sets.length < 2 ? [] : whole[0]!.filter((text) => whole.every((texts) => texts.includes(text)));
}

/** Adds `repositories` to a set if sets use different repositories. */
function withRepositories(set: ComposedSet, targets: readonly ImportedTarget[], { repositories }: TranslatedRepositories): ComposedSet {
  const members = targets.filter((target) => target.set === set.name);
  const places = new Set(members.flatMap(({ places: own = [] }) => own.map(withoutSlash)));
  if (places.size === 0 || members.some((target) => target.places === undefined)) return set;
  const own = repositories.filter(({ places: urls }) => urls.some((url) => places.has(withoutSlash(url))));
  const enabled = repositories.filter(({ definition }) => definition['enabled'] !== false);
  if (own.length === 0 || enabled.every((one) => own.includes(one))) return set;
  const ids = own.map(({ definition }) => String(definition['id']));
  if (SET_KEYS.has('repositories')) return { ...set, settings: { repositories: ids, ...set.settings } };
  return { ...set, lost: [...set.lost, { text: `its choice of repositories: ${ids.join(', ')}` }] };
}

const SET_KEYS: ReadonlySet<string> = new Set(Object.keys(MANIFEST_SCHEMA.properties.sets.additionalProperties.properties));
const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

function withGroups(set: ComposedSet, groups: readonly SharedList[]): ComposedSet {
  const own = groups.filter(({ sets }) => sets.includes(set.name));
  const grouped = new Set(own.flatMap(({ specs }) => specs));
  return {
    ...set,
    groups: own.map(({ name }) => name),
    packages: set.packages.filter(({ spec, architectures }) => architectures !== undefined || !grouped.has(spec)),
  };
}

function setsOf(targets: readonly ImportedTarget[], all: readonly string[], { specOf }: PinnedVersions): ComposedSet[] {
  const bySet = new Map<string, ImportedTarget[]>();
  for (const target of targets) bySet.set(target.set, [...(bySet.get(target.set) ?? []), target]);
  return [...bySet].map(([name, members]) => {
    const own = all.filter((architecture) => members.some((target) => target.architecture === architecture));
    const scope = (architectures: readonly string[]): readonly string[] | undefined =>
      architectures.length === own.length ? undefined : own.filter((one) => architectures.includes(one));
    const settings: { [key: string]: Plain } = {};
    const lost = collect(members, ({ lost: texts = [] }) => texts);
    for (const { architecture, settings: given = {} } of members) {
      for (const [key, value] of Object.entries(given)) {
        if (settings[key] === undefined) settings[key] = value;
        else if (JSON.stringify(settings[key]) !== JSON.stringify(value)) {
          const text = `\`${key}: ${JSON.stringify(value)}\`, which other architectures have differently`;
          lost.set(text, [...(lost.get(text) ?? []), architecture]);
        }
      }
    }
    const ignore = collect(members, ({ ignore: list = [] }) => list.map(({ pattern }) => pattern));
    const reasons = new Map(members.flatMap(({ ignore: list = [] }) => list.map(({ pattern, reason }) => [pattern, reason] as const)));
    return {
      name,
      comments: [],
      architectures: own,
      groups: [],
      packages: [...collect(members, ({ specs }) => specs.map(specOf))].map(([spec, architectures]) => ({
        spec,
        architectures: scope(architectures),
      })),
      ignore: [...ignore].map(([pattern, architectures]) => ({
        pattern,
        reason: reasons.get(pattern),
        architectures: scope(architectures),
      })),
      settings,
      lost: [...lost].map(([text, architectures]) => ({ text, architectures: scope(architectures) })),
    };
  });
}

/** Each text with its architectures, in the order of first occurrence. */
function collect(members: readonly ImportedTarget[], textsOf: (target: ImportedTarget) => readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const target of members) {
    for (const text of new Set(textsOf(target))) {
      const known = found.get(text);
      if (known === undefined) found.set(text, [target.architecture]);
      else known.push(target.architecture);
    }
  }
  return found;
}
