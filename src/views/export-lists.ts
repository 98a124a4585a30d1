/** Formats of one line, or a few, for each package. */
import { isUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { urlOfPin } from '../lockfile/rpms-lock.ts';

const nevra = ({ name, epoch, version, release, arch }: Pin): string => `${name}-${epoch}:${version}-${release}.${arch}`;

/** One `name-epoch:version-release.arch` a line: what dnf installs. */
export function renderList(locks: readonly Lockfile[]): string {
  return lines([...new Set(locks.flatMap(({ packages }) => packages.map(nevra)))].sort());
}

/** `%packages` of a kickstart file for one lock: exactly the locked packages, nothing that Anaconda adds by itself. */
export function renderKickstart(lock: Lockfile): string {
  const names = [...new Set(lock.packages.map(nevra))].sort();
  return lines([`# ${lock.package_set} for ${lock.architecture}`, '%packages --nocore --exclude-weakdeps', ...names, '%end']);
}

/** An input file of aria2 (`aria2c --input-file`), with checksums; each architecture gets a folder. Packages without a place are comments. */
export function renderAria2(locks: readonly Lockfile[], fallbacks: readonly string[]): string {
  const files = new Map<string, { readonly pin: Pin; readonly lock: Lockfile }>();
  for (const lock of locks) for (const pin of lock.packages) files.set(`${lock.architecture}/${pin.sha256}`, { pin, lock });
  const byPlace = new Map<string, string>();
  const sorted = [...files.values()].sort((a, b) =>
    fileOf(a) < fileOf(b) ? -1 : fileOf(a) > fileOf(b) ? 1 : a.pin.sha256 < b.pin.sha256 ? -1 : 1,
  );
  return lines(
    sorted.flatMap(({ pin, lock }) => {
      const url = urlOfPin(pin, lock);
      const urls = [...(url === undefined || !isUrl(url) ? [] : [url]), ...fallbackUrls(fallbacks, pin)];
      if (urls.length === 0) return [`# no URL is known: ${nevra(pin)} for ${lock.architecture}`];
      const file = fileOf({ pin, lock });
      const place = byPlace.has(file) ? file.replace('/', `/${pin.sha256.slice(0, 16)}/`) : file;
      byPlace.set(file, pin.sha256);
      return [[...new Set(urls)].join('\t'), `  out=${place}`, `  checksum=sha-256=${pin.sha256}`];
    }),
  );
}

const fileOf = ({ pin, lock }: { readonly pin: Pin; readonly lock: Lockfile }): string => `${lock.architecture}/${pin.filename}`;

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
