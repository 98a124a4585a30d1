/** Creates a manifest from files of other tools. */

import { resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { composeManifest, mergeTargets } from '../imports/compose-manifest.ts';
import { isPiped, setOfFile } from '../imports/file-target.ts';
import { IMPORT_FORMATS } from '../imports/import-formats.ts';
import { type Imported, type ImportFile, lastPart, MODULES } from '../imports/imported.ts';
import { manifestText } from '../imports/manifest-text.ts';
import { isPlainList } from '../imports/read-lists.ts';
import { writeNewFile } from '../io/atomic-file.ts';
import { readWithin } from '../io/read-within.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readBeside } from '../manifest/read-beside.ts';
import { parseManifest } from '../manifest/read-manifest.ts';
import { manifestOption, manifestPath, type ProjectInput } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import { findImportedRoots } from './import-roots.ts';

export interface ImportInput extends ProjectInput {
  readonly files: readonly string[];
  /** Architecture for lists that do not name one. */
  readonly arch?: string | undefined;
}

export interface ImportOutput {
  readonly path: string;
  readonly sets: readonly string[];
  readonly architectures: readonly string[];
  /** Next steps for the user, one line each. */
  readonly next: readonly string[];
}

const MAX_BYTES = 64 << 20;

/** Never overwrites an existing manifest. */
export async function importFiles(input: ImportInput, context: Context): Promise<ImportOutput> {
  const texts = new Map<string, string>();
  for (const name of input.files) texts.set(name, await readText(name, name === '-' ? '/dev/stdin' : resolve(context.cwd, name)));
  const read: { readonly name: string; readonly content: Imported }[] = [];
  for (const [name, text] of texts) {
    const { value, mistake } = await parse(text, name);
    read.push({ name, content: await readFile({ name, text, arch: input.arch, value, others: texts }, mistake, context) });
  }
  const contained = new Set(read.flatMap(({ content }) => content.contains ?? []));
  const imported = read.filter(({ name }) => !contained.has(name)).map(({ name, content }) => ({ ...content, file: name }));
  const merged = mergeTargets(imported);
  const targets = await findImportedRoots(imported, merged, input, context);
  const manifest = composeManifest([...imported, { lost: repositoriesLeftOut(imported, input.files) }], targets);
  const loss = (text: string, where: { readonly set?: string; readonly architecture?: string } = {}): void =>
    context.emit({ kind: 'warning', code: 'IMPORT_LOSS', text: `not carried over: ${shortPrintable(text, 600)}`, ...where });
  for (const text of manifest.lost) loss(text);
  if (manifest.sets.length === 0) {
    const text = 'the imported files name no packages: the manifest has a set `tools` with bash to start from';
    context.emit({ kind: 'warning', code: 'IMPORT_LOSS', text });
  }
  for (const { lost: texts, definition } of manifest.repositories.repositories) {
    for (const text of texts) loss(`${text} (repository ${String(definition['id'])})`);
  }
  for (const set of manifest.sets) {
    for (const { text, architectures } of set.lost) {
      if (architectures === undefined) loss(text, { set: set.name });
      for (const architecture of architectures ?? []) loss(text, { set: set.name, architecture });
    }
  }
  const path = manifestPath(input, context);
  const text = manifestText(manifest);
  const { sets } = await checked(text, context);
  await writeNewFile(path, text, 'write another one with --manifest FILE');
  const option = manifestOption(input);
  return {
    path,
    sets: sets.map(({ name }) => name),
    architectures: manifest.architectures,
    next: [
      `rpm-deps lock${option}    lock the packages of the manifest, and keep locked versions if it allows them`,
      `rpm-deps update${option}  lock the newest versions instead`,
    ],
  };
}

/** Files of other tools may contain values that are invalid in a manifest. */
async function checked(text: string, context: Context): Promise<Manifest> {
  const beside = readBeside(context.cwd);
  // Files that the manifest refers to may be added later.
  const read = (path: string): ReturnType<typeof beside> =>
    beside(path).catch((error: unknown) => {
      if (error instanceof RpmDepsError && error.code !== 'INTERRUPTED') return [];
      throw error;
    });
  return parseManifest(text, 'imported.yaml', { env: {}, read }).catch((error: unknown) => {
    if (!(error instanceof RpmDepsError) || error.code !== 'MANIFEST_INVALID') throw error;
    // Line numbers of a manifest that was not written are useless.
    const details = (error.details ?? []).slice(0, 10).map((detail) => detail.replace(/^[^:]*:\d+(?::\d+)?:\s*/, ''));
    throw new RpmDepsError('USAGE', 'the imported files do not make a valid manifest', {
      details,
      hint: 'correct the files, or leave out the one with the mistake',
      cause: error,
    });
  });
}

/** Repositories in other files are not reported as lost if these files are imported too. */
function repositoriesLeftOut(imported: readonly Imported[], files: readonly string[]): string[] {
  const given = new Set(files.map(lastPart));
  const needed = new Set(imported.flatMap(({ repositoryFiles = [] }) => repositoryFiles));
  return [...needed]
    .filter((name) => !given.has(lastPart(name)))
    .map((name) => `the repositories in ${shortPrintable(name)}: import that file too`);
}

async function readFile(file: ImportFile, mistake: string | undefined, context: Context): Promise<Imported> {
  const { name, text } = file;
  for (const { read } of IMPORT_FORMATS) {
    context.signal.throwIfAborted();
    const imported = await read(file, context.signal);
    if (imported !== undefined)
      return hasLostModules(imported, text) ? { ...imported, lost: [...(imported.lost ?? []), MODULES] } : imported;
  }
  throw unreadable(name, `has an unrecognized format${mistake === undefined ? '' : `: ${mistake}`}`);
}

const unreadable = (name: string, problem: string): RpmDepsError =>
  new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` ${problem}`, {
    details: IMPORT_FORMATS.map(({ files }) => files.replaceAll('`', '')),
    hint: /(?:Container|Docker)file[^/]*$/.test(name)
      ? 'name it in a manifest instead: `packages_from_containerfile: { containerfile: FILE }` in a set'
      : 'these formats can be imported; `rpm-deps import --help` shows the options',
  });

/** Only the release shows that a package belongs to a module. `+` may be escaped in URLs and in names of rules. */
const hasLostModules = ({ targets = [] }: Imported, text: string): boolean =>
  targets.every(({ settings }) => settings?.['modules'] === undefined) && /\.module(?:[_+]|%2b)/i.test(text);

async function readText(name: string, path: string): Promise<string> {
  const bytes = await readWithin(path, MAX_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` cannot be read: ${readProblem(cause)}`, { cause });
  });
  if (bytes.includes(0)) throw unreadable(name, 'is not a text file');
  return bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n');
}

interface Parsed {
  /** Undefined if the text is not a map: it may be a list or a script. A plain list of names is a map of one list. */
  readonly value?: Record<string, unknown>;
  /** For a file that no other format reads: a parser's message would not help. */
  readonly mistake?: string;
}

async function parse(text: string, name: string): Promise<Parsed> {
  const isJson = /^\s*[{[]/.test(text);
  const isYaml = /\.ya?ml$/.test(name) || (isPiped(name) && !isJson);
  if (!isYaml && !isJson) return {};
  let value: unknown;
  try {
    value = isYaml ? (await import('yaml')).parse(text, { maxAliasCount: 100, logLevel: 'error' }) : JSON.parse(text);
  } catch (error) {
    const { code, pos: [at] = [undefined] } = error as { readonly code?: string; readonly pos?: readonly number[] };
    if (code === 'DUPLICATE_KEY' && at !== undefined) throw repeatedKey(text, name, at);
    // A `.repo` file begins like a JSON list.
    if (!isYaml && !name.endsWith('.json') && !/^\s*\{/.test(text)) return {};
    // Not all versions of Node.js report the position.
    const broken = at ?? /position (\d+)/.exec((error as Error).message)?.[1];
    const line = broken === undefined ? '' : `, line ${text.slice(0, Number(broken)).split('\n').length}`;
    return { mistake: `not valid ${isYaml ? 'YAML' : 'JSON'}${line}` };
  }
  if (isPlainList(value)) return { value: { [setOfFile({ name })]: value } };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const repeated = isYaml ? undefined : repeatedKeyOfJson(text);
  if (repeated !== undefined) throw repeatedKey(text, name, repeated);
  return { value: value as Record<string, unknown> };
}

/** A repeated key is an error, because the readers would see only its last value. */
function repeatedKey(text: string, name: string, at: number): RpmDepsError {
  const key = /^"(?:[^"\\]|\\.)*"|^[^\s:]*/.exec(text.slice(at))![0].replace(/^"|"$/g, '');
  const line = text.slice(0, at).split('\n').length;
  return new RpmDepsError('USAGE', `${shortPrintable(name)}:${line}: the key \`${shortPrintable(key)}\` occurs twice`, {
    hint: 'join the two, or remove one',
  });
}

/** JSON.parse does not report repeated keys. The text is valid JSON: a string before a colon is a key. */
function repeatedKeyOfJson(text: string): number | undefined {
  const open: Set<string>[] = [];
  for (const { 0: lexeme, index } of text.matchAll(/[{}]|"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    if (lexeme === '{') open.push(new Set());
    else if (lexeme === '}') open.pop();
    else if (lexeme.endsWith(':')) {
      const key = lexeme.slice(0, lexeme.lastIndexOf('"') + 1);
      const keys = open.at(-1)!;
      if (keys.has(key)) return index;
      keys.add(key);
    }
  }
  return undefined;
}
