import type { Dispatcher } from 'undici';

export type Undici = typeof import('undici');

export interface ConnectionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

/** Pools of kept-alive connections, a few to each server, through the proxies that the environment names. */
export async function createDispatcher(options: ConnectionOptions): Promise<{ undici: Undici; dispatcher: Dispatcher }> {
  // undici takes longer to load than the rest of the program: never for file: URLs.
  const undici = await import('undici');
  // Upper-case HTTP_PROXY too: this is no CGI program, where a client could set it. An empty string keeps undici from asking process.env itself.
  const proxy = (name: string): string => options.env[name.toLowerCase()] || options.env[name] || '';
  const dispatcher = new undici.EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY') || proxy('ALL_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY') || proxy('ALL_PROXY'),
    noProxy: proxy('NO_PROXY'),
    // http: URLs are forwarded, as everywhere: many proxies allow CONNECT to port 443 only.
    proxyTunnel: false,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    connections: 8,
  });
  return { undici, dispatcher };
}
