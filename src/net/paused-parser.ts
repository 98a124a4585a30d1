/**
 * Workaround for nodejs/undici#5360 (fixed in undici 8, which needs a newer Node). While a body is not read, undici 7 pauses its HTTP parser; if the
 * server then closes the connection, the parser throws from a socket event, where nothing can catch it. Here a paused parser first reads the rest of
 * the socket buffer; at most one buffer is kept for the reader.
 */
import { subscribe } from 'node:diagnostics_channel';

/** The used part of undici's parser; a version without it stays unchanged. */
interface Parser {
  paused: boolean;
  readonly socket: { readonly destroyed: boolean };
  readonly statusCode: number | null | undefined;
  readonly ptr: unknown;
  readonly llhttp: { llhttp_resume(ptr: unknown): void };
  resume(): void;
  finish(): Error | null;
}

/** Limit of `resume` calls. A buffer of 64 KB needs far fewer, even if the body pauses after each chunk. */
const MOST_ROUNDS = 1000;
let isSubscribed = false;

/** For all later connections of this process; a second call has no effect. */
export function finishPausedParsers(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('undici:client:connected', (message) => {
    const parser = parserOf((message as { readonly socket?: object }).socket);
    if (parser !== undefined) finishWhilePaused(parser);
  });
}

function finishWhilePaused(parser: Parser): void {
  const finish = parser.finish.bind(parser);
  parser.finish = () => {
    if (!parser.paused) return finish();
    for (let round = 0; parser.paused && !parser.socket.destroyed && round < MOST_ROUNDS; round++) parser.resume();
    // The response was complete, or the connection is closed, which the reader learns from the socket.
    if (parser.socket.destroyed || !parser.statusCode) return null;
    if (parser.paused) {
      parser.llhttp.llhttp_resume(parser.ptr);
      parser.paused = false;
    }
    return finish();
  };
}

function parserOf(socket: object | undefined): Parser | undefined {
  if (socket === undefined) return undefined;
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser');
  const parser = key === undefined ? undefined : (socket as Record<symbol, Partial<Parser> | null>)[key];
  return typeof parser?.finish === 'function' && typeof parser.resume === 'function' ? (parser as Parser) : undefined;
}
