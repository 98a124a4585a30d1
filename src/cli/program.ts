import type { CommandDefinition } from './command.ts';
import { ARTIFACT_COMMANDS } from './table/artifacts.ts';
import { BOT_COMMANDS } from './table/bot.ts';
import { completionCommand } from './table/completion.ts';
import { CONTAINER_COMMANDS } from './table/containers.ts';
import { LOCKING_COMMANDS } from './table/locking.ts';
import { OTHER_COMMANDS } from './table/other.ts';
import { QUERY_COMMANDS } from './table/queries.ts';
import { SERVICE_COMMANDS } from './table/service.ts';

/** Every command, in the order of help. */
export const COMMANDS: readonly CommandDefinition[] = [
  ...LOCKING_COMMANDS,
  ...QUERY_COMMANDS,
  ...ARTIFACT_COMMANDS,
  ...OTHER_COMMANDS,
  completionCommand(() => COMMANDS),
  ...CONTAINER_COMMANDS,
  ...BOT_COMMANDS,
  ...SERVICE_COMMANDS,
];
