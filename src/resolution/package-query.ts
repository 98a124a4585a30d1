/**
 * The packages that a spec matches, as in dnf (libdnf, Query::filterSubject): the readings as NEVRA from the most specific
 * to the least, then a glob on the whole NEVRA, then provides, then owners of the path. The first reading with a match
 * is used.
 */
import { type DepId, REL, type SolvableId, type StringId } from '../pool/ids.ts';
import { internRich, OPERATORS } from '../pool/intern-rich.ts';
import type { Pool, UnknownPath } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import { isListedByPrimary } from '../pool/primary-files.ts';
import { DEPENDENCY_KINDS } from '../repodata/dependency-kinds.ts';
import { parseEvr } from '../rpm/evr.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import { MAX_SPEC, type ParsedSpec, possibleNevras } from '../rpm/nevra.ts';
import { rpmvercmp } from '../rpm/rpmvercmp.ts';

export interface SpecMatch {
  /** Ascending. */
  readonly solvables: readonly number[];
  /** The reading that matched; undefined for capabilities, paths and globs on the whole NEVRA. */
  readonly reading: ParsedSpec | undefined;
}

const NOTHING: SpecMatch = { solvables: [], reading: undefined };

export class PackageQuery {
  readonly #pool: Pool;
  /** 1 for packages that are not matched. */
  readonly #hidden: Uint8Array | undefined;
  readonly #sourceArchs: readonly number[];

  constructor(pool: Pool, hidden: Uint8Array | undefined) {
    this.#pool = pool;
    this.#hidden = hidden;
    this.#sourceArchs = ['src', 'nosrc'].map((arch) => pool.strings.find(arch));
  }

  /** Matches only by name and version, as for excludes. */
  byNevra(spec: string): SpecMatch {
    if (spec.length > MAX_SPEC) return NOTHING;
    for (const reading of possibleNevras(spec)) {
      const solvables = this.#matchReading(reading);
      if (solvables.length > 0) return { solvables, reading };
    }
    return { solvables: this.#matchWholeNevra(spec), reading: undefined };
  }

  bySpec(spec: string): SpecMatch | UnknownPath {
    const byName = this.byNevra(spec);
    if (byName.solvables.length > 0 || spec.length > MAX_SPEC) return byName;
    const byProvide = this.#matchProvides(spec);
    if ('unknownPath' in byProvide) return byProvide;
    if (byProvide.length > 0) return { solvables: byProvide, reading: undefined };
    if (!spec.startsWith('/') && !spec.startsWith('*/')) return NOTHING;
    // As in dnf: one slash at the end is ignored.
    return this.#matchPath(spec.replace(/(?<=.)\/$/s, ''));
  }

  /** Includes packages of foreign architectures: dnf requests one if no other package has the name, and reports that it cannot be installed. */
  isVisible(s: number): boolean {
    const arch = this.#pool.arch[s]!;
    return this.#hidden?.[s] !== 1 && (this.#pool.archRank[s] !== 0 || !this.#sourceArchs.includes(arch));
  }

  #matchReading(reading: ParsedSpec): number[] {
    const { epoch, version, release, arch } = reading;
    const isVersion = version === undefined ? undefined : versionMatcher(version);
    const isRelease = release === undefined ? undefined : versionMatcher(release);
    const isArch = arch === undefined ? undefined : globMatcher(arch);
    const isWanted = (s: number): boolean => {
      if (!this.isVisible(s)) return false;
      if (isArch !== undefined && !isArch(this.#pool.strings.get(this.#pool.arch[s] as StringId))) return false;
      if (epoch === undefined && isVersion === undefined && isRelease === undefined) return true;
      const evr = parseEvr(this.#pool.strings.get(this.#pool.evr[s] as StringId));
      if (epoch !== undefined && Number(epoch) !== Number(evr.epoch)) return false;
      return isVersion?.(evr.version) !== false && isRelease?.(evr.release) !== false;
    };
    return this.#withName(reading.name).filter(isWanted);
  }

  /** All packages with a name, or whose name matches a glob, ascending. */
  #withName(name: string): number[] {
    if (!hasGlob(name)) {
      const id = this.#pool.strings.find(name);
      return id === 0 ? [] : [...this.#pool.withName(id)];
    }
    const isName = globMatcher(name);
    const found = namesOf(this.#pool)
      .filter(({ text }) => isName(text))
      .flatMap(({ id }) => [...this.#pool.withName(id)]);
    return found.sort((a, b) => a - b);
  }

  #matchWholeNevra(spec: string): number[] {
    if (/[(/=<> ]/.test(spec)) return [];
    const isNevra = globMatcher(spec);
    const candidates = this.#startingAlike(spec).filter((s) => this.isVisible(s));
    const nevraOf = nevraTexts(this.#pool, { withEpoch: spec.includes(':') });
    return candidates.filter((s) => isNevra(nevraOf(s)));
  }

  /** A fast prefilter: packages whose name is compatible with the text before the first wildcard of a pattern. */
  #startingAlike(spec: string): readonly number[] {
    if (!hasGlob(spec) && !spec.includes('\\')) return this.#withName(/^(.+)-[^-]+-[^-]+$/.exec(spec)?.[1] ?? '');
    const literal = /^[^*?[\\]*/.exec(spec)?.[0] ?? '';
    if (literal === '') return everySolvable(this.#pool);
    const found = namesOf(this.#pool)
      .filter(({ text }) => text.startsWith(literal) || literal.startsWith(text))
      .flatMap(({ id }) => [...this.#pool.withName(id)]);
    return found.sort((a, b) => a - b);
  }

  #matchProvides(spec: string): number[] | UnknownPath {
    const pool = this.#pool;
    if (spec.startsWith('(')) {
      const dep = internRich(pool.strings, pool.relations, spec);
      return dep === undefined ? [] : [...pool.providersOf(dep)].filter((s) => this.isVisible(s));
    }
    const parts = /^(\S*)\s*(<=|>=|<|>|=)?\s*(\S*)$/.exec(spec);
    if (parts === null || parts[1] === '' || (parts[2] === undefined) !== (parts[3] === '')) return [];
    const [, name = '', operator, evr = ''] = parts;
    const names = hasGlob(name) ? providedNames(pool, globMatcher(name)) : [pool.strings.find(name)].filter((id) => id !== 0);
    if (operator === undefined && (hasGlob(name) || name.startsWith('/'))) {
      const paths = neededPaths(pool, globMatcher(name));
      const unknownPath = paths.find((path) => pool.needsFilelists(path));
      if (unknownPath !== undefined) return { unknownPath };
      names.push(...paths);
    }
    const found = new Set<number>();
    for (const id of names) {
      const dep: DepId = operator === undefined ? id : pool.relations.intern(id, OPERATORS[operator]!, pool.strings.intern(evr));
      for (const s of pool.providersOf(dep)) if (this.isVisible(s)) found.add(s);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** As in libsolv: a path of the kind that primary.xml lists is searched only there, even if it is a glob. */
  #matchPath(spec: string): SpecMatch | UnknownPath {
    const pool = this.#pool;
    const isListed = isListedByPrimary(spec);
    if (!hasGlob(spec)) {
      const path = pool.strings.intern(spec);
      if (!isListed && pool.needsFilelists(path)) return { unknownPath: path };
      const found = new Set<number>([...pool.providersOf(path), ...ownersOf(pool, (file) => file === path)]);
      return this.#visible([...found].sort((a, b) => a - b));
    }
    const isPath = globMatcher(spec);
    const matching = new Map<number, boolean>();
    const found = ownersOf(pool, (file) => {
      let isMatch = matching.get(file);
      if (isMatch === undefined) {
        isMatch = isPath(pool.strings.get(file));
        matching.set(file, isMatch);
      }
      return isMatch;
    });
    if (isListed) return this.#visible(found);
    const listed = pool.ownersMatching(spec);
    if ('unknownPath' in listed) return listed;
    return this.#visible([...new Set([...found, ...listed])].sort((a, b) => a - b));
  }

  #visible(solvables: readonly number[]): SpecMatch {
    return { solvables: solvables.filter((s) => this.isVisible(s)), reading: undefined };
  }
}

/** dnf compares a plain version with rpm's algorithm, so that `1.0` matches `1.00`, and a glob as text. */
function versionMatcher(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  return hasGlob(pattern) ? globMatcher(pattern) : (text) => rpmvercmp(text, pattern) === 0;
}

interface Name {
  readonly id: StringId;
  readonly text: string;
}

const NAMES = memoryKey<readonly Name[]>('names');

const everySolvable = (pool: Pool): number[] => Array.from({ length: pool.end - 1 }, (_, i) => i + 1);

/** Every package name of a pool, once. */
export function namesOf(pool: Pool): readonly Name[] {
  return pool.memory.keep(NAMES, () => {
    const ids = new Set<number>();
    for (let s = 1; s < pool.end; s++) ids.add(pool.name[s]!);
    return [...ids].map((id) => ({ id: id as StringId, text: pool.strings.get(id as StringId) }));
  });
}

const NEVRAS = memoryKey<(string | undefined)[]>('NEVRAs');
const NEVRAS_WITHOUT_EPOCH = memoryKey<(string | undefined)[]>('NEVRAs without epoch');

/** Each text is formatted once. */
function nevraTexts(pool: Pool, { withEpoch }: { readonly withEpoch: boolean }): (s: number) => string {
  const texts = pool.memory.keep(withEpoch ? NEVRAS : NEVRAS_WITHOUT_EPOCH, () => new Array<string | undefined>(pool.end).fill(undefined));
  return (s) => {
    const known = texts[s];
    if (known !== undefined) return known;
    const nevra = pool.nevra(s as SolvableId);
    const text = withEpoch ? nevra : nevra.replace(/-\d+:(?=[^:]*$)/, '-');
    texts[s] = text;
    return text;
  };
}

const PROVIDED_NAMES = memoryKey<readonly Name[]>('provided names');

function providedNames(pool: Pool, isWanted: (text: string) => boolean): StringId[] {
  const all = pool.memory.keep(PROVIDED_NAMES, () => {
    const seen = new Uint8Array(pool.strings.count);
    const names: Name[] = [];
    for (const provided of pool.provides.ids) {
      const id = provided < 0 ? pool.relations.name(provided as DepId) : provided;
      if (id <= 0 || seen[id] === 1) continue;
      seen[id] = 1;
      names.push({ id: id as StringId, text: pool.strings.get(id as StringId) });
    }
    return names;
  });
  return all.filter(({ text }) => isWanted(text)).map(({ id }) => id);
}

const NEEDED_PATHS = memoryKey<readonly Name[]>('needed paths');

/** Paths in dependencies of any package: libsolv adds them to the provides of their owners, in which dnf searches a glob. */
function neededPaths(pool: Pool, isWanted: (text: string) => boolean): StringId[] {
  const all = pool.memory.keep(NEEDED_PATHS, () => {
    const ids = new Set<StringId>();
    const add = (dep: DepId): void => {
      if (dep > 0) ids.add(dep as StringId);
      else if (dep < 0) {
        add(pool.relations.name(dep));
        if (pool.relations.flags(dep) >= REL.AND) add(pool.relations.evr(dep));
      }
    };
    const kinds = DEPENDENCY_KINDS.filter((kind) => kind !== 'provides');
    for (const kind of kinds) for (const dep of new Set(pool.dependencies[kind].ids)) add(dep as DepId);
    return [...ids].map((id) => ({ id, text: pool.strings.get(id) })).filter(({ text }) => text.startsWith('/'));
  });
  return all.filter(({ text }) => isWanted(text)).map(({ id }) => id);
}

/** Solvables that own a file, ascending. */
function ownersOf(pool: Pool, isWanted: (file: StringId) => boolean): number[] {
  const found: number[] = [];
  const { start, ids } = pool.files;
  for (let s = 1; s < pool.end; s++) {
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      if (!isWanted(ids[i] as StringId)) continue;
      found.push(s);
      break;
    }
  }
  return found;
}
