import { object, path } from './shape.ts';
import { defineView } from './view.ts';

export const initView = defineView({
  command: 'init',
  about: 'The file that was written',
  schema: 1,
  shape: object({ path: path('The manifest, or with `--builder` the Containerfile') }),
  json: (data: { readonly path: string }) => data,
  text: () => '',
  remark: (data) => `wrote ${data.path}`,
});
