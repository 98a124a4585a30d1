import { nearestOf } from '../base/nearest.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import { architectureList } from './architecture-list.ts';
import { buildImageSettings } from './image-settings.ts';
import type { PackageSet, RequestedSpec } from './manifest.ts';
import type { MistakeList } from './mistake.ts';
import { asFlag, asMap, textList } from './plain-access.ts';
import { printable } from './printable.ts';
import type { Plain, SourceText } from './source-text.ts';
import { expandSpec } from './versions.ts';

type Path = readonly (string | number)[];
type PlainMap = { readonly [key: string]: Plain };
/** A spec and the architectures it is for; undefined means all of the set. */
type ScopedSpec = { readonly spec: RequestedSpec; readonly architectures: readonly string[] | undefined };

interface SetsInput {
  readonly root: PlainMap;
  /** What a set gets that names none. */
  readonly architectures: readonly string[];
  /** What a set may name. */
  readonly known: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly source: SourceText;
  readonly mistakes: MistakeList;
}

export function buildSets(input: SetsInput): PackageSet[] {
  const { root, mistakes } = input;
  const groups = new Map<string, readonly ScopedSpec[]>();
  for (const [name, list] of Object.entries(asMap(root['groups']) ?? {})) groups.set(name, buildSpecs(list, ['groups', name], input));
  const sets: PackageSet[] = [];
  for (const [name, value] of Object.entries(asMap(root['sets']) ?? {})) {
    if (!SET_NAME.test(name)) {
      mistakes.add(
        ['sets', name],
        `\`${printable(name)}\` cannot be a set name: letters, digits, and ._+- after the first character`,
        'key',
      );
    }
    const map = asMap(value);
    if (map) sets.push(buildSet(name, map, groups, input));
    else if (value === null) mistakes.add(['sets', name], `the set \`${printable(name)}\` asks for nothing`);
  }
  return sets;
}

/** A set's name becomes a file name. */
const SET_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}$/;

function buildSet(name: string, map: PlainMap, groups: ReadonlyMap<string, readonly ScopedSpec[]>, input: SetsInput): PackageSet {
  const { root, mistakes } = input;
  const path = ['sets', name];
  const specs = [...groupSpecs(map['groups'], path, groups, mistakes), ...buildSpecs(map['packages'], [...path, 'packages'], input)];
  const hasOwnList = Array.isArray(map['groups']) ? map['groups'].length > 0 : false;
  if (specs.length === 0 && !hasOwnList && !(Array.isArray(map['packages']) && map['packages'].length > 0)) {
    mistakes.addAbsence(path, `the set \`${printable(name)}\` asks for nothing; give it \`packages\` or \`groups\``);
  }
  const architectures =
    map['architectures'] === undefined
      ? input.architectures
      : architectureList(map['architectures'], [...path, 'architectures'], input.known, mistakes);
  checkPatterns(map['ignore'], [...path, 'ignore'], mistakes);
  const option = (key: string): boolean => asFlag(asMap(map['options'])?.[key]) ?? asFlag(asMap(root['options'])?.[key]) ?? false;
  const modules = (key: string): string[] => [
    ...new Set([...textList(asMap(root['modules'])?.[key]), ...textList(asMap(map['modules'])?.[key])]),
  ];
  return {
    name,
    architectures,
    ignore: textList(map['ignore']),
    exclude: textList(map['exclude']),
    weakDependencies: option('weak_dependencies'),
    best: option('best'),
    modules: { enable: modules('enable'), disable: modules('disable') },
    image: buildImageSettings(map, path, mistakes),
    specsFor: (architecture) => specsFor(specs, architecture),
  };
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
  return (Array.isArray(value) ? value : []).flatMap((name, i) => {
    if (typeof name !== 'string') return [];
    const specs = groups.get(name);
    if (specs) return specs;
    const nearest = nearestOf(name, groups.keys());
    const advice = nearest
      ? `did you mean \`${nearest}\`?`
      : groups.size > 0
        ? `expected one of ${[...groups.keys()].join(', ')}`
        : 'there are no groups';
    mistakes.add([...path, 'groups', i], `unknown group \`${printable(name)}\`; ${advice}`);
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
    if (/[\x00-\x1f\x7f]/.test(text)) mistakes.add(specPath, `a control character in \`${printable(text)}\``);
    const scope = map?.['architectures'];
    result.push({
      spec: { text, template: template.trim(), variables, ...source.locate(specPath, 'value') },
      architectures: scope === undefined ? undefined : architectureList(scope, [...path, i, 'architectures'], ARCHITECTURES, mistakes),
    });
  }
  return result;
}

/** `/regex/` must be one. */
function checkPatterns(value: Plain | undefined, path: Path, mistakes: MistakeList): void {
  for (const [i, pattern] of textList(value).entries()) {
    if (!/^\/.*\/$/s.test(pattern) || pattern.length < 2) continue;
    try {
      new RegExp(pattern.slice(1, -1));
    } catch {
      mistakes.add([...path, i], `\`${printable(pattern)}\` is not a regular expression`);
    }
  }
}
