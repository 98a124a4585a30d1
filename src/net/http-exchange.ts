export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Called again for each attempt. */
  readonly body?: () => AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** Accepted statuses, besides 2xx. */
  readonly accept?: readonly number[];
  /** Number of retries; default: that of the client. */
  readonly retries?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** URL after redirects. */
  readonly url: string;
  /** Read it to the end, or stop with `break`. */
  readonly body: AsyncIterable<Uint8Array>;
}
