import { RpmDepsError } from '../errors.ts';
import { printable } from './printable.ts';

export type ManifestEdit =
  /** Give a `${NAME}` under `versions` another value. */
  | { readonly kind: 'version'; readonly name: string; readonly value: string }
  /** Replace a package spec wherever groups and sets have it, as written (`RequestedSpec.template`). */
  | { readonly kind: 'spec'; readonly from: string; readonly to: string };

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes values in the text of a manifest and nothing around them: comments, order, quoting, indentation and line ends stay.
 * Works on ranges of the source, since writing a parsed document out again would reflow it. JSON is YAML with double quotes.
 */
export async function editManifest(text: string, edits: readonly ManifestEdit[]): Promise<string> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text, { prettyErrors: false, version: '1.2' });
  if (document.errors.length > 0) throw new RpmDepsError('MANIFEST_INVALID', 'the manifest cannot be edited: it is not valid YAML');
  const replacements: Replacement[] = [];
  for (const edit of edits) {
    const nodes = edit.kind === 'version' ? [document.getIn(['versions', edit.name], true)] : specNodes(yaml, document, edit.from);
    const value = edit.kind === 'version' ? edit.value : edit.to;
    const ranges = nodes.map((node) => replacementOf(yaml, node, value)).filter((replacement) => replacement !== undefined);
    if (ranges.length === 0) throw notThere(edit);
    replacements.push(...ranges);
  }
  return applied(text, replacements);
}

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

function replacementOf(yaml: typeof import('yaml'), node: unknown, value: string): Replacement | undefined {
  // An alias is replaced by the value itself: what it stands for may be meant for others.
  if ((!yaml.isScalar(node) && !yaml.isAlias(node)) || !node.range) return undefined;
  const [start, end] = node.range;
  if (!yaml.isScalar(node)) return { start, end, text: plainOrQuoted(value) };
  if (node.type === 'QUOTE_DOUBLE') return { start, end, text: JSON.stringify(value) };
  if (node.type === 'QUOTE_SINGLE') return { start, end, text: `'${value.replaceAll("'", "''")}'` };
  return node.type === 'PLAIN' ? { start, end, text: plainOrQuoted(value) } : undefined;
}

/** What can stand without quotes anywhere in YAML, also between braces. Numbers may: versions are read as they are typed. */
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
  return edit.kind === 'version'
    ? new RpmDepsError('MANIFEST_INVALID', `the manifest has no version \`${printable(edit.name)}\` that could be edited`)
    : new RpmDepsError('MANIFEST_INVALID', `the manifest has no package \`${printable(edit.from)}\` that could be edited`);
}
