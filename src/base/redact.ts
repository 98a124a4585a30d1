/**
 * Keeps secrets out of all output: messages, `--json`, lockfiles and the cache. `redact` is for a URL in a message;
 * `Secrets.hide` filters every text that is printed and catches the rest.
 */

const HIDDEN = '***';

/** A URL as it may be shown: without user, password and the values of its query, also where it is mistyped. */
export function redact(url: string): string {
  const shown = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? withoutMistypedLogin(url) : url.replace(/^[^\s?]*@/, '');
  return shown.replace(/\?.*$/s, '?...');
}

/** A URL as it may be written down: without user and password. */
export function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\\]*@/i, '$1');
}

/** A URL as it may be kept: what opens it, in its login or its query, is left out. */
export function withoutSecrets(url: string): string {
  return withoutLogin(url).replace(/[?#].*$/s, '');
}

/**
 * The URL of a list of mirrors as it may be kept: its query says what is asked for, so only the parameters that are secret are left out; what opens
 * it in its path is hidden.
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

/** Values of variables as they may be kept: what is secret by its name, such as `token`, is hidden. */
export function withoutSecretValues(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, SECRET_VARIABLE.test(name) ? HIDDEN : value]));
}

/**
 * A password with `/`, `?` or `#` in it, which should be escaped, moves the end of the host: what stands behind the colon is no port then, and the
 * login ends at a later `@`, if anywhere.
 */
function withoutMistypedLogin(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#\\]*)(.*)$/is.exec(url) ?? [];
  if (scheme === '') return url;
  const at = authority.lastIndexOf('@');
  if (at >= 0) return `${scheme}${authority.slice(at + 1)}${rest}`;
  const [host = '', port] = splitPort(authority);
  // A sign of the sentence may follow a whole URL.
  if (port === undefined || /^\d{0,5}$/.test(port) || (rest === '' && /^\d{1,5}[,.;:!?)\]}]+$/.test(port))) return url;
  const later = rest.lastIndexOf('@');
  return later >= 0 ? `${scheme}${HIDDEN}@${rest.slice(later + 1)}` : `${scheme}${host}:${HIDDEN}${rest}`;
}

function splitPort(authority: string): [string, string | undefined] {
  const colon = authority.lastIndexOf(':');
  return colon < 0 || authority.endsWith(']') ? [authority, undefined] : [authority.slice(0, colon), authority.slice(colon + 1)];
}

/** Shorter ones are in too many words; they are hidden where their URL shows them. */
const MIN_SECRET = 6;
/** With bounds, as in the other patterns here: what a server sends must not make the search take the square of its length. */
const SECRET_PARAMETER =
  '(?:[\\w.-]{0,64}(?:token|secret|passw(?:or)?d|signature|credential|apikey|api[_-]key|auth)[\\w.-]{0,64}|key|sig|pw|pass)';
const NAMED_PARAMETER = new RegExp(`([?&]${SECRET_PARAMETER}=)[^&\\s"'\`#<>\\\\]+`, 'gi');
const SECRET_NAME = new RegExp(`^${SECRET_PARAMETER}$`, 'i');
/** Such as in `repo=centos-baseos-9-stream`, which is long, and no secret. */
const PUBLIC_NAME = /^(?:repo|(?:base)?arch|release(?:ver)?|version|infra|content(?:dir)?|country|cc|protocol|product|path)$/i;
const SECRET_VARIABLE = /(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|PRIVATE_KEY|APP_KEY)$/i;
const URL_VARIABLE = /(?:_PROXY|MIRROR|_URL)$/i;
/** Up to another one, as in a list or a query. */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]{0,31}:\/\/(?:(?![,;|=&?/(][a-z][a-z0-9+.-]{0,31}:\/\/)[^\s"'`<>\\])+/gi;
/** `user:password@host` without a scheme: the host has a dot or a port, other than a digest behind the name of an image. */
const LOGIN_WITHOUT_SCHEME =
  /(?<![\w.+:@%-])(?!mailto:)([\w.+-]{1,64}):[^\s@/"'`<>\\]{1,256}@(?!sha\d+:)(?=[\w-]{1,64}(?:\.[\w-]|:\d{1,5}(?!\w)))/g;
const AUTHORIZATION = /(authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"'\\]+/gi;

/** The secrets of one run: those of its environment, and those that the URLs it asks for carry. */
export class Secrets {
  readonly #known = new Set<string>();

  /** A password or token, in each of the forms in which it could appear. */
  learn(secret: string): void {
    if (secret.length < MIN_SECRET) return;
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
    for (const form of forms) this.#known.add(form);
  }

  learnLogin(user: string, password: string): void {
    this.learn(password === '' ? user : password);
    // Of a short password the header is secret anyway.
    this.learn(Buffer.from(`${user}:${password}`).toString('base64'));
  }

  /** Login and keys of a URL that is asked for. */
  learnUrl(text: string): void {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || url.protocol === 'file:') return;
    // A name alone is a token for web servers only: that of a database or of SSH is in many other texts.
    if (url.password !== '' || (url.username !== '' && /^https?:$/.test(url.protocol))) {
      this.learn(url.password);
      this.learnLogin(decoded(url.username), decoded(url.password));
    }
    for (const [name, value] of url.searchParams) {
      if (isSecretParameter(name, value)) this.learn(value === '' ? name : value);
    }
  }

  /** The same for the URL of a list of mirrors, whose path may open it too. */
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

  /** The border: any text without logins of URLs, without keys by their name, and without what is known to be secret. */
  hide(text: string): string {
    let shown = text;
    for (const secret of this.#known) if (shown.includes(secret)) shown = shown.replaceAll(secret, HIDDEN);
    return hideLogins(shown).replace(NAMED_PARAMETER, `$1${HIDDEN}`).replace(AUTHORIZATION, `$1${HIDDEN}`);
  }
}

/** `ssh://git@host` names a user and no secret. */
function hideLogins(text: string): string {
  const shown = text.includes('@') ? text.replace(LOGIN_WITHOUT_SCHEME, `$1:${HIDDEN}@`) : text;
  if (!shown.includes('://')) return shown;
  return shown.replace(URL_IN_TEXT, (url) =>
    /^ssh:/i.test(url) && !/^ssh:\/\/[^/@]*:[^/]*@/i.test(url) ? url : withoutMistypedLogin(url),
  );
}

/** What opens a list of mirrors in the path of its URL. */
export const pathTokens = (url: string): string[] =>
  url
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter(isPathToken);

/** One word, of hexadecimal digits or of letters of both cases with digits; names of releases and folders are not like that. */
function isPathToken(part: string): boolean {
  return (
    /^[0-9a-f]{32,}$/i.test(part) ||
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part) ||
    (/^[\w-]{20,}$/.test(part) && /\d/.test(part) && /[a-z]/.test(part) && /[A-Z]/.test(part))
  );
}

/** Long, of letters and digits: a word of a distribution, such as an architecture, is shorter. */
const isLikeToken = (value: string): boolean => value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value);

/** A parameter is a secret by its name, or by a value that looks like a token, unless its name is a public one of mirror lists. */
function isSecretParameter(name: string, value: string): boolean {
  if (value === '') return isLikeToken(name);
  return SECRET_NAME.test(name) || (isLikeToken(value) && !PUBLIC_NAME.test(name));
}

/** Percent signs that escape nothing stand for themselves. */
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
