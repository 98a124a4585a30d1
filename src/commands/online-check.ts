import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { formatNevra } from '../version/nevra.ts';
import type { Context } from './context.ts';
import { loadArchitecture } from './load-architecture.ts';

/** A locked package that its mirror does not have any more, or has differently, or has newer. */
export interface OnlineFinding {
  readonly kind: 'gone' | 'checksum' | 'behind';
  readonly architecture: string;
  /** `name-epoch:version-release.arch`. */
  readonly package: string;
  readonly sets: readonly string[];
  /** What the mirror has now. */
  readonly newest: string | null;
}

export async function checkOnline(manifest: Manifest, locks: readonly Lockfile[], context: Context): Promise<OnlineFinding[]> {
  const findings: OnlineFinding[] = [];
  const architectures = [...new Set(locks.map(({ architecture }) => architecture))]
    .filter((name) => manifest.architectures.includes(name))
    .sort();
  for (const architecture of architectures) {
    const pool = await loadArchitecture(manifest, architecture, context);
    const pins = new Map<string, { readonly pin: Pin; readonly sets: string[] }>();
    for (const lock of locks.filter((other) => other.architecture === architecture)) {
      for (const pin of lock.packages) {
        const key = `${formatNevra(pin)} ${pin.sha256}`;
        const known = pins.get(key);
        if (known === undefined) pins.set(key, { pin, sets: [lock.package_set] });
        else known.sets.push(lock.package_set);
      }
    }
    for (const { pin, sets } of pins.values()) {
      const finding = compareWithMirror(pool, pin);
      if (finding !== undefined) findings.push({ ...finding, architecture, package: formatNevra(pin), sets });
    }
  }
  return findings;
}

function compareWithMirror(pool: Pool, pin: Pin): Pick<OnlineFinding, 'kind' | 'newest'> | undefined {
  const id = pool.strings.find(pin.name);
  const solvables = id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.strings.get(pool.arch[s] as StringId) === pin.arch);
  const nevra = formatNevra(pin);
  const newest = solvables.reduce<number | undefined>(
    (best, s) => (best === undefined || pool.compareEvr(pool.evr[s] as StringId, pool.evr[best] as StringId) > 0 ? s : best),
    undefined,
  );
  const newestName = newest === undefined ? null : pool.nevra(newest as SolvableId);
  const same = solvables.filter((s) => pool.nevra(s as SolvableId) === nevra);
  if (same.length === 0) return { kind: 'gone', newest: newestName };
  if (!same.some((s) => pool.record(s as SolvableId).checksum.value === pin.sha256)) return { kind: 'checksum', newest: newestName };
  return newestName === nevra ? undefined : { kind: 'behind', newest: newestName };
}
