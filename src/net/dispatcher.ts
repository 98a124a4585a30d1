import type { Dispatcher } from 'undici';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { decoded, redact } from '../base/redact.ts';
import { lookupPublic } from './network-policy.ts';
import { finishPausedParsers } from './paused-parser.ts';
import { type AccessRule, readTlsSettings, type TlsSettings } from './server-access.ts';

type Undici = typeof import('undici');

export interface ConnectionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

export interface Connections {
  readonly undici: Undici;
  /** Pools of keep-alive connections, a few per server, through the proxies of the environment. */
  readonly dispatchers: Readonly<Record<Protocol, Dispatcher>>;
  /** For servers that are not configured: connects only to public addresses. */
  readonly guarded: Dispatcher;
  /** For servers with their own access settings; the same settings share a dispatcher. */
  readonly dispatcherWith: (protocol: Protocol, rule: AccessRule) => Promise<Dispatcher>;
  /** The proxy of the environment for a protocol. */
  readonly proxyFor: (protocol: Protocol) => string | undefined;
  /** All dispatchers created so far. */
  readonly all: () => readonly Dispatcher[];
}

type Protocol = 'http:' | 'https:';

export async function connect({ env, ...times }: ConnectionOptions): Promise<Connections> {
  // undici takes longer to load than the rest of the program: not loaded for file: URLs.
  const undici = await import('undici');
  finishPausedParsers();
  const dispatcherFor = (protocol: Protocol, tls: TlsSettings = {}, own?: string): Dispatcher => {
    // One agent per protocol: undici would use HTTP_PROXY for https: URLs too, unlike other programs.
    const proxy = own ?? proxyFor(protocol, env) ?? '';
    return new undici.EnvHttpProxyAgent({
      // If unset, undici would read the environment of the process.
      httpProxy: proxy,
      httpsProxy: proxy,
      noProxy: own === undefined ? (variable('NO_PROXY', env)?.value ?? '') : '',
      // Forward http: URLs, as other clients do: many proxies allow CONNECT only to port 443.
      proxyTunnel: false,
      connect: { timeout: times.connectTimeoutMs, ...tls },
      // The same settings for connections through a proxy.
      requestTls: { timeout: times.connectTimeoutMs, ...tls },
      headersTimeout: times.headersTimeoutMs,
      bodyTimeout: times.bodyTimeoutMs,
      connections: 8,
    });
  };
  const guarded = new undici.Agent({
    connect: { timeout: times.connectTimeoutMs, lookup: lookupPublic },
    headersTimeout: times.headersTimeoutMs,
    bodyTimeout: times.bodyTimeoutMs,
    connections: 8,
  });
  const dispatchers = { 'http:': dispatcherFor('http:'), 'https:': dispatcherFor('https:') };
  const own = new Map<string, Promise<Dispatcher>>();
  const made: Dispatcher[] = [guarded, ...Object.values(dispatchers)];
  const make = async (protocol: Protocol, rule: AccessRule): Promise<Dispatcher> => {
    const { proxy } = rule.access;
    const dispatcher = dispatcherFor(protocol, await readTlsSettings(rule), proxy === undefined ? undefined : usableProxy(proxy, 'proxy'));
    made.push(dispatcher);
    return dispatcher;
  };
  const dispatcherWith: Connections['dispatcherWith'] = (protocol, rule) => {
    const { username: _username, password: _password, ...connection } = rule.access;
    if (Object.values(connection).every((value) => value === undefined)) return Promise.resolve(dispatchers[protocol]);
    const key = JSON.stringify([protocol, connection]);
    const known = own.get(key) ?? make(protocol, rule);
    own.set(key, known);
    return known;
  };
  return { undici, guarded, dispatchers, dispatcherWith, proxyFor: (protocol) => proxyFor(protocol, env), all: () => made };
}

type Environment = ConnectionOptions['env'];

/** The proxy of the environment for a protocol; throws USAGE if it is not a URL. As in curl, `host:port` means an HTTP proxy. */
function proxyFor(protocol: Protocol, env: Environment): string | undefined {
  const found = variable(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', env) ?? variable('ALL_PROXY', env);
  return found === undefined ? undefined : usableProxy(found.value, found.name);
}

/** `where` is for messages. An empty value means no proxy. */
function usableProxy(value: string, where: string): string {
  if (value === '') return '';
  const url = value.includes('://') ? value : `http://${value}`;
  if (/^(?:https?|socks5):$/i.test(URL.canParse(url) ? new URL(url).protocol : '')) return plainProxy(url);
  throw new RpmDepsError('USAGE', `the proxy \`${printable(redact(url))}\` in ${where} is not a usable proxy URL`, {
    hint: 'expected an address like `http://host:3128`, or an empty value',
  });
}

/** Normalizes a proxy URL for undici: escapes invalid percent signs in a password, and removes a path (as curl does). */
function plainProxy(text: string): string {
  const url = new URL(text);
  url.username = decoded(url.username);
  url.password = decoded(url.password);
  for (const part of ['username', 'password'] as const) url[part] = url[part].replace(/%(?![0-9a-f]{2})/gi, '%25');
  url.pathname = url.search = url.hash = '';
  return url.href.replace(/\/$/, '');
}

/** Reads upper-case HTTP_PROXY too: unlike in a CGI program, no client can set it. */
function variable(name: string, env: Environment): { readonly name: string; readonly value: string } | undefined {
  for (const known of [name.toLowerCase(), name]) {
    const value = env[known];
    if (value !== undefined && value !== '') return { name: known, value };
  }
  return undefined;
}
