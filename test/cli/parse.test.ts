import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { parseLine } from '../../src/cli/parse.ts';
import { COMMANDS } from '../../src/cli/program.ts';

const parse = (...argv: string[]) => parseLine(argv, COMMANDS);

function run(...argv: string[]) {
  const line = parse(...argv);
  if (line.kind !== 'run') throw new Error(`not a command but ${line.kind}`);
  return line;
}

function mistake(...argv: string[]): string {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'USAGE') return `${error.message} | ${error.hint ?? ''}`;
    throw error;
  }
  return 'understood';
}

test('options of every command may stand before and after the name of the command', () => {
  for (const argv of [
    ['--json', '--mirror', 'file:///m', 'update', 'a'],
    ['update', '--json', 'a', '--mirror=file:///m'],
  ]) {
    const { command, args, options } = run(...argv);
    expect(command.name).toBe('update');
    expect(args).toEqual(['a']);
    expect(options.flag('json')).toBe(true);
    expect(options.text('mirror')).toBe('file:///m');
  }
});

test('an option can be repeated, and -- ends options', () => {
  const { args, options } = run('resolve', '--repo', 'a', '--repo=b', '--', '--odd');
  expect(options.list('repo')).toEqual(['a', 'b']);
  expect(args).toEqual(['--odd']);
});

test('short options, and - as a value', () => {
  expect(run('-C', '/tmp', 'check', '-q').options.text('directory')).toBe('/tmp');
  expect(run('update', '--pr-body', '-').options.text('pr-body')).toBe('-');
});

test('a flag with a no-form says which was given last', () => {
  expect(run('fetch').options.choice('signatures')).toBeUndefined();
  expect(run('fetch', '--no-signatures').options.choice('signatures')).toBe(false);
  expect(run('fetch', '--no-signatures', '--signatures').options.choice('signatures')).toBe(true);
});

test('commands of two words', () => {
  expect(run('image', '--json', 'build', 'web').command.name).toBe('image build');
});

test('help and version, however they are asked for', () => {
  expect(parse('--help')).toEqual({ kind: 'help', topic: '', asked: true });
  expect(parse()).toEqual({ kind: 'help', topic: '', asked: false });
  expect(parse('help', 'update')).toEqual({ kind: 'help', topic: 'update', asked: true });
  expect(parse('update', 'x', '--help')).toEqual({ kind: 'help', topic: 'update', asked: true });
  expect(parse('image')).toEqual({ kind: 'help', topic: 'image', asked: false });
  expect(parse('image', 'build', '-h')).toEqual({ kind: 'help', topic: 'image build', asked: true });
  expect(parse('-V')).toEqual({ kind: 'version' });
  expect(parse('--quiet', '--version')).toEqual({ kind: 'version' });
});

test('a misspelt command or option is answered with the nearest', () => {
  expect(mistake('udpate')).toBe('unknown command `udpate` | did you mean `rpm-deps update`?');
  expect(mistake('image', 'bild')).toBe('unknown command `image bild` | did you mean `rpm-deps image build`?');
  expect(mistake('instal')).toContain('`rpm-deps add NAME --set SET` adds a package');
  expect(mistake('check-update')).toContain('`rpm-deps outdated`');
  // Not the hint for a word that only looks alike.
  expect(mistake('repolist')).toContain('`repositories` in the manifest');
  expect(mistake('groupinstall')).toContain('`rpm-deps add @GROUP --set SET`');
  expect(mistake('xyzzy')).toBe('unknown command `xyzzy` | `rpm-deps --help` lists the commands');
  expect(mistake('update', '--dry-rnu')).toBe('`update` has no option `--dry-rnu` | did you mean `--dry-run`?');
  expect(mistake('fetch', '--no-signature')).toContain('did you mean `--no-signatures`?');
  expect(mistake('--arch', 'x', 'update')).toContain('before a command there is no option `--arch`');
  expect(mistake('diff', '--format', 'markdwon')).toContain(
    '--format is one of text, markdown, json, not `markdwon` | did you mean `markdown`?',
  );
});

test('missing and superfluous values and arguments', () => {
  expect(mistake('update', '--arch')).toContain('`--arch` needs a value: --arch ARCH');
  expect(mistake('update', '--arch', '--json')).toContain('`--arch` needs a value');
  expect(mistake('update', '--json=yes')).toContain('`--json` takes no value');
  expect(mistake('why')).toContain('`why` needs NAME');
  expect(mistake('info')).toContain('`info` needs NAME');
  expect(mistake('check', 'x')).toContain('`check` takes no arguments, not `x`');
  expect(mistake('diff', 'a', 'b', 'c')).toContain('`c` is one argument too many');
});

test('asking for an option that a command does not define is a bug', () => {
  expect(() => run('check').options.flag('dry-run')).toThrow('no option --dry-run is defined');
});
