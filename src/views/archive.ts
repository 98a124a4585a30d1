import { count, list, object, orNull, path, type TypeOf, text } from './shape.ts';
import { defineView } from './view.ts';

const archivedFile = object({
  architecture: text('The architecture of the lockfile'),
  filename: text('File name'),
  sha256: text('Checksum'),
});
type ArchivedFile = TypeOf<typeof archivedFile>;

export interface ArchiveData {
  readonly target: string;
  readonly total: number;
  readonly present: number;
  readonly copied: readonly ArchivedFile[];
  readonly report: {
    readonly onlyInArchive: readonly ArchivedFile[];
    readonly notInArchive: readonly ArchivedFile[];
    readonly nowhere: readonly ArchivedFile[];
  } | null;
}

export const archiveView = defineView({
  command: 'archive',
  about: 'The locked RPMs that were copied to an archive, or with `--check` where they are',
  schema: 1,
  shape: object({
    target: path('The archive: a directory, or a URL without login'),
    total: count('RPMs that the lockfiles name'),
    present: count('How many were in the archive before'),
    copied: list(archivedFile, 'The RPMs that were copied; empty with `--check`'),
    report: orNull(
      object(
        {
          only_in_archive: list(archivedFile, 'In the archive, and no longer on any mirror'),
          not_in_archive: list(archivedFile, 'On a mirror, and not in the archive'),
          nowhere: list(archivedFile, 'Neither in the archive nor on a mirror'),
        },
        'Only with `--check`',
      ),
    ),
  }),
  json: ({ report, ...data }: ArchiveData) => ({
    ...data,
    report:
      report === null ? null : { only_in_archive: report.onlyInArchive, not_in_archive: report.notInArchive, nowhere: report.nowhere },
  }),
  text: archiveText,
});

function archiveText({ target, total, present, copied, report }: ArchiveData): string {
  if (report === null) return `${target}: ${total} packages, ${copied.length} copied, ${present} already there\n`;
  const lists = [
    ['only in the archive', report.onlyInArchive],
    ['not in the archive', report.notInArchive],
    ['neither in the archive nor on a mirror', report.nowhere],
  ] as const;
  const sections = lists
    .filter(([, files]) => files.length > 0)
    .map(
      ([title, files]) =>
        `\n${title}: ${files.length}\n${files.map(({ architecture, filename }) => `  ${architecture}/${filename}\n`).join('')}`,
    );
  return `${target}: ${present} of ${total} packages\n${sections.join('')}`;
}
