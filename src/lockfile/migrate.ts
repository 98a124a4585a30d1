import type { Lockfile } from './lockfile.ts';

/** Conversion from each schema to the next. */
const STEPS: Readonly<Record<string, (lockfile: Lockfile) => Lockfile>> = {
  // 1.0 has neither the request nor the repositories of packages. Nothing is invented: `check` reports a stale digest and suggests `lock`.
  '1.0': (lockfile) => ({
    ...lockfile,
    schema_version: '1.1',
    manifest_digest: lockfile.manifest_digest ?? `sha256:${'0'.repeat(64)}`,
    requested: lockfile.requested ?? [],
    ignored: lockfile.ignored ?? [],
    repositories: lockfile.repositories ?? [],
  }),
};

/** Converts a lockfile to the newest schema. */
export function migrateLockfile(lockfile: Lockfile): Lockfile {
  let current = lockfile;
  for (let step = STEPS[current.schema_version]; step; step = STEPS[current.schema_version]) current = step(current);
  return current;
}
