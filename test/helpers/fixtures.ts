import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KeyRing, readKeyRing } from '../../src/rpm/key-ring.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

/** Path of a committed fixture. */
export function fixture(path: string): string {
  return resolve(FIXTURES, path);
}

/** The folder with the metadata of BaseOS for s390x, on one of the two dates. */
export function baseosRepodata(age: 'mirror' | 'mirror-next' = 'mirror'): string {
  return fixture(`${age}/9-stream/BaseOS/s390x/os/repodata`);
}

/** A file of it. */
export function baseosFile(age: 'mirror' | 'mirror-next', name: string): Buffer {
  return readFileSync(resolve(baseosRepodata(age), name));
}

/** A key ring of keys of fixtures/keys. */
export function fixtureKeyRing(...names: readonly string[]): Promise<KeyRing> {
  return readKeyRing(names.map((name) => ({ name, bytes: readFileSync(fixture(`keys/RPM-GPG-KEY-${name}`)) })));
}
