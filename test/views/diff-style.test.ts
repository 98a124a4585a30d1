import { expect, test } from 'vitest';
import { bumpView } from '../../src/views/bump.ts';
import { diffView } from '../../src/views/diff.ts';
import { lockView, updateView } from '../../src/views/relock.ts';

test.each([diffView, updateView, lockView, bumpView])(
  'downgrades stand out by a colour in the text of every command: %#',
  ({ styleOf }) => {
    expect(styleOf?.('  app  2-1 -> 1-1', 'Downgraded')).toBe('yellow');
    expect(styleOf?.('  app  2-1 -> 1-1 (a downgrade)', '')).toBe('yellow');
    expect(styleOf?.('  app  2-1', 'Removed')).toBe('red');
    expect(styleOf?.('  app  1-1 -> 2-1', 'Upgraded')).toBeUndefined();
  },
);
