/** Finds the owners of paths in a thread, for callers that block the event loop. */
import { workerData } from 'node:worker_threads';
import { createHttpClient } from '../net/http-client.ts';
import { findOwners, type OwnersAnswer, type OwnersOrder } from './file-owners.ts';
import { toPlainError } from './plain-error.ts';

const { repos, paths, cacheDir, settings, port, done } = workerData as OwnersOrder;

void findOwners(repos, paths, { http: createHttpClient(settings) }, cacheDir)
  .then(
    (owners): OwnersAnswer => ({ owners }),
    (error: unknown): OwnersAnswer => ({ error: toPlainError(error) }),
  )
  .then((answer) => {
    port.postMessage(answer);
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
  });
