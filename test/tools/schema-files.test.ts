import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shareParts } from '../../tools/schema-files.ts';

const FOLDER = new URL('../../lockfiles/schemas/', import.meta.url);

/** Numbers are the names of shared parts. */
const isShared = (name: string): boolean => /^\d+$/.test(name);

/** With each shared part where it is named. */
function unshared(value: unknown, parts: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((one) => unshared(one, parts));
  if (typeof value !== 'object' || value === null) return value;
  const name = /^#\/\$defs\/(.*)$/.exec(String((value as { $ref?: unknown }).$ref))?.[1] ?? '';
  if (isShared(name)) return unshared(parts[name], parts);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unshared(one, parts)]));
}

test.each(readdirSync(FOLDER))('%s of the package says the same in fewer bytes', (name) => {
  const schema = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Record<string, unknown>;
  const packed = shareParts(schema);
  const { $defs: parts, ...rest } = packed as { $defs: Record<string, unknown> };
  const own = Object.fromEntries(Object.entries(parts).filter(([part]) => !isShared(part)));
  const again = unshared({ ...rest, $defs: own }, parts);
  expect(again).toEqual({ $defs: {}, ...schema });
  expect(JSON.stringify(packed).length).toBeLessThanOrEqual(JSON.stringify(schema).length + 12);
});
