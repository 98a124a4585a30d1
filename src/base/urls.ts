/** How a place in metadata or in a lockfile becomes a URL: a path on the repository's server, possibly with `../`, or a URL of its own. */

/** `https://host/x`, not `a:b.rpm`: a colon alone may be part of a file name (librepo looks for `://` as well). */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/**
 * A place below (or beside) a base URL. Repodata holds paths as they are on disk, so characters that mean something in a URL
 * (`^ + # ? %` and space) are escaped; `~` stays. A query of the base stays behind the path, since it is what opens the repository. A place that is a
 * URL is taken as it is; only on the origin of the base it gets what opens the base.
 */
export function joinUrl(base: string, place: string): string {
  const { origin, login, path, query } = partsOf(base);
  if (isUrl(place)) return origin !== undefined && isOn(place, origin) ? withKeys(place, { login, query }) : place;
  const segments = place.split('/').map((segment) => encodeURIComponent(segment));
  const joined = `${asFolder(path)}${segments.join('/')}`;
  const resolved = segments.some((segment) => segment === '.' || segment === '..') ? withoutDots(joined) : joined;
  return `${schemeAndLogin(base)}${resolved}${query}`;
}

/** With one slash at its end, as librepo joins paths. Not by a pattern, which tries each slash of a long row as its start. */
export function asFolder(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return `${path.slice(0, end)}/`;
}

/** With its escapes resolved; a text in which one is broken stays as it is. */
export function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of the file that a URL leads to. */
export const fileNameOf = (url: string): string =>
  decodeEscapes(
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '',
  );

/** `a/./b/../c` as `a/c`: what a client asks for (RFC 3986, 5.2.4). A path with a leading slash does not go above it; one without keeps its `../`. */
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
  /** Scheme and host, in lower case; undefined where the base is not such a URL. */
  readonly origin: string | undefined;
  /** With its `@`. */
  readonly login: string;
  readonly path: string;
  /** With its `?`. */
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

/** `https://host:443` is `https://host`. */
const withPort = (origin: string | undefined): string | undefined =>
  origin?.replace(/^(http:\/\/.*):80$/, '$1').replace(/^(https:\/\/.*):443$/, '$1');

function withKeys(url: string, { login, query }: Pick<UrlParts, 'login' | 'query'>): string {
  const own = partsOf(url);
  const start = own.login === '' ? url.replace('://', `://${login}`) : url;
  return own.query === '' && !start.includes('#') ? `${start}${query}` : start;
}
