import { plural } from '../base/quantity.ts';
import { object, path, type TypeOf, texts } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({
  path: path('The manifest that was written'),
  sets: texts('Its package sets'),
  architectures: texts('Its architectures'),
});

export const importView = defineView({
  command: 'import',
  about: 'The manifest that was made from files of other tools',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: () => '',
  remark: (data) => `wrote ${data.path}: ${plural(data.sets.length, 'set')} for ${data.architectures.join(', ')}`,
});
