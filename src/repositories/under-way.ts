import type { HttpClient } from '../net/http-client.ts';

const UNDER_WAY = new WeakMap<HttpClient, Map<string, Promise<unknown>>>();

/** The answer of the same work that is under way, or of `work`: what several architectures want of one repository comes once. */
export function joinOrStart<T>(http: HttpClient, key: string, work: () => Promise<T>): Promise<T> {
  const running = UNDER_WAY.get(http) ?? new Map<string, Promise<unknown>>();
  UNDER_WAY.set(http, running);
  const known = running.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const started = work().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}
