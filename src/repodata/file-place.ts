/**
 * The location of a file of a repository, from `<location xml:base="..." href="..."/>`. As in librepo, it is a path relative to the base URL, which
 * may contain `../`, or a full URL.
 */
import { asFolder, isUrl, joinUrl, withoutDots } from '../base/urls.ts';

export type FilePlace = { readonly location: string } | { readonly mistake: string };

/** `base` is empty without an `xml:base`. A mistake is worded to follow "which". */
export function filePlace(href: string, base: string): FilePlace {
  for (const text of [href, base]) {
    if (text.length > MAX_LENGTH) return { mistake: `is longer than ${MAX_LENGTH} characters` };
    if (UNPRINTABLE.test(text)) return { mistake: 'has control characters in it' };
    // URL parsers of browsers and Node treat a backslash as a slash, curl does not: clients would download different files.
    if (text.includes('\\')) return { mistake: 'has a backslash in it' };
  }
  if (isUrl(href)) return urlPlace(href);
  const path = withoutDots(href.replace(/^\/+/, '')).replace(/^\/+/, '');
  if (path === '' || /(?:^|\/)(?:\.\.)?$/.test(path)) return { mistake: 'names no file' };
  if (base === '') return { location: path };
  return isUrl(base) ? urlPlace(base, path) : filePlace(`${asFolder(base)}${href.replace(/^\/+/, '')}`, '');
}

const MAX_LENGTH = 4096;
/** Same characters as in the schema of the lockfile. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u;

/** Normalizes a URL, so that the same file has the same URL in every lockfile; `path` is below it. */
function urlPlace(url: string, path?: string): FilePlace {
  const [, scheme = '', host = '', own = '', query = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url) ?? [];
  if (!/^(?:https?|file):\/\/$/i.test(scheme)) return { mistake: 'is a URL that is neither http, https nor file' };
  if (host.includes('@')) return { mistake: 'has a user or a password in it' };
  if (!URL.canParse(`${scheme}${host}/`)) return { mistake: 'is not a URL' };
  const place = new URL(`${scheme}${host}/`);
  const base = `${place.protocol}//${place.host}${withoutDots(escapeUrl(own === '' ? '/' : own))}${escapeUrl(query)}`;
  const location = path === undefined ? base : joinUrl(base, path);
  return /\/(?:\?.*)?$/.test(location) ? { mistake: 'names no file' } : { location };
}

/** Keeps existing escapes. Escapes `+`, because object stores read it as a space. */
const escapeUrl = (text: string): string =>
  text.replaceAll(/%(?![0-9a-f]{2})|[^A-Za-z0-9\-._~!$&'()*,;=:@/?%]/giu, (character) => encodeURIComponent(character));
