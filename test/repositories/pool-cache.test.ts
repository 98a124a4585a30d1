import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type LeasedPools, leasedPools, resolve } from '../../src/index.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

let directory: string;
let scans: string[];
let pools: LeasedPools;

const repositories = (name = 'base') => [{ id: name, baseurl: join(directory, name) }];
const write = (name: string, lines: readonly string[]): void => writeRepository(join(directory, name), lines);

function open(maxBytes?: number): LeasedPools {
  const opened = leasedPools({
    cacheDir: join(directory, 'cache'),
    env: {},
    ...(maxBytes === undefined ? {} : { maxBytes }),
    onEvent: (event) => void (event.kind === 'stage' && event.stage === 'scan' && scans.push(event.text)),
  });
  onTestFinished(() => opened.close());
  return opened;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-leases-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  scans = [];
  write('base', ['a-1-1.x86_64', 'b-1-1.noarch']);
  pools = open();
});

test('whoever asks for the same repositories in the same state gets the same pool, read once', async () => {
  const request = { architecture: 'x86_64', repositories: repositories() };
  const [first, second] = await Promise.all([pools.lease(request), pools.lease(request)]);
  expect(second.pool).toBe(first.pool);
  expect(second.key).toBe(first.key);
  expect((await pools.lease(request)).pool).toBe(first.pool);
  expect(scans).toHaveLength(1);
  expect(pools.state).toMatchObject([{ key: first.key, architecture: 'x86_64', leases: 3 }]);
  expect(pools.bytes).toBeGreaterThan(0);
});

test('another architecture, other repositories and another state are other pools', async () => {
  write('more', ['c-1-1.x86_64']);
  const before = await pools.lease({ architecture: 'x86_64', repositories: repositories() });
  const others = [
    await pools.lease({ architecture: 's390x', repositories: repositories() }),
    await pools.lease({ architecture: 'x86_64', repositories: [...repositories(), ...repositories('more')] }),
  ];
  write('base', ['a-2-1.x86_64']);
  others.push(await pools.lease({ architecture: 'x86_64', repositories: repositories() }));
  expect(new Set([before, ...others].map(({ key }) => key)).size).toBe(4);
  const versions = [before, others[2]!].map(({ pool }) => {
    const answer = resolve(pool, { install: ['a'] });
    return answer.kind === 'solved' ? answer.packages[0]!.version : '';
  });
  expect(versions).toEqual(['1', '2']);
});

test('a pool without a lease is given up when space is needed, the one that was used longest ago first', async () => {
  const small = open(1);
  const lease = (architecture: string) => small.lease({ architecture, repositories: repositories() });
  const [first, second] = [await lease('x86_64'), await lease('s390x')];
  expect(small.state.map(({ leases }) => leases)).toEqual([1, 1]);
  second.release();
  second.release();
  expect(small.state.map(({ architecture }) => architecture)).toEqual(['x86_64']);
  first.release();
  expect(small.state).toEqual([]);
});

test('what was found out about a pool is counted and goes with it; answers stay the same', async () => {
  const { pool, release } = await pools.lease({ architecture: 'x86_64', repositories: repositories() });
  const before = pool.bytes;
  const names = (): string[] => {
    const answer = resolve(pool, { install: ['a', 'b'] });
    return answer.kind === 'solved' ? answer.packages.map(({ name }) => name) : [];
  };
  expect(names()).toEqual(['a', 'b']);
  expect(pool.bytes).toBeGreaterThan(before);
  expect(Object.keys(pool.memory.sizes)).toContain('provider lists');
  release();
  pools.clear();
  expect(pool.memory.sizes).toEqual({});
  expect(names()).toEqual(['a', 'b']);
});

test('a signal stops one asker and nobody else, and a failure is not kept', async () => {
  const request = { architecture: 'x86_64', repositories: repositories() };
  const stop = new AbortController();
  const [stopped, other] = [pools.lease({ ...request, signal: stop.signal }), pools.lease(request)];
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const { pool } = await other;
  expect(pool.end).toBe(3);
  expect(pools.state).toMatchObject([{ leases: 1 }]);
  await expect(pools.lease({ architecture: 'x86_64', repositories: repositories('nowhere') })).rejects.toMatchObject({ code: 'NETWORK' });
  expect(pools.state).toHaveLength(1);
});
