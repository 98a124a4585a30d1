/** Shapes that several outputs have. */
import { count, list, object, optional, orNull, text, texts } from './shape.ts';

export const lockName = object({ package_set: text('The package set'), architecture: text('The architecture') }, 'A lockfile');
export const lockNames = (description: string) => list(lockName, description);

/** A package as it is in a repository. */
export const packageShape = object(
  {
    name: text('Name'),
    epoch: text('Epoch, `0` where there is none'),
    version: text('Version'),
    release: text('Release'),
    arch: text('Architecture of the RPM; also `noarch`'),
    repository: text('Id of the repository'),
    location: text('Path below the base URL of the repository, or a URL'),
    size: count('Size of the RPM in bytes'),
    source: text('File name of the source RPM'),
    checksum: object({ type: text('Such as `sha256`'), value: text('Lower-case hexadecimal digits') }, 'Checksum of the RPM'),
  },
  'A package of a repository',
);

export const unmetShape = object(
  { package: text('The locked package, as NEVRA'), relation: text('What it requires'), ignored: texts('What provides it, and is ignored') },
  'A requirement that only ignored packages meet',
);

export const holdShape = object(
  {
    package: text('Glob on the package name'),
    version: text('Glob on the version'),
    reason: text('Why'),
    until: orNull(text('Last day, YYYY-MM-DD; null for a hold without end')),
    issue: orNull(text('Where it is discussed')),
  },
  'A hold of the manifest',
);

export const timingsShape = optional(
  list(
    object({
      stage: text('The stage, or `total`'),
      text: text('What was done'),
      milliseconds: { schema: { type: 'number', minimum: 0, description: 'How long it took' }, copy: (value: number) => value },
    }),
    'With `--timings`: every stage in the order in which it ended',
  ),
);
