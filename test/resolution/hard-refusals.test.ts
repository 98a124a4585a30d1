import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { buildPool } from '../../src/pool/build-pool.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { ReasonText } from '../../src/resolution/reason-text.ts';
import { resolve, resolveAsync } from '../../src/resolution/resolve.ts';
import { chain, implications, pigeons, providersThatNeed, ruledOut, threeSat, versions } from '../helpers/hard-worlds.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

function poolOf(lines: readonly string[]): Pool {
  return buildPool({ architecture: 'x86_64', repos: [{ info: plainInfo('r'), primary: new TextEncoder().encode(primaryXml(lines)) }] });
}

function refusal(lines: readonly string[], steps: number): string {
  const outcome = resolve(poolOf(lines), { install: ['all'] }, { steps });
  if (outcome.kind === 'solved') throw new Error('this has an answer');
  expect(outcome.problems).toHaveLength(1);
  return outcome.problems[0]!.text;
}

test('a chain of 50,000 requirements is refused in linear work, with its end in the explanation', () => {
  const lines = refusal(chain(50_000), 1_000_000).split('\n');
  expect(lines.slice(0, 2)).toEqual(['`all` is requested', '  all-1-1.noarch requires p0']);
  expect(lines.at(-1)).toBe('  p49999-1-1.noarch requires p50000, which nothing provides');
  expect(lines.length).toBeLessThan(50);
});

test('seven pigeons and more do not fit into fewer holes', () => {
  expect(refusal(pigeons(6), 1_000_000)).toContain('which conflicts with hole');
});

test.each([1, 2, 3])('random clauses that contradict each other are refused (seed %d)', (seed) => {
  expect(refusal(threeSat(50, seed), 20_000_000)).toContain('cannot be installed beside');
});

test('two thousand builds of one package with the same reason take one line', () => {
  expect(refusal(versions(2000), 10_000_000).split('\n')).toEqual([
    '`all` is requested',
    '  all-1-1.noarch requires one',
    '    one-1999-1.noarch, one-1998-1.noarch, one-1997-1.noarch and 1997 more require nothing, which nothing provides',
  ]);
});

test.each([
  ['conflicts', ruledOut(1000)],
  ['requirements', implications(1000)],
])('a thousand %s of one package that take part in a refusal are looked at a few times each', (_what, lines) => {
  const pool = poolOf(lines);
  const providersOf = vi.spyOn(pool, 'providersOf');
  expect(resolve(pool, { install: ['all'] }).kind).toBe('unsolvable');
  expect(providersOf.mock.calls.length).toBeLessThan(10_000);
});

test('of the lines of an explanation only those that fit are written', () => {
  const pool = poolOf(providersThatNeed(100));
  const nevra = vi.spyOn(pool, 'nevra');
  const outcome = resolve(pool, { install: ['all'] });
  expect(outcome.kind === 'unsolvable' && outcome.problems[0]?.text).toContain('(10059 more lines)');
  expect(nevra.mock.calls.length).toBeLessThan(15_000);
});

test('a thousand requests that nothing can meet are a thousand problems', () => {
  const install = Array.from({ length: 1000 }, (_, i) => `a${i}`);
  const outcome = resolve(
    poolOf(install.map((name) => `${name}-1-1.noarch requires: missing-${name}`)),
    { install },
    { steps: 10_000_000 },
  );
  expect(outcome.kind === 'unsolvable' && outcome.problems.map(({ text }) => text.split('\n')[0])).toEqual(
    install.map((name) => `\`${name}\` is requested`),
  );
});

test('a solve that takes more steps than it may ends with SOLVER_BUDGET', () => {
  expect(() => resolve(poolOf(pigeons(9)), { install: ['all'] }, { steps: 200_000 })).toThrow(
    expect.objectContaining({ code: 'SOLVER_BUDGET', message: 'no solution was found within 200000 steps' }),
  );
});

test('a solve that takes longer than it may ends with SOLVER_BUDGET', () => {
  expect(() => resolve(poolOf(pigeons(9)), { install: ['all'] }, { seconds: 0.001 })).toThrow(
    expect.objectContaining({ code: 'SOLVER_BUDGET', message: 'no solution was found within 0.001 seconds' }),
  );
});

test('a signal ends a solve that others wait for, and the next solve on the pool is right', async () => {
  const pool = poolOf([...pigeons(10), 'b-1-1.noarch requires: c', 'c-1-1.noarch']);
  const stop = new AbortController();
  const hopeless = resolveAsync(pool, { install: ['all'] }, { signal: stop.signal });
  // Both take turns on one pool.
  const other = await resolveAsync(pool, { install: ['b'] });
  expect(other.kind === 'solved' && other.packages.map(({ name }) => name)).toEqual(['b', 'c']);
  await setImmediate();
  stop.abort();
  await expect(hopeless).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(resolve(pool, { install: ['b'] }).kind).toBe('solved');
});

test('a signal ends an explanation before all of it is written', async () => {
  const stop = new AbortController();
  // Of the 300 parts with 300 lines each, each begins so.
  const begun = vi.spyOn(ReasonText.prototype, 'bestFirst');
  begun.mockImplementationOnce((candidates) => {
    stop.abort();
    return [...candidates];
  });
  const stopped = resolveAsync(poolOf(providersThatNeed(300)), { install: ['all'] }, { signal: stop.signal });
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(begun.mock.calls.length).toBeLessThan(200);
  begun.mockRestore();
});

test('a signal that was raised before is obeyed without the event loop', () => {
  expect(() => resolve(poolOf(chain(3)), { install: ['all'] }, { signal: AbortSignal.abort() })).toThrow(
    expect.objectContaining({ code: 'INTERRUPTED' }),
  );
});
