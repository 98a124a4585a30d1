/** Formats with one or a few lines for each package. */
import { isUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';

const nevra = ({ name, epoch, version, release, arch }: LockedPackage): string => `${name}-${epoch}:${version}-${release}.${arch}`;

/** One `name-epoch:version-release.arch` per line, as dnf accepts it. */
export function renderList(locks: readonly Lockfile[]): string {
  return lines([...new Set(locks.flatMap(({ packages }) => packages.map(nevra)))].sort());
}

/** `%packages` of a kickstart file for one lock: exactly the locked packages, without Anaconda's defaults. */
export function renderKickstart(lock: Lockfile): string {
  const names = [...new Set(lock.packages.map(nevra))].sort();
  return lines([`# ${lock.package_set} for ${lock.architecture}`, '%packages --nocore --exclude-weakdeps', ...names, '%end']);
}

/** An input file of aria2 (`aria2c --input-file`), with checksums; one directory per architecture. Packages without a URL become comments. */
export function renderAria2(locks: readonly Lockfile[], fallbacks: readonly string[]): string {
  const files = new Map<string, { readonly locked: LockedPackage; readonly lock: Lockfile }>();
  for (const lock of locks) for (const locked of lock.packages) files.set(`${lock.architecture}/${locked.sha256}`, { locked, lock });
  const byPlace = new Map<string, string>();
  const sorted = [...files.values()].sort((a, b) =>
    fileOf(a) < fileOf(b) ? -1 : fileOf(a) > fileOf(b) ? 1 : a.locked.sha256 < b.locked.sha256 ? -1 : 1,
  );
  return lines(
    sorted.flatMap(({ locked, lock }) => {
      const url = urlOfPackage(locked, lock);
      const urls = [...(url === undefined || !isUrl(url) ? [] : [url]), ...fallbackUrls(fallbacks, locked)];
      if (urls.length === 0) return [`# no URL is known: ${nevra(locked)} for ${lock.architecture}`];
      const file = fileOf({ locked, lock });
      const place = byPlace.has(file) ? file.replace('/', `/${locked.sha256.slice(0, 16)}/`) : file;
      byPlace.set(file, locked.sha256);
      return [[...new Set(urls)].join('\t'), `  out=${place}`, `  checksum=sha-256=${locked.sha256}`];
    }),
  );
}

const fileOf = ({ locked, lock }: { readonly locked: LockedPackage; readonly lock: Lockfile }): string =>
  `${lock.architecture}/${locked.filename}`;

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
