/**
 * `rpms.lock.yaml`, version 1: the lockfile of rpm-lockfile-prototype, which hermeto reads. One file contains all
 * architectures. Its own keys are written in its own order; additional data of rpm-deps is under `rpm_deps` and in
 * further keys of each package, which hermeto ignores.
 */

import { RpmDepsError } from '../base/errors.ts';
import { fieldsOf } from '../base/fields.ts';
import { shortPrintable } from '../base/printable.ts';
import { fileNameOf, isUrl, joinUrl } from '../base/urls.ts';
import { lockedRepository } from './locked-repository.ts';
import { type LockedPackage, type LockedRepository, type Lockfile, MAX_LOCKFILE_BYTES } from './lockfile.ts';
import { versionText } from './package-version.ts';

/** All keys of a lock that the other tool does not have. */
const OWN_KEYS = [
  'schema_version',
  'package_set',
  'generated',
  'generator',
  'manifest_digest',
  'requested',
  'answered_by',
  'ignored',
  'repositories',
  'base',
  'source_repositories',
] as const;

/** URL of the file of a package: its own URL, or its location below the base URL of its repository; undefined if the lock has none. */
export function urlOfPackage({ location, repository: id }: LockedPackage, lock: Lockfile): string | undefined {
  if (location === undefined) return undefined;
  if (isUrl(location)) return location;
  const repository = lockedRepository(lock, id);
  return repository === undefined || repository.list !== undefined ? undefined : joinUrl(repository.baseurl, location);
}

/** Base URLs that replace lists of mirrors, by `mirrorKey`. */
export type RpmsLockMirrors = ReadonlyMap<string, string>;

export const mirrorKey = (architecture: string, id: string): string => `${architecture} ${id}`;

interface RenderOptions {
  /** The file is a lockfile of this program, not an export. */
  readonly own: boolean;
  /** hermeto needs the URL of each package: for a repository with only a list of mirrors, one mirror is used. */
  readonly mirrors?: RpmsLockMirrors;
}

/** Locks of one set, or the union of several for an export: each file once in each architecture, by URL. */
export function renderRpmsLock(locks: readonly Lockfile[], { own, mirrors = new Map() }: RenderOptions = { own: false }): string {
  const places = new Map(locks.map((lock) => [lock, own ? atMirrors(lock, mirrors) : lock]));
  const lines = ['---', 'lockfileVersion: 1', 'lockfileVendor: redhat', 'arches:'];
  const architectures = [...new Set(locks.map(({ architecture }) => architecture))].sort();
  for (const architecture of architectures) {
    const members = locks.filter((lock) => lock.architecture === architecture);
    lines.push(
      `- arch: ${architecture}`,
      ...list(
        'packages',
        entriesOf(members, { own, places }, ({ packages }) => packages),
      ),
      ...list(
        'source',
        entriesOf(members, { own, places }, ({ sources = [] }) => sources),
      ),
      ...list('module_metadata', moduleEntries(members.map((lock) => places.get(lock)!))),
    );
  }
  if (own) {
    lines.push('rpm_deps:');
    for (const architecture of architectures) {
      const lock = locks.find((candidate) => candidate.architecture === architecture)!;
      const kept: Record<string, unknown> = Object.fromEntries(
        OWN_KEYS.flatMap((key) => (key in lock ? [[key, (lock as unknown as Record<string, unknown>)[key]]] : [])),
      );
      const chosen = chosenMirrors(lock, mirrors);
      if (chosen.length > 0) kept['mirrors'] = Object.fromEntries(chosen);
      // JSON is valid YAML, and one line per architecture keeps diffs readable.
      lines.push(`  ${architecture}: ${JSON.stringify(kept)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Id and chosen base URL of repositories of which a lock has only the URL of a list of mirrors. */
function chosenMirrors(lock: Lockfile, mirrors: RpmsLockMirrors): [string, string][] {
  const { architecture, repositories = [], source_repositories: more = [] } = lock;
  return [...repositories, ...more].flatMap(({ id, list: isList }): [string, string][] => {
    const mirror = isList === undefined ? undefined : mirrors.get(mirrorKey(architecture, id));
    return mirror === undefined ? [] : [[id, mirror]];
  });
}

/** The lock with a mirror instead of each list. Throws LOCKFILE_INVALID if a package would have no URL. */
function atMirrors(lock: Lockfile, mirrors: RpmsLockMirrors): Lockfile {
  const chosen = new Map(chosenMirrors(lock, mirrors));
  const placed = (known: readonly LockedRepository[] = []): LockedRepository[] =>
    known.map(({ list: kind, ...rest }) => {
      const baseurl = chosen.get(rest.id);
      return kind === undefined ? rest : baseurl === undefined ? { ...rest, list: kind } : { ...rest, baseurl };
    });
  const { repositories, source_repositories: more } = lock;
  const at = {
    ...lock,
    ...(repositories === undefined ? {} : { repositories: placed(repositories) }),
    ...(more === undefined ? {} : { source_repositories: placed(more) }),
  };
  for (const locked of [...lock.packages, ...(lock.sources ?? [])]) {
    if (locked.location === undefined || urlOfPackage(locked, at) !== undefined || lockedRepository(at, locked.repository) === undefined)
      continue;
    const id = shortPrintable(locked.repository ?? '');
    throw new RpmDepsError(
      'LOCKFILE_INVALID',
      `no mirror of repository \`${id}\` is known, and its packages would have no URL in the file`,
      {
        hint: 'run `rpm-deps lock` where the list of mirrors can be read, or give the repository a `baseurl`',
      },
    );
  }
  return at;
}

function list(key: string, entries: readonly (readonly string[])[]): string[] {
  if (entries.length === 0) return [`  ${key}: []`];
  return [`  ${key}:`, ...entries.flatMap((fields) => fields.map((field, i) => `${i === 0 ? '  - ' : '    '}${field}`))];
}

type Entry = { readonly url: string; readonly fields: string[] };

interface EntryOptions {
  readonly own: boolean;
  /** The locks with base URLs that file names can be joined to. */
  readonly places: ReadonlyMap<Lockfile, Lockfile>;
}

function entriesOf(
  locks: readonly Lockfile[],
  { own, places }: EntryOptions,
  packagesOf: (lock: Lockfile) => readonly LockedPackage[],
): string[][] {
  const found = new Map<string, Entry>();
  for (const lock of locks) {
    for (const locked of packagesOf(lock)) {
      const known = urlOfPackage(locked, places.get(lock)!);
      const url = known ?? locked.filename;
      // If the URL is below the base URL of the lock, the location can be derived from it.
      const place =
        own && urlOfPackage(locked, lock) === undefined && locked.location !== undefined ? [`location: ${scalar(locked.location)}`] : [];
      if (!found.has(url)) found.set(url, { url, fields: [...packageFields(locked, own ? url : known, own), ...place] });
    }
  }
  return byUrl(found);
}

const byUrl = (found: ReadonlyMap<string, Entry>): string[][] =>
  [...found.values()].sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0)).map(({ fields }) => fields);

/** modules.yaml of repositories, by URL because hermeto downloads it. Repositories without a known mirror are skipped. */
function moduleEntries(locks: readonly Lockfile[]): string[][] {
  const found = new Map<string, Entry>();
  for (const { repositories = [] } of locks) {
    for (const { id, baseurl, list: isList, modules } of repositories) {
      if (modules === undefined || (isList !== undefined && !isUrl(modules.location))) continue;
      const url = isUrl(modules.location) ? modules.location : joinUrl(baseurl, modules.location);
      const size = modules.size === undefined ? [] : [`size: ${modules.size}`];
      found.set(url, { url, fields: [`url: ${scalar(url)}`, `repoid: ${scalar(id)}`, ...size, `checksum: sha256:${modules.sha256}`] });
    }
  }
  return byUrl(found);
}

function packageFields(locked: LockedPackage, url: string | undefined, own: boolean): string[] {
  return [
    ...(url === undefined ? [] : [`url: ${scalar(url)}`]),
    `repoid: ${scalar(locked.repository ?? '')}`,
    ...(locked.size === undefined ? [] : [`size: ${locked.size}`]),
    `checksum: sha256:${locked.sha256}`,
    `name: ${scalar(locked.name)}`,
    `evr: ${scalar(versionText(locked))}`,
    ...(locked.source === undefined ? [] : [`sourcerpm: ${scalar(locked.source)}`]),
    ...(own ? ownFields(locked, url) : []),
  ];
}

/** Data that the other tool has no keys for. */
function ownFields({ digest, arch, filename, dependencies = [], replaces = [] }: LockedPackage, url = ''): string[] {
  const last = fileNameOf(url);
  return [
    ...(digest === undefined ? [] : [`digest: ${digest}`]),
    ...(last.endsWith(`.${arch}.rpm`) ? [] : [`arch: ${arch}`]),
    ...(last === filename ? [] : [`filename: ${scalar(filename)}`]),
    ...(dependencies.length === 0 ? [] : [`dependencies: ${JSON.stringify(dependencies)}`]),
    ...(replaces.length === 0 ? [] : [`replaces: ${JSON.stringify(replaces)}`]),
  ];
}

/** Plain if YAML 1.1 and 1.2 both read the same text back; else in JSON's double quotes. */
const scalar = (text: string): string =>
  /^[A-Za-z/][A-Za-z0-9 ._/+~^%@:=-]*$/.test(text) && !/: |:$|^\s|\s$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : /^\d[\d.]*[A-Za-z~^_-][A-Za-z0-9._+~^-]*$/.test(text) && !/^\d+(?:\.\d+)?e\d+$|^0[xob]|:/i.test(text)
      ? text
      : JSON.stringify(text);

/** Whether a parsed text is such a file; its content is not checked. */
export const isRpmsLock = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && 'lockfileVersion' in value;

/**
 * Reads a file of this program or of the other tool. The other tool records neither the request nor the dependencies, so both are missing then.
 * `name` is for messages. Throws LOCKFILE_INVALID.
 */
export async function parseRpmsLock(text: string, name: string): Promise<Lockfile[]> {
  if (text.length > MAX_LOCKFILE_BYTES) throw invalid(name, `is larger than ${MAX_LOCKFILE_BYTES >> 20} MiB`);
  const mark = /^(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)(?: |$)/m.exec(text);
  if (mark) throw invalid(name, `has merge conflict markers (line ${text.slice(0, mark.index).split('\n').length})`);
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0, schema: 'core' });
  } catch (cause) {
    throw invalid(name, `is not valid YAML: ${shortPrintable((cause as Error).message.split('\n')[0]!, 200)}`, cause);
  }
  if (!isRpmsLock(value) || !Array.isArray(value['arches']))
    throw invalid(name, 'is not a lockfile: `lockfileVersion` or `arches` is missing');
  if (value['lockfileVersion'] !== 1)
    throw invalid(name, `has version ${shortPrintable(String(value['lockfileVersion']), 40)}; this rpm-deps knows 1`);
  const own = fieldsOf(value['rpm_deps']);
  const { parseLockfile } = await import('./parse-lockfile.ts');
  return value['arches'].map((entry) => {
    const arch = fieldsOf(entry);
    const architecture = String(arch['arch'] ?? '');
    const { mirrors: _, ...kept } = fieldsOf(own[architecture]);
    const readPackages = (key: string, what: string): Partial<LockedPackage>[] =>
      Array.isArray(arch[key])
        ? arch[key].map((item, i) => readPackage(fieldsOf(item), kept, `${name}: ${architecture} ${what} ${i + 1}`))
        : [];
    const packages = readPackages('packages', 'package');
    const sources = readPackages('source', 'source RPM').map(({ dependencies: _dependencies, ...locked }) => locked);
    const lock = {
      ...{ schema_version: '1.0', package_set: 'rpms', ...kept, architecture, packages },
      ...(sources.length === 0 ? {} : { sources }),
    };
    // Validated by the common parser of locks.
    return parseLockfile(JSON.stringify(lock), name);
  });
}

/** The mirrors that a file of this program uses instead of lists; none if it cannot be read. */
export function mirrorsOfRpmsLock(text: string): RpmsLockMirrors {
  const mirrors = new Map<string, string>();
  const own = /^rpm_deps:\n((?: {2}\w+: \{.*\}\n?)+)/m.exec(text)?.[1] ?? '';
  for (const [, architecture = '', json = ''] of own.matchAll(/^ {2}(\w+): (\{.*\})$/gm)) {
    for (const [id, mirror] of Object.entries(fieldsOf(fieldsOf(parsed(json))['mirrors'])))
      if (typeof mirror === 'string' && isUrl(mirror)) mirrors.set(mirrorKey(architecture, id), mirror);
  }
  return mirrors;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function readPackage(
  item: Readonly<Record<string, unknown>>,
  kept: Readonly<Record<string, unknown>>,
  where: string,
): Partial<LockedPackage> {
  const url = String(item['url'] ?? '');
  const [, algorithm = '', digest = ''] = /^(\w+):([0-9a-f]+)$/.exec(String(item['checksum'] ?? '')) ?? [];
  if (algorithm !== 'sha256') throw invalid(where, 'has no sha256 checksum');
  const file = fileNameOf(url);
  const arch = typeof item['arch'] === 'string' ? item['arch'] : /\.([A-Za-z0-9_]+)\.rpm$/.exec(file)?.[1];
  const [, epoch = '0', version, release] = /^(?:(\d+):)?([^-]+)-([^-]+)$/.exec(String(item['evr'] ?? '')) ?? [];
  if (arch === undefined || version === undefined || release === undefined)
    throw invalid(where, `is not a readable package: ${shortPrintable(url, 200)}`);
  const repository = String(item['repoid'] ?? '');
  const bases = ['repositories', 'source_repositories'].flatMap((key) => (Array.isArray(kept[key]) ? kept[key].map(fieldsOf) : []));
  const base = bases.find(({ id }) => id === repository)?.['baseurl'];
  return {
    name: String(item['name'] ?? ''),
    epoch,
    version,
    release,
    arch,
    sha256: digest,
    ...(typeof item['digest'] === 'string' ? { digest: item['digest'] } : {}),
    filename: typeof item['filename'] === 'string' ? item['filename'] : file,
    ...(repository === '' ? {} : { repository }),
    location: typeof item['location'] === 'string' ? item['location'] : typeof base === 'string' ? placeBelow(base, url) : url,
    ...(typeof item['size'] === 'number' ? { size: item['size'] } : {}),
    ...(typeof item['sourcerpm'] === 'string' ? { source: item['sourcerpm'] } : {}),
    ...(Object.keys(kept).length === 0
      ? {}
      : { dependencies: Array.isArray(item['dependencies']) ? item['dependencies'].map(String) : [] }),
    ...(Array.isArray(item['replaces']) ? { replaces: item['replaces'].map(String) } : {}),
  };
}

/** The inverse of `joinUrl`; the URL itself if it is not below `base`. */
function placeBelow(base: string, url: string): string {
  const folder = base.endsWith('/') ? base : `${base}/`;
  if (!url.startsWith(folder)) return url;
  try {
    return url
      .slice(folder.length)
      .split('/')
      .map((part) => decodeURIComponent(part))
      .join('/');
  } catch {
    return url;
  }
}

function invalid(name: string, problem: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('LOCKFILE_INVALID', `\`${shortPrintable(name)}\` ${problem}`, {
    hint: '`git checkout -- FILE` restores it; or delete it and run `rpm-deps lock`, which then selects new versions',
    cause,
    data: { file: name },
  });
}
