import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseManifest } from 'rpm-deps';
import type { ConfigFile } from '../../src/config/config-file.ts';
import { start } from '../../src/start.ts';

const MIRROR = resolve(import.meta.dirname, '../../../fixtures/mirror');

export interface RunningService {
  readonly url: string;
  readonly data: string;
  /** Lines of the log. */
  readonly lines: readonly string[];
  readonly ended: Promise<number>;
  stop(): Promise<number>;
}

export interface Given {
  readonly data?: string;
  readonly database?: string;
  readonly role?: string;
  /** Default any free port of the loopback interface. */
  readonly listen?: string;
  /** Sources of the service; default the fixtures' mirror. */
  readonly mirror?: string;
  readonly config?: ConfigFile;
}

/** The whole service in this process, on a free port of the loopback interface. */
export async function startService(given: Given = {}): Promise<RunningService> {
  const data = given.data ?? mkdtempSync(join(tmpdir(), 'rpm-deps-service-'));
  const stopping = new AbortController();
  const lines: string[] = [];
  const config = join(data, 'service.yaml');
  writeFileSync(config, JSON.stringify(given.config ?? {}));
  const manifest = JSON.stringify({
    architectures: ['x86_64'],
    mirror: given.mirror ?? `file://${MIRROR}`,
    sets: { none: { packages: ['bash'] } },
  });
  const sources = await parseManifest(manifest, 'sources.json', { env: {} });
  let ready: (line: string) => void = () => undefined;
  const listening = new Promise<string>((done) => {
    ready = done;
  });
  const ended = start({
    words: [],
    ...(given.database === undefined ? { data, database: undefined } : { data: undefined, database: given.database }),
    listen: given.listen ?? '127.0.0.1:0',
    role: given.role,
    config,
    sources,
    cacheDir: join(data, 'cache'),
    name: undefined,
    scopes: [],
    days: undefined,
    cwd: data,
    env: {},
    signal: stopping.signal,
    result: (_, line) => ready(line),
    log: (line) => lines.push(line),
  });
  const line = await Promise.race([listening, ended.then(() => 'ended')]);
  return {
    url: line.replace('listening on ', ''),
    data,
    lines,
    ended,
    stop: async () => {
      stopping.abort();
      const code = await ended;
      if (given.data === undefined) rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
}

/** A request with a JSON body. */
export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
