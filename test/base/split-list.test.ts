import { expect, test } from 'vitest';
import { splitList } from '../../src/base/split-list.ts';

test('items are between commas and white space, and none is empty', () => {
  expect(splitList(' amd64,arm64,\n s390x ,')).toEqual(['amd64', 'arm64', 's390x']);
  expect(splitList(' , ')).toEqual([]);
});
