import { FILE_FLAG, type RpmInstallation } from '../rpm/installation.ts';
import { DATABASE_PLACES } from './database-place.ts';
import type { ImageTree } from './image-tree.ts';

/** A package whose scriptlets were not run, and the files that they would have created. */
export interface NotRun {
  /** NEVRA. */
  readonly package: string;
  /** rpm's names of the scriptlets: `post`, `trigger on glibc`. */
  readonly scripts: readonly string[];
  /** Ghost entries: files that the package owns but does not contain. */
  readonly missing: readonly string[];
}

/** The packages of an image that was built without scriptlets; packages without scriptlets to run are skipped. */
export function findNotRun(installations: readonly RpmInstallation[], tree: ImageTree): readonly NotRun[] {
  return installations
    .filter(({ scripts }) => scripts.length > 0)
    .map(({ nevra, scripts, files }) => ({
      package: nevra,
      scripts,
      missing: files
        .filter(({ path, flags }) => (flags & FILE_FLAG.GHOST) !== 0 && !isDatabase(path) && tree.find(path) === undefined)
        .map(({ path }) => path),
    }))
    .sort((a, b) => (a.package < b.package ? -1 : 1));
}

/** Text for users: a summary, then one line for each package. */
export function describeNotRun(packages: readonly NotRun[], reason: string): string {
  const lines = packages.map(({ package: name, scripts, missing }) => {
    return `  ${name}: ${scripts.join(', ')}${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}`;
  });
  return [`scriptlets of ${packages.length} package${packages.length === 1 ? '' : 's'} were not run, ${reason}`, ...lines].join('\n');
}

function isDatabase(path: string): boolean {
  return DATABASE_PLACES.some((place) => path.startsWith(`${place}/`));
}
