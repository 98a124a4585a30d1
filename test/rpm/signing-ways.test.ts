import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { readKeyRing } from '../../src/rpm/key-ring.ts';
import { verifyRpm } from '../../src/rpm/signature.ts';
import { makeOddSigningWays } from '../helpers/odd-signing-ways.ts';
import { makeSigningWays, ROWS } from '../helpers/signing-ways.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const ways = [...(await makeSigningWays()), ...(await makeOddSigningWays())];

test.each(ways)('signed $name: $ours', async ({ rpm, keys, ours }) => {
  const chunks = async function* () {
    yield rpm;
  };
  const verify = async (): Promise<{ kind: string }> =>
    verifyRpm(chunks(), await readKeyRing([{ name: 'keys', bytes: Buffer.from(keys as Uint8Array) }]), { name: 'way.rpm', now: NOW });
  const result = await verify().catch((error: unknown) => {
    if (error instanceof RpmDepsError && (error.code === 'RPM_INVALID' || error.code === 'SIGNATURE')) return { kind: error.message };
    throw error;
  });
  expect(result.kind === 'good' ? 'good' : 'refused', JSON.stringify(result)).toBe(ours);
});

const page = readFileSync(resolve(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
const rowsUnder = (heading: string): string[] =>
  (page.split(`### ${heading}\n`)[1] ?? '')
    .split(/^#/m)[0]!
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| a signature |'));

test.each([
  ['Stricter than rpm 4.18', ROWS.STRICTER],
  ['More lenient than rpm 4.18', ROWS.MILDER],
] as const)('the table "%s" of docs/reliability.md lists each difference, and none that no way shows', (heading, phrases) => {
  const rows = rowsUnder(heading);
  const used = new Set(ways.map(({ row }) => row));
  for (const phrase of Object.values(phrases)) {
    expect(
      rows.filter((row) => row.includes(phrase)),
      phrase,
    ).toHaveLength(1);
    expect(used, phrase).toContain(phrase);
  }
  const unknown = rows.filter((row) => !Object.values(phrases).some((phrase) => row.includes(phrase)));
  expect(unknown.filter((row) => !/`test\/[a-z/-]+\.test\.ts`/.test(row))).toEqual([]);
});

test('there are more than 95 ways, and each has a name of its own', () => {
  expect(new Set(ways.map(({ name }) => name)).size).toBe(ways.length);
  expect(ways.length).toBeGreaterThan(95);
});
