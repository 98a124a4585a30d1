import { expect, test } from 'vitest';
import { buildPool } from '../../src/pool/build-pool.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

test('the request of docs/solver.md takes nine rules, three decisions and two conflicts', () => {
  const lines = [
    'app-1-1.noarch requires: lib, screen',
    'lib-1-1.noarch',
    'lib-2-1.noarch requires: engine',
    'gas-1-1.noarch provides: engine; conflicts: screen',
    'oil-1-1.noarch provides: engine; conflicts: screen',
    'qt-1-1.noarch provides: screen',
    'gtk-1-1.noarch provides: screen',
  ];
  const pool = buildPool({
    architecture: 'x86_64',
    repos: [{ info: plainInfo('r'), primary: new TextEncoder().encode(primaryXml(lines)) }],
  });
  const outcome = resolve(pool, { install: ['app'] });
  if (outcome.kind !== 'solved') throw new Error('refused');
  expect(outcome.packages.map(({ name, version }) => `${name}-${version}`)).toEqual(['app-1', 'gtk-1', 'lib-1']);
  expect(outcome.statistics).toMatchObject({ clauses: 9, decisions: 3, conflicts: 2 });
});
