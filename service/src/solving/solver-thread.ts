/** A thread that holds pools and solves: the only place of the service where solving blocks anything. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { type Manifest, manifestPools, type Pool, RpmDepsError, toPlainError } from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import { answerCheck, answerDiff, answerPlan } from './answer-locks.ts';
import { answerQuestion, type QuestionAnswer } from './answer-question.ts';
import type { SolverData, SolverOrder, SolverReply } from './messages.ts';
import { isOfPool, type PoolQuestion, type Question } from './question.ts';

const { sources, cacheDir, network, solveSeconds } = workerData as SolverData;
const port = parentPort!;
// Neither proxies nor logins of the user that runs the service.
const readPool = manifestPools({ ...sources, sets: [] }, { cacheDir, network, env: { NETRC: '/dev/null' } });

interface Loaded {
  readonly pool: Pool;
  readonly generation: string;
}

/** One for each architecture; replaced as a whole, so that a question is answered from one state of the metadata. */
const pools = new Map<string, Loaded>();

port.on('message', (order: SolverOrder) => {
  handle(order).then(
    (reply) => port.postMessage(reply),
    (error: unknown) => port.postMessage({ id: order.id, kind: 'failed', error: toPlainError(error) } satisfies SolverReply),
  );
});

async function handle(order: SolverOrder): Promise<SolverReply> {
  const { id } = order;
  if (order.kind === 'load') {
    const loaded = await load(order.architecture);
    return { id, kind: 'loaded', generation: loaded.generation, packages: loaded.pool.end - 1, bytes: bytesHeld() };
  }
  const { question } = order;
  const started = performance.now();
  if (!isOfPool(question)) {
    const { status, value } = await answerLocks(question);
    return reply(id, { status, value, generation: '', started });
  }
  const loaded = pools.get(question.architecture);
  if (loaded === undefined) throw new RpmDepsError('INTERNAL', `no pool is loaded for ${question.architecture}`);
  const { status, value } = await answerQuestion(loaded.pool, question, { seconds: solveSeconds });
  return reply(id, { status, value, generation: loaded.generation, started });
}

function reply(
  id: number,
  answer: { readonly status: number; readonly value: unknown; readonly generation: string; readonly started: number },
): SolverReply {
  const { status, value, generation, started } = answer;
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { id, kind: 'answer', status, body, generation, ms: performance.now() - started, bytes: bytesHeld() };
}

async function answerLocks(question: Exclude<Question, PoolQuestion>): Promise<QuestionAnswer> {
  if (question.kind === 'diff') return answerDiff(question);
  return question.kind === 'check' ? answerCheck(question) : answerPlan(question, poolsOf);
}

/** Those that are loaded, for a manifest with the sources of the service; others are read, where their servers are configured. */
function poolsOf(manifest: Manifest): (architecture: string) => Promise<Pool> {
  checkSources(manifest, { network });
  const same = (a: Pick<Manifest, 'repositories' | 'mirror' | 'releasever'>): string =>
    JSON.stringify([a.repositories, a.mirror, a.releasever]);
  if (same(manifest) === same(sources)) return async (architecture) => (pools.get(architecture) ?? (await load(architecture))).pool;
  return manifestPools(manifest, { cacheDir, network, env: { NETRC: '/dev/null' } });
}

/** Of this thread's heap, and of the buffers of the process: those of pools are the most of them. */
function bytesHeld(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function load(architecture: string): Promise<Loaded> {
  const isKnown = sources.repositories.some(({ enabled, architectures }) => enabled && architectures?.includes(architecture) !== false);
  if (!isKnown) throw new RpmDepsError('USAGE', `no source is configured for ${architecture}`);
  const pool = await readPool(architecture);
  const generation = createHash('sha256')
    .update(pool.repos.map(({ id, repomdSha256 }) => `${id} ${repomdSha256}`).join('\n'))
    .digest('hex')
    .slice(0, 16);
  const known = pools.get(architecture);
  // The old pool stays where nothing changed: what its solver has learnt is still good.
  if (known?.generation === generation) return known;
  const loaded = { pool, generation };
  pools.set(architecture, loaded);
  return loaded;
}
