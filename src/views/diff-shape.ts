/** JSON shape of a diff; separate from its text, which few runs print. */
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { baseChangeShape, holdShape, lockNames } from './lock-shapes.ts';
import { count, flag, integer, list, object, oneOf, optional, orNull, type Shape, text, texts } from './shape.ts';

const bytes = (description: string) => orNull(integer(description));

const summary = object(
  {
    locks_before: count('Lockfiles in the old state'),
    locks_after: count('Lockfiles in the new state'),
    locks_changed: count('Lockfiles in both states whose packages differ'),
    upgraded: count('Source RPMs that were upgraded'),
    downgraded: count('Source RPMs that were downgraded'),
    added: count('Source RPMs that were added'),
    removed: count('Source RPMs that were removed'),
    changed_checksum: count('Source RPMs with the same version and a different checksum'),
    changed_repository: count('Source RPMs with the same version from a different repository'),
    packages: count('Names of packages that changed in any way'),
    size_before: bytes('Bytes of all different files before; null if a lockfile has no sizes'),
    size_after: bytes('Bytes of all different files after'),
    download: bytes('Bytes of the files that are new'),
  },
  'Totals',
);

const lockSummary = object({
  package_set: text('The package set'),
  architecture: text('The architecture'),
  packages: count('Packages in it'),
});

const reason = object({
  package: text('The package that was added or removed'),
  locks: lockNames('The lockfiles'),
  kind: oneOf(
    ['requested', 'required', 'no_longer_requested', 'replaced', 'no_longer_required', 'removed_with', 'ignored'],
    'The kind of reason',
  ),
  specs: optional(texts('The specs that request it')),
  chain: optional(texts('The dependency chain from a requested package to this one')),
  by: optional(texts('The packages that no longer require it, or that replace it')),
  packages: optional(texts('The packages that it was removed with')),
});

const changedPackage = object({
  name: text('Name of the package'),
  architectures: texts('Architectures of the RPM'),
  before: orNull(text('`[epoch:]version-release` before')),
  after: orNull(text('`[epoch:]version-release` after')),
  checksums: optional(
    list(
      object({ architecture: text('Architecture'), before: text('sha256 before'), after: text('sha256 after') }),
      'The files of `changed_checksum`',
    ),
  ),
});

const change = object({
  kind: oneOf(['upgraded', 'downgraded', 'added', 'removed', 'changed_checksum', 'changed_repository'], 'What happened'),
  before: orNull(text('`[epoch:]version-release`, or a repository for `changed_repository`')),
  after: orNull(text('The same for the new state')),
  packages: list(changedPackage, 'The packages that changed this way'),
  locks: lockNames('The lockfiles with this change'),
  size_delta: bytes('Difference in bytes of all locked files together; null if unknown'),
  reasons: list(reason, 'Why packages were added or removed'),
});

const source = object({
  source: text('Name of the source RPM'),
  source_known: flag('Whether the lockfiles name the source RPM; schema 1.0 does not'),
  changes: list(change, 'What happened to its packages'),
  changelog: optional(
    list(
      object({ date: text('YYYY-MM-DD'), author: text('The author, as in the package'), text: text('The entry') }),
      'With `--changelog`: the new entries',
    ),
  ),
  advisories: optional(
    list(
      object({
        id: text('Id of the advisory'),
        type: text('`security`, `bugfix`, `enhancement` or `newpackage`, as the repository has it; may be empty'),
        severity: text('Severity'),
        cves: texts('CVE ids'),
        title: text('Title'),
      }),
      'With `--changelog`: the advisories that the update contains',
    ),
  ),
});

export const diffShape: Shape<LockfileDiff> = object(
  {
    schema_version: oneOf(['1.0'], 'A constant from before `schema` was added'),
    summary,
    locks: lockNames('The lockfiles that are in both states'),
    added_locks: list(lockSummary, 'Lockfiles that are new'),
    removed_locks: list(lockSummary, 'Lockfiles that are gone'),
    renamed_locks: list(
      object({
        package_set: text('The new name of the set'),
        architecture: text('The architecture'),
        from: text('The old name of the set'),
      }),
      'Lockfiles whose set has a new name',
    ),
    sources: list(source, 'One entry for each source RPM, by name'),
    source_rpms: list(
      object({
        source_rpm: text('File name of the source RPM'),
        before: orNull(text('sha256 before; null if it was not locked')),
        after: orNull(text('sha256 after; null if it is not locked')),
        locks: lockNames('The lockfiles'),
      }),
      'Source RPMs that were added or changed although their packages are the same',
    ),
    requests: list(
      object({ added: texts('Specs that are new'), removed: texts('Specs that are gone'), locks: lockNames('The lockfiles') }),
      'How the requests changed',
    ),
    bases: list(baseChangeShape, 'Bases of sets that differ'),
    replaced: list(
      object({
        package: text('Name of a locked package'),
        version: text('`[epoch:]version-release`'),
        replaces: texts('NEVRAs of the packages of the base that it replaces'),
        locks: lockNames('The lockfiles'),
      }),
      'Locked packages that newly replace packages of the base',
    ),
    erased: list(
      object({ package: text('NEVRA'), locks: lockNames('The lockfiles') }),
      'Packages of the base that are newly removed without a successor',
    ),
    holds: list(holdShape, 'Holds that apply to a package of the new lockfiles'),
  },
  'What changed between two states of the lockfiles',
);
