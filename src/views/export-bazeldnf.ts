import { isUrl } from '../base/urls.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { urlOfPin } from '../lockfile/rpms-lock.ts';
import { repositoryIds } from './export-repositories.ts';

/**
 * bazeldnf's lock JSON: tabs, no newline at the end. A package is named as bazeldnf names it, by its name; where that could stand for several
 * packages of the file, by all of name, epoch, version, release and architecture, as `rpm(name = ...)` in a WORKSPACE is.
 */
export function renderBazeldnf(locks: readonly Lockfile[]): string {
  const repositoryId = repositoryIds(locks);
  const repositories: Record<string, string[]> = {};
  for (const lock of locks) {
    for (const { id, baseurl, list } of lock.repositories ?? []) repositories[repositoryId(id, lock)] = list === undefined ? [baseurl] : [];
  }
  const ids = idsOf(locks);
  const found = new Map<string, { pin: Pin; lock: Lockfile; dependencies: Set<string> }>();
  const targets = new Set<string>();
  for (const lock of locks) {
    const edges = packageEdges(lock);
    for (const pin of edges.requested) targets.add(ids.get(pin.sha256)!);
    for (const [pin, others] of edges.dependencies) {
      const entry = found.get(pin.sha256) ?? { pin, lock, dependencies: new Set() };
      found.set(pin.sha256, entry);
      for (const other of others) entry.dependencies.add(ids.get(other.sha256)!);
    }
  }
  const rpms = [...found.values()].map(({ pin, lock, dependencies }) => ({
    id: ids.get(pin.sha256)!,
    name: pin.name,
    integrity: `sha256-${Buffer.from(pin.sha256, 'hex').toString('base64')}`,
    ...placeOf(pin, lock, repositoryId),
    dependencies: [...dependencies].sort(),
  }));
  const names = new Set(locks.map(({ package_set: set }) => set));
  const ignored = [...new Set(locks.flatMap((lock) => lock.ignored ?? []))];
  return JSON.stringify(
    {
      name: names.size === 1 ? [...names][0]! : 'rpms',
      repositories,
      rpms: rpms.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
      targets: [...targets].sort(),
      ...(ignored.length === 0 ? {} : { ignored }),
    },
    null,
    '\t',
  );
}

/** A path below the base URL of its repository, escaped, since bazeldnf puts the two together as they are; else the whole URL. */
function placeOf(pin: Pin, lock: Lockfile, repositoryId: (id: string, lock: Lockfile) => string): Record<string, unknown> {
  const location = pin.location ?? pin.filename;
  const base = lock.repositories?.find(({ id }) => id === pin.repository)?.baseurl;
  const isBelow = base !== undefined && !base.includes('?') && !isUrl(location) && !location.split('/').includes('..');
  if (isBelow) return { urls: [location.split('/').map(encodeURIComponent).join('/')], repository: repositoryId(pin.repository!, lock) };
  return { urls: [urlOfPin(pin, lock) ?? location] };
}

/** An id for each file, by sha256. */
function idsOf(locks: readonly Lockfile[]): Map<string, string> {
  const pins = [...new Map(locks.flatMap(({ packages }) => packages.map((pin) => [pin.sha256, pin] as const))).values()];
  const isShort = locks.length === 1 && new Set(pins.map(({ name }) => name)).size === pins.length;
  const wanted = pins.map((pin) => [pin.sha256, isShort ? pin.name : longId(pin)] as const);
  const counts = new Map<string, number>();
  for (const [, id] of wanted) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Map(wanted.map(([sha256, id]) => [sha256, counts.get(id) === 1 ? id : `${id}__${sha256}`]));
}

/** `acl-0__2.3.1-4.el9.x86_64`, with words for the characters that Bazel does not take. */
const longId = ({ name, epoch, version, release, arch }: Pin): string =>
  `${name}-${epoch}__${version}-${release}.${arch}`
    .replaceAll('+', '__plus__')
    .replaceAll('~', '__tilde__')
    .replaceAll('^', '__caret__')
    .replace(/[^A-Za-z0-9._-]/g, '_');
