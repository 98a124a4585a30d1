import type { Lockfile } from './lockfile.ts';

/** Steps from each schema to the next. */
const STEPS: Readonly<Record<string, (lockfile: Lockfile) => Lockfile>> = {
  // 1.0 does not know what was asked or where packages came from. Nothing is made up: `check` finds the digest stale and names `lock`.
  '1.0': (lockfile) => ({
    ...lockfile,
    schema_version: '1.1',
    manifest_digest: lockfile.manifest_digest ?? `sha256:${'0'.repeat(64)}`,
    requested: lockfile.requested ?? [],
    ignored: lockfile.ignored ?? [],
    repositories: lockfile.repositories ?? [],
  }),
};

/** The lockfile in the newest schema. */
export function migrateLockfile(lockfile: Lockfile): Lockfile {
  let current = lockfile;
  for (let step = STEPS[current.schema_version]; step; step = STEPS[current.schema_version]) current = step(current);
  return current;
}
