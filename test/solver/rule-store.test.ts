import { expect, test } from 'vitest';
import { IntList } from '../../src/pool/int-list.ts';
import { KIND } from '../../src/solver/rule-kinds.ts';
import { RuleStore } from '../../src/solver/rule-store.ts';

test('thousands of builds of one package end in an error and not in all of the memory', () => {
  const rules = new RuleStore(new IntList(), { maxRules: 2 ** 13 });
  const excludeEachOther = (builds: number): void => {
    for (let a = 1; a < builds; a++) for (let b = a + 1; b <= builds; b++) rules.add(-a, -b, 0, KIND.sameName);
  };
  excludeEachOther(100);
  expect(rules.count).toBe(1 + (100 * 99) / 2);
  expect(() => excludeEachOther(200)).toThrow(
    expect.objectContaining({ code: 'METADATA_INVALID', message: expect.stringContaining('8192 rules') }),
  );
});
