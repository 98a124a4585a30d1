import { expect, test } from 'vitest';
import { IntList } from '../../src/pool/int-list.ts';

test('a list grows as needed, one by one, by many and by a part of many', () => {
  const list = new IntList(1);
  for (let i = 0; i < 5; i++) list.push(i);
  list.append(Int32Array.of(7, 8, 9), 1);
  list.pushUnique(3);
  list.pushUnique(10);
  expect([...list.toArray()]).toEqual([0, 1, 2, 3, 4, 8, 9, 10]);
});

test('entries are removed in the middle and replaced as a whole', () => {
  const list = new IntList();
  list.assign([1, 2, 3, 4, 5]);
  list.remove(1, 3);
  expect([...list.toArray()]).toEqual([1, 5]);
  list.assign(Array.from({ length: 100 }, (_, i) => i));
  expect([list.length, list.items[99]]).toEqual([100, 99]);
});

test('room that is reserved changes nothing', () => {
  const list = new IntList(2);
  list.push(1);
  list.reserve(50);
  expect([...list.toArray()]).toEqual([1]);
  expect(list.items.length).toBeGreaterThanOrEqual(50);
});
