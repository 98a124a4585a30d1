/**
 * Shutdown of the server. First it still responds and reports that it is not ready: each response closes its connection, and streams are closed
 * with their sockets. Then it is closed. fastify's `close` waits for open connections, so a deadline closes the rest.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

export class Drain {
  readonly #app: FastifyInstance;
  readonly #streams = new Set<ServerResponse>();
  isDraining = false;

  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('onSend', async (_request, reply) => {
      if (this.isDraining) reply.header('connection', 'close');
    });
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** A response that does not end by itself. */
  add(stream: ServerResponse): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
  }

  /** From now on the service reports that it is not ready, and streams are closed. */
  begin(): void {
    this.isDraining = true;
    for (const stream of this.#streams) {
      stream.end();
      stream.socket?.end();
    }
  }

  async close(deadlineMs: number): Promise<void> {
    const timer = setTimeout(() => this.#app.server.closeAllConnections(), deadlineMs);
    this.#app.server.closeIdleConnections();
    try {
      await this.#app.close();
    } finally {
      clearTimeout(timer);
    }
  }
}
