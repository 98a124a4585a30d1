import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { MANIFEST_SCHEMA } from '../../src/manifest/manifest-schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Names of all keys, also of those in maps and lists. */
function keysOf({ properties = {}, items, additionalProperties }: Schema): string[] {
  const parts = [...Object.values(properties), items, additionalProperties].filter((part) => typeof part === 'object');
  return [...Object.keys(properties), ...parts.flatMap(keysOf)];
}

test('every key of the manifest is described, as messages say', () => {
  const pages = ['manifest', 'bot', 'guide'].map((page) =>
    readFileSync(join(resolve(import.meta.dirname, '../../docs'), `${page}.md`), 'utf8'),
  );
  const words = new Set(pages.join('\n').split(/[^\w$]+/));
  const keys = keysOf(MANIFEST_SCHEMA as Schema);
  expect(keys).toContain('packages_from_containerfile');
  expect(keys.filter((key) => key !== '$schema' && !words.has(key))).toEqual([]);
});
