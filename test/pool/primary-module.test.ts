import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generatedModule, MODULE_FILE } from '../../tools/wasm-module.ts';

test('the module that reads primary.xml is what assembly/ compiles to', async () => {
  expect(readFileSync(resolve(import.meta.dirname, '../..', MODULE_FILE), 'utf8') === (await generatedModule())).toBe(true);
});
