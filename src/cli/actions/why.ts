import { why } from '../../commands/why.ts';
import { renderWhy } from '../../views/why-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function whyAction({ args, options, context, printer }: Invocation): Promise<number> {
  const input = {
    ...projectInput(options),
    name: args[0]!,
    arch: options.list('arch'),
    set: options.list('set'),
    all: options.flag('all'),
  };
  const { answers, asked, relations } = await why(input, context);
  if (printer.json) {
    printer.outJson({
      name: input.name,
      answers: answers.map((answer) => ({
        ...answer,
        chains: answer.chains.map((chain) =>
          chain.map((name, i) => ({ name, relation: i === 0 ? null : (relations(chain[i - 1]!, name, answer) ?? null) })),
        ),
      })),
    });
  } else printer.out(renderWhy(answers, relations, asked));
  return 0;
}
