import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rpmvercmp, rpmvercmpBytes } from '../../src/rpm/rpmvercmp.ts';
import { versionText } from './version-text.ts';

/** `a < b`, `a = b`, `a > b`: what rpm says. */
const TABLE = `
1.0 = 1.0 | 1.0 < 2.0 | 2.0 > 1.0 | 2.0.1 = 2.0.1 | 2.0 < 2.0.1 | 2.0.1a = 2.0.1a | 2.0.1a > 2.0.1 | 2.0.1 < 2.0.1a
5.5p1 = 5.5p1 | 5.5p1 < 5.5p2 | 5.5p10 = 5.5p10 | 5.5p1 < 5.5p10 | 5.5p10 > 5.5p1
10xyz < 10.1xyz | xyz10 = xyz10 | xyz10 < xyz10.1 | xyz.4 = xyz.4 | xyz.4 < 8 | 8 > xyz.4 | xyz.4 < 2 | 2 > xyz.4
5.5p2 < 5.6p1 | 5.6p1 < 6.5p1 | 6.0.rc1 > 6.0 | 6.0 < 6.0.rc1
10b2 > 10a1 | 10a2 < 10b2 | 1.0aa = 1.0aa | 1.0a < 1.0aa | 1.0aa > 1.0a
10.0001 = 10.0001 | 10.0001 = 10.1 | 10.1 = 10.0001 | 10.0001 < 10.0039
4.999.9 < 5.0 | 20101121 = 20101121 | 20101121 < 20101122
2_0 = 2_0 | 2.0 = 2_0 | 2_0 = 2.0 | a = a | a+ = a+ | a+ = a_ | a_ = a+ | +a = +a | +a = _a | _a = +a | +_ = +_ | _+ = +_ | _+ = _+ | + = _ | _ = +
1.0~rc1 = 1.0~rc1 | 1.0~rc1 < 1.0 | 1.0 > 1.0~rc1 | 1.0~rc1 < 1.0~rc2 | 1.0~rc1~git123 = 1.0~rc1~git123 | 1.0~rc1~git123 < 1.0~rc1
1.0^ = 1.0^ | 1.0^ > 1.0 | 1.0 < 1.0^ | 1.0^git1 = 1.0^git1 | 1.0^git1 > 1.0 | 1.0^git1 < 1.0^git2 | 1.0^git1 < 1.01 | 1.0^20160101 = 1.0^20160101
1.0^20160101 < 1.0.1 | 1.0^20160101^git1 = 1.0^20160101^git1 | 1.0^20160102 > 1.0^20160101^git1
1.0~rc1^git1 = 1.0~rc1^git1 | 1.0~rc1^git1 > 1.0~rc1 | 1.0^git1~pre = 1.0^git1~pre | 1.0^git1 > 1.0^git1~pre
1b.fc17 = 1b.fc17 | 1b.fc17 < 1.fc17 | 1.fc17 > 1b.fc17 | 1g.fc17 > 1.fc17
1..0 = 1.0 | 1. < 1.0 | 1.0. = 1.0 | 1a < 1.1 | 1 < 1a | 1.a < 1.1 | 007 = 7 | 0 = 000 | 1.0.0 > 1.0
4294967296 > 4294967295 | 99999999999999999999999999 < 100000000000000000000000000 | ~ < 1 | ~~ < ~ | ~ < ^ | ^ > .. | A < a | Z < a
`;

const cases = TABLE.split(/[|\n]/)
  .map((text) => text.trim())
  .filter((text) => text !== '')
  .map((text) => text.split(' ') as [string, string, string]);

test.each(cases)('%s %s %s', (a, sign, b) => {
  const expected = sign === '<' ? -1 : sign === '>' ? 1 : 0;
  expect(rpmvercmp(a, b)).toBe(expected);
  expect(rpmvercmp(b, a) + expected).toBe(0);
});

test('bytes above 127 separate and are otherwise ignored', () => {
  expect(rpmvercmp('1.1.á', '1.1.á')).toBe(0);
  expect(rpmvercmp('1.1.á', '1.1.β')).toBe(0);
  expect(rpmvercmp('1é1', '1.1')).toBe(0);
  expect(rpmvercmp('1😀', '1')).toBe(0);
  expect(rpmvercmp('1😀2', '1')).toBe(1);
});

test('ranges of two buffers compare without copies', () => {
  const a = new TextEncoder().encode('xx1.10yy');
  const b = new TextEncoder().encode('1.9');
  expect(rpmvercmpBytes(a, 2, 6, b, 0, 3)).toBe(1);
  expect(rpmvercmpBytes(a, 2, 5, b, 0, 3)).toBe(-1);
  expect(rpmvercmpBytes(a, 2, 2, b, 0, 0)).toBe(0);
  expect(rpmvercmpBytes(a, 2, 2, b, 0, 1)).toBe(-1);
});

describe('a total order', () => {
  test('antisymmetric, and every version equals itself', () => {
    fc.assert(
      fc.property(versionText, versionText, (a, b) => {
        expect(rpmvercmp(a, a)).toBe(0);
        expect(rpmvercmp(a, b) + rpmvercmp(b, a)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('transitive', () => {
    fc.assert(
      fc.property(versionText, versionText, versionText, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort(rpmvercmp) as [string, string, string];
        expect(rpmvercmp(x, y)).toBeLessThanOrEqual(0);
        expect(rpmvercmp(y, z)).toBeLessThanOrEqual(0);
        expect(rpmvercmp(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5000 },
    );
  });
});

test('a version of a million characters compares in linear time', () => {
  const long = `${'1.'.repeat(250_000)}${'a'.repeat(500_000)}`;
  expect(rpmvercmp(long, `${long}b`)).toBe(-1);
  expect(rpmvercmp(`${'0'.repeat(1_000_000)}1`, '1')).toBe(0);
});
