import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readProblem } from '../base/read-problem.ts';
import { networkError } from './failures.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';

/** Opens a local file as an HTTP response. Status 404 if it is not a file. */
export async function openFileUrl(url: string, request: HttpRequest): Promise<HttpResponse> {
  const path = pathOf(url);
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || !info.isFile()) {
    if (request.accept?.includes(404) === true) return { status: 404, headers: {}, url, body: nothing() };
    throw networkError(url, info === undefined ? 'does not exist' : 'is not a file', { status: 404 });
  }
  const headers = { 'content-length': String(info.size) };
  if (request.method === 'HEAD') return { status: 200, headers, url, body: nothing() };
  return { status: 200, headers, url, body: readChunks(url, path, info.size) };
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw networkError(url, 'is not the URL of a file of this machine', { status: 404 }, error);
  }
}

/** Larger files are read in chunks. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

async function* readChunks(url: string, path: string, size: number): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: size > 0 && size <= MAX_WHOLE_BYTES ? size : PIECE_BYTES });
  } catch (error) {
    throw networkError(url, `cannot be read: ${readProblem(error as NodeJS.ErrnoException)}`, {}, error);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
