import { expect, test } from 'vitest';
import { list, object, text } from '../../src/views/shape.ts';
import { defineView, outputJson } from '../../src/views/view.ts';

const shape = object({ names: list(object({ name: text('The name') }), 'All') });
const base = { command: 'greet', about: 'A greeting', schema: 1, shape, text: () => '' } as const;

test('an output has the version of its schema, the declared keys and the warnings', () => {
  const view = defineView({ ...base, json: (data: { names: { name: string }[] }) => data });
  const data = { names: [{ name: 'Ada' }] };
  expect(outputJson({ view, data }, [], { directory: '/project' })).toEqual({ schema: 1, names: [{ name: 'Ada' }], warnings: [] });
});

test('a view does not compile if it returns a key that its shape does not declare, also within lists', () => {
  // @ts-expect-error `age` is not declared.
  defineView({ ...base, json: (data: { names: { name: string; age: number }[] }) => data });
  // @ts-expect-error `other` is not declared.
  defineView({ ...base, json: (data: { names: { name: string }[] }) => ({ ...data, other: 1 }) });
});
