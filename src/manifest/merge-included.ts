/** `include`: merges sets, groups, versions and repositories of other manifests into this one. */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import type { ReadIncluded, WithIncluded } from './included-files.ts';
import { MAX_MANIFEST_BYTES } from './manifest.ts';
import type { Mistake } from './mistake.ts';
import { asMap, textList } from './plain-access.ts';
import { type Plain, parseSource, type SourceText } from './source-text.ts';

type PlainMap = { readonly [key: string]: Plain };

/** Maps by name: the manifest itself overrides its included files. */
const MAPS = ['sets', 'groups', 'versions', 'variables'];
/** Lists: included entries come first; included repositories therefore have higher preference. */
const LISTS = ['repositories', 'repofiles', 'holds', 'fallbacks'];
const MAX_FILES = 100;

/** Paths are relative to the folder of the main manifest, in included files too. */
export async function mergeIncluded(source: SourceText, read: ReadIncluded): Promise<WithIncluded> {
  const root = asMap(source.value);
  if (root?.['include'] === undefined) return { source, mistakes: [] };
  const mistakes: Mistake[] = [];
  const seen = new Set<string>();
  const budget = { left: MAX_MANIFEST_BYTES, holds: 0 };
  const holders = new Map<string, string>();
  const included = new Map<string, string>();
  let merged: PlainMap = {};
  /** Index in `include` of the entry that defines each name and list index. */
  const origins = new Map<string, number>();
  const entries = typeof root['include'] === 'string' ? [root['include']] : textList(root['include']);
  for (const [i, entry] of entries.entries()) {
    const path = Array.isArray(root['include']) ? ['include', i] : ['include'];
    const complain = (message: string): void => void mistakes.push({ place: source.locate(path, 'value'), path, message });
    const other = await readMerged(entry, { read, seen, budget, holders, included, complain });
    for (const key of MAPS) for (const name of Object.keys(asMap(other[key]) ?? {})) origins.set(`${key} ${name}`, i);
    for (const key of LISTS) {
      const start = listIn(merged, key).length;
      for (const index of listIn(other, key).keys()) origins.set(`${key} ${start + index}`, i);
    }
    merged = merge(merged, other);
  }
  const counts = new Map(LISTS.map((key) => [key, listIn(merged, key).length]));
  const locate: SourceText['locate'] = (path, on) => {
    const [key = '', step = ''] = path;
    const isOwnName = MAPS.includes(String(key)) && Object.hasOwn(asMap(root[String(key)]) ?? {}, String(step));
    const origin = isOwnName ? undefined : origins.get(`${key} ${step}`);
    if (origin !== undefined) return source.locate(Array.isArray(root['include']) ? ['include', origin] : ['include'], 'value');
    const shift = typeof step === 'number' ? (counts.get(String(key)) ?? 0) : 0;
    return source.locate(shift === 0 ? path : [key, Number(step) - shift, ...path.slice(2)], on);
  };
  const { include: _include, ...own } = root;
  for (const key of MAPS) for (const name of Object.keys(asMap(own[key]) ?? {})) holders.delete(`${key} ${name}`);
  return { source: { value: merge(merged, own) as Plain, locate }, mistakes, holders, included };
}

interface Reading {
  readonly read: ReadIncluded;
  readonly seen: Set<string>;
  /** Number of characters left to read, and number of holds read so far. */
  readonly budget: { left: number; holds: number };
  readonly holders: Map<string, string>;
  readonly included: Map<string, string>;
  readonly complain: (message: string) => void;
}

async function readMerged(entry: string, reading: Reading): Promise<PlainMap> {
  const { read, seen, budget, holders, included, complain } = reading;
  let merged: PlainMap = {};
  const files = await read(entry).catch((error: unknown) => {
    if (!(error instanceof RpmDepsError)) throw error;
    complain(error.message);
    return [];
  });
  for (const { path, text } of files) {
    budget.left -= text.length;
    if (budget.left < 0) {
      complain(`the included files together are larger than ${MAX_MANIFEST_BYTES >> 20} MiB`);
      return merged;
    }
    // Stop at a circular include.
    if (seen.has(path)) continue;
    seen.add(path);
    if (seen.size > MAX_FILES) {
      complain(`more than ${MAX_FILES} included files`);
      return merged;
    }
    const parsed = await parseSource(text, { json: path.endsWith('.json') });
    if (parsed.kind === 'broken') {
      for (const { place, message } of parsed.mistakes) complain(`${shortPrintable(path)}:${place.line}: ${message}`);
      continue;
    }
    const map = asMap(parsed.source.value);
    if (map === undefined && parsed.source.value !== null) complain(`${shortPrintable(path)}: must be a mapping, as a manifest is`);
    const { include, ...own } = map ?? {};
    for (const nested of typeof include === 'string' ? [include] : textList(include))
      merged = merge(merged, await readMerged(nested, reading));
    included.set(path, text);
    for (const key of MAPS) for (const name of Object.keys(asMap(own[key]) ?? {})) holders.set(`${key} ${name}`, path);
    // Lists are joined in file order.
    for (const _ of listIn(own, 'holds')) holders.set(`holds ${budget.holds++}`, path);
    merged = merge(merged, own);
  }
  return merged;
}

function merge(below: PlainMap, above: PlainMap): PlainMap {
  const merged: { [key: string]: Plain } = { ...below, ...above };
  for (const key of MAPS) {
    const [first, second] = [asMap(below[key]), asMap(above[key])];
    if (first !== undefined && second !== undefined) merged[key] = Object.assign(Object.create(null), first, second);
  }
  for (const key of LISTS) {
    if (Array.isArray(below[key]) && Array.isArray(above[key])) merged[key] = [...below[key], ...above[key]];
  }
  return merged;
}

const listIn = (map: PlainMap, key: string): readonly Plain[] => (Array.isArray(map[key]) ? map[key] : []);
