import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyRpm } from '../../src/artifacts/signature.ts';
import { fixture, fixtureKeyRing } from '../helpers/fixtures.ts';
import { optIn } from '../helpers/opt-in.ts';

const KEYS = ['fixture', 'second', 'ed25519', 'dsa', 'expired'];
const FILES = readdirSync(fixture('rpms')).sort();

describe.skipIf(!optIn('ORACLE', ['rpmkeys']))('rpmkeys --checksig', () => {
  const database = mkdtempSync(join(tmpdir(), 'rpm-deps-rpmdb-'));
  beforeAll(() => {
    for (const key of KEYS)
      execFileSync('rpmkeys', ['--define', `_dbpath ${database}/${key}`, '--import', fixture(`keys/RPM-GPG-KEY-${key}`)]);
  });
  afterAll(() => rmSync(database, { recursive: true, force: true }));

  const accepts = (key: string, file: string): boolean => {
    const options = ['--define', `_dbpath ${database}/${key}`, '--define', '_pkgverify_level all'];
    return spawnSync('rpmkeys', [...options, '--checksig', fixture(`rpms/${file}`)]).status === 0;
  };

  test.each(KEYS.flatMap((key) => FILES.map((file) => ({ key, file }))))(
    'has the same answer about $file with the key $key',
    async ({ key, file }) => {
      const result = await verifyRpm(fixture(`rpms/${file}`), await fixtureKeyRing(key));
      // rpm 4 does not look at the dates of keys at all; a signature from after the end of a key is refused here and nowhere else.
      expect(result.kind === 'good' || result.kind === 'expired').toBe(accepts(key, file));
    },
  );
});
