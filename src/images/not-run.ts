import { FILE_FLAG, type RpmInstallation } from '../rpm/installation.ts';
import { DATABASE_PLACES } from './database-place.ts';
import type { ImageTree } from './image-tree.ts';

/** A package whose scriptlets were not run, and what they would have made. */
export interface NotRun {
  /** NEVRA. */
  readonly package: string;
  /** rpm's names: `post`, `trigger on glibc`. */
  readonly scripts: readonly string[];
  /** Ghosts: files that the package owns and does not bring. */
  readonly missing: readonly string[];
}

/** The packages of an image that was made without scriptlets; those are left out of which nothing would have been run. */
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

/** For a person: a summary, then one line for each package. */
export function describeNotRun(packages: readonly NotRun[], reason: string): string {
  const lines = packages.map(({ package: name, scripts, missing }) => {
    return `  ${name}: ${scripts.join(', ')}${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}`;
  });
  return [`scriptlets of ${packages.length} package${packages.length === 1 ? '' : 's'} were not run, ${reason}`, ...lines].join('\n');
}

function isDatabase(path: string): boolean {
  return DATABASE_PLACES.some((place) => path.startsWith(`${place}/`));
}
