/** Events of jobs as Server-Sent Events. One query of the database serves all streams. */
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import { isFinal, type JobState } from '../jobs/job.ts';
import type { WebService } from '../service.ts';

const LOOK_MS = 500;
/** Proxies close connections without traffic. */
const QUIET_MS = 15_000;
const BATCH = 200;
/** Limit in bytes of the data that is buffered for a client that does not read. */
const MAX_BUFFERED = 1 << 20;

interface EventRow {
  readonly id: string;
  readonly job_id: string;
  readonly attempt: number;
  readonly at: Date;
  readonly kind: string;
  readonly data: unknown;
}

interface Stream {
  readonly jobId: string;
  readonly response: ServerResponse;
  last: number;
  spoke: number;
}

export class EventStreams {
  readonly #service: WebService;
  readonly #streams = new Set<Stream>();
  readonly #most: number;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(service: WebService) {
    this.#service = service;
    this.#most = service.settings.file.limits?.streams ?? 1000;
  }

  /** Sends the events after `lastId` and then new ones, until the job ends. */
  open(jobId: string, lastId: string | undefined, reply: FastifyReply): void {
    if (this.#service.drain.isDraining) throw new RpmDepsError('LIMIT', 'the service is shutting down');
    if (this.#streams.size >= this.#most) {
      throw new RpmDepsError('TOO_MANY', 'too many streams are open', {
        hint: 'request the job itself from time to time',
        data: { retryAfterMs: 5000 },
      });
    }
    const last = lastId !== undefined && /^\d{1,15}$/.test(lastId) ? Number(lastId) : 0;
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      ...(headers as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    const stream = { jobId, response, last, spoke: performance.now() };
    this.#streams.add(stream);
    this.#service.drain.add(response);
    response.once('close', () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#stop();
    });
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    void this.#look();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#deliver();
    } catch (error) {
      this.#service.log('warn', `events could not be read: ${(error as Error).message}`);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Closes streams that have sent the last event of an ended or deleted job. */
  #endOver(newest: readonly Newest[]): void {
    const known = new Map(newest.map((row) => [row.job_id, row]));
    for (const { jobId, last, response } of this.#streams) {
      const row = known.get(jobId);
      if (row === undefined || (isFinal(row.state) && last >= Number(row.id))) response.end();
    }
  }

  async #deliver(): Promise<void> {
    const { database } = this.#service;
    const ids = [...new Set([...this.#streams].map(({ jobId }) => jobId))];
    if (ids.length === 0) return;
    const { rows: newest } = await database.query<Newest>(
      'select j.id as job_id, j.state, (select coalesce(max(e.id), 0)::text from event e where e.job_id = j.id) as id from job j where j.id = any($1::uuid[])',
      [ids],
    );
    this.#endOver(newest);
    for (const { job_id, id } of newest) {
      const behind = [...this.#streams].filter((stream) => stream.jobId === job_id && stream.last < Number(id));
      if (behind.length === 0) continue;
      const from = Math.min(...behind.map(({ last }) => last));
      const { rows } = await database.query<EventRow>(
        'select id::text as id, job_id, attempt, at, kind, data from event where job_id = $1 and id > $2 order by id limit $3',
        [job_id, from, BATCH],
      );
      for (const stream of behind) send(stream, rows);
    }
    const now = performance.now();
    for (const stream of this.#streams) {
      if (now - stream.spoke < QUIET_MS) continue;
      stream.spoke = now;
      stream.response.write(': still here\n\n');
    }
  }
}

interface Newest {
  readonly job_id: string;
  readonly id: string;
  readonly state: JobState;
}

function send(stream: Stream, rows: readonly EventRow[]): void {
  const { response } = stream;
  for (const { id, kind, attempt, at, data } of rows) {
    if (Number(id) <= stream.last) continue;
    stream.last = Number(id);
    stream.spoke = performance.now();
    // JSON has no line breaks, so it is one data line.
    response.write(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ attempt, at, ...(data as object) })}\n\n`);
    if (kind === 'end') response.end();
  }
  if (response.writableLength > MAX_BUFFERED) response.destroy();
}
