import { object, oneOf, type TypeOf, text } from './shape.ts';
import { defineView } from './view.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const shape = object({
  shell: oneOf(SHELLS, 'The shell'),
  script: text('The script, to be read by that shell'),
});

export const completionView = defineView({
  command: 'completion',
  about: 'A script that completes commands and options in a shell',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: ({ script }) => script,
});
