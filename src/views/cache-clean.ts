import { plural, sizeText } from '../base/quantity.ts';
import { count, object, path, type TypeOf } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({ directory: path('The cache directory'), removed: count('Files that were removed'), bytes: count('Their size') });

export const cacheCleanView = defineView({
  command: 'cache clean',
  about: 'What was removed from the cache',
  schema: 1,
  shape,
  json: (cleaned: TypeOf<typeof shape>) => cleaned,
  text: () => '',
  remark: ({ directory, removed, bytes }) => `removed ${plural(removed, 'file')}, ${sizeText(bytes)}, from ${directory}`,
});
