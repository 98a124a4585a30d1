/** A thread with pools that solves queries: the only part of the service that solving blocks. */
import { parentPort, workerData } from 'node:worker_threads';
import { leasedPools, type Manifest, type PoolLease, type Pools, RpmDepsError, toPlainError } from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import { HeldPool } from './held-pool.ts';
import type { SolverData, SolverOrder, SolverReply } from './messages.ts';
import { isOfPool, type PoolQuery, type Query } from './query.ts';
import { runCheckQuery, runDiffQuery, runPlanQuery } from './run-lock-query.ts';
import { type QueryAnswer, runQuery } from './run-query.ts';

/** Limit in bytes for cached pools of manifests other than the sources. */
const MAX_BYTES = 256 << 20;
/** Interval for measuring memory, which visits all data of a pool and takes a tenth of the time of a solve. */
const COUNTED_MS = 1000;

const { sources, cacheDir, network, solveSeconds } = workerData as SolverData;
const port = parentPort!;
const ownSources: Manifest = { ...sources, sets: [] };
// Without proxies and logins of the user that runs the service.
const leased = leasedPools({ cacheDir, network, env: { NETRC: '/dev/null' }, maxBytes: MAX_BYTES });

/** One pool per architecture; replaced as a whole, so that a query uses one state of the metadata. */
const pools = new Map<string, HeldPool>();

port.on('message', (order: SolverOrder) => {
  handle(order).then(
    // The bytes of an answer are transferred, not copied.
    (reply) => port.postMessage(reply, reply.kind === 'answer' ? [reply.body.buffer] : []),
    (error: unknown) => port.postMessage({ id: order.id, kind: 'failed', error: toPlainError(error) } satisfies SolverReply),
  );
});

async function handle(order: SolverOrder): Promise<SolverReply> {
  const { id } = order;
  if (order.kind === 'load') {
    const { key, pool } = await load(order.architecture);
    return { id, kind: 'loaded', generation: key, packages: pool.end - 1, bytes: bytesHeld() };
  }
  const started = performance.now();
  const { status, text, generation } = await answer(order.query);
  const body = new TextEncoder().encode(text);
  return { id, kind: 'answer', status, body, generation, ms: performance.now() - started, bytes: bytesHeld() };
}

let counted = { bytes: 0, until: 0 };

function bytesHeld(): number {
  const now = performance.now();
  if (now >= counted.until) counted = { bytes: leased.bytes, until: now + COUNTED_MS };
  return counted.bytes;
}

async function answer(query: Query): Promise<QueryAnswer & { readonly generation: string }> {
  if (!isOfPool(query)) return { ...(await runLockQuery(query)), generation: '' };
  const held = pools.get(query.architecture);
  if (held === undefined) throw new RpmDepsError('INTERNAL', `no pool is loaded for ${query.architecture}`);
  const lease = held.take();
  try {
    return {
      ...(await runQuery(held, query, { seconds: solveSeconds })),
      generation: lease.key,
    };
  } finally {
    lease.release();
  }
}

async function runLockQuery(query: Exclude<Query, PoolQuery>): Promise<QueryAnswer> {
  if (query.kind === 'diff') return runDiffQuery(query);
  if (query.kind === 'check') return runCheckQuery(query);
  const leases: PoolLease[] = [];
  try {
    return await runPlanQuery(query, (manifest) => leasingPools(manifest, leases), solveSeconds);
  } finally {
    for (const lease of leases) lease.release();
  }
}

/** Loaded pools for a manifest with the sources of the service; others are leased if their servers are configured. */
function leasingPools(manifest: Manifest, leases: PoolLease[]): Pools {
  checkSources(manifest, { network });
  const same = (a: Pick<Manifest, 'repositories' | 'mirror' | 'releasever'>): string =>
    JSON.stringify([a.repositories, a.mirror, a.releasever]);
  const isOwn = same(manifest) === same(sources);
  return async (architecture) => {
    const lease = isOwn ? (pools.get(architecture) ?? (await load(architecture))).take() : await leased.leaseFor(manifest, architecture);
    leases.push(lease);
    return lease.pool;
  };
}

/** Loads a new pool while the old one is in use, and then replaces it. If nothing changed, the pool stays with its cached data. */
async function load(architecture: string): Promise<HeldPool> {
  const isKnown = sources.repositories.some(({ enabled, architectures }) => enabled && architectures?.includes(architecture) !== false);
  if (!isKnown) throw new RpmDepsError('USAGE', `no source is configured for ${architecture}`);
  const fresh = new HeldPool(await leased.leaseFor(ownSources, architecture));
  pools.get(architecture)?.replace();
  pools.set(architecture, fresh);
  return fresh;
}
