/**
 * `npm run bench:service`: compares the service over loopback with direct calls of the same library in one run. Prints a table in Markdown.
 * With real metadata (RPM_DEPS_CORPUS) the query is KubeVirt's launcherbase, else `bash` on the fixtures' mirror.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
// @ts-expect-error: the package has no types
import autocannon from 'autocannon';

const ROOT = resolve(import.meta.dirname, '../..');
const SECONDS = Number(process.env['RPM_DEPS_BENCH_SECONDS'] ?? 8);
/** Equal to the number of solving threads: with more, the benchmark would measure waiting time. */
const CONNECTIONS = Math.min(4, availableParallelism());
const WARM_MS = SECONDS * 1000;
const ROUNDS = 3;
const REPOSITORIES = ['BaseOS', 'AppStream', 'CRB'];
const corpus = process.env['RPM_DEPS_CORPUS'] ?? resolve(ROOT, '../shared');
const isReal = existsSync(join(corpus, 'mirror/2025-01-13'));
const mirror = isReal ? join(corpus, 'mirror/2025-01-13') : join(ROOT, 'fixtures/mirror');
const specs = isReal ? launcherSpecs() : ['bash'];
const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-bench-'));
const cacheDir = join(directory, 'cache');

function launcherSpecs(): string[] {
  const sets = JSON.parse(readFileSync(join(corpus, 'kubevirt/package-sets-2025-01-07-x86_64.json'), 'utf8')) as Record<string, unknown>;
  const known = (sets['package_sets'] ?? sets) as Record<string, { packages?: string[] } | string[]>;
  const set = known['launcherbase']!;
  return (Array.isArray(set) ? set : set.packages!).map((spec) => spec.replace(/-\d+:.*$/, ''));
}

interface Row {
  readonly what: string;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time per query in milliseconds: of the solving threads or the service, and of the load generator. */
  readonly cpu: number;
  readonly clientCpu?: number;
  readonly health?: string;
}

interface Bare {
  /** Runs one round. */
  readonly run: () => Promise<Row>;
  readonly end: () => Promise<unknown>;
}

/**
 * Measures solving without a server: one query after the other in each thread. Queries and answers are the same as those of the
 * service.
 */
async function startBare(threads: number): Promise<Bare> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.library).then(async ({ loadRepositories, outputJson, resolveAsync, resolveView }) => {
      const repositories = workerData.repositories.map((name) => ({ id: name.toLowerCase(), baseurl: workerData.mirror + '/9-stream/' + name + '/$basearch/os/' }));
      const architecture = 'x86_64';
      const pool = await loadRepositories({ architecture, repositories, cacheDir: workerData.cacheDir });
      let next = workerData.first;
      const ask = async () => {
        const { packages, ignored, unmet, warnings } = await resolveAsync(pool, { install: workerData.specs, exclude: ['nothing-' + next++] }, { seconds: 30 });
        return JSON.stringify(outputJson({ view: resolveView, data: { kind: 'solved', architecture, packages, ignored, unmet } }, warnings, { directory: '/' }));
      };
      const warm = performance.now() + workerData.warmMs;
      while (performance.now() < warm) await ask();
      parentPort.postMessage([(await ask()).length]);
      parentPort.on('message', async (ms) => {
        const times = [];
        const end = performance.now() + ms;
        while (performance.now() < end) { const from = performance.now(); await ask(); times.push(performance.now() - from); }
        parentPort.postMessage(times);
      });
    });`;
  const data = { library: join(ROOT, 'dist/index.js'), repositories: REPOSITORIES, mirror, cacheDir, specs, warmMs: WARM_MS };
  const workers = Array.from(
    { length: threads },
    (_, i) => new Worker(code, { eval: true, workerData: { ...data, first: i * 1_000_000 } }),
  );
  const next = (worker: Worker): Promise<number[]> => new Promise((done, failed) => worker.once('message', done).once('error', failed));
  await Promise.all(workers.map(next));
  const run = async (): Promise<Row> => {
    const answers = workers.map(next);
    const before = process.cpuUsage();
    for (const worker of workers) worker.postMessage(SECONDS * 1000);
    const times = (await Promise.all(answers)).flat().sort((a, b) => a - b);
    const cpu = millisecondsOf(process.cpuUsage(before)) / times.length;
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
    return { what: 'the library alone, a thread for each processor', rate: times.length / SECONDS, p50: at(0.5), p99: at(0.99), cpu };
  };
  return { run, end: () => Promise.all(workers.map((worker) => worker.terminate())) };
}

/** The median of each number over the rounds. */
function middleOf(rows: readonly Row[]): Row {
  const middle = (of: (row: Row) => number): number => rows.map(of).sort((a, b) => a - b)[Math.floor(rows.length / 2)]!;
  const { what, health, clientCpu } = rows[0]!;
  return {
    what,
    rate: middle(({ rate }) => rate),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpu: middle(({ cpu }) => cpu),
    ...(clientCpu === undefined ? {} : { clientCpu: middle((row) => row.clientCpu ?? 0) }),
    ...(health === undefined
      ? {}
      : {
          health: rows.map((row) => row.health ?? '').sort((a, b) => Number(a.split('/')[1]) - Number(b.split('/')[1]))[
            Math.floor(rows.length / 2)
          ]!,
        }),
  };
}

const millisecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

/** A value of the service's metrics, summed over its labels. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)`, 'gm'))].reduce((sum, match) => sum + Number(match[1]), 0);
}

const agent = new Agent({ keepAlive: true });
const askHealth = (url: string): Promise<void> =>
  new Promise((done, failed) => {
    get(`${url}/healthz`, { agent }, (response) => response.resume().once('end', done)).once('error', failed);
  });

async function measure(what: string, url: string, requests: readonly object[]): Promise<Row> {
  let clients = 0;
  const health: number[] = [];
  let isRunning = true;
  const watching = (async () => {
    while (isRunning) {
      const from = performance.now();
      await askHealth(url);
      health.push(performance.now() - from);
      await new Promise((done) => setTimeout(done, 50));
    }
  })();
  const serverBefore = await metric(url, 'process_cpu_seconds_total');
  const before = process.cpuUsage();
  const result = await autocannon({
    url: `${url}/v1/resolve`,
    connections: CONNECTIONS,
    duration: SECONDS,
    // Each connection sends different queries, because repeated ones are answered from the cache.
    setupClient: (client: { setRequests(list: readonly object[]): void }) => {
      const own = requests.length === 1 ? requests : requests.filter((_, i) => i % CONNECTIONS === clients % CONNECTIONS);
      clients++;
      client.setRequests(
        own.map((body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })),
      );
    },
  });
  const clientCpu = millisecondsOf(process.cpuUsage(before)) / result.requests.total;
  const cpu = (((await metric(url, 'process_cpu_seconds_total')) - serverBefore) * 1000) / result.requests.total;
  isRunning = false;
  await watching;
  if (result.non2xx > 0) throw new Error(`${what}: ${result.non2xx} answers were not 200`);
  if (result.errors > 0) console.error(`${what}: ${result.errors} requests were not answered (${result.timeouts} of them in time)`);
  health.sort((a, b) => a - b);
  const at = (share: number): string => (health[Math.floor(health.length * share)] ?? 0).toFixed(0);
  return {
    what,
    rate: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpu,
    clientCpu,
    health: `${at(0.5)} / ${at(0.99)}`,
  };
}

const config = join(directory, 'service.yaml');
writeFileSync(config, JSON.stringify({ git: [directory] }));
const program = join(ROOT, 'dist/cli/bin.js');
const alone = await startBare(availableParallelism());
const serve = ['serve', '--data', join(directory, 'data'), '--config', config, '--mirror', mirror, '--cache-dir', cacheDir, '--quiet'];
const child = spawn(process.execPath, [program, ...serve, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const match = /listening on (\S+)/.exec(chunk.toString());
      if (match !== null) ready(match[1]!);
    });
    child.once('exit', (code) => failed(new Error(`serve ended with ${code}`)));
  });
  const query = { architecture: 'x86_64', specs };
  // All queries are different: an exclusion that matches nothing makes each one unique.
  const different = Array.from({ length: 20_000 }, (_, i) => ({ ...query, exclude: [`nothing-${i}`] }));
  // Warm up with other queries than the measured ones, whose answers would be cached.
  await measure(
    'warm-up',
    url,
    different.map((body) => ({ ...body, exclude: [...body.exclude, 'x'] })),
  );
  // In turns, because the load of the machine changes.
  const rounds: Row[][] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const fresh = different.map((body) => ({ ...body, exclude: [...body.exclude, `round-${i}`] }));
    rounds.push([await alone.run(), await measure('different queries', url, fresh), await measure('the same query', url, [query])]);
  }
  await alone.end();
  const rows = rounds[0]!.map((_, i) => middleOf(rounds.map((round) => round[i]!)));
  const mebibytes = async (name: string): Promise<number> => Math.round((await metric(url, name)) / 2 ** 20);
  console.log(
    `${isReal ? `launcherbase of KubeVirt, ${specs.length} specs` : 'bash on the fixtures'}, ${availableParallelism()} processors, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s, the middle one\n`,
  );
  console.log(
    '| | a second | p50 ms | p99 ms | processor ms a query | of the clients | `/healthz` p50 / p99 ms |\n|---|---|---|---|---|---|---|',
  );
  for (const { what, rate, p50, p99, cpu, clientCpu, health } of rows) {
    const cells = [what, rate.toFixed(0), p50.toFixed(1), p99.toFixed(1), cpu.toFixed(2), clientCpu?.toFixed(2) ?? '', health ?? ''];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(
    `\nmemory of the process ${await mebibytes('process_resident_memory_bytes')} MiB; pools of the threads that solve ${await mebibytes('rpm_deps_pool_bytes')} MiB`,
  );
} finally {
  child.kill('SIGTERM');
  if (child.exitCode === null) await new Promise((ended) => child.once('exit', ended));
  rmSync(directory, { recursive: true, force: true });
}
