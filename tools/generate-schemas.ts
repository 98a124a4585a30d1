/** Writes what is made from the `as const` schemas: lockfiles/schemas/*.schema.json and the compiled validators. `npm run schemas` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatedSchemaFiles } from './schema-files.ts';

const root = resolve(import.meta.dirname, '..');
for (const [path, text] of await generatedSchemaFiles()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
