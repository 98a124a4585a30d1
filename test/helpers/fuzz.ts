/**
 * Mutants of real documents, each to be read or refused: `RPM_DEPS_FUZZ` says how many of each kind, `RPM_DEPS_SEED` repeats a run.
 * What crashes, takes too long or takes too much memory is told with its number, and the seed is in the title of the test.
 */
import { randomInt } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { type ErrorCode, RpmDepsError } from '../../src/base/errors.ts';
import { randomNumbers } from './mutate.ts';

export const SEED = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(2 ** 31));
/** For the titles of tests. */
export const SEED_TEXT = `RPM_DEPS_SEED=${SEED}`;
export const FUZZ_TIMEOUT = 900_000;

/** Far above what documents of this size take. */
const MAX_CPU_MS = 5000;
const MAX_GROWTH_BYTES = 1024 ** 3;
/** Whatever has not ended by then never does: the process is ended, and says at which mutant. */
const HANG_MS = 60_000;

export interface Mutants<T> {
  /** 1 for what gets as many mutants as are asked for; 4 for a fourth of them. */
  readonly share: number;
  readonly make: (random: (below: number) => number) => T;
  /** Throws for a wrong answer. */
  readonly read: (mutant: T) => unknown;
  /** With which errors a mutant may be refused. */
  readonly codes: readonly ErrorCode[];
}

export async function readMutants<T extends string | Uint8Array>({ share, make, read, codes }: Mutants<T>): Promise<void> {
  const count = Math.ceil(Number(process.env['RPM_DEPS_FUZZ'] ?? 1000) / share);
  const random = randomNumbers(SEED);
  const watchdog = startWatchdog();
  const peakBefore = process.resourceUsage().maxRSS;
  let i = 0;
  let mutant: T | undefined;
  try {
    for (; i < count; i++) {
      watchdog.tick();
      mutant = make(random);
      const before = process.cpuUsage();
      try {
        await read(mutant);
      } catch (error) {
        if (!(error instanceof RpmDepsError)) throw error;
        expect(codes).toContain(error.code);
        for (const text of [error.message, error.hint ?? '', ...error.details]) expect(text).not.toMatch(DANGEROUS);
      }
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000, 'milliseconds').toBeLessThan(MAX_CPU_MS);
      expect((process.resourceUsage().maxRSS - peakBefore) * 1024, 'bytes of memory').toBeLessThan(MAX_GROWTH_BYTES);
    }
  } catch (error) {
    throw new Error(`mutant ${i} of ${SEED_TEXT}: ${error instanceof Error ? error.message : String(error)}\n${shown(mutant)}`, {
      cause: error,
    });
  } finally {
    await watchdog.stop();
  }
}

/** What a terminal acts on, but for line ends. */
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function shown(mutant: string | Uint8Array | undefined): string {
  if (mutant === undefined) return '';
  return typeof mutant === 'string' ? JSON.stringify(mutant.slice(0, 4000)) : Buffer.from(mutant).toString('base64').slice(0, 20_000);
}

/** A loop that does not end cannot be ended from its own thread. */
function startWatchdog(): { tick(): void; stop(): Promise<unknown> } {
  const ticks = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData: { ticks, seed, ms } } = require('node:worker_threads');
    let last = -1;
    setInterval(() => {
      const now = Atomics.load(ticks, 0);
      if (now === last) {
        require('node:fs').writeSync(2, 'mutant ' + (now - 1) + ' of ' + seed + ' hangs\\n');
        process.kill(process.pid, 'SIGKILL');
      }
      last = now;
    }, ms);`,
    { eval: true, workerData: { ticks, seed: SEED_TEXT, ms: HANG_MS } },
  );
  worker.unref();
  return { tick: () => Atomics.add(ticks, 0, 1), stop: () => worker.terminate() };
}
