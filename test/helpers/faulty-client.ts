import { afterAll, beforeAll } from 'vitest';
import { collectBytes } from '../../src/io/bytes.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { type FaultyServer, startFaultyServer } from './faulty-server.ts';

export const QUICK = { retries: 2, retryPauseMs: 5, maxPauseMs: 50 };

interface FaultyClient {
  readonly server: FaultyServer;
  readonly http: HttpClient;
  read(url: string, client?: HttpClient): Promise<string>;
}

/** A server with faults and a client for it, for all tests of a file. */
export function faultyClient(): FaultyClient {
  let server: FaultyServer;
  let http: HttpClient;
  beforeAll(async () => {
    server = await startFaultyServer();
    http = createHttpClient({ env: {}, ...QUICK });
  });
  afterAll(async () => {
    await http.close();
    await server.close();
  });
  return {
    get server() {
      return server;
    },
    get http() {
      return http;
    },
    async read(url, client = http) {
      const { body } = await client.request(url);
      return Buffer.from(await collectBytes(body, 1e8)).toString();
    },
  };
}
