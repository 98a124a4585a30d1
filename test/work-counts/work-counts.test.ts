/**
 * Work instead of time: what is counted here does not depend on the machine, and grows when the core begins to do more than it did. A change
 * that is meant is recorded with `RPM_DEPS_RECORD=1`, and the difference seen in review.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPool } from '../../src/pool/build-pool.ts';
import { columnsOf } from '../../src/pool/pool-columns.ts';
import { PrimaryReader } from '../../src/pool/primary-reader.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { corpus } from '../helpers/corpus.ts';
import { fixture } from '../helpers/fixtures.ts';
import { type MirrorRepo, mirrorPool } from '../helpers/mirror-pool.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { primaryXml } from '../helpers/small-mirror.ts';
import { recordedWorld } from './recorded-world.ts';

type Counts = Readonly<Record<string, number>>;

const RECORDED = join(import.meta.dirname, 'recorded.json');
const MOST_GROWTH = 1.1;
const isRecording = process.env['RPM_DEPS_RECORD'] === '1';

/** Fails when something grew by more than a tenth since it was recorded, and when nothing was recorded. */
function expectNoMoreThanRecorded(name: string, counts: Counts): void {
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Record<string, Counts>;
  if (isRecording) {
    writeFileSync(RECORDED, `${JSON.stringify({ ...recorded, [name]: counts }, null, 2)}\n`);
    return;
  }
  const before = recorded[name];
  expect(Object.keys(counts), `what is counted for ${name}`).toEqual(Object.keys(before ?? {}));
  const grown = Object.entries(counts).filter(([what, count]) => count > before![what]! * MOST_GROWTH);
  expect(
    grown.map(([what, count]) => `${what}: ${before![what]} -> ${count}`),
    'if this is meant: RPM_DEPS_RECORD=1 npx vitest run test/work-counts',
  ).toEqual([]);
}

const PACKAGES = 1200;
const WORLD = new TextEncoder().encode(primaryXml(recordedWorld(PACKAGES)));
test('reading packages scans, interns and keeps no more than recorded', () => {
  const reader = new PrimaryReader(WORLD.length);
  reader.start('world');
  for (let at = 0; at < WORLD.length; at += 65536) reader.write(WORLD.subarray(at, at + 65536));
  reader.end();
  const columns = reader.columns('x86_64');
  expectNoMoreThanRecorded('reading', {
    bytesScanned: WORLD.length,
    packages: columns.name.length - 1,
    strings: columns.strings.starts.length - 1,
    relations: columns.relations.names.length,
    providers: columns.providers.ids.length,
    bytesOfColumns: Object.values(columnsOf(columns)).reduce((sum, { byteLength }) => sum + byteLength, 0),
    // All that was allocated on the way, as columns lie where packages were read.
    bytesOfMemory: columns.name.buffer.byteLength,
  });
});

test('solving makes no more clauses, decisions, propagations and conflicts than recorded', () => {
  const pool = buildPool({ architecture: 'x86_64', repos: [{ info: plainInfo('world'), primary: WORLD }] });
  const strings = pool.strings.count;
  const requests = Array.from({ length: 24 }, (_, i) =>
    Array.from({ length: 1 + (i % 5) }, (__, k) => `p${(i * 49 + k * 577) % PACKAGES}`),
  );
  const sum = { solved: 0, packages: 0, clauses: 0, decisions: 0, propagations: 0, conflicts: 0 };
  for (const weakDependencies of [false, true]) {
    for (const install of requests) {
      const outcome = resolve(pool, { install, weakDependencies });
      if (outcome.kind !== 'solved') continue;
      sum.solved++;
      sum.packages += outcome.packages.length;
      for (const what of ['clauses', 'decisions', 'propagations', 'conflicts'] as const) sum[what] += outcome.statistics[what];
    }
  }
  expect(sum.solved).toBeGreaterThan(10);
  expectNoMoreThanRecorded('solving', { ...sum, stringsOfRequests: pool.strings.count - strings });
});

function countSets(pool: ReturnType<typeof mirrorPool>, sets: readonly (readonly string[])[]): Counts {
  const sum = { strings: pool.strings.count, relations: pool.relations.count, clauses: 0, decisions: 0, propagations: 0, conflicts: 0 };
  for (const install of sets) {
    const outcome = resolve(pool, { install });
    if (outcome.kind !== 'solved') throw new Error(`not solved: ${install.join(' ')}`);
    for (const what of ['clauses', 'decisions', 'propagations', 'conflicts'] as const) sum[what] += outcome.statistics[what];
  }
  return sum;
}

const repositories = (mirror: string, ids: readonly string[], architecture: string): MirrorRepo[] =>
  ids.map((id) => ({ id: id.toLowerCase(), path: join(mirror, '9-stream', id, architecture, 'os') }));

test('the fixture mirror takes no more work than recorded', () => {
  const pool = mirrorPool('s390x', repositories(fixture('mirror'), ['BaseOS', 'AppStream'], 's390x'));
  expectNoMoreThanRecorded('fixture mirror', countSets(pool, [['acl'], ['bash']]));
});

const real = corpus();
test.skipIf(real === undefined)('real package sets on a real mirror take no more work than recorded', () => {
  const pool = mirrorPool('x86_64', repositories(join(real!, 'mirror/2025-01-13'), ['BaseOS', 'AppStream', 'CRB'], 'x86_64'));
  const file = join(real!, 'kubevirt/package-sets-2025-01-07-x86_64.json');
  const sets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  expectNoMoreThanRecorded('real package sets', countSets(pool, Object.values(sets)));
});
