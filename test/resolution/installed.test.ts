import { describe, expect, test } from 'vitest';
import { buildPool } from '../../src/pool/build-pool.ts';
import type { InstalledRecord } from '../../src/pool/installed-entry.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { ResolveRequest } from '../../src/resolution/resolution.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

function poolOf(...lines: readonly string[]): Pool {
  return buildPool({ architecture: 'x86_64', repos: [{ info: plainInfo('r'), primary: new TextEncoder().encode(primaryXml(lines)) }] });
}

/** What comes and what goes, as lines. */
function answer(pool: Pool, request: ResolveRequest): string[] {
  const outcome = resolve(pool, request);
  if (outcome.kind === 'unsolvable') return outcome.problems.map(({ text }) => text);
  const come = outcome.packages.map(({ name, version, release, arch }, i) => {
    const { kind, replaces } = outcome.changes[i]!;
    return `${kind} ${name}-${version}-${release}.${arch}${replaces.length === 0 ? '' : ` for ${replaces.join(', ')}`}`;
  });
  return [...come, ...outcome.removed.map((nevra) => `removed ${nevra}`)];
}

const WORLD = poolOf(
  'a-1-1.x86_64 requires: lib = 1',
  'a-2-1.x86_64 requires: lib = 2',
  'lib-1-1.x86_64',
  'lib-2-1.x86_64',
  'b-1-1.x86_64 requires: lib',
  'tool-1-1.x86_64 requires: lib >= 2',
  'old-1-1.x86_64',
  'fresh-1-1.x86_64 obsoletes: old; provides: old = 2',
  'foe-1-1.x86_64 conflicts: b',
  'kernel-1-1.x86_64',
  'kernel-2-1.x86_64',
);
const A1 = ['a-0:1-1.x86_64', 'lib-0:1-1.x86_64'];

describe('what is installed', () => {
  test('stays, and answers what is asked for', () => {
    expect(answer(WORLD, { install: ['a'], installed: A1 })).toEqual([]);
    expect(answer(WORLD, { install: ['b'], installed: A1 })).toEqual(['new b-1-1.x86_64']);
  });

  test('is updated where something new needs that', () => {
    expect(answer(WORLD, { install: ['tool'], installed: A1 })).toEqual([
      'upgrade a-2-1.x86_64 for a-0:1-1.x86_64',
      'upgrade lib-2-1.x86_64 for lib-0:1-1.x86_64',
      'new tool-1-1.x86_64',
    ]);
  });

  test('is updated where the request says so', () => {
    const both = ['upgrade a-2-1.x86_64 for a-0:1-1.x86_64', 'upgrade lib-2-1.x86_64 for lib-0:1-1.x86_64'];
    expect(answer(WORLD, { install: [], upgrade: ['a'], installed: A1 })).toEqual(both);
    expect(answer(WORLD, { install: [], upgrade: 'all', installed: A1 })).toEqual(both);
    expect(answer(WORLD, { install: [], upgrade: ['b'], installed: A1 })).toEqual(['`b` is not installed']);
  });

  test('is installed again only where it is there, and one that is upgraded needs no build of the same version', () => {
    const absent = resolve(WORLD, { install: [], reinstall: ['b', 'lib'], installed: A1 });
    expect(absent).toMatchObject({ kind: 'solved', warnings: [{ code: 'NOT_INSTALLED', text: expect.stringContaining('`b`') }] });
    expect(answer(WORLD, { install: [], reinstall: ['nowhere'], installed: A1 })).toEqual(['`nowhere` is not installed']);
    const newer = poolOf('a-2-1.x86_64', 'b-1-1.x86_64');
    const provides = [{ name: 'a', flags: 'EQ' as const, epoch: '0', version: '1', release: '1' }];
    const older = {
      name: 'a',
      epoch: '0',
      version: '1',
      release: '1',
      arch: 'x86_64',
      source: '',
      buildTime: 0,
      relations: { provides },
      files: [],
    };
    expect(answer(newer, { install: [], reinstall: ['a'], upgrade: ['a'], installed: [older] })).toEqual([
      'upgrade a-2-1.x86_64 for a-0:1-1.x86_64',
    ]);
    expect(answer(newer, { install: [], reinstall: ['a'], installed: [older] })).toEqual([expect.stringContaining('no repository has')]);
  });

  test('is installed again, or removed', () => {
    expect(answer(WORLD, { install: [], reinstall: ['lib'], installed: A1 })).toEqual(['reinstall lib-1-1.x86_64 for lib-0:1-1.x86_64']);
    expect(answer(WORLD, { install: [], remove: ['a'], installed: A1 })).toEqual(['removed a-0:1-1.x86_64']);
  });

  test('goes only where it may', () => {
    const installed = ['b-0:1-1.x86_64', 'lib-0:1-1.x86_64'];
    expect(answer(WORLD, { install: ['foe'], installed })).toEqual([
      '`foe` is requested\n  foe-1-1.x86_64 conflicts with b, which is b-1-1.x86_64\nb-1-1.x86_64 is installed',
    ]);
    expect(answer(WORLD, { install: ['foe'], installed, allowErasing: true })).toEqual(['new foe-1-1.x86_64', 'removed b-0:1-1.x86_64']);
  });

  test('is replaced by what obsoletes it', () => {
    expect(answer(WORLD, { install: [], upgrade: 'all', installed: ['old-0:1-1.x86_64'] })).toEqual([
      'replacement fresh-1-1.x86_64 for old-0:1-1.x86_64',
    ]);
  });

  test('stands beside a new kernel', () => {
    expect(answer(WORLD, { install: [], upgrade: 'all', installed: ['kernel-0:1-1.x86_64'] })).toEqual(['new kernel-2-1.x86_64']);
  });

  test('goes down with a distro-sync', () => {
    const record: InstalledRecord = {
      name: 'b',
      epoch: '0',
      version: '3',
      release: '1',
      arch: 'x86_64',
      source: 'b-3-1.src.rpm',
      buildTime: 7,
      relations: { provides: [{ name: 'b', flags: 'EQ', epoch: '0', version: '3', release: '1' }] },
      files: [{ path: '/usr/bin/b' }],
    };
    expect(answer(WORLD, { install: ['lib'], distroSync: 'all', installed: [record] })).toEqual([
      'downgrade b-1-1.x86_64 for b-0:3-1.x86_64',
      'new lib-2-1.x86_64',
    ]);
  });

  test('may be in no repository: an rpm database says enough', () => {
    const record: InstalledRecord = {
      name: 'own',
      epoch: '0',
      version: '1',
      release: '1',
      arch: 'x86_64',
      source: '',
      buildTime: 0,
      relations: { provides: [{ name: 'lib', flags: 'EQ', epoch: '', version: '2', release: '' }] },
      files: [],
    };
    expect(answer(WORLD, { install: ['tool'], installed: [record] })).toEqual(['new tool-1-1.x86_64']);
    expect(answer(WORLD, { install: ['tool'], installed: ['own-0:1-1.x86_64'] })).toEqual([
      '`own-0:1-1.x86_64` is installed, but it is in none of the repositories for x86_64, so its dependencies are unknown',
    ]);
  });

  test('can be assumed', () => {
    expect(answer(WORLD, { install: ['tool'], assumeProvides: ['lib = 2'] })).toEqual(['new tool-1-1.x86_64']);
  });
});
