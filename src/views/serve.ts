import { count, list, object, optional, orNull, path, type TypeOf, text, texts } from './shape.ts';
import { defineView } from './view.ts';

const token = object({
  id: text('Id of the token'),
  name: text('What the token is for'),
  scopes: texts('Its rights'),
  project_id: orNull(text('The project that it is limited to; null for all')),
  created_at: text('When it was created, in ISO 8601'),
  expires_at: orNull(text('When it expires; null for never')),
  last_used_at: orNull(text('When it was last used')),
  revoked_at: orNull(text('When it was revoked')),
});

const shape = object({
  url: optional(text('The address of the API and the pages, when they are ready')),
  role: optional(text('`worker`, with `--role worker`, when it is ready')),
  tokens: optional(list(token, '`token list`: every token')),
  id: optional(text('`token create`: the id')),
  token: optional(text('`token create`: the secret, which is shown only once')),
  revoked: optional(text('`token revoke`: the id')),
  file: optional(path('`backup` and `restore`: the file')),
  rows: optional(count('`backup` and `restore`: how many rows')),
});

export type ServeData = TypeOf<typeof shape>;

export const serveView = defineView({
  command: 'serve',
  about: 'The address of the service, or the result of another action',
  schema: 1,
  shape,
  json: (data: ServeData) => data,
  text: () => '',
});
