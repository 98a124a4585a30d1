import { splitList } from '../base/split-list.ts';
import { childOf, parseSmallXml, textOf, type XmlElement } from './small-xml.ts';

export type CompsPackageType = 'mandatory' | 'default' | 'optional' | 'conditional';

export interface CompsPackage {
  readonly name: string;
  readonly type: CompsPackageType;
  /** Install only together with this package. comps.xml means this for conditional packages; dnf applies it to every type. */
  readonly requires: string | undefined;
  /** Only in the base architecture, not also in a second one (multilib). */
  readonly baseArchOnly: boolean;
  /** RPM names; undefined means all. */
  readonly architectures: readonly string[] | undefined;
}

export interface CompsGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly displayOrder: number;
  readonly visible: boolean;
  readonly packages: readonly CompsPackage[];
}

interface CompsGroupReference {
  readonly id: string;
  readonly architectures: readonly string[] | undefined;
}

export interface CompsEnvironment {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly displayOrder: number;
  readonly groups: readonly CompsGroupReference[];
  readonly optionalGroups: readonly CompsGroupReference[];
}

interface CompsCategory {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly groups: readonly string[];
}

export interface Comps {
  readonly groups: readonly CompsGroup[];
  readonly environments: readonly CompsEnvironment[];
  readonly categories: readonly CompsCategory[];
}

/** Reads comps.xml. Skips translations, language packs and entries without an id. */
export function parseComps(source: Uint8Array | string, url: string): Comps {
  const root = parseSmallXml(source, { url, root: 'comps', limitBytes: LIMIT_BYTES });
  const named = (element: string): XmlElement[] =>
    root.children.filter((child) => child.name === element && (textOf(child, 'id') ?? '') !== '');
  return mergeComps([
    {
      groups: named('group').map(readGroup),
      environments: named('environment').map(readEnvironment),
      categories: named('category').map((category) => ({
        ...readHead(category),
        groups: references(childOf(category, 'grouplist')).map(({ id }) => id),
      })),
    },
  ]);
}

/** Merges the groups of several repositories (libcomps): a later one renames a group, adds packages, and changes the type of repeated packages. */
export function mergeComps(all: readonly Comps[]): Comps {
  const groups = new Map<string, CompsGroup>();
  const environments = new Map<string, CompsEnvironment>();
  const categories = new Map<string, CompsCategory>();
  for (const comps of all) {
    for (const group of comps.groups) {
      const before = groups.get(group.id);
      groups.set(group.id, before === undefined ? group : { ...group, packages: mergePackages(before.packages, group.packages) });
    }
    for (const environment of comps.environments) {
      const before = environments.get(environment.id);
      if (before === undefined) environments.set(environment.id, environment);
      else {
        const optionalGroups = mergeReferences(before.optionalGroups, environment.optionalGroups);
        environments.set(environment.id, { ...environment, groups: mergeReferences(before.groups, environment.groups), optionalGroups });
      }
    }
    for (const category of comps.categories) {
      const before = categories.get(category.id)?.groups ?? [];
      categories.set(category.id, { ...category, groups: [...new Set([...before, ...category.groups])] });
    }
  }
  return { groups: [...groups.values()], environments: [...environments.values()], categories: [...categories.values()] };
}

const LIMIT_BYTES = 32 * 1024 * 1024;
/** Sorts an entry without a display order after all entries that have one (libcomps). */
const NO_DISPLAY_ORDER = Number.MAX_SAFE_INTEGER;
const TYPES: ReadonlySet<string> = new Set(['mandatory', 'default', 'optional', 'conditional']);

function readGroup(element: XmlElement): CompsGroup {
  const packages: CompsPackage[] = [];
  for (const entry of childOf(element, 'packagelist')?.children ?? []) {
    // libcomps: a package without a type is mandatory; a package of an unknown type is never installed.
    const type = entry.attributes.get('type') ?? 'mandatory';
    if (entry.name !== 'packagereq' || entry.text === '' || !TYPES.has(type)) continue;
    packages.push({
      name: entry.text,
      type: type as CompsPackageType,
      requires: entry.attributes.get('requires') || undefined,
      baseArchOnly: entry.attributes.get('basearchonly') === 'true',
      architectures: architecturesOf(entry),
    });
  }
  return { ...readHead(element), visible: textOf(element, 'uservisible') !== 'false', packages };
}

function readEnvironment(element: XmlElement): CompsEnvironment {
  return {
    ...readHead(element),
    groups: references(childOf(element, 'grouplist')),
    optionalGroups: references(childOf(element, 'optionlist')),
  };
}

function readHead(element: XmlElement): {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly displayOrder: number;
} {
  const plain = (name: string): string =>
    element.children.find((child) => child.name === name && !child.attributes.has('xml:lang'))?.text ?? '';
  const order = plain('display_order');
  return {
    id: plain('id'),
    name: plain('name'),
    description: plain('description'),
    displayOrder: /^[0-9]{1,9}$/.test(order) ? Number(order) : NO_DISPLAY_ORDER,
  };
}

function references(list: XmlElement | undefined): CompsGroupReference[] {
  const entries = list?.children.filter((child) => child.name === 'groupid' && child.text !== '') ?? [];
  return entries.map((entry) => ({ id: entry.text, architectures: architecturesOf(entry) }));
}

function architecturesOf(entry: XmlElement): readonly string[] | undefined {
  const text = entry.attributes.get('arch');
  return text === undefined || text.trim() === '' ? undefined : splitList(text);
}

/** If a name is repeated in one group, the first entry counts, on both sides (libcomps, comps_docgroup_union). */
function mergePackages(before: readonly CompsPackage[], after: readonly CompsPackage[]): CompsPackage[] {
  const merged = [...before];
  const places = new Map<string, number>();
  for (const [index, { name }] of before.entries()) if (!places.has(name)) places.set(name, index);
  const replaced = new Set<string>();
  for (const entry of after) {
    const place = places.get(entry.name);
    if (place === undefined) merged.push(entry);
    else if (!replaced.has(entry.name)) merged[place] = entry;
    if (place !== undefined) replaced.add(entry.name);
  }
  return merged;
}

function mergeReferences(before: readonly CompsGroupReference[], after: readonly CompsGroupReference[]): CompsGroupReference[] {
  return [...before, ...after.filter(({ id }) => !before.some((known) => known.id === id))];
}
