import type { DepId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';

/** Packages that dnf installs beside their other versions (the default of `installonlypkgs` in dnf 4). */
const INSTALL_ONLY = [
  'kernel',
  'kernel-PAE',
  'installonlypkg(kernel)',
  'installonlypkg(kernel-module)',
  'installonlypkg(vm)',
  'multiversion(kernel)',
];

const FOUND = memoryKey<{ readonly several: Uint8Array | undefined }>('install only');

/** 1 for packages of which several versions may be installed, by solvable; undefined when the pool has none. */
export function installOnly(pool: Pool): Uint8Array | undefined {
  return pool.memory.keep(FOUND, () => ({ several: findSeveral(pool) })).several;
}

function findSeveral(pool: Pool): Uint8Array | undefined {
  let several: Uint8Array | undefined;
  for (const name of INSTALL_ONLY) {
    const id = pool.strings.find(name);
    if (id === 0) continue;
    for (const s of pool.providersOf(id as DepId)) {
      several ??= new Uint8Array(pool.end);
      several[s] = 1;
    }
  }
  return several;
}
