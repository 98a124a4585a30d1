import { plural } from '../base/quantity.ts';
import { NEXT, withNext } from './init.ts';
import { object, path, type TypeOf, texts } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({
  path: path('The manifest that was written'),
  sets: texts('Its package sets'),
  architectures: texts('Its architectures'),
  next: NEXT,
});

export const importView = defineView({
  command: 'import',
  about: 'The manifest that was made from files of other tools',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: () => '',
  remark: ({ path: file, sets, architectures, next }) =>
    withNext(`wrote ${file}: ${plural(sets.length, 'set')} for ${architectures.join(', ')}`, next),
});
