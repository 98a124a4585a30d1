import type { CommandDefinition } from '../command.ts';

/** Takes the table that it stands in: a script completes all commands, this one too. */
export const completionCommand = (commands: () => readonly CommandDefinition[]): CommandDefinition => ({
  name: 'completion',
  summary: 'print a script that completes commands and options in a shell',
  description: 'SHELL is bash, zsh or fish. fish: rpm-deps completion fish > ~/.config/fish/completions/rpm-deps.fish',
  arguments: [{ name: 'SHELL', required: true }],
  options: [],
  examples: ['bash > ~/.local/share/bash-completion/completions/rpm-deps', 'zsh > ~/.zfunc/_rpm-deps'],
  load: () => import('../actions/completion.ts').then((module) => module.completionAction(commands())),
});
