import { RpmDepsError } from '../../base/errors.ts';
import { completionView, SHELLS } from '../../views/completion.ts';
import { defineAction } from '../action.ts';
import type { Action, CommandDefinition } from '../command.ts';
import { COMPLETION_SCRIPTS } from '../completion.ts';

export const completionAction = (commands: readonly CommandDefinition[]): Action =>
  defineAction(completionView, async ({ args }) => {
    const shell = SHELLS.find((name) => name === args[0]);
    if (shell === undefined) {
      throw new RpmDepsError('USAGE', `there is no completion for the shell \`${args[0]}\``, { hint: `name one of ${SHELLS.join(', ')}` });
    }
    return { data: { shell, script: COMPLETION_SCRIPTS[shell](commands) } };
  });
