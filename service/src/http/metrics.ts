import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export class Metrics {
  readonly registry = new Registry();
  readonly solveSeconds = this.#histogram(
    'rpm_deps_solve_seconds',
    'Time that a solve took',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  readonly queueSeconds = this.#histogram(
    'rpm_deps_job_wait_seconds',
    'Time that jobs waited before they ran',
    [0.1, 1, 5, 15, 60, 300, 1800, 7200],
  );
  readonly requestSeconds = new Histogram({
    name: 'rpm_deps_http_request_seconds',
    help: 'Time that requests took, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers: [this.registry],
  });
  readonly mirrorErrors = new Counter({
    name: 'rpm_deps_mirror_errors_total',
    help: 'Failures to read the metadata of sources, by code',
    labelNames: ['code'],
    registers: [this.registry],
  });
  readonly jobs = this.#gauge('rpm_deps_jobs', 'Jobs by state', ['state']);
  readonly oldestJobSeconds = this.#gauge('rpm_deps_job_oldest_seconds', 'Age of the oldest job by state', ['state']);
  readonly lockAgeSeconds = this.#gauge(
    'rpm_deps_lock_age_seconds',
    'Age of the locks of a project: time since the commit that changed them',
    ['project'],
  );
  readonly poolBytes = this.#gauge('rpm_deps_pool_bytes', 'Memory of the pools of all threads that solve', []);
  readonly cachedBytes = this.#gauge('rpm_deps_answer_cache_bytes', 'Answers that are kept', []);
  readonly waitingQueries = this.#gauge('rpm_deps_queries_waiting', 'Queries that wait for a thread', []);
  readonly streams = this.#gauge('rpm_deps_event_streams', 'Open event streams', []);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }
}
