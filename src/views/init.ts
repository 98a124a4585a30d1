import { object, path, texts } from './shape.ts';
import { defineView } from './view.ts';

export interface InitData {
  readonly path: string;
  readonly next: readonly string[];
}

export const NEXT = texts('The next commands, each with its purpose');

export const withNext = (text: string, next: readonly string[]): string =>
  [text, ...(next.length === 0 ? [] : ['next:', ...next.map((line) => `  ${line}`)])].join('\n');

export const initView = defineView({
  command: 'init',
  about: 'The file that was written',
  schema: 1,
  shape: object({
    path: path('The manifest, or with `--builder` the Containerfile'),
    next: NEXT,
  }),
  json: (data: InitData) => data,
  text: () => '',
  remark: ({ path: file, next }) => withNext(`wrote ${file}`, next),
});
