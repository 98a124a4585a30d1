/**
 * Keeps secrets out of all output: messages, `--json`, lockfiles and the cache. `redact` is for a URL in a message;
 * `Secrets.hide` filters all printed text and removes the rest.
 */

const HIDDEN = '***';

/** For messages: removes user, password and query values of a URL, even if it is malformed. */
export function redact(url: string): string {
  const shown = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? withoutMistypedLogin(url) : url.replace(/^[^\s?]*@/, '');
  return shown.replace(/\?.*$/s, '?...');
}

/** Removes user and password, for storing a URL. */
export function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\\]*@/i, '$1');
}

/** Removes credentials in the login or the query, for storing a URL. */
export function withoutSecrets(url: string): string {
  return withoutLogin(url).replace(/[?#].*$/s, '');
}

/**
 * Removes credentials from the URL of a mirror list, for storing it: keeps its query except for secret parameters, because the query selects the
 * list; hides tokens in the path.
 */
export function listWithoutSecrets(url: string): string {
  const [, whole = '', query = ''] = /^([^?#]*)\??([^#]*)/s.exec(withoutLogin(url)) ?? [];
  const address = whole
    .split('/')
    .map((part) => (isPathToken(part) ? HIDDEN : part))
    .join('/');
  const kept = query.split('&').filter((part) => {
    const [[name, value] = ['', '']] = new URLSearchParams(part);
    return part !== '' && !isSecretParameter(name, value);
  });
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

/** Hides values of variables whose name marks a secret, such as `token`, for storing them. */
export function withoutSecretValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, SECRET_VARIABLE.test(name) ? HIDDEN : value]));
}

/**
 * An unescaped `/`, `?` or `#` in a password ends the host part too early. Then the text after the colon is not a port, and the login ends at a
 * later `@`, if there is one.
 */
function withoutMistypedLogin(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#\\]*)(.*)$/is.exec(url) ?? [];
  if (scheme === '') return url;
  const at = authority.lastIndexOf('@');
  if (at >= 0) return `${scheme}${authority.slice(at + 1)}${rest}`;
  const [host = '', port] = splitPort(authority);
  // Punctuation of the sentence may follow a URL.
  if (port === undefined || /^\d{0,5}$/.test(port) || (rest === '' && /^\d{1,5}[,.;:!?)\]}]+$/.test(port))) return url;
  const later = rest.lastIndexOf('@');
  return later >= 0 ? `${scheme}${HIDDEN}@${rest.slice(later + 1)}` : `${scheme}${host}:${HIDDEN}${rest}`;
}

function splitPort(authority: string): [string, string | undefined] {
  const colon = authority.lastIndexOf(':');
  return colon < 0 || authority.endsWith(']') ? [authority, undefined] : [authority.slice(0, colon), authority.slice(colon + 1)];
}

/** Minimum characters: shorter secrets are also part of other words, so they are hidden only in their URL. */
const MIN_SECRET = 6;
/** Quantifiers are bounded, as in the other patterns here: otherwise hostile text from a server could take quadratic time. */
const SECRET_PARAMETER =
  '(?:[\\w.-]{0,64}(?:token|secret|passw(?:or)?d|signature|credential|apikey|api[_-]key|auth)[\\w.-]{0,64}|key|sig|pw|pass)';
const NAMED_PARAMETER = new RegExp(`([?&]${SECRET_PARAMETER}=)[^&\\s"'\`#<>\\\\]+`, 'gi');
const SECRET_NAME = new RegExp(`^${SECRET_PARAMETER}$`, 'i');
/** Parameters with long public values, such as `repo=centos-baseos-9-stream`. */
const PUBLIC_NAME = /^(?:repo|(?:base)?arch|release(?:ver)?|version|infra|content(?:dir)?|country|cc|protocol|product|path)$/i;
const SECRET_VARIABLE = /(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|PRIVATE_KEY|APP_KEY)$/i;
const URL_VARIABLE = /(?:_PROXY|MIRROR|_URL)$/i;
/** Ends at the next URL, as in a list or a query. */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]{0,31}:\/\/(?:(?![,;|=&?/(][a-z][a-z0-9+.-]{0,31}:\/\/)[^\s"'`<>\\])+/gi;
/** `user:password@host` without a scheme. The host has a dot or a port; not an image name with a digest. */
const LOGIN_WITHOUT_SCHEME =
  /(?<![\w.+:@%-])(?!mailto:)([\w.+-]{1,64}):[^\s@/"'`<>\\]{1,256}@(?!sha\d+:)(?=[\w-]{1,64}(?:\.[\w-]|:\d{1,5}(?!\w)))/g;
const AUTHORIZATION = /(authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"'\\]+/gi;

/** The secrets of one run: from its environment, and from requested URLs. */
export class Secrets {
  readonly #known = new Set<string>();

  /** Adds a password or token, in each form in which it could appear. */
  learn(secret: string): void {
    if (secret.length < MIN_SECRET) return;
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
    for (const form of forms) this.#known.add(form);
  }

  learnLogin(user: string, password: string): void {
    this.learn(password === '' ? user : password);
    // The login header is secret even if the password is short.
    this.learn(Buffer.from(`${user}:${password}`).toString('base64'));
  }

  /** Adds login and keys of a requested URL. */
  learnUrl(text: string): void {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || url.protocol === 'file:') return;
    // A user name alone is a token only for web servers: for databases and SSH it is a common word.
    if (url.password !== '' || (url.username !== '' && /^https?:$/.test(url.protocol))) {
      this.learn(url.password);
      this.learnLogin(decoded(url.username), decoded(url.password));
    }
    for (const [name, value] of url.searchParams) {
      if (isSecretParameter(name, value)) this.learn(value === '' ? name : value);
    }
  }

  /** Like `learnUrl`, for the URL of a mirror list, whose path may contain a token. */
  learnList(url: string): void {
    this.learnUrl(url);
    for (const token of pathTokens(url)) this.learn(token);
  }

  learnEnvironment(env: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) continue;
      if (SECRET_VARIABLE.test(name)) this.learn(value.trim());
      else if (URL_VARIABLE.test(name)) this.learnUrl(value.includes('://') ? value : `http://${value}`);
    }
  }

  learnHeaders(headers: Readonly<Record<string, string>>): void {
    const [, scheme = '', value = ''] = /^(\w+)\s+(\S+)$/.exec(headers['authorization'] ?? '') ?? [];
    this.learn(value);
    const [, user = '', password = ''] =
      scheme.toLowerCase() === 'basic' ? (/^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? []) : [];
    if (user !== '' || password !== '') this.learnLogin(user, password);
  }

  /** Filter for all output: removes logins in URLs, parameters with secret names, and all known secrets. */
  hide(text: string): string {
    let shown = text;
    for (const secret of this.#known) if (shown.includes(secret)) shown = shown.replaceAll(secret, HIDDEN);
    return hideLogins(shown).replace(NAMED_PARAMETER, `$1${HIDDEN}`).replace(AUTHORIZATION, `$1${HIDDEN}`);
  }
}

/** `ssh://git@host` contains a user name but no secret. */
function hideLogins(text: string): string {
  const shown = text.includes('@') ? text.replace(LOGIN_WITHOUT_SCHEME, `$1:${HIDDEN}@`) : text;
  if (!shown.includes('://')) return shown;
  return shown.replace(URL_IN_TEXT, (url) =>
    /^ssh:/i.test(url) && !/^ssh:\/\/[^/@]*:[^/]*@/i.test(url) ? url : withoutMistypedLogin(url),
  );
}

/** Tokens in the path of a mirror list URL. */
export const pathTokens = (url: string): string[] =>
  url
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter(isPathToken);

/** One word of hexadecimal digits, or of digits and letters of both cases, unlike names of releases and folders. */
function isPathToken(part: string): boolean {
  return (
    /^[0-9a-f]{32,}$/i.test(part) ||
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part) ||
    (/^[\w-]{20,}$/.test(part) && /\d/.test(part) && /[a-z]/.test(part) && /[A-Z]/.test(part))
  );
}

/** Long, with letters and digits; other words in URLs, such as architectures, are shorter. */
const isLikeToken = (value: string): boolean => value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value);

/** A parameter is secret by its name, or if its value looks like a token and its name is not public. */
function isSecretParameter(name: string, value: string): boolean {
  if (value === '') return isLikeToken(name);
  return SECRET_NAME.test(name) || (isLikeToken(value) && !PUBLIC_NAME.test(name));
}

/** Keeps percent signs that escape nothing. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%[0-9a-f]{2}/gi, (sequence) => {
      const code = Number.parseInt(sequence.slice(1), 16);
      return code < 0x80 ? String.fromCharCode(code) : sequence;
    });
  }
}
