/**
 * undici 7 stops its HTTP parser while nobody reads a body, and a server that closes the connection meanwhile makes it throw from an event
 * of the socket, where nothing can catch it (nodejs/undici#5360; mended in 8, which needs a newer Node). Here a stopped parser takes in
 * what the socket still holds before it is told that there is no more: at most one buffer of the socket is kept for the reader.
 */
import { subscribe } from 'node:diagnostics_channel';

/** The part of undici's parser that is needed; a version without it is left unchanged. */
interface Parser {
  paused: boolean;
  readonly socket: { readonly destroyed: boolean };
  readonly statusCode: number | null | undefined;
  readonly ptr: unknown;
  readonly llhttp: { llhttp_resume(ptr: unknown): void };
  resume(): void;
  finish(): Error | null;
}

/** A buffer of 64 KB, taken in by bodies that pause after each chunk, needs far fewer. */
const MOST_ROUNDS = 1000;
let isSubscribed = false;

/** For every connection of this process from now on; a second call does nothing. */
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
    // The answer was whole, or the connection is gone: whoever waits for more learns it from the socket.
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
