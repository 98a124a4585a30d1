import { setTimeout as sleep } from 'node:timers/promises';
import { post, type RunningService } from './running-service.ts';

export interface JobShown {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly attempt: number;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Api {
  get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }>;
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: T }>;
  /** Until it is over. */
  ended(jobId: string): Promise<JobShown>;
}

/** The API with a token. */
export function apiOf({ url }: Pick<RunningService, 'url'>, token: string): Api {
  const headers = { authorization: `Bearer ${token}` };
  const get: Api['get'] = async (path) => {
    const response = await fetch(`${url}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as never };
  };
  return {
    get,
    send: async (method, path, body = {}, more = {}) => {
      const response =
        method === 'POST'
          ? await post(`${url}${path}`, body, { ...headers, ...more })
          : await fetch(`${url}${path}`, {
              method,
              headers: { ...headers, ...more, ...(method === 'DELETE' ? {} : { 'content-type': 'application/json' }) },
              ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
            });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as never };
    },
    ended: async (jobId) => {
      for (;;) {
        const { body } = await get<{ job: JobShown }>(`/v1/jobs/${jobId}`);
        if (!['queued', 'running'].includes(body.job.state)) return body.job;
        await sleep(100);
      }
    },
  };
}
