import { join } from 'node:path';
import { writeAllOrNothing } from '../io/atomic-file.ts';
import type { LockedHeader } from '../lockfile/rebuild-lock.ts';
import { makeRepodata } from '../repodata/make-repodata.ts';

/** Writes repodata for packages whose RPM files are not available, only their headers. */
export async function writeHeaderRepository(directory: string, headers: readonly LockedHeader[]): Promise<void> {
  await writeAllOrNothing(makeRepodata(headers).map(({ location, content }) => ({ path: join(directory, location), content })));
}
