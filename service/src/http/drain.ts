/**
 * Shutdown of the server. fastify's `close` waits for open connections, and for streams without end. Here responses
 * close their connection, streams are ended with their sockets, and a deadline closes the rest.
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
    app.addHook('preClose', async () => {
      for (const stream of this.#streams) {
        stream.end();
        stream.socket?.end();
      }
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

  async close(deadlineMs: number): Promise<void> {
    this.isDraining = true;
    const timer = setTimeout(() => this.#app.server.closeAllConnections(), deadlineMs);
    this.#app.server.closeIdleConnections();
    try {
      await this.#app.close();
    } finally {
      clearTimeout(timer);
    }
  }
}
