import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a mirror does with one request. */
export type Behaviour =
  | { readonly kind: 'good' }
  /** Breaks the connection after this share of the body. */
  | { readonly kind: 'reset'; readonly share?: number }
  /** Sends half and then nothing more. */
  | { readonly kind: 'stall' }
  /** Sends the body a byte at a time. */
  | { readonly kind: 'drip' }
  /** Answers, but never ends its headers. */
  | { readonly kind: 'slow-headers' }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Announces more bytes than it sends. */
  | { readonly kind: 'wrong-length' }
  /** The right length, other bytes. */
  | { readonly kind: 'wrong-content' }
  /** A file of another time, as good as any. */
  | { readonly kind: 'instead'; readonly content: Uint8Array }
  | { readonly kind: 'longer' }
  | { readonly kind: 'html' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Answers as HTTP/1.0 does: the connection ends with each answer. */
  | { readonly kind: 'closes' }
  | { readonly kind: 'gzip-on-the-wire' }
  /** Content-Encoding as Apache's AddEncoding gives it: the file is gzip, the wire is not. */
  | { readonly kind: 'mislabelled-gzip' }
  /** The same with the encoding that is given. */
  | { readonly kind: 'encoded'; readonly as: string };

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FaultyServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Where PUT puts, too. Paths are as on the wire, with their escapes. */
  readonly files: Map<string, Uint8Array>;
  /** Puts a file there; the behaviours are used up one a request, the last stays. */
  serve(path: string, content: Uint8Array | string, ...behaviours: readonly Behaviour[]): string;
  close(): Promise<void>;
}

export interface FaultyServerOptions {
  readonly etags?: boolean;
  readonly ranges?: boolean;
  /** What PUT wants in `Authorization`. */
  readonly authorization?: string;
}

export async function startFaultyServer({ etags = true, ranges = true, authorization }: FaultyServerOptions = {}): Promise<FaultyServer> {
  const files = new Map<string, Uint8Array>();
  const plans = new Map<string, Behaviour[]>();
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    seen.push({ method: request.method ?? '', path, headers: request.headers });
    const plan = plans.get(path) ?? [];
    const behaviour = (plan.length > 1 ? plan.shift() : plan[0]) ?? { kind: 'good' };
    if (request.method === 'PUT') {
      receive(request, response, { files, path, behaviour, authorization });
      return;
    }
    const content = files.get(path);
    if (content === undefined) response.writeHead(404).end('not here');
    else answer(request, response, { content, behaviour, etags, ranges });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    files,
    serve(path, content, ...behaviours) {
      files.set(path, typeof content === 'string' ? Buffer.from(content) : content);
      plans.set(path, [...behaviours]);
      return `${url}${path}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function etagOf(content: Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`;
}

interface Answer {
  readonly content: Uint8Array;
  readonly behaviour: Behaviour;
  readonly etags: boolean;
  readonly ranges: boolean;
}

function answer(request: IncomingMessage, response: ServerResponse, { content, behaviour, etags, ranges }: Answer): void {
  const etag = etagOf(content);
  const common = { ...(etags ? { etag } : {}), ...(ranges ? { 'accept-ranges': 'bytes' } : {}) };
  if (behaviour.kind === 'good') {
    sendGood(request, response, { content, etag, common, ranges });
    return;
  }
  if (behaviour.kind === 'instead') {
    answer(request, response, { content: behaviour.content, behaviour: { kind: 'good' }, etags, ranges });
    return;
  }
  switch (behaviour.kind) {
    case 'reset':
      response.writeHead(200, { ...common, 'content-length': content.length });
      response.write(content.subarray(0, Math.ceil(content.length * (behaviour.share ?? 0.5))), () =>
        setTimeout(() => response.destroy(), 10),
      );
      return;
    case 'stall':
      response.writeHead(200, { ...common, 'content-length': content.length });
      response.write(content.subarray(0, content.length >> 1));
      return;
    case 'drip': {
      response.writeHead(200, { ...common, 'content-length': content.length });
      let at = 0;
      const timer = setInterval(() => response.write(content.subarray(at, ++at)), 20);
      response.once('close', () => clearInterval(timer));
      return;
    }
    case 'slow-headers': {
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => response.socket?.write('x-a: b\r\n'), 20);
      response.once('close', () => clearInterval(timer));
      return;
    }
    case 'status':
      response.writeHead(behaviour.status, behaviour.headers).end('no');
      return;
    case 'wrong-length':
      response.writeHead(200, { 'content-length': content.length + 100 });
      response.write(content, () => response.destroy());
      return;
    case 'wrong-content':
      response.writeHead(200, common).end(Buffer.from(content).reverse());
      return;
    case 'longer':
      response.writeHead(200, common).end(Buffer.concat([content, content]));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html><body>Please log in</body></html>');
      return;
    case 'redirect':
      response.writeHead(302, { location: behaviour.to }).end();
      return;
    case 'closes':
      response.socket?.write(`HTTP/1.0 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
      response.socket?.end(content);
      return;
    case 'gzip-on-the-wire':
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(content));
      return;
    case 'encoded':
      response.writeHead(200, { 'content-encoding': behaviour.as }).end(content);
      return;
    case 'mislabelled-gzip':
      response.writeHead(200, { 'content-encoding': 'x-gzip' }).end(content);
      return;
  }
}

function sendGood(
  request: IncomingMessage,
  response: ServerResponse,
  { content, etag, common, ranges }: { content: Uint8Array; etag: string; common: Record<string, string>; ranges: boolean },
): void {
  const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifNoneMatch === etag) {
    response.writeHead(304, common).end();
    return;
  }
  const start = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  if (ranges && start !== undefined && (ifRange === undefined || ifRange === etag)) {
    if (Number(start) >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const rest = content.subarray(Number(start));
    const contentRange = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { ...common, 'content-length': rest.length, 'content-range': contentRange });
    response.end(request.method === 'HEAD' ? undefined : rest);
    return;
  }
  response.writeHead(200, { ...common, 'content-length': content.length }).end(request.method === 'HEAD' ? undefined : content);
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  {
    files,
    path,
    behaviour,
    authorization,
  }: { files: Map<string, Uint8Array>; path: string; behaviour: Behaviour; authorization: string | undefined },
): void {
  const chunks: Uint8Array[] = [];
  request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  request.once('end', () => {
    if (authorization !== undefined && request.headers.authorization !== authorization) response.writeHead(401).end();
    else if (behaviour.kind === 'status') response.writeHead(behaviour.status).end();
    else {
      const content = Buffer.concat(chunks);
      files.set(path, behaviour.kind === 'wrong-content' ? Buffer.from(content).reverse() : content);
      response.writeHead(201).end();
    }
  });
}
