import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { download } from '../../src/net/download.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';

const CONTENT = Buffer.alloc(400_000, 'the bytes of a package ');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
/** The ways to end an answer by closing the connection, and what of the content is sent. */
const ENDINGS = {
  'HTTP/1.0 with a length': { head: `HTTP/1.0 200 OK\r\nContent-Length: ${CONTENT.length}\r\n\r\n`, share: 1 },
  'HTTP/1.0 without a length': { head: 'HTTP/1.0 200 OK\r\n\r\n', share: 1 },
  'Connection: close': { head: `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${CONTENT.length}\r\n\r\n`, share: 1 },
  'half of an announced length': { head: `HTTP/1.0 200 OK\r\nContent-Length: ${CONTENT.length}\r\n\r\n`, share: 0.5 },
} as const;

let server: Server;
let url: string;
let http: HttpClient;
let directory: string;
let ending: (typeof ENDINGS)[keyof typeof ENDINGS];
const uncaught: unknown[] = [];
const remember = (error: unknown): void => void uncaught.push(error);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-paused-'));
  process.on('uncaughtException', remember);
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(ending.head);
      socket.end(CONTENT.subarray(0, CONTENT.length * ending.share));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/p.rpm`;
  http = createHttpClient({ env: {}, retries: 1, retryPauseMs: 1 });
});
afterEach(() => expect(uncaught.splice(0)).toEqual([]));
afterAll(async () => {
  process.off('uncaughtException', remember);
  await http.close();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a server that closes the connection after each answer', () => {
  test.each(Object.entries(ENDINGS).filter(([, { share }]) => share === 1))('%s: 200 downloads, all of them right', async (_, how) => {
    ending = how;
    const file = { what: 'p.rpm', urls: [url], checksum: { type: 'sha256', value: SHA256 }, size: CONTENT.length };
    for (let round = 0; round < 25; round++) {
      const paths = Array.from({ length: 8 }, (_, i) => join(directory, `${round}-${i}`));
      await Promise.all(paths.map((path) => download(file, path, { http })));
      for (const path of paths) expect(readFileSync(path).equals(CONTENT)).toBe(true);
    }
  });

  test.each(Object.entries(ENDINGS))('%s: a reader that comes late gets all of it or an error', async (_, how) => {
    ending = how;
    const answers = Array.from({ length: 8 }, async () => {
      const { body } = await http.request(url);
      await sleep(50);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).equals(CONTENT);
    });
    const results = await Promise.allSettled(answers);
    for (const result of results) {
      if (how.share === 1) expect(result).toEqual({ status: 'fulfilled', value: true });
      else expect(result).toMatchObject({ status: 'rejected', reason: { code: 'NETWORK' } });
    }
  });
});
