import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { verifyRpm } from '../../src/rpm/signature.ts';
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

  /** Which of these files it accepts, by name. */
  const acceptsAll = (key: string, folder: string): ReadonlySet<string> => {
    const options = ['--define', `_dbpath ${database}/${key}`, '--define', '_pkgverify_level all'];
    const paths = readdirSync(folder).map((name) => join(folder, name));
    const { stdout } = spawnSync('rpmkeys', [...options, '--checksig', ...paths], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { LC_ALL: 'C' },
    });
    return new Set(
      [...stdout.matchAll(/^.*\/([^/]+)\.rpm: .*\bOK$/gm)].filter(([line]) => !line.includes('NOT OK')).map(([, name]) => name!),
    );
  };

  test.each(['right-key', 'right-key-v3', 'ed25519-key', 'dsa-key'])(
    'has the same answer about %s with any byte altered before its payload, with bytes behind it, and cut off',
    async (name) => {
      const key = { 'ed25519-key': 'ed25519', 'dsa-key': 'dsa' }[name] ?? 'fixture';
      const good = readFileSync(fixture(`rpms/${name}.rpm`));
      const folder = join(database, `altered-${name}`);
      mkdirSync(folder);
      const ring = await fixtureKeyRing(key);
      const ours = new Set<string>();
      const alter = async (title: string, bytes: Uint8Array): Promise<void> => {
        const path = join(folder, `${title}.rpm`);
        writeFileSync(path, bytes);
        const kind = await verifyRpm(path, ring).then(
          (result) => result.kind,
          (error: unknown) => {
            if (error instanceof RpmDepsError) return error.code;
            throw error;
          },
        );
        if (kind === 'good') ours.add(title);
      };
      const mainHeader = good.indexOf(Buffer.from('8eade801', 'hex'), 200);
      for (let at = 0; at < good.length; at++) {
        // What rpm keeps free for signatures to come, and all but samples of what is signed.
        if (at > 900 && at < mainHeader - 60) continue;
        if (at > mainHeader + 40 && at % 97 !== 0) continue;
        const bytes = Buffer.from(good);
        bytes[at] = bytes[at]! ^ (1 << ((at * 5) % 8));
        await alter(`byte-${at}`, bytes);
      }
      for (const length of [0, 1, 95, 96, 111, 112, 500, mainHeader, mainHeader + 16, good.length - 1])
        await alter(`cut-${length}`, good.subarray(0, length));
      await alter('longer', Buffer.concat([good, Buffer.from('x')]));
      await alter('as-it-is', good);
      const theirs = acceptsAll(key, folder);
      expect(theirs).toContain('as-it-is');
      expect([...ours].filter((title) => !theirs.has(title))).toEqual([]);
      expect([...theirs].filter((title) => !ours.has(title))).toEqual([]);
    },
  );
});
