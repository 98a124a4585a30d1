import { sizeText } from '../base/quantity.ts';
import { count, list, object, orNull, path, type TypeOf, text } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

const shape = object({
  directory: path('The cache directory'),
  bytes: count('Size of all files'),
  files: count('Number of files'),
  folders: list(
    object({ name: text('Name of the folder'), bytes: count('Size of its files'), files: count('Number of its files') }),
    'By folder',
  ),
  oldest: orNull(text('When the least recently used file was used, in ISO 8601; null for an empty cache')),
});

export const cacheInfoView = defineView({
  command: 'cache info',
  about: 'What is in the cache',
  schema: 1,
  shape,
  json: (info: TypeOf<typeof shape>) => info,
  text: ({ directory, folders, files, bytes }) => {
    const rows = folders.map((folder) => [folder.name, String(folder.files), sizeText(folder.bytes)]);
    const columns = [{ title: 'folder' }, { title: 'files', align: 'right' }, { title: 'size', align: 'right' }] as const;
    return `${directory}\n${renderTable(columns, [...rows, ['all', String(files), sizeText(bytes)]], { indent: '  ' })}`;
  },
});
