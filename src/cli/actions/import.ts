import { plural } from '../../base/quantity.ts';
import { importFiles } from '../../commands/import.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function importAction({ args, options, context, printer }: Invocation): Promise<number> {
  const output = await importFiles({ ...projectInput(options), files: args, arch: options.text('arch') }, context);
  if (printer.json) printer.outJson(output);
  else printer.say(`wrote ${output.path}: ${plural(output.sets.length, 'set')} for ${output.architectures.join(', ')}`);
  return 0;
}
