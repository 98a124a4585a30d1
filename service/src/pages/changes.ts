/**
 * The difference of two revisions with changelogs and advisories. They are read once for each pair of states and
 * stored in the database, because mirrors delete them and reading takes seconds. A page waits briefly, and otherwise
 * shows that they are still being read.
 */
import { fromPlainError, type LockfileDiff, type NetworkPolicy, type PlainError, RpmDepsError } from 'rpm-deps';
import type { ManifestTexts } from '../jobs/manifest-texts.ts';
import type { WebService } from '../service.ts';
import { sha256 } from '../sha256.ts';
import { startThread } from '../start-thread.ts';
import { first } from '../store/database.ts';

/** Without included files only the text, as in earlier versions, so that stored results are found. */
const textsOf = (manifest: ManifestTexts | undefined): readonly unknown[] =>
  manifest === undefined ? [''] : manifest.included.length === 0 ? [manifest.text] : [manifest.text, manifest.included];

/** Input of the thread: texts, which it parses. */
export interface ChangesData {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly manifest: ManifestTexts | undefined;
  readonly path: string;
  readonly cacheDir: string;
  readonly network: NetworkPolicy;
}

export type ChangesMessage =
  | { readonly kind: 'compared' | 'described'; readonly diff: LockfileDiff }
  | { readonly kind: 'failed'; readonly error: PlainError };

export interface Changes {
  readonly diff: LockfileDiff;
  /** `read`: includes changelogs and advisories, if available. */
  readonly details: { readonly kind: 'read' } | { readonly kind: 'reading' } | { readonly kind: 'failed'; readonly why: string };
}

interface Reading {
  readonly compared: Promise<LockfileDiff>;
  readonly described: Promise<LockfileDiff>;
  endedAt: number | undefined;
}

const WAIT_MS = 3000;
const DEADLINE_MS = 120_000;
const MAX_AT_ONCE = 2;
/** Failed and empty results are retried after this time. */
const KEPT_MS = 60_000;

/** Running and recently ended readings, by digest of both states. */
const readings = new Map<string, Reading>();

/** `digests` identify the locks of both states. */
export async function changesOf(service: WebService, data: ChangesData, digests: readonly string[]): Promise<Changes> {
  const key = sha256(JSON.stringify([digests, ...textsOf(data.manifest)]), 'base64url');
  const known = await first<{ body: LockfileDiff }>(service.database, 'select body from change_text where digest = $1', [key]);
  if (known !== undefined) return { diff: known.body, details: { kind: 'read' } };
  const reading = readingOf(service, data, key);
  const diff = await reading.compared;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Changes>((resolve) => {
    timer = setTimeout(() => resolve({ diff, details: { kind: 'reading' } }), WAIT_MS);
  });
  const described = reading.described.then(
    (whole): Changes => ({ diff: whole, details: { kind: 'read' } }),
    (error: unknown): Changes => ({ diff, details: { kind: 'failed', why: (error as Error).message } }),
  );
  return Promise.race([described, late]).finally(() => clearTimeout(timer));
}

function readingOf(service: WebService, data: ChangesData, key: string): Reading {
  const now = performance.now();
  for (const [name, { endedAt }] of readings) if (endedAt !== undefined && now - endedAt > KEPT_MS) readings.delete(name);
  const known = readings.get(key);
  if (known !== undefined) return known;
  if ([...readings.values()].filter(({ endedAt }) => endedAt === undefined).length >= MAX_AT_ONCE) {
    throw new RpmDepsError('TOO_MANY', 'too many other differences are being computed', {
      hint: 'load the page again in some seconds',
      data: { retryAfterMs: 3000 },
    });
  }
  const reading: Reading = { ...startReading(data), endedAt: undefined };
  readings.set(key, reading);
  reading.compared.catch(() => undefined);
  reading.described
    .then(async (diff) => {
      // Repositories without data now may have data later.
      if (!diff.sources.some(({ changelog, advisories }) => changelog !== undefined || advisories !== undefined)) return;
      await service.database.query('insert into change_text (digest, body) values ($1, $2) on conflict do nothing', [key, diff]);
    })
    .catch((error: Error) => service.log('warn', `changelogs could not be read: ${error.message}`))
    .finally(() => {
      reading.endedAt = performance.now();
    });
  return reading;
}

function startReading(data: ChangesData): Pick<Reading, 'compared' | 'described'> {
  const worker = startThread('changes-thread', { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  worker.unref();
  const [compared, described] = [settleable<LockfileDiff>(), settleable<LockfileDiff>()];
  const fail = (error: unknown): void => {
    compared.reject(error);
    described.reject(error);
  };
  const timer = setTimeout(() => fail(new RpmDepsError('LIMIT', 'reading changelogs takes too long')), DEADLINE_MS);
  timer.unref();
  worker.on('message', (message: ChangesMessage) => {
    if (message.kind === 'failed') fail(fromPlainError(message.error));
    else (message.kind === 'compared' ? compared : described).resolve(message.diff);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new RpmDepsError('INTERNAL', 'the thread ended without an answer')));
  described.promise
    .catch(() => undefined)
    .finally(() => {
      clearTimeout(timer);
      void worker.terminate();
    });
  return { compared: compared.promise, described: described.promise };
}

interface Settleable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function settleable<T>(): Settleable<T> {
  let settle: Omit<Settleable<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}
