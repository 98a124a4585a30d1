import { expect, test } from 'vitest';
import { foldLines } from '../../src/cli/fold-lines.ts';

test('lines that fit stay as they are', () => {
  expect(foldLines('a line\n  another\n', 40)).toBe('a line\n  another\n');
});

test('a long sentence is folded at blanks, and goes on a little indented', () => {
  expect(foldLines('  one two three four five six seven eight', 30)).toBe('  one two three four five six\n      seven eight');
});

test('the last column of a table goes on under itself', () => {
  expect(foldLines('podman  5-1  Manage pods, containers and images', 34)).toBe(
    'podman  5-1  Manage pods,\n             containers and images',
  );
});

test('a word that is longer than the line stays whole', () => {
  const url = 'https://mirror.example/9-stream/BaseOS/x86_64/os/';
  expect(foldLines(`see ${url} for more of it`, 30)).toBe(`see\n    ${url}\n    for more of it`);
});

test('every word is there once, whatever the width', () => {
  const text = 'glibc  2.34-1  -> 2.34-2  5 packages, all 24 locks and a remark that does not end so soon';
  for (let width = 30; width < 100; width++) {
    const folded = foldLines(text, width);
    expect(folded.split(/\s+/)).toEqual(text.split(/\s+/));
    for (const line of folded.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(width, 40));
  }
});

test('prose goes on at the indentation that was asked for', () => {
  expect(foldLines('one two three four five six seven eight', 30, 0)).toBe('one two three four five six\nseven eight');
});
