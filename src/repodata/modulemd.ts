import { createRequire } from 'node:module';
import { shortPrintable } from '../base/printable.ts';
import { inOneGo, type Turns } from '../base/turns.ts';
import type { Warning } from '../base/warnings.ts';
import { countCharacters } from './count-characters.ts';
import { deepenQuoted } from './quoted-lines.ts';
import { invalid } from './small-xml.ts';
import { readYamlSubset, type WantedKeys, type YamlValue } from './yaml-subset.ts';

/** One build of one stream of a module: a modulemd document. */
export interface ModuleStream {
  readonly name: string;
  readonly stream: string;
  /** Decimal digits; up to 64 bits. */
  readonly version: string;
  readonly context: string;
  /** `noarch` if the document has no architecture; an empty architecture stays empty, and cannot be installed. */
  readonly arch: string;
  readonly staticContext: boolean;
  /** Module name -> alternative streams; an empty list allows any stream; `-name` excludes one. All entries must be satisfied. */
  readonly requires: readonly ReadonlyMap<string, readonly string[]>[];
  readonly profiles: ReadonlyMap<string, ModuleProfile>;
  /** `name-epoch:version-release.arch` of the packages built in this module, of all architectures. */
  readonly artifacts: readonly string[];
  /** Names of packages that no longer count as part of the module. */
  readonly demodularized: readonly string[];
}

interface ModuleProfile {
  readonly rpms: readonly string[];
  readonly isDefault: boolean;
}

export interface ModuleDefaults {
  readonly module: string;
  readonly stream: string | undefined;
  /** Time of the last change, as a number such as 201911191205; 0 if not given. Of several defaults, the newest one counts. */
  readonly modified: number;
  /** Stream -> names of the profiles that are installed by default. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
}

export interface ModuleIndex {
  /** Sorted by module name; builds of one module in the order of the file (libmodulemd). */
  readonly streams: readonly ModuleStream[];
  readonly defaults: readonly ModuleDefaults[];
  /** Skipped documents, with reasons. */
  readonly warnings: readonly Warning[];
  /** Skipped documents that seem to be builds of a module: the name as far as readable, and the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Reads modules.yaml. Ignores documents of other kinds (translations, obsoletes). Skips an invalid modulemd or invalid YAML with a warning;
 * libmodulemd also skips invalid documents.
 */
export const parseModules = (text: string, url: string): ModuleIndex => inOneGo(parseInTurns(text, url));

/** Like `parseModules`, with a pause after each document. */
function* parseInTurns(text: string, url: string): Turns<ModuleIndex> {
  if (text.length > LIMIT_CHARS) throw invalid(url, `is larger than ${LIMIT_CHARS} characters`);
  const streams: ModuleStream[] = [];
  const defaults = new Map<string, ModuleDefaults>();
  const warnings: Warning[] = [];
  const skipped: { name: string; reason: string }[] = [];
  let left = 0;
  const warn = (text: string): unknown => warnings.push({ code: 'MODULE_SKIPPED', text: `${shortPrintable(url)}: ${text}` });
  const documents = splitDocuments(text);
  if (documents.length > LIMIT_DOCUMENTS) throw invalid(url, `has more than ${LIMIT_DOCUMENTS} documents`);
  const general = new GeneralReader();
  for (const document of documents) {
    yield;
    let kind = '';
    try {
      const root = readYamlSubset(document, WANTED) ?? general.read(document);
      kind = textAt(root, 'document');
      if (kind === 'modulemd') streams.push(asStream(root));
      else if (kind === 'modulemd-defaults') {
        const own = asDefaults(root);
        // Of several defaults in one file the last one counts, whatever its `modified` (modulemd_module_index_add_defaults).
        defaults.set(own.module, own);
      } else if (kind === '') throw new Incomplete('it does not say what it is');
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      left++;
      if (left <= MAX_WARNINGS) warn(`a ${shortPrintable(kind) || 'nameless'} document was skipped: ${error.message}`);
      const name = /^[ \t]+["']?name["']?[ \t]*:[ \t]+["']?([\w.+-]{1,256})/m.exec(document)?.[1];
      if (name !== undefined) skipped.push({ name, reason: error.message });
    }
  }
  if (left > MAX_WARNINGS) warn(`${left - MAX_WARNINGS} more documents were skipped`);
  streams.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { streams, defaults: [...defaults.values()], warnings, skipped };
}

/** The modules.yaml of a repository, read and parsed on first use. After a failure, the next use retries. */
export class ModulesFile {
  readonly #read: () => string;
  readonly #url: string;
  #parsing: Turns<ModuleIndex> | undefined;
  #index: ModuleIndex | undefined;

  constructor(read: () => string, url: string) {
    this.#read = read;
    this.#url = url;
  }

  index(): ModuleIndex {
    return inOneGo(this.indexInTurns());
  }

  /** Concurrent callers share one read. */
  *indexInTurns(): Turns<ModuleIndex> {
    while (this.#index === undefined) {
      const { done, value } = this.#next();
      if (done !== true) yield;
      else {
        this.#index = value;
        this.#parsing = undefined;
      }
    }
    return this.#index;
  }

  #next(): IteratorResult<undefined, ModuleIndex> {
    try {
      this.#parsing ??= parseInTurns(this.#read(), this.#url);
      return this.#parsing.next();
    } catch (error) {
      this.#parsing = undefined;
      throw error;
    }
  }
}

const LIMIT_CHARS = 64 * 1024 * 1024;
const LIMIT_DOCUMENTS = 250_000;
/** Maximum warnings about skipped documents; the rest are only counted. */
const MAX_WARNINGS = 20;
/**
 * Budget of the general parser for the documents of one file. Its tree is a hundred times the size of the text, and each character of `MARKS` makes
 * a token or a mistake, which takes 10 to 20 microseconds. The budget limits a hostile file to seconds.
 */
const GENERAL_BUDGET = 8 * 1024 * 1024;
const MARKS = ',:?[]{}&*!%\\\t';
/** Maximum number of `MARKS` in one document: takes less than a second, since the parser cannot pause within a document. */
const MAX_MARKS = 64 * 1024;
/** Budget used by each character of `MARKS`; other characters use 1. */
const MARK_COST = 16;
const MAX_FLOW_DEPTH = 32;

const WANTED: WantedKeys = {
  document: true,
  version: true,
  data: {
    name: true,
    stream: true,
    version: true,
    context: true,
    static_context: true,
    arch: true,
    summary: 'there',
    description: 'there',
    license: { module: 'there' },
    dependencies: true,
    profiles: { '*': { rpms: true, default: true } },
    artifacts: { rpms: true },
    demodularized: { rpms: true },
    module: true,
    modified: true,
  },
};

/** The document is invalid for libmodulemd too. */
class Incomplete extends Error {}

/** Document markers are at the start of a line, where no scalar can be. */
function splitDocuments(text: string): string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/^(?:---(?=[ \t\r]|$)|\.\.\.(?=[ \t\r]|$).*$)/m)
    .map((document) => document.replaceAll(/^%(?:YAML|TAG)[^\n]*$/gm, '').replaceAll(LOST_QUOTE, `${DEEP}$1`))
    .filter((document) => /^[^\S\n]*[^\s#]/m.test(document));
}

/**
 * A closing quote at the start of a line, as libyaml (until 2018) and, after an empty line, go-yaml write it. YAML 1.2 readers want it indented like
 * the text that it closes; extra spaces before it have no effect.
 */
const LOST_QUOTE = /^(['"])(?=[ \t]*(?:[#,\]}].*)?\r?$)/gm;
const DEEP = ' '.repeat(80);

/** Reads documents that `readYamlSubset` cannot read. */
class GeneralReader {
  #left = GENERAL_BUDGET;

  read(document: string): ReadonlyMap<string, YamlValue> {
    const marks = countCharacters(document, MARKS, MAX_MARKS + 1);
    if (marks > MAX_MARKS) throw new Incomplete('its YAML is unusual, and too large for that');
    const cost = document.length + MARK_COST * marks;
    if (cost > this.#left) throw new Incomplete('its YAML is unusual, and there is too much of that in the file');
    this.#left -= cost;
    if (flowDepth(document) > MAX_FLOW_DEPTH) throw new Incomplete(`brackets nest more than ${MAX_FLOW_DEPTH} deep`);
    // `require` waits until a document needs it: the parser costs 25 ms to load.
    const yaml = createRequire(import.meta.url)('yaml') as typeof import('yaml');
    const value = valueIn(document, yaml);
    if (!(value instanceof Map)) throw new Incomplete('it is not a mapping');
    return value;
  }
}

function valueIn(document: string, yaml: typeof import('yaml')): YamlValue {
  const parse = (text: string) =>
    yaml.parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  try {
    let parsed = parse(document);
    const [error] = parsed.errors;
    if (error !== undefined) parsed = parse(deepenQuoted(document));
    if (parsed.errors.length > 0) throw new Incomplete(`it is not valid YAML: ${shortPrintable(error!.message)}`);
    return asValue(parsed.contents, yaml, ONCE);
  } catch (error) {
    // The parser recurses once per level.
    if (error instanceof RangeError) throw new Incomplete('it nests too deep');
    throw error;
  }
}

/** Keys that libmodulemd refuses if repeated, of a document and of its `data`. Other keys may be repeated. */
const ONCE: ReadonlySet<string> = new Set(['document']);
const ONCE_IN_DATA: ReadonlySet<string> = new Set(['name', 'stream', 'module']);
const NONE: ReadonlySet<string> = new Set();

/** libmodulemd has no aliases (a small file could expand to gigabytes), and merges the values of a repeated key. */
function asValue(node: unknown, yaml: typeof import('yaml'), once = NONE): YamlValue {
  if (node === null || node === undefined) return '';
  if (yaml.isAlias(node)) throw new Incomplete('it has an alias');
  if (yaml.isSeq(node)) return node.items.map((item) => asValue(item, yaml));
  if (!yaml.isMap(node)) return String((node as { value?: unknown }).value ?? '');
  const map = new Map<string, YamlValue>();
  for (const { key, value } of node.items) {
    const name = asValue(key, yaml);
    if (typeof name !== 'string') throw new Incomplete('it has a key that is not text');
    const known = map.get(name);
    if (known !== undefined && once.has(name)) throw new Incomplete(`it has \`${shortPrintable(name)}\` twice`);
    const own = asValue(value, yaml, once === ONCE && name === 'data' ? ONCE_IN_DATA : NONE);
    map.set(name, known === undefined ? own : together(known, own));
  }
  return map;
}

function together(before: YamlValue, after: YamlValue): YamlValue {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  if (!(before instanceof Map) || !(after instanceof Map)) return after;
  const map = new Map<string, YamlValue>(before);
  for (const [key, value] of after as ReadonlyMap<string, YamlValue>) map.set(key, map.has(key) ? together(map.get(key)!, value) : value);
  return map;
}

function flowDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
  }
  return deepest;
}

function asStream(root: ReadonlyMap<string, YamlValue>): ModuleStream {
  const documentVersion = textAt(root, 'version');
  if (documentVersion !== '1' && documentVersion !== '2') throw new Incomplete(`unknown version \`${shortPrintable(documentVersion)}\``);
  const data = mapAt(root, 'data');
  const name = nameAt(data, 'name');
  const stream = nameAt(data, 'stream');
  const version = data.has('version') ? textAt(data, 'version') : '0';
  for (const key of ['summary', 'description']) {
    if (!data.has(key)) throw new Incomplete(`\`${name}\` has no ${key}`);
    textAt(data, key);
  }
  if (listAt(mapAt(data, 'license'), 'module').length === 0) throw new Incomplete(`\`${name}\` has no license`);
  if (!/^[0-9]{1,20}$/.test(version)) throw new Incomplete(`the version \`${shortPrintable(version)}\` of \`${name}\` is not a number`);
  return {
    name,
    stream,
    version: version.replace(/^0+(?=.)/, ''),
    context: textAt(data, 'context'),
    arch: data.has('arch') ? textAt(data, 'arch') : 'noarch',
    staticContext: textAt(data, 'static_context') === 'true',
    requires: documentVersion === '1' ? requiresOfVersion1(data) : requiresOfVersion2(data),
    profiles: asProfiles(data),
    artifacts: listAt(mapAt(data, 'artifacts'), 'rpms').map(checkArtifact),
    demodularized: listAt(mapAt(data, 'demodularized'), 'rpms'),
  };
}

/** Parses backwards from the end: architecture, release, version, epoch (modulemd_validate_nevra). */
function checkArtifact(nevra: string): string {
  if (!/^.*-\d+:[^:]*-[^-:]*\.[^.]*$/.test(nevra))
    throw new Incomplete(`its artifact \`${shortPrintable(nevra)}\` is not name-epoch:version-release.arch`);
  return nevra;
}

function asDefaults(root: ReadonlyMap<string, YamlValue>): ModuleDefaults {
  const documentVersion = textAt(root, 'version');
  if (documentVersion !== '1') throw new Incomplete(`unknown version \`${shortPrintable(documentVersion)}\``);
  const data = mapAt(root, 'data');
  const profiles = new Map<string, readonly string[]>();
  const byStream = mapAt(data, 'profiles');
  for (const stream of byStream.keys()) profiles.set(stream, listAt(byStream, stream));
  return { module: nameAt(data, 'module'), stream: textAt(data, 'stream') || undefined, modified: readModified(data), profiles };
}

function readModified(data: ReadonlyMap<string, YamlValue>): number {
  const modified = textAt(data, 'modified');
  if (modified === '') return 0;
  if (!/^[0-9]{1,20}$/.test(modified)) throw new Incomplete(`\`modified: ${shortPrintable(modified)}\` is not a number`);
  return Number(modified);
}

/** Modulemd version 1 has one stream or none for each module. */
function requiresOfVersion1(data: ReadonlyMap<string, YamlValue>): ReadonlyMap<string, readonly string[]>[] {
  const requires = mapAt(mapAt(data, 'dependencies'), 'requires');
  const one = new Map<string, readonly string[]>();
  for (const module of requires.keys())
    one.set(
      module,
      [textAt(requires, module)].filter((stream) => stream !== ''),
    );
  return one.size === 0 ? [] : [one];
}

function requiresOfVersion2(data: ReadonlyMap<string, YamlValue>): ReadonlyMap<string, readonly string[]>[] {
  const entries = data.get('dependencies');
  if (entries === undefined || entries === '') return [];
  if (!Array.isArray(entries)) throw new Incomplete('its dependencies are not a list');
  return entries.map((entry: YamlValue) => {
    if (!(entry instanceof Map)) throw new Incomplete('a dependency is not a mapping');
    const requires = mapAt(entry, 'requires');
    const modules = [...requires.keys()].sort();
    return new Map(modules.map((module) => [module, checkStreams(module, streamsAt(requires, module))]));
  });
}

/** One stream needs no brackets; an empty value is one stream with an empty name (libmodulemd). */
function streamsAt(requires: ReadonlyMap<string, YamlValue>, module: string): readonly string[] {
  const value = requires.get(module);
  return typeof value === 'string' ? [value] : listAt(requires, module);
}

function checkStreams(module: string, streams: readonly string[]): readonly string[] {
  const excluded = streams.filter((stream) => stream.startsWith('-')).length;
  if (excluded > 0 && excluded < streams.length)
    throw new Incomplete(`it both names and excludes streams of \`${shortPrintable(module)}\``);
  return [...new Set(streams)].sort();
}

function asProfiles(data: ReadonlyMap<string, YamlValue>): ReadonlyMap<string, ModuleProfile> {
  const profiles = new Map<string, ModuleProfile>();
  const all = mapAt(data, 'profiles');
  for (const name of all.keys()) {
    const profile = all.get(name);
    if (!(profile instanceof Map)) throw new Incomplete(`its profile \`${shortPrintable(name)}\` is not a mapping`);
    profiles.set(name, { rpms: listAt(profile, 'rpms'), isDefault: textAt(profile, 'default') === 'true' });
  }
  return profiles;
}

function mapAt(map: ReadonlyMap<string, YamlValue>, key: string): ReadonlyMap<string, YamlValue> {
  const value = map.get(key);
  if (value === undefined || value === '') return new Map();
  if (!(value instanceof Map)) throw new Incomplete(`\`${shortPrintable(key)}\` is not a mapping`);
  return value;
}

function textAt(map: ReadonlyMap<string, YamlValue>, key: string): string {
  const value = map.get(key) ?? '';
  if (typeof value !== 'string') throw new Incomplete(`\`${shortPrintable(key)}\` is not a single value`);
  return value;
}

function listAt(map: ReadonlyMap<string, YamlValue>, key: string): readonly string[] {
  const value = map.get(key);
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value)) throw new Incomplete(`\`${shortPrintable(key)}\` is not a list`);
  return value.map((item: YamlValue) => {
    if (typeof item !== 'string') throw new Incomplete(`\`${shortPrintable(key)}\` has something in it that is not text`);
    return item;
  });
}

/** Names and streams are used in messages and dependencies: no line breaks, brackets or control characters. libmodulemd allows an empty one. */
function nameAt(data: ReadonlyMap<string, YamlValue>, key: string): string {
  const name = textAt(data, key);
  if (!data.has(key) || !/^(?:[^\s()\u0000-\u001f\u007f-\u009f]| ){0,256}$/.test(name))
    throw new Incomplete(`it has no usable ${key} (\`${shortPrintable(name)}\`)`);
  return name;
}
