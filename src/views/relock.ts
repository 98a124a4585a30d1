import { shortPrintable, someNames } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { Warning } from '../base/warnings.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { UnmetRequirement } from '../resolution/resolution.ts';
import { diffShape } from './diff-shape.ts';
import { diffLineStyle } from './diff-style.ts';
import { timingsShape, unmetShape } from './lock-shapes.ts';
import { count, flag, list, milliseconds, object, path, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

/** A lockfile after `update`, `lock` or `bump`. */
export interface RelockRow {
  readonly set: string;
  readonly architecture: string;
  readonly path: string;
  readonly packages: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Whether the file was written, or would be written without `--dry-run`. */
  readonly written: boolean;
  readonly milliseconds: number;
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
}

export interface RelockData {
  readonly sets: readonly RelockRow[];
  readonly diff: LockfileDiff;
  readonly dryRun: boolean;
  readonly timings?: readonly { readonly stage: string; readonly text: string; readonly milliseconds: number }[] | undefined;
}

export const relockShape = {
  changed: flag('Whether any lockfile was written, or would be without `--dry-run`'),
  dry_run: flag('Whether `--dry-run` was given: nothing was written'),
  sets: list(
    object({
      set: text('The package set'),
      architecture: text('The architecture'),
      path: path('The lockfile'),
      packages: count('Locked packages'),
      added: count('Packages that are new in the lockfile'),
      removed: count('Packages that are no longer in the lockfile'),
      changed: count('Packages with a different version'),
      written: flag('Whether the file was written, or would be without `--dry-run`'),
      milliseconds: milliseconds('How long solving took'),
      ignored: texts('Packages that `ignore` leaves out'),
      unmet: list(unmetShape, 'Requirements that only ignored packages meet'),
    }),
    'One entry a lockfile',
  ),
  diff: diffShape,
  timings: timingsShape,
};

export const relockJson = ({ sets, diff, dryRun, timings }: RelockData) => ({
  changed: sets.some(({ written }) => written),
  dry_run: dryRun,
  sets,
  diff,
  ...(timings === undefined ? {} : { timings }),
});

/** The table; in a dry run also the diff. */
export async function relockText({ sets, diff, dryRun }: RelockData): Promise<string> {
  const table = renderRelock(sets, { dryRun });
  if (!dryRun) return table;
  const { renderDiffText } = await import('./diff-text.ts');
  return `${table}\n${renderDiffText(diff)}`;
}

const view = (command: string, about: string) =>
  defineView({
    command,
    about,
    schema: 1,
    shape: object(relockShape),
    json: relockJson,
    text: relockText,
    styleOf: diffLineStyle,
  });

export const updateView = view('update', 'The lockfiles after an update, and what changed in them');
export const lockView = view('lock', 'The lockfiles after an edit of the manifest, and what changed in them');

/** One row per lockfile. */
function renderRelock(rows: readonly RelockRow[], { dryRun }: { readonly dryRun: boolean }): string {
  if (rows.length === 0) return '';
  return renderTable(
    [
      { title: 'set' },
      { title: 'architecture' },
      { title: 'packages', align: 'right' },
      { title: 'added', align: 'right' },
      { title: 'removed', align: 'right' },
      { title: 'changed', align: 'right' },
      { title: 'time', align: 'right' },
      { title: '' },
    ],
    rows.map((row) => [
      row.set,
      row.architecture,
      String(row.packages),
      String(row.added),
      String(row.removed),
      String(row.changed),
      `${row.milliseconds.toFixed(0)} ms`,
      row.written ? (dryRun ? 'would be written' : 'written') : 'unchanged',
    ]),
  );
}

/** Requirements that only ignored packages meet. */
export function unmetWarnings(rows: readonly RelockRow[]): Warning[] {
  return rows
    .filter(({ unmet }) => unmet.length > 0)
    .map(({ set, architecture, unmet }) => ({ code: 'REQUIREMENT_UNMET', text: unmetText(unmet), set, architecture }));
}

/** All requirements, one line for each package. */
export function unmetText(unmet: readonly UnmetRequirement[]): string {
  const relations = new Map<string, string[]>();
  for (const one of unmet) relations.set(one.package, [...(relations.get(one.package) ?? []), one.relation]);
  const lines = [...relations].map(([nevra, list]) => `  ${shortPrintable(`${nameOf(nevra)} requires ${list.join(', ')}`, MAX_LINE)}`);
  const names = [...new Set(unmet.flatMap(({ ignored }) => ignored.map(nameOf)))].sort();
  return [`${plural(unmet.length, 'requirement')} unmet, because \`ignore\` leaves out ${someNames(names)}`, ...lines].join('\n');
}

/** Longer than the lists of real packages. */
const MAX_LINE = 10_000;

const nameOf = (nevra: string): string => /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1] ?? nevra;
