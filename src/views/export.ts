import { EXPORT_FORMATS } from '../manifest/export-names.ts';
import { object, oneOf, orNull, path, type TypeOf, text } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({
  format: oneOf(EXPORT_FORMATS, 'The format'),
  output: orNull(path('The file that was written; null without `--output`')),
  text: orNull(text('The lockfiles in that format; null with `--output`')),
});

export const exportView = defineView({
  command: 'export',
  about: 'Lockfiles in a format of another tool',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: (data) => data.text ?? '',
});
