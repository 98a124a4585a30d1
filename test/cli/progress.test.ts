import { expect, test, vi } from 'vitest';
import type { ProgressEvent } from '../../src/base/events.ts';
import { createPrinter } from '../../src/cli/printer.ts';
import { Progress } from '../../src/cli/progress.ts';

function world({ isTTY = true, quiet = false, verbose = false, columns = 40 } = {}) {
  let now = 0;
  let written = '';
  const stderr = { write: (text: string) => (written += text), isTTY, columns };
  const progress = new Progress(stderr, () => now);
  progress.attach(
    createPrinter({ stdout: stderr, stderr, env: { NO_COLOR: '1' }, json: false, quiet, verbose, beforeLine: progress.clear }),
  );
  return {
    progress,
    /** What is written when an event comes at a time. */
    at: (ms: number, event: ProgressEvent): string => {
      now = ms;
      written = '';
      progress.emit(event);
      return written;
    },
    /** What is written while time goes by; with fake timers. */
    later: (ms: number): string => {
      written = '';
      now += ms;
      vi.advanceTimersByTime(ms);
      return written;
    },
  };
}

const stage = (text: string): ProgressEvent => ({ kind: 'stage', stage: 'solve', text });
const bytes = (done: number, total = 50e6): ProgressEvent => ({
  kind: 'progress',
  stage: 'download',
  text: 'appstream',
  done,
  total,
  unit: 'bytes',
});

test('nothing is drawn in the first second, then one line that replaces itself', () => {
  const { at } = world();
  expect(at(900, stage('one'))).toBe('');
  expect(at(1100, stage('two'))).toBe('\rtwo\u001b[K');
  expect(at(1200, stage('a line that is much longer than the terminal is wide'))).toBe('\ra line that is much longer than the ter\u001b[K');
});

test('amounts have a rate and the time that is left', () => {
  const { at } = world({ columns: 80 });
  at(1000, bytes(10e6));
  expect(at(2000, bytes(20e6))).toBe('\rappstream 20.0 of 50.0 MB, 10.0 MB/s, 3 s left\u001b[K');
  expect(at(2050, bytes(21e6))).toBe('');
});

test('the rate is that of the last seconds, also where the text counts files', () => {
  const { at } = world({ columns: 80 });
  const files = (count: number, done: number): ProgressEvent => ({
    kind: 'progress',
    stage: 'download',
    text: `${count}/50 packages`,
    done,
    total: 500e6,
    unit: 'bytes',
  });
  at(1000, files(0, 0));
  // Most of it was in the store.
  for (let i = 1; i <= 100; i++) at(1000 + i * 100, files(i % 50, 400e6 + i * 1e5));
  expect(at(11_200, files(50, 410.2e6))).toBe('\r50/50 packages 410.2 of 500.0 MB, 1.0 MB/s, 90 s left\u001b[K');
});

test('a warning takes the line away first, and is printed once', () => {
  const { at, progress } = world();
  at(1100, stage('two'));
  expect(at(1200, { kind: 'warning', code: 'KEY_OUTDATED', text: 'odd' })).toBe('\r\u001b[Kwarning: odd\n');
  expect(at(1300, { kind: 'warning', code: 'KEY_OUTDATED', text: 'odd' })).toBe('');
  expect(progress.warnings).toEqual([{ code: 'KEY_OUTDATED', text: 'odd' }]);
});

test('on a pipe there are warnings and no progress', () => {
  const { at } = world({ isTTY: false });
  expect(at(5000, stage('two'))).toBe('');
  expect(at(5000, { kind: 'warning', code: 'KEY_OUTDATED', text: 'odd' })).toBe('warning: odd\n');
});

test('while a mirror is silent, a terminal is told for how long, and a pipe nothing', () => {
  vi.useFakeTimers();
  try {
    const asking: ProgressEvent = { kind: 'stage', stage: 'download', text: 'asking mirror for a' };
    const terminal = world();
    expect(terminal.at(0, asking)).toBe('');
    expect(terminal.later(1000)).toBe('\rasking mirror for a\u001b[K');
    expect(terminal.later(10_000)).toContain('\rasking mirror for a (nothing for 10 s)\u001b[K');
    terminal.progress.clear();
    const pipe = world({ isTTY: false });
    expect(pipe.at(0, asking) + pipe.later(1000) + pipe.later(30_000)).toBe('');
  } finally {
    vi.useRealTimers();
  }
});

test('--quiet silences both, --verbose tells each stage in a line of its own', () => {
  const quiet = world({ quiet: true });
  expect(quiet.at(5000, stage('two'))).toBe('');
  expect(quiet.at(5000, { kind: 'warning', code: 'KEY_OUTDATED', text: 'odd' })).toBe('');
  const verbose = world({ verbose: true });
  expect(verbose.at(0, stage('one'))).toBe('one\n');
  expect(verbose.at(0, { kind: 'timing', stage: 'solve', text: 'one', ms: 12.3 })).toBe('one: 12 ms\n');
});

test('parts of the same work are added up', () => {
  const { at } = world({ columns: 80 });
  const part = (name: string, done: number): ProgressEvent => ({ ...bytes(done, 10e6), part: name }) as ProgressEvent;
  expect(at(1000, part('a', 1e6))).toBe('\rappstream 1.0 of 10.0 MB\u001b[K');
  expect(at(1200, part('b', 2e6))).toBe('\rappstream 3.0 of 20.0 MB\u001b[K');
  expect(at(1400, part('a', 10e6))).toBe('\rappstream 12.0 of 20.0 MB\u001b[K');
});

test('what takes long from the start is drawn after a second, though nothing else comes', () => {
  vi.useFakeTimers();
  try {
    const { at, later } = world();
    expect(at(100, stage('one'))).toBe('');
    expect(at(200, stage('two'))).toBe('');
    expect(later(799)).toBe('');
    expect(later(1)).toBe('\rtwo\u001b[K');
    const other = world();
    other.at(100, stage('one'));
    other.progress.clear();
    expect(other.later(5000)).toBe('');
  } finally {
    vi.useRealTimers();
  }
});

test('metadata that comes at the same time is one line, with the repositories that are not done', () => {
  const { at } = world({ columns: 100 });
  const part = (of: string, done: number): ProgressEvent => ({
    ...{ kind: 'progress', stage: 'download', text: 'downloading metadata', part: `${of} primary`, of, done, total: 10e6, unit: 'bytes' },
  });
  at(1000, part('baseos', 1e6));
  expect(at(2000, part('appstream', 4e6))).toContain('downloading metadata of baseos, appstream 5.0 of 20.0 MB');
  expect(at(3000, part('baseos', 10e6))).toContain('downloading metadata of appstream 14.0 of 20.0 MB');
});

test('while nothing comes, the line says for how long', () => {
  vi.useFakeTimers();
  try {
    const { at, later, progress } = world({ columns: 80 });
    at(1100, stage('contacting mirror.example for repository baseos'));
    expect(later(1000)).toBe('');
    later(1000);
    expect(later(1000)).toBe('\rcontacting mirror.example for repository baseos (nothing for 3 s)\u001b[K');
    progress.clear();
    expect(later(5000)).toBe('');
  } finally {
    vi.useRealTimers();
  }
});
