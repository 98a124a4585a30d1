export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked for again for each attempt. */
  readonly body?: () => AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that are answers and not failures, besides 2xx. */
  readonly accept?: readonly number[];
  /** How often it is repeated, instead of what the client does. */
  readonly retries?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** After redirects. */
  readonly url: string;
  /** To be read to its end, or left by `break`. */
  readonly body: AsyncIterable<Uint8Array>;
}
