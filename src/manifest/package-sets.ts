import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import { RegexMistake, regexMatcher, regexSource } from '../rpm/regex.ts';
import { architectureList } from './architecture-list.ts';
import { buildImageSettings } from './image-settings.ts';
import type { PackageSet, RepositoryDefinition, RequestedSpec, SourceSettings } from './manifest.ts';
import type { MistakeList } from './mistake.ts';
import { asFlag, asMap, textList } from './plain-access.ts';
import { type Scoped, scopedTexts, textsFor } from './scoped-texts.ts';
import { buildInstalledSettings } from './set-base.ts';
import type { Plain, SourceText } from './source-text.ts';
import { expandSpec } from './versions.ts';

type Path = readonly (string | number)[];
type PlainMap = { readonly [key: string]: Plain };
/** A spec and its architectures; undefined: all of the set. */
type ScopedSpec = { readonly spec: RequestedSpec; readonly architectures: readonly string[] | undefined };

interface SetsInput {
  readonly root: PlainMap;
  /** Default for sets without `architectures`. */
  readonly architectures: readonly string[];
  /** Architectures that sets may name. */
  readonly known: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly repositories: readonly RepositoryDefinition[];
  readonly source: SourceText;
  readonly mistakes: MistakeList;
}

export function buildSets(input: SetsInput): PackageSet[] {
  const { root, mistakes } = input;
  const groups = new Map<string, readonly ScopedSpec[]>();
  for (const [name, list] of Object.entries(asMap(root['groups']) ?? {})) groups.set(name, buildSpecs(list, ['groups', name], input));
  const sets: PackageSet[] = [];
  let packages = 0;
  for (const [name, value] of Object.entries(asMap(root['sets']) ?? {})) {
    if (!SET_NAME.test(name)) {
      mistakes.add(
        ['sets', name],
        `\`${shortPrintable(name)}\` cannot be a set name: letters, digits, and ._+- after the first character`,
        'key',
      );
    }
    const map = asMap(value);
    for (const group of new Set(textList(map?.['groups']))) packages += groups.get(group)?.length ?? 0;
    if (packages > MAX_PACKAGES) {
      mistakes.add(['sets', name], `all sets together take more than ${MAX_PACKAGES} packages from groups`);
      return sets;
    }
    if (map) sets.push(...releasesOf(buildSet(name, map, groups, input), map['releasever']));
    else if (value === null) mistakes.add(['sets', name], `the set \`${shortPrintable(name)}\` is empty`);
  }
  const counts = new Map<string, number>();
  for (const { name } of sets) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { name, writtenName } of sets) {
    if (writtenName === undefined || counts.get(name) === 1) continue;
    mistakes.add(['sets', writtenName, 'releasever'], `there is another set \`${shortPrintable(name)}\``);
  }
  return sets;
}

/** Expands a set with several releases into one set per release, with the release at the end of its name. */
function releasesOf(set: PackageSet, releasever: Plain | undefined): PackageSet[] {
  if (!Array.isArray(releasever)) return [set];
  return textList(releasever).map((release) => ({ ...set, name: `${set.name}-${release}`, writtenName: set.name, releasever: release }));
}

/** Limits all sets together: a short manifest can use a long group in many sets. */
const MAX_PACKAGES = 200_000;

/** The name of a set becomes part of a file name. */
const SET_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}$/;

function buildSet(name: string, map: PlainMap, groups: ReadonlyMap<string, readonly ScopedSpec[]>, input: SetsInput): PackageSet {
  const { root, mistakes } = input;
  const path = ['sets', name];
  const specs = [...groupSpecs(map['groups'], path, groups, mistakes), ...buildSpecs(map['packages'], [...path, 'packages'], input)];
  const hasOwnList = Array.isArray(map['groups']) ? map['groups'].length > 0 : false;
  const changesInstalled = ['upgrade', 'distro_sync', 'reinstall', 'remove'].some((key) => map[key] !== undefined);
  if (specs.length === 0 && !hasOwnList && !changesInstalled && !(Array.isArray(map['packages']) && map['packages'].length > 0)) {
    mistakes.addAbsence(path, `the set \`${shortPrintable(name)}\` is empty; give it \`packages\` or \`groups\``);
  }
  const architectures =
    map['architectures'] === undefined
      ? input.architectures
      : architectureList(map['architectures'], [...path, 'architectures'], input.known, mistakes);
  checkPatterns(map['ignore'], [...path, 'ignore'], mistakes);
  if (textList(map['exclude']).length > MAX_PATTERNS) mistakes.add([...path, 'exclude'], `more than ${MAX_PATTERNS} patterns`);
  const option = (key: string): boolean => asFlag(asMap(map['options'])?.[key]) ?? asFlag(asMap(root['options'])?.[key]) ?? false;
  const modules = (key: 'enable' | 'disable'): Scoped[] => [
    ...scopedTexts(asMap(root['modules'])?.[key], ['modules', key], mistakes),
    ...scopedTexts(asMap(map['modules'])?.[key], [...path, 'modules', key], mistakes),
  ];
  const [enabled, disabled] = [modules('enable'), modules('disable')];
  const installedSettings = buildInstalledSettings(map, path, mistakes);
  return {
    name,
    architectures,
    ignore: textList(map['ignore']),
    exclude: textList(map['exclude']),
    repositories: buildSetRepositories(map['repositories'], [...path, 'repositories'], input),
    ...(typeof map['releasever'] === 'string' ? { releasever: map['releasever'] } : {}),
    weakDependencies: option('weak_dependencies'),
    best: option('best'),
    image: buildImageSettings(map, path, mistakes),
    sources: buildSources(map['sources']),
    base: installedSettings.base,
    modulesFor: (architecture) => ({ enable: textsFor(enabled, architecture), disable: textsFor(disabled, architecture) }),
    installedFor: installedSettings.forArchitecture,
    specsFor: (architecture) => specsFor(specs, architecture),
  };
}

/** Each repository must exist and be enabled. */
function buildSetRepositories(value: Plain | undefined, path: Path, { repositories, mistakes }: SetsInput): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  for (const [i, id] of textList(value).entries()) {
    const known = repositories.find((repository) => repository.id === id);
    if (known?.enabled === true) continue;
    const near = nearestOf(
      id,
      repositories.map((repository) => repository.id),
    );
    const advice =
      near === undefined ? `repositories are: ${repositories.map((other) => other.id).join(', ')}` : `did you mean \`${near}\`?`;
    const problem =
      known === undefined ? `unknown repository \`${shortPrintable(id)}\`; ${advice}` : `the repository \`${id}\` is not enabled`;
    mistakes.add([...path, i], problem);
  }
  return textList(value);
}

function buildSources(value: Plain | undefined): SourceSettings | undefined {
  if (value === true || value === 'required') return { required: value === 'required', repositories: undefined };
  return Array.isArray(value) ? { required: false, repositories: textList(value) } : undefined;
}

function specsFor(specs: readonly ScopedSpec[], architecture: string): readonly RequestedSpec[] {
  const byText = new Map<string, RequestedSpec>();
  for (const { spec, architectures } of specs) {
    if (architectures && !architectures.includes(architecture)) continue;
    if (!byText.has(spec.text)) byText.set(spec.text, spec);
  }
  return [...byText.values()];
}

function groupSpecs(
  value: Plain | undefined,
  path: Path,
  groups: ReadonlyMap<string, readonly ScopedSpec[]>,
  mistakes: MistakeList,
): ScopedSpec[] {
  const list: readonly Plain[] = Array.isArray(value) ? value : [];
  const taken = new Set<string>();
  return list.flatMap((name, i) => {
    if (typeof name !== 'string' || taken.has(name)) return [];
    taken.add(name);
    const specs = groups.get(name);
    if (specs) return specs;
    const nearest = nearestOf(name, groups.keys());
    const advice = nearest
      ? `did you mean \`${nearest}\`?`
      : groups.size > 0
        ? `expected one of ${[...groups.keys()].join(', ')}`
        : 'there are no groups';
    mistakes.add([...path, 'groups', i], `unknown group \`${shortPrintable(name)}\`; ${advice}`);
    return [];
  });
}

function buildSpecs(value: Plain | undefined, path: Path, { versions, source, mistakes }: SetsInput): ScopedSpec[] {
  const result: ScopedSpec[] = [];
  for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
    const map = asMap(item);
    const template = (typeof item === 'string' ? item : map?.['name']) ?? '';
    if (typeof template !== 'string' || template.trim() === '') continue;
    const specPath = map ? [...path, i, 'name'] : [...path, i];
    const { text, variables, problems } = expandSpec(template.trim(), versions);
    for (const problem of problems) mistakes.add(specPath, problem);
    if (text.length > MAX_SPEC) mistakes.add(specPath, `longer than ${MAX_SPEC} characters`);
    if (/[\x00-\x1f\x7f]/.test(text)) mistakes.add(specPath, `a control character in \`${shortPrintable(text)}\``);
    const scope = map?.['architectures'];
    result.push({
      spec: { text, template: template.trim(), variables, ...source.locate(specPath, 'value') },
      architectures: scope === undefined ? undefined : architectureList(scope, [...path, i, 'architectures'], ARCHITECTURES, mistakes),
    });
  }
  return result;
}

/** Checks `/regex/` patterns. Limited in number, because each is tried on every package. */
function checkPatterns(value: Plain | undefined, path: Path, mistakes: MistakeList): void {
  const patterns = textList(value);
  if (patterns.length > MAX_PATTERNS) mistakes.add(path, `more than ${MAX_PATTERNS} patterns`);
  let regexes = 0;
  for (const [i, pattern] of patterns.slice(0, MAX_PATTERNS).entries()) {
    const source = regexSource(pattern);
    if (source === undefined) continue;
    if (++regexes > MAX_REGEXES) {
      mistakes.add([...path, i], `more than ${MAX_REGEXES} regular expressions: join some of them with \`|\``);
      return;
    }
    try {
      regexMatcher(source);
    } catch (error) {
      if (!(error instanceof RegexMistake)) throw error;
      mistakes.add(
        [...path, i],
        `\`${shortPrintable(pattern)}\` cannot be used as a regular expression: ${shortPrintable(error.message, 200)}`,
      );
    }
  }
}

/** Characters; no package name or relation is nearly as long. */
const MAX_SPEC = 4096;
const MAX_PATTERNS = 1000;
const MAX_REGEXES = 50;
