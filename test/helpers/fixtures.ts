import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KeyRing, readKeyRing } from '../../src/artifacts/key-ring.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

/** Path of a committed fixture. */
export function fixture(path: string): string {
  return resolve(FIXTURES, path);
}

/** A key ring of keys of fixtures/keys. */
export function fixtureKeyRing(...names: readonly string[]): Promise<KeyRing> {
  return readKeyRing(names.map((name) => ({ name, bytes: readFileSync(fixture(`keys/RPM-GPG-KEY-${name}`)) })));
}
