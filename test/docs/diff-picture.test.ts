import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { drawDiff } from '../../tools/diff-picture.ts';

const docs = (name: string): string => readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8');

test('the picture of a diff in README is the diff of docs/pull-requests.md; `npx tsx tools/diff-picture.ts` draws it', () => {
  expect(docs('diff.svg')).toBe(drawDiff(docs('pull-requests.md')));
});
