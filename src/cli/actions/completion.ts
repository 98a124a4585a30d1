import { RpmDepsError } from '../../base/errors.ts';
import { listNames } from '../../commands/list-names.ts';
import { completionView, SHELLS } from '../../views/completion.ts';
import { defineAction } from '../action.ts';
import type { Action, CommandDefinition } from '../command.ts';
import { COMPLETION_SCRIPTS } from '../completion.ts';
import { NAME_KINDS } from '../option-definition.ts';
import { projectInput } from '../shared-input.ts';

export const completionAction = (commands: readonly CommandDefinition[]): Action =>
  defineAction(completionView, async ({ args, options, context }) => {
    const kind = NAME_KINDS.find((name) => name === options.text('list'));
    if (kind !== undefined) return { data: { names: await listNames(kind, projectInput(options), context) } };
    const shell = SHELLS.find((name) => name === args[0]);
    if (shell === undefined) {
      const message = args[0] === undefined ? '`completion` needs SHELL' : `there is no completion for the shell \`${args[0]}\``;
      throw new RpmDepsError('USAGE', message, { hint: `name one of ${SHELLS.join(', ')}` });
    }
    return { data: { shell, script: COMPLETION_SCRIPTS[shell](commands) } };
  });
