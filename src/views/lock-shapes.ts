/** Shapes that several outputs share. */
import { count, list, object, optional, orNull, text, texts } from './shape.ts';

const lockName = object({ package_set: text('The package set'), architecture: text('The architecture') }, 'A lockfile');
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
  {
    package: text('The locked package, as NEVRA'),
    relation: text('What it requires'),
    ignored: texts('The ignored packages that provide it'),
  },
  'A requirement that only ignored packages meet',
);

export const holdShape = object(
  {
    package: text('Glob on the package name'),
    version: text('Glob on the version'),
    reason: text('The reason'),
    until: orNull(text('Last day, YYYY-MM-DD; null for a hold without end')),
    issue: orNull(text('The issue that tracks it')),
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
    'With `--timings`: every stage, in the order in which they ended',
  ),
);

const baseState = (description: string) =>
  orNull(
    object(
      {
        place: text('The image, the directory of the rpm database, or a description of a list in the manifest'),
        containerfile: orNull(text('The Containerfile that names the image')),
        digest: orNull(text('`sha256:...` of the image')),
      },
      description,
    ),
  );

export const baseChangeShape = object(
  {
    before: baseState('The base before; null if there was none'),
    after: baseState('The base now'),
    installed: list(
      object({
        package_set: text('The package set'),
        architecture: text('The architecture'),
        before: orNull(text('`sha256:...` of the installed packages')),
        after: orNull(text('The same for the new base')),
      }),
      'The lockfiles with this difference',
    ),
    packages: orNull(
      list(
        object({
          name: text('Name of a package'),
          before: orNull(text('`[epoch:]version-release`; null if it was not installed')),
          after: orNull(text('The same for the new base')),
        }),
        'Packages that differ; null if the contents of a base are not in the cache',
      ),
    ),
  },
  'A base that differs',
);
