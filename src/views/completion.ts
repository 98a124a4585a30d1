import { object, oneOf, optional, type TypeOf, text, texts } from './shape.ts';
import { defineView } from './view.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const shape = object({
  shell: optional(oneOf(SHELLS, 'The shell')),
  script: optional(text('The script, to be read by that shell')),
  names: optional(texts('With `--list`: names of the project')),
});

export const completionView = defineView({
  command: 'completion',
  about: 'A script that completes commands, options and names in a shell',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: ({ script, names = [] }) => script ?? names.map((name) => `${name}\n`).join(''),
});
