import { printable } from '../manifest/printable.ts';
import type { Problem, UnmetRequirement } from '../resolution/resolution.ts';
import { problemShape } from './failure.ts';
import { packageShape, unmetShape } from './lock-shapes.ts';
import { list, object, optional, type TypeOf, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

export type ResolveData =
  | {
      readonly kind: 'solved';
      readonly architecture: string;
      readonly packages: readonly TypeOf<typeof packageShape>[];
      readonly ignored: readonly string[];
      readonly unmet: readonly UnmetRequirement[];
    }
  | { readonly kind: 'unsolvable'; readonly architecture: string; readonly problems: readonly Problem[] };

export const resolveView = defineView({
  command: 'resolve',
  about: 'The packages that answer the specs; with exit code 3 or 6 the problems instead',
  schema: 1,
  shape: object({
    architecture: text('The architecture'),
    packages: optional(list(packageShape, 'The packages to install, by name')),
    ignored: optional(texts('Packages that `--ignore` leaves out')),
    unmet: optional(list(unmetShape, 'Requirements that only ignored packages meet')),
    problems: optional(list(problemShape, 'Why there is no answer')),
  }),
  json: ({ kind, ...data }: ResolveData) => data,
  text: (data: ResolveData) => (data.kind === 'solved' ? packageTable(data.packages) : ''),
  remark: (data: ResolveData) => (data.kind === 'solved' ? '' : renderProblems(data.problems)),
});

function packageTable(packages: readonly TypeOf<typeof packageShape>[]): string {
  const rows = packages.map(({ name, epoch, version, release, arch, repository }) => [
    name,
    arch,
    epoch === '0' ? `${version}-${release}` : `${epoch}:${version}-${release}`,
    repository,
  ]);
  return renderTable([{ title: 'package' }, { title: 'arch' }, { title: 'version' }, { title: 'repository' }], rows);
}

/** Problems as a person reads them, each with what could be done. */
export function renderProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ text, suggestions }) => [...linesOf(`problem: ${text}`), ...suggestions.flatMap((suggestion) => linesOf(`  - ${suggestion}`))])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Further lines are indented, whoever made them: a name with a line end in it does not look like a message of its own. */
const linesOf = (text: string): string[] => text.split('\n').map((line, i) => `${i === 0 ? '' : '  '}${printable(line, 2000)}`);
