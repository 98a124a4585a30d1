import { expect, test } from 'vitest';
import { Solver } from '../../src/solving/solver.ts';

test('a thread that is too late is gone before its query has failed, so that no other query gets a thread that is about to stop', async () => {
  const data = { sources: {} as never, cacheDir: '/nowhere', network: { origins: [], publicHosts: false }, solveSeconds: 1 };
  const gone: Solver[] = [];
  const solver: Solver = new Solver(data, (one) => gone.push(one));
  const query = { kind: 'diff', before: [], after: [] } as never;
  // No thread starts in no time.
  await expect(solver.ask(query, 0)).rejects.toMatchObject({ code: 'LIMIT', message: expect.stringContaining('took longer') });
  expect(gone).toEqual([solver]);
  await expect(solver.ask(query, 60_000)).rejects.toMatchObject({ code: 'LIMIT' });
});
