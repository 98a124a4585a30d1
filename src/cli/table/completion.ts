import type { CommandDefinition } from '../command.ts';
import { NAME_KINDS } from '../option-definition.ts';

/** `commands` returns the whole table, because scripts complete all commands, including `completion`. */
export const completionCommand = (commands: () => readonly CommandDefinition[]): CommandDefinition => ({
  name: 'completion',
  summary: 'print a script that completes commands, options and names in a shell',
  description: 'SHELL is bash, zsh or fish. The scripts call `completion --list` for names of sets, packages and variables.',
  arguments: [{ name: 'SHELL', words: ['bash', 'zsh', 'fish'] }],
  options: [{ name: 'list', value: 'KIND', choices: NAME_KINDS, help: 'print names of the project' }],
  examples: [
    'bash > ~/.local/share/bash-completion/completions/rpm-deps',
    'zsh > ~/.zfunc/_rpm-deps',
    'fish > ~/.config/fish/completions/rpm-deps.fish',
    '--list sets',
  ],
  load: () => import('../actions/completion.ts').then((module) => module.completionAction(commands())),
});
