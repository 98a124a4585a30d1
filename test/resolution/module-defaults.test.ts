import { expect, test } from 'vitest';
import type { ModuleDefaults } from '../../src/repodata/modulemd.ts';
import { mergeDefaults } from '../../src/resolution/module-defaults.ts';

type Entry = { readonly stream?: string; readonly modified?: number; readonly module?: string } & Readonly<
  Record<'profiles', Readonly<Record<string, string[]>>>
>;

const entry = ({ module = 'n', stream, modified = 0, profiles }: Entry): ModuleDefaults => ({
  module,
  stream,
  modified,
  profiles: new Map(Object.entries(profiles)),
});

/** One repository for each list. */
const merged = (...repositories: readonly (readonly Entry[])[]) =>
  mergeDefaults(repositories.map((entries) => ({ index: { streams: [], defaults: entries.map(entry), warnings: [], skipped: [] } })));

test.each([
  ['the newer stream', { stream: '1', modified: 1 }, { stream: '2', modified: 2 }, '2'],
  ['the newer stream, whichever comes first', { stream: '1', modified: 2 }, { stream: '2', modified: 1 }, '1'],
  ['the stream of the older where the newer has none', { stream: '1', modified: 1 }, { modified: 2 }, '1'],
  ['no stream of two of one age', { stream: '1' }, { stream: '2' }, undefined],
])('of two repositories %s is the default', (_, first, second, stream) => {
  expect(merged([{ ...first, profiles: {} }], [{ ...second, profiles: {} }]).streams.get('n')).toBe(stream);
});

test.each([undefined, 2])('after two streams of one age the next repository with a stream decides, however old it is', (modified = 0) => {
  const two = ['1', '2'].map((stream) => [{ stream, modified: 1, profiles: {} }]);
  expect(merged(...two, [{ modified: 3, profiles: {} }]).streams.size).toBe(0);
  expect(merged(...two, [{ stream: '3', modified, profiles: {} }]).streams.get('n')).toBe('3');
});

test('profiles of streams that only one has are added, and of both the newer list counts', () => {
  const older = { modified: 1, profiles: { 1: ['common'], 2: ['server'] } };
  const newer = { modified: 2, profiles: { 1: [], 3: ['client'] } };
  for (const order of [
    [older, newer],
    [newer, older],
  ])
    expect(Object.fromEntries(merged(...order.map((one) => [one])).profiles.get('n')!)).toEqual({ 1: [], 2: ['server'], 3: ['client'] });
});

test('two lists of profiles of one age for one stream leave all modules without defaults, with a warning', () => {
  const other = { module: 'm', stream: '1', profiles: {} };
  const { streams, profiles, warnings } = merged([{ stream: '1', profiles: { 1: ['a', 'b'] } }, other], [{ profiles: { 1: ['a'] } }]);
  expect([streams.size, profiles.size]).toEqual([0, 0]);
  expect(warnings).toEqual([{ code: 'MODULE_DEFAULTS_CONFLICT', text: expect.stringContaining('different default profiles for `n:1`') }]);
  expect(merged([{ profiles: { 1: ['a', 'b'] } }], [{ profiles: { 1: ['b', 'a'] } }]).warnings).toEqual([]);
});
