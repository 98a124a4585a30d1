import { pathToFileURL } from 'node:url';

/**
 * A path of a repository below its base URL. Repodata holds paths as they are on disk, so characters that mean something in
 * a URL (`^ + # ? %` and space) are escaped; `~` stays.
 */
export function joinUrl(base: string, path: string): string {
  const escaped = path
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
  return `${base.endsWith('/') ? base : `${base}/`}${escaped}`;
}

/** What a user may write for a mirror: a URL, or a folder of this machine. */
export function toUrl(text: string, cwd: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return pathToFileURL(text.startsWith('/') ? text : `${cwd}/${text}`).href;
}
