/** Converts a location in metadata or a lockfile to a URL: a path on the repository's server (may contain `../`), or a full URL. */

/** `https://host/x`, not `a:b.rpm`: a file name may contain a colon (librepo also checks for `://`). */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/**
 * Joins a location with a base URL. Repodata has paths as on disk, so characters with a meaning in URLs
 * (`^ + # ? %` and space) are escaped; `~` stays. A query of the base is appended, because it may contain the access token. A location that is a
 * URL stays unchanged; on the origin of the base it also gets the login and query of the base.
 */
export function joinUrl(base: string, place: string): string {
  const { origin, login, path, query } = partsOf(base);
  if (isUrl(place)) return origin !== undefined && isOn(place, origin) ? withKeys(place, { login, query }) : place;
  const segments = place.split('/').map((segment) => encodeURIComponent(segment));
  const joined = `${asFolder(path)}${segments.join('/')}`;
  const resolved = segments.some((segment) => segment === '.' || segment === '..') ? withoutDots(joined) : joined;
  return `${schemeAndLogin(base)}${resolved}${query}`;
}

/** With exactly one slash at its end, as librepo joins paths. A regular expression would take quadratic time for many slashes. */
export function asFolder(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return `${path.slice(0, end)}/`;
}

/** Decodes percent escapes; a text with an invalid escape stays unchanged. */
export function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The file name in a URL. */
export const fileNameOf = (url: string): string =>
  decodeEscapes(
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '',
  );

/** Converts `a/./b/../c` to `a/c`, like clients do (RFC 3986, 5.2.4). Keeps leading `../` of relative paths only. */
export function withoutDots(path: string): string {
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of (isRooted ? path.slice(1) : path).split('/')) {
    if (segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isRooted) kept.push('..');
  }
  return `${isRooted ? '/' : ''}${kept.join('/')}`;
}

interface UrlParts {
  /** Scheme and host, lower case; undefined if the base is not such a URL. */
  readonly origin: string | undefined;
  /** Includes the `@`. */
  readonly login: string;
  readonly path: string;
  /** Includes the `?`. */
  readonly query: string;
}

const URL_SHAPE = /^([a-z][a-z0-9+.-]*:\/\/)((?:[^/?#\\]*@)?)([^/?#\\]*)([^?#]*)(\?[^#]*)?/i;

function partsOf(url: string): UrlParts {
  const match = URL_SHAPE.exec(url);
  if (match === null) return { origin: undefined, login: '', path: url, query: '' };
  const [, scheme = '', login = '', host = '', path = '', query = ''] = match;
  return { origin: `${scheme}${host}`.toLowerCase(), login, path, query };
}

function schemeAndLogin(url: string): string {
  const match = URL_SHAPE.exec(url);
  return match === null ? '' : `${match[1]}${match[2]}${match[3]}`;
}

function isOn(url: string, origin: string): boolean {
  return withPort(partsOf(url).origin) === withPort(origin);
}

/** Removes a default port: `https://host:443` becomes `https://host`. */
const withPort = (origin: string | undefined): string | undefined =>
  origin?.replace(/^(http:\/\/.*):80$/, '$1').replace(/^(https:\/\/.*):443$/, '$1');

function withKeys(url: string, { login, query }: Pick<UrlParts, 'login' | 'query'>): string {
  const own = partsOf(url);
  const start = own.login === '' ? url.replace('://', `://${login}`) : url;
  return own.query === '' && !start.includes('#') ? `${start}${query}` : start;
}
