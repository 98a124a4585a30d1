/** Adds and removes packages of sets, in the text of a manifest. */
import { isDeepStrictEqual } from 'node:util';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import {
  endOfText,
  lineAt,
  nodeAt,
  parseEditable,
  rangeOf,
  withItem,
  withLine,
  withoutBlockItems,
  withoutFlowItems,
} from './list-items.ts';
import { keyText } from './source-text.ts';

/** The package list of a set or a group. */
interface PackageList {
  readonly kind: 'set' | 'group';
  readonly name: string;
}

/** A spec as written in a list. */
export interface ListedSpec extends PackageList {
  readonly index: number;
  readonly template: string;
  /** As written; undefined: all architectures of the set. */
  readonly architectures: readonly string[] | undefined;
}

const pathOf = ({ kind, name }: PackageList): readonly string[] => (kind === 'set' ? ['sets', name, 'packages'] : ['groups', name]);

/** All specs of all sets and groups, in document order. */
export async function listSpecs(text: string): Promise<readonly ListedSpec[]> {
  const { yaml, document } = await parseEditable(text);
  const keysOf = (key: string): string[] => {
    const map = document.get(key, true);
    return yaml.isMap(map) ? map.items.map(keyText) : [];
  };
  const lists: PackageList[] = [
    ...keysOf('sets').map((name) => ({ kind: 'set' as const, name })),
    ...keysOf('groups').map((name) => ({ kind: 'group' as const, name })),
  ];
  return lists.flatMap((list) => {
    const node = nodeAt(document, pathOf(list));
    if (!yaml.isSeq(node)) return [];
    return node.items.flatMap((item, index) => {
      const value: unknown = yaml.isAlias(item) ? item.resolve(document) : item;
      const plain: unknown = yaml.isNode(value) ? value.toJS(document) : undefined;
      const template = typeof plain === 'string' ? plain : (plain as { name?: unknown } | undefined)?.name;
      const scope = (plain as { architectures?: unknown } | undefined)?.architectures;
      if (typeof template !== 'string') return [];
      return [{ ...list, index, template: template.trim(), architectures: Array.isArray(scope) ? scope.map(String) : undefined }];
    });
  });
}

interface SpecToAdd {
  readonly spec: string;
  readonly architectures?: readonly string[] | undefined;
  /** The manifest is JSON. */
  readonly json: boolean;
}

/** Appends a spec to the packages of a set, optionally only for some architectures. */
export async function addSpec(text: string, set: string, added: SpecToAdd): Promise<string> {
  const { spec, architectures } = added;
  const edited = await withSpec(text, set, added);
  await checkEdit({ before: text, after: edited, list: { kind: 'set', name: set } }, (list) => {
    list.push(architectures === undefined ? spec : { name: spec, architectures: [...architectures] });
  });
  return edited;
}

async function withSpec(text: string, set: string, { spec, architectures, json }: SpecToAdd): Promise<string> {
  const { yaml, document } = await parseEditable(text);
  const scalar = json ? JSON.stringify(spec) : plainOrQuoted(spec);
  const names = (architectures ?? []).map((name) => (json ? JSON.stringify(name) : name)).join(', ');
  const quote = json ? '"' : '';
  const item = architectures === undefined ? scalar : `{ ${quote}name${quote}: ${scalar}, ${quote}architectures${quote}: [${names}] }`;
  const map = nodeAt(document, ['sets', set]);
  if (!yaml.isMap(map)) throw cannotEdit(`the set \`${shortPrintable(set)}\` is not a map of its own`);
  const list = map.get('packages', true);
  if (yaml.isSeq(list)) {
    return withItem(text, { isFlow: list.flow === true, range: rangeOf(list) }, list.items.map(rangeOf), item);
  }
  if (list !== undefined && !(yaml.isScalar(list) && list.value === null)) {
    throw cannotEdit(`\`packages\` of the set \`${shortPrintable(set)}\` is not a list of its own`);
  }
  if (list !== undefined) throw cannotEdit(`\`packages\` of the set \`${shortPrintable(set)}\` is empty`);
  const range = rangeOf(map);
  const key = `${quote}packages${quote}: `;
  if (map.flow === true) {
    const last = map.items.at(-1);
    if (last === undefined) return `${text.slice(0, range[0])}{ ${key}[${item}] }${text.slice(range[1])}`;
    const [, end] = rangeOf(last.value ?? last.key);
    return `${text.slice(0, end)}, ${key}[${item}]${text.slice(end)}`;
  }
  const indent = /^\s*/.exec(text.split('\n')[lineAt(text, range[0])]!)![0];
  const last = lineAt(text, Math.max(range[0], endOfText(text, range) - 1));
  return withLine(withLine(text, last, `${indent}packages:`), last + 1, `${indent}  - ${item}`);
}

/** Removes specs; comments above them stay, because they may also describe the following specs. */
export async function removeSpecs(text: string, specs: readonly ListedSpec[]): Promise<string> {
  const lists = new Map<string, ListedSpec[]>();
  for (const spec of specs) {
    const key = JSON.stringify(pathOf(spec));
    lists.set(key, [...(lists.get(key) ?? []), spec]);
  }
  let edited = text;
  for (const chosen of lists.values()) {
    const before = edited;
    edited = await withoutSpecs(before, chosen);
    await checkEdit({ before, after: edited, list: chosen[0]! }, (list) => {
      for (const index of chosen.map((spec) => spec.index).sort((a, b) => b - a)) list.splice(index, 1);
    });
  }
  return edited;
}

interface Edit {
  readonly before: string;
  readonly after: string;
  readonly list: PackageList;
}

/** Refuses an edit whose effect is different, for example through anchors or tags; the user must then edit the file. */
async function checkEdit({ before, after, list }: Edit, change: (list: unknown[]) => void): Promise<void> {
  const [wanted, edited] = [await plainOf(before), await plainOf(after).catch(() => undefined)];
  const holder = list.kind === 'set' ? wanted.sets?.[list.name] : wanted.groups;
  const key = list.kind === 'set' ? 'packages' : list.name;
  const items = (holder?.[key] ?? []) as unknown[];
  change(items);
  if (holder !== undefined) holder[key] = items;
  if (isDeepStrictEqual(edited, wanted)) return;
  throw cannotEdit(`other places share the list of the ${list.kind} \`${shortPrintable(list.name)}\`, or its YAML is not plain`);
}

interface PlainManifest {
  readonly sets?: { readonly [name: string]: { [key: string]: unknown } };
  readonly groups?: { [name: string]: unknown };
}

/** The parsed text, without shared objects, and every scalar as written. */
async function plainOf(text: string): Promise<PlainManifest> {
  const { yaml } = await parseEditable(text);
  const document = yaml.parseDocument(text, { prettyErrors: false, uniqueKeys: false, schema: 'failsafe' });
  return JSON.parse(JSON.stringify(document.toJS())) as PlainManifest;
}

async function withoutSpecs(text: string, specs: readonly ListedSpec[]): Promise<string> {
  const { yaml, document } = await parseEditable(text);
  const list = nodeAt(document, pathOf(specs[0]!));
  if (!yaml.isSeq(list)) throw cannotEdit(`\`${shortPrintable(specs[0]!.name)}\` has no list of its own`);
  const ranges = list.items.map(rangeOf);
  const chosen = new Set(specs.map(({ index }) => index));
  if (list.flow === true) return withoutFlowItems(text, ranges, chosen);
  const edited = withoutBlockItems(text, ranges, chosen, { withComments: false });
  if (!ranges.every((_, i) => chosen.has(i))) return edited;
  // Keep the key: a comment may describe it.
  const path = pathOf(specs[0]!);
  const parent = nodeAt(document, path.slice(0, -1));
  const pair = yaml.isMap(parent) ? parent.items.find((one) => keyText(one) === path.at(-1)) : undefined;
  const keyLine = pair === undefined ? -1 : lineAt(text, rangeOf(pair.key)[0]);
  return edited
    .split('\n')
    .map((line, i) => (i === keyLine ? line.replace(/:(?=\s*(?:#.*)?$)/, ': []') : line))
    .join('\n');
}

/** Names of sets without any request. */
export async function setsWithoutRequest(text: string): Promise<readonly string[]> {
  const { document } = await parseEditable(text);
  const sets = (document.toJS() as { sets?: Record<string, Record<string, unknown> | null> } | null)?.sets ?? {};
  const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null);
  return Object.entries(sets)
    .filter(([, set]) => !REQUEST_KEYS.some((key) => isSet(set?.[key])))
    .map(([name]) => name);
}

const REQUEST_KEYS = ['packages', 'groups', 'upgrade', 'distro_sync', 'reinstall', 'remove', 'packages_from_containerfile'];

/** Text that needs no quotes anywhere in YAML and is not read as a number or another type. */
const plainOrQuoted = (value: string): string =>
  /^[A-Za-z](?:[A-Za-z0-9._+~^-]|:(?=\S))*$/.test(value) && !/^(?:true|false|null)$/i.test(value) ? value : JSON.stringify(value);

const cannotEdit = (problem: string): RpmDepsError =>
  new RpmDepsError('MANIFEST_INVALID', `the manifest cannot be edited here: ${problem}`, {
    hint: 'edit it by hand, then run `rpm-deps lock`',
  });
