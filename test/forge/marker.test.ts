import { expect, test } from 'vitest';
import { findMarker, renderMarker } from '../../src/forge/marker.ts';

test('a marker is found again with its values, in whatever text', () => {
  const text = `before\n${renderMarker({ key: 'pull', values: { content: 'abc', by: 'x/y@main' } })}\nafter`;
  expect(findMarker(text, 'pull')).toEqual({ key: 'pull', values: { content: 'abc', by: 'x/y@main' } });
  expect(findMarker(text, 'issue')).toBeUndefined();
});

test('no value can end the comment or stand for another marker', () => {
  const marker = renderMarker({ key: 'a', values: { v: 'x --> <!-- rpm-deps:b w=1 -->' } });
  expect(marker.match(/-->/g)).toHaveLength(1);
  expect(findMarker(marker, 'b')).toBeUndefined();
  expect(findMarker(marker, 'a')).toBeDefined();
});
