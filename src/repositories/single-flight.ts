import type { HttpClient } from '../net/http-client.ts';

const IN_FLIGHT = new WeakMap<HttpClient, Map<string, Promise<unknown>>>();

/** Joins the same work if it is already running, otherwise starts it: several architectures share one download of a repository's file. */
export function singleFlight<T>(http: HttpClient, key: string, work: () => Promise<T>): Promise<T> {
  const running = IN_FLIGHT.get(http) ?? new Map<string, Promise<unknown>>();
  IN_FLIGHT.set(http, running);
  const known = running.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const started = work().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}
