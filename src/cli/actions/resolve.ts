import { resolveSpecs } from '../../commands/resolve.ts';
import { renderProblems } from '../../views/problems-text.ts';
import { unmetText } from '../../views/relock-text.ts';
import { renderTable } from '../../views/table.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function resolveAction({ args, options, context, printer }: Invocation): Promise<number> {
  const output = await resolveSpecs(
    {
      ...projectInput(options),
      arch: options.text('arch'),
      specs: args,
      weak: options.flag('weak'),
      best: options.flag('best'),
      exclude: options.list('exclude'),
      ignore: options.list('ignore'),
      repo: options.list('repo'),
      enableModule: options.list('enable-module'),
      disableModule: options.list('disable-module'),
    },
    context,
  );
  const { kind, ...data } = output;
  if (printer.json) printer.outJson(data);
  if (output.kind === 'unsolvable') {
    printer.complain(renderProblems(output.problems));
    return output.problems.every((problem) => problem.kind === 'version-gone') ? 6 : 3;
  }
  if (output.unmet.length > 0) context.emit({ kind: 'warning', code: 'REQUIREMENT_UNMET', text: unmetText(output.unmet) });
  if (!printer.json) {
    const rows = output.packages.map(({ name, epoch, version, release, arch, repository }) => [
      name,
      arch,
      epoch === '0' ? `${version}-${release}` : `${epoch}:${version}-${release}`,
      repository,
    ]);
    printer.out(renderTable([{ title: 'package' }, { title: 'arch' }, { title: 'version' }, { title: 'repository' }], rows));
  }
  return 0;
}
