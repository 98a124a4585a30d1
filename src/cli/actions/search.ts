import { search } from '../../commands/search.ts';
import { printable } from '../../io/printable.ts';
import { renderTable } from '../../reports/table.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function searchAction({ args, options, context, printer }: Invocation): Promise<number> {
  const found = await search({ ...projectInput(options), patterns: args, arch: options.list('arch') }, context);
  if (printer.json) printer.outJson({ packages: found });
  else {
    const titles = ['package', 'arch', 'newest', 'versions', 'repository', 'for'].map((title) => ({ title }));
    const rows = found.map((row) => [row.name, row.arch, row.newest, String(row.versions), row.repository, row.architectures.join(', ')]);
    printer.out(
      renderTable(
        titles,
        rows.map((row) => row.map(printable)),
      ),
    );
  }
  return 0;
}
