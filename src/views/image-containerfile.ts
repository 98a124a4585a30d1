import { object, type TypeOf, text } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({ set: text('The package set'), text: text('The Containerfile') });

export const imageContainerfileView = defineView({
  command: 'image containerfile',
  about: 'The Containerfile of a package set',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: ({ text }) => text,
});
