import { search } from '../../commands/search.ts';
import { renderSearch } from '../../views/search-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function searchAction({ args, options, context, printer }: Invocation): Promise<number> {
  const found = await search({ ...projectInput(options), patterns: args, arch: options.list('arch') }, context);
  if (printer.json) printer.outJson({ packages: found });
  else {
    printer.out(renderSearch(found));
  }
  return 0;
}
