import { shortPrintable } from '../base/printable.ts';
import type { PackageChange } from '../resolution/changes.ts';
import type { Problem, UnmetRequirement } from '../resolution/resolution.ts';
import { problemShape } from './failure.ts';
import { packageShape, unmetShape } from './lock-shapes.ts';
import { list, object, oneOf, optional, type TypeOf, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

export type ResolveData =
  | {
      readonly kind: 'solved';
      readonly architecture: string;
      readonly packages: readonly TypeOf<typeof packageShape>[];
      readonly ignored: readonly string[];
      readonly unmet: readonly UnmetRequirement[];
      /** Effects on installed packages, if there are any. */
      readonly changes?: readonly ResolveChange[] | undefined;
      readonly removed?: readonly string[] | undefined;
    }
  | { readonly kind: 'unsolvable'; readonly architecture: string; readonly problems: readonly Problem[] };

export interface ResolveChange {
  readonly package: string;
  readonly kind: PackageChange['kind'];
  readonly replaces: readonly string[];
}

const KINDS = ['new', 'upgrade', 'downgrade', 'reinstall', 'replacement'] as const;
const changeShape = object({
  package: text('A package to install, as `name-epoch:version-release.arch`'),
  kind: oneOf(KINDS, 'How it changes the installed packages; a `replacement` obsoletes packages of other names'),
  replaces: texts('Installed packages that it replaces'),
});

export const resolveView = defineView({
  command: 'resolve',
  about: 'The packages that satisfy the specs, or with exit code 3 or 6 the problems',
  schema: 1,
  shape: object({
    architecture: text('The architecture'),
    packages: optional(list(packageShape, 'The packages to install, by name')),
    ignored: optional(texts('Packages that `--ignore` leaves out')),
    unmet: optional(list(unmetShape, 'Requirements that only ignored packages meet')),
    changes: optional(list(changeShape, 'With `--installed`: how each package changes the installed ones')),
    removed: optional(texts('With `--installed`: installed packages that are removed without a successor')),
    problems: optional(list(problemShape, 'Why the request cannot be resolved')),
  }),
  json: ({ kind, ...data }: ResolveData) => data,
  text: (data: ResolveData) => (data.kind === 'solved' ? solvedText(data) : ''),
  remark: (data: ResolveData) => (data.kind === 'solved' ? '' : renderProblems(data.problems)),
});

function solvedText({ packages, changes, removed = [] }: Extract<ResolveData, { kind: 'solved' }>): string {
  if (changes !== undefined && packages.length === 0 && removed.length === 0)
    return 'nothing to do: the installed packages satisfy the request\n';
  const gone = removed.map((nevra) => `removed: ${nevra}\n`).join('');
  return `${packages.length === 0 && changes !== undefined ? '' : packageTable(packages, changes)}${gone}`;
}

function packageTable(packages: readonly TypeOf<typeof packageShape>[], changes?: readonly ResolveChange[]): string {
  const rows = packages.map(({ name, epoch, version, release, arch, repository }, i) => [
    name,
    arch,
    epoch === '0' ? `${version}-${release}` : `${epoch}:${version}-${release}`,
    repository,
    ...(changes === undefined ? [] : [changeText(changes[i]!)]),
  ]);
  const titles = ['package', 'arch', 'version', 'repository', ...(changes === undefined ? [] : ['change'])];
  return renderTable(
    titles.map((title) => ({ title })),
    rows,
  );
}

const changeText = ({ kind, replaces }: ResolveChange): string => (replaces.length === 0 ? kind : `${kind} of ${replaces.join(', ')}`);

/** Problems as text, each with suggestions. */
function renderProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ text, suggestions }) => [...linesOf(`problem: ${text}`), ...suggestions.flatMap((suggestion) => linesOf(`  - ${suggestion}`))])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Indents further lines, so that a name with a line end does not look like a separate message. */
const linesOf = (text: string): string[] => text.split('\n').map((line, i) => `${i === 0 ? '' : '  '}${shortPrintable(line, 2000)}`);
