import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { diffLockfiles } from '../../src/lockfile/diff.ts';
import { diffView } from '../../src/views/diff.ts';
import { outputJson, outputSchema } from '../../src/views/view.ts';
import { generatedSchemaFiles } from '../../tools/schema-files.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const root = resolve(import.meta.dirname, '../..');

test('the schemas and docs/json.md are those that follow from the sources (npm run schemas)', async () => {
  const stale = [...(await generatedSchemaFiles())].filter(([path, text]) => readFileSync(join(root, path), 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});

test('a diff is valid by its schema', () => {
  const before = [
    lock('a-x86_64', ['foo', 'old'], [lockedPackage('foo 1-1'), lockedPackage('old 1-1'), lockedPackage('bar 1-1', { repository: 'x' })]),
    lock('b-x86_64', [], []),
  ];
  const after = [
    lock('a-x86_64', ['foo'], [lockedPackage('foo 2-1', { dependencies: ['dep'] }), lockedPackage('dep 1-1'), lockedPackage('bar 1-1')]),
    lock('c-x86_64', [], []),
  ];
  const holds = [{ package: 'foo', version: '2*', reason: 'r', until: undefined, issue: undefined }];
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(outputSchema(diffView));
  const data = diffLockfiles(before, after, { holds });
  validate(JSON.parse(JSON.stringify(outputJson({ view: diffView, data }, [], { directory: '/' }))));
  expect(validate.errors).toBeNull();
});
