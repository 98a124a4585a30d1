/** Adds and removes list items in the text of a manifest. All other text stays as written. */
import { RpmDepsError } from '../base/errors.ts';
import { keyText } from './source-text.ts';

/** Offsets in the text: start of a value, its end, and the end with its trailing comments and line end. */
export type NodeRange = readonly [number, number, number];

type Yaml = typeof import('yaml');

export async function parseEditable(text: string): Promise<{ yaml: Yaml; document: ReturnType<Yaml['parseDocument']> }> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text, { prettyErrors: false, uniqueKeys: false, version: '1.2' });
  if (document.errors.length > 0) throw new RpmDepsError('MANIFEST_INVALID', 'the manifest cannot be edited: it is not valid YAML');
  return { yaml, document };
}

/** Finds a value by the path of its keys, as written. */
export function nodeAt(document: ReturnType<Yaml['parseDocument']>, path: readonly string[]): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    const items = (node as { items?: readonly unknown[] } | null)?.items ?? [];
    node = (items as Parameters<typeof keyText>[0][]).find((pair) => 'key' in pair && keyText(pair) === step)?.value;
  }
  return node;
}

export const rangeOf = (node: unknown): NodeRange => (node as { range: NodeRange }).range;

/** Removes items that have their own lines; `withComments` also removes the comment lines directly above them. */
export function withoutBlockItems(
  text: string,
  ranges: readonly NodeRange[],
  chosen: ReadonlySet<number>,
  { withComments }: { readonly withComments: boolean },
): string {
  const lines = text.split('\n');
  const gone = new Set<number>();
  for (const [i, [start, end]] of ranges.entries()) {
    if (!chosen.has(i)) continue;
    const first = dashLine(text, lines, start);
    const last = lineAt(text, Math.max(start, end - 1));
    for (let line = first; line <= last; line++) gone.add(line);
    if (!withComments) continue;
    for (let line = first - 1; line >= 0 && /^\s*#/.test(lines[line]!); line--) gone.add(line);
  }
  return lines.filter((_, i) => !gone.has(i)).join('\n');
}

/** Removes items between brackets, each with one comma and with the comment after it on its line. */
export function withoutFlowItems(text: string, ranges: readonly NodeRange[], chosen: ReadonlySet<number>): string {
  const lastKept = ranges.reduce((last, _, i) => (chosen.has(i) ? last : i), -1);
  let edited = text;
  if (lastKept < ranges.length - 1) edited = withoutFlowEnd(text, ranges, lastKept);
  for (let i = lastKept - 1; i >= 0; i--) {
    if (!chosen.has(i)) continue;
    const [[start, end], [next]] = [ranges[i]!, ranges[i + 1]!];
    const between = text.slice(end, next);
    const line = between.indexOf('\n');
    const above = line < 0 ? -1 : between.indexOf('#', line);
    edited = edited.slice(0, start) + edited.slice(above < 0 ? next : end + above);
  }
  return edited;
}

function withoutFlowEnd(text: string, ranges: readonly NodeRange[], lastKept: number): string {
  const rest = text.slice(ranges.at(-1)![1]);
  if (lastKept < 0) {
    const before = text.slice(0, ranges[0]![0]).trimEnd();
    return /^[\s,]*#/.test(rest) ? `${before}${rest.replace(',', '')}` : `${before}${rest.replace(/^[\s,]*/, '')}`;
  }
  const [end, next] = [ranges[lastKept]![1], ranges[lastKept + 1]![0]];
  // A comment between them belongs to the kept item, and so does the comma before it.
  const hasComment = text.slice(end, next).includes('#');
  return hasComment ? text.slice(0, next) + rest.replace(/^\s*,/, '') : text.slice(0, end) + rest;
}

/** Appends an item in the style of the list. */
export function withItem(
  text: string,
  list: { readonly isFlow: boolean; readonly range: NodeRange },
  ranges: readonly NodeRange[],
  item: string,
): string {
  const last = ranges.at(-1);
  if (last === undefined) return `${text.slice(0, list.range[0])}[${item}]${text.slice(list.range[1])}`;
  if (list.isFlow) {
    const between = ranges.length > 1 ? text.slice(ranges.at(-2)![1], last[0]) : ', ';
    // Do not copy a separator that contains a comment.
    const separator = /^\s*,\s*$/.test(between) ? between : ', ';
    return `${text.slice(0, last[1])}${separator}${item}${text.slice(last[1])}`;
  }
  const lines = text.split('\n');
  const dash = /^\s*-\s*/.exec(lines[dashLine(text, lines, last[0])]!)?.[0] ?? '- ';
  return withLine(text, lineAt(text, Math.max(last[0], endOfText(text, last) - 1)), `${dash}${item}`);
}

/** Inserts a line after another one, with the same line end. */
export function withLine(text: string, after: number, line: string): string {
  const lines = text.split('\n');
  const isLast = after === lines.length - 1;
  const carriage = text.includes('\r\n') ? '\r' : '';
  lines.splice(after + 1, 0, isLast ? line : `${line}${carriage}`);
  if (isLast) lines[after] = `${lines[after]}${carriage}`;
  return lines.join('\n');
}

/** The line of the dash of an item; the item itself may start on a later line. */
function dashLine(text: string, lines: readonly string[], start: number): number {
  let line = lineAt(text, start);
  while (line > 0 && !/^\s*-/.test(lines[line]!)) line--;
  return line;
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;

/** End of a value, without the trailing line end that the range of a block map includes. */
export const endOfText = (text: string, [start, end]: NodeRange): number => start + text.slice(start, end).trimEnd().length;
