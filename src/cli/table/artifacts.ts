import type { CommandDefinition } from '../command.ts';

export const ARTIFACT_COMMANDS: readonly CommandDefinition[] = [];
