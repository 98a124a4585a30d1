import { describe, expect, test } from 'vitest';
import { diffLockfiles } from '../../src/lockfile/diff.ts';
import { pullRequestTitle } from '../../src/views/pull-request.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const title = (before: readonly string[], after: readonly string[]): string | undefined =>
  pullRequestTitle(
    diffLockfiles(
      [
        lock(
          'a-x86_64',
          [],
          before.map((text) => lockedPackage(text)),
        ),
      ],
      [
        lock(
          'a-x86_64',
          [],
          after.map((text) => lockedPackage(text)),
        ),
      ],
    ),
  );

describe('pullRequestTitle', () => {
  test('has the version of what moved alone, and else as many names as fit', () => {
    expect(title(['glibc 1-1', 'acl 1-1'], ['glibc 2-1', 'acl 1-1'])).toBe('rpm lockfiles: update glibc to 2-1');
    expect(title(['glibc 1-1', 'acl 1-1'], ['glibc 2-1', 'acl 2-1'])).toBe('rpm lockfiles: update acl, glibc');
    const many = (n: number): string[] => Array.from({ length: 30 }, (_, i) => `package-${i} ${n}-1`);
    expect(title(many(1), many(2))).toBe('rpm lockfiles: update package-0, package-1, package-10 and 27 more');
  });

  test('is nothing where nothing changed, and never longer than 72 characters', () => {
    expect(title(['acl 1-1'], ['acl 1-1'])).toBeUndefined();
    const long = 'x'.repeat(200);
    expect(title([`${long} 1-1`, 'acl 1-1'], [`${long} 2-1`, 'acl 2-1'])!.length).toBeLessThanOrEqual(72);
    expect(title([`${long} 1-1`], [`${long} 2-1`])!.length).toBeLessThanOrEqual(72);
  });

  test('has nothing of a name that a shell or a forge acts on', () => {
    const of = (n: number) => [lock('a-x86_64', [], [lockedPackage(`a ${n}-1`, { source: `@x#1 \`$(id)\`<b>|-${n}-1.src.rpm` })])];
    expect(pullRequestTitle(diffLockfiles(of(1), of(2)))).toBe('rpm lockfiles: update _x_1 __(id)__b__ to 2-1');
  });
});
