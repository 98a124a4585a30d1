import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';

export type ManifestEdit =
  /** Change the value of a `${NAME}` under `versions`. */
  | { readonly kind: 'version'; readonly name: string; readonly value: string }
  /** Change the value of a `$NAME` for URLs, under `variables`. */
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  /** Keep the value of a `${NAME}`, although the value that it is an alias of may change. */
  | { readonly kind: 'keep'; readonly name: string; readonly value: string }
  /** Replace a package spec wherever groups and sets have it, as written (`RequestedSpec.template`). */
  | { readonly kind: 'spec'; readonly from: string; readonly to: string };

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes only values in the text of a manifest: comments, order, quotes, indentation and line ends stay.
 * Edits ranges of the source, because printing the parsed document would reformat it. JSON is edited as YAML with double quotes.
 */
export async function editManifest(text: string, edits: readonly ManifestEdit[]): Promise<string> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text, { prettyErrors: false, uniqueKeys: false, version: '1.2' });
  if (document.errors.length > 0) throw new RpmDepsError('MANIFEST_INVALID', 'the manifest cannot be edited: it is not valid YAML');
  /** New text for each value or alias. */
  const wanted = new Map<unknown, string>();
  for (const edit of edits) {
    const nodes = edit.kind === 'spec' ? specNodes(yaml, document, edit.from) : [document.getIn(pathOf(edit), true)];
    const editable = nodes.filter((node) => (yaml.isAlias(node) || (edit.kind !== 'keep' && isEditable(yaml, node))) && hasRange(node));
    if (editable.length === 0 && edit.kind !== 'keep') throw notThere(edit);
    for (const node of editable) wanted.set(node, edit.kind === 'spec' ? edit.to : edit.value);
  }
  const replacements: Replacement[] = [];
  for (const [node, value] of wanted) {
    // Keep an alias if its target gets the same value; otherwise replace it by the value itself.
    const target = yaml.isAlias(node) ? node.resolve(document) : undefined;
    if (target !== undefined && (wanted.get(target) ?? textOf(yaml, target)) === value) continue;
    replacements.push(replacementOf(yaml, node, value));
  }
  return applied(text, replacements);
}

const pathOf = ({ kind, name }: Exclude<ManifestEdit, { readonly kind: 'spec' }>): readonly string[] =>
  kind === 'variable' ? ['variables', name, 'value'] : ['versions', name];

function specNodes(yaml: typeof import('yaml'), document: import('yaml').Document, from: string): unknown[] {
  const found: unknown[] = [];
  const lists = [
    pairsOf(yaml, document.get('groups', true)),
    pairsOf(yaml, document.get('sets', true)).map((set) => inner(yaml, set, 'packages')),
  ];
  for (const list of lists.flat()) {
    for (const item of yaml.isSeq(list) ? list.items : []) {
      const node = yaml.isMap(item) ? item.get('name', true) : item;
      if (yaml.isScalar(node) && typeof node.value === 'string' && node.value.trim() === from) found.push(node);
    }
  }
  return found;
}

const pairsOf = (yaml: typeof import('yaml'), node: unknown): unknown[] => (yaml.isMap(node) ? node.items.map((pair) => pair.value) : []);

const inner = (yaml: typeof import('yaml'), node: unknown, key: string): unknown => (yaml.isMap(node) ? node.get(key, true) : undefined);

const hasRange = (node: unknown): boolean => (node as { range?: unknown }).range !== undefined;

/** Excludes block scalars and values of several lines. */
const isEditable = (yaml: typeof import('yaml'), node: unknown): boolean =>
  yaml.isScalar(node) && (node.type === 'PLAIN' || node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');

/** As written: `1.10` stays `1.10`. */
const textOf = (yaml: typeof import('yaml'), node: unknown): string | undefined =>
  yaml.isScalar(node) ? (typeof node.value === 'string' ? node.value : node.source) : undefined;

function replacementOf(yaml: typeof import('yaml'), node: unknown, value: string): Replacement {
  const [start, end] = (node as { range: readonly [number, number] }).range;
  const type = yaml.isScalar(node) ? node.type : undefined;
  if (type === 'QUOTE_DOUBLE') return { start, end, text: JSON.stringify(value) };
  if (type === 'QUOTE_SINGLE') return { start, end, text: `'${value.replaceAll("'", "''")}'` };
  return { start, end, text: plainOrQuoted(value) };
}

/** Text that needs no quotes anywhere in YAML, also inside braces. Numbers are allowed: versions are read as written. */
const plainOrQuoted = (value: string): string =>
  /^[A-Za-z0-9](?:[A-Za-z0-9._+~^*$-]|:(?=\S))*$/.test(value) ? value : JSON.stringify(value);

function applied(text: string, replacements: readonly Replacement[]): string {
  let result = text;
  for (const { start, end, text: value } of [...replacements].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + value + result.slice(end);
  }
  return result;
}

function notThere(edit: ManifestEdit): RpmDepsError {
  const what = { spec: 'package', version: 'version', keep: 'version', variable: 'variable' }[edit.kind];
  const name = edit.kind === 'spec' ? edit.from : edit.name;
  return new RpmDepsError('MANIFEST_INVALID', `the manifest has no ${what} \`${shortPrintable(name)}\` that could be edited`, {
    hint: 'edit it by hand, then run `rpm-deps lock`',
  });
}
