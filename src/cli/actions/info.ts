import { info } from '../../commands/info.ts';
import { renderInfo } from '../../views/info-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function infoAction({ args, options, context, printer }: Invocation): Promise<number> {
  const output = await info({ ...projectInput(options), name: args[0]!, arch: options.list('arch') }, context);
  if (printer.json) printer.outJson(output);
  else printer.out(renderInfo(output));
  return 0;
}
