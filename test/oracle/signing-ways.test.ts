import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeOddSigningWays } from '../helpers/odd-signing-ways.ts';
import { optIn } from '../helpers/opt-in.ts';
import { makeSigningWays, type SigningWay } from '../helpers/signing-ways.ts';

const isOn = optIn('ORACLE', ['rpmkeys']);
const ways = isOn ? [...(await makeSigningWays()), ...(await makeOddSigningWays())] : [];

describe.skipIf(!isOn)('rpmkeys --checksig of rpm 4.18', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-ways-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const databases = new Map<SigningWay['keys'], string>();

  const databaseOf = (keys: SigningWay['keys']): string => {
    const known = databases.get(keys);
    if (known !== undefined) return known;
    const database = join(folder, `db-${databases.size}`);
    mkdirSync(database);
    writeFileSync(`${database}.asc`, keys);
    // What it cannot import is not there; the others are.
    spawnSync('rpmkeys', ['--define', `_dbpath ${database}`, '--import', `${database}.asc`]);
    databases.set(keys, database);
    return database;
  };

  test.each(ways)('signed $name: the same answer, but for what docs/reliability.md lists', ({ name, rpm, keys, ours, row }) => {
    const path = join(folder, 'way.rpm');
    writeFileSync(path, rpm);
    const options = ['--define', `_dbpath ${databaseOf(keys)}`, '--define', '_pkgverify_level all'];
    const { status, stdout, stderr } = spawnSync('rpmkeys', [...options, '--checksig', '-v', path], { encoding: 'utf8' });
    const theirs = status === 0 ? 'good' : 'refused';
    expect({ name, isSame: theirs === ours, text: stdout + stderr }).toMatchObject({ isSame: row === undefined });
  });
});
