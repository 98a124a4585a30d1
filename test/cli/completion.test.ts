import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { COMPLETION_SCRIPTS } from '../../src/cli/completion.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { cliProject } from '../helpers/cli-project.ts';

/** What bash offers for a line, the last word of which is being typed. */
function offered(...words: string[]): string[] {
  const script = `${COMPLETION_SCRIPTS.bash(COMMANDS)}COMP_WORDS=(rpm-deps "$@"); COMP_CWORD=$#; _rpm_deps; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

test('bash completes commands, members of families, options and their values', () => {
  expect(offered('up')).toEqual(['update']);
  expect(offered('ima')).toEqual(['image']);
  expect(offered('image', 'bui')).toEqual(['build']);
  expect(offered('--manifest', 'update', 'che')).toEqual(['check']);
  expect(offered('export', '--form')).toEqual(['--format']);
  expect(offered('export', '--format', 'cyc')).toEqual(['cyclonedx']);
  expect(offered('update', '--dry')).toEqual(['--dry-run']);
  expect(offered('update', '--manifest', '')).toEqual([]);
});

test('every command is in every script', async () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const { stdout, exitCode } = await cliProject().run('completion', shell);
    expect([exitCode, stdout]).toEqual([0, COMPLETION_SCRIPTS[shell](COMMANDS)]);
    for (const { name } of COMMANDS) expect(stdout).toContain(name.split(' ').at(-1));
  }
  const { stderr, exitCode } = await cliProject().run('completion', 'tcsh');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
});

test.each([
  ['install', 'rpm-deps lock'],
  ['add', 'rpm-deps lock'],
  ['upgrade', 'rpm-deps update'],
  ['remove', 'rpm-deps lock'],
  ['download', 'rpm-deps fetch'],
])('`%s`, a word of other tools, is answered with ours', async (word, answer) => {
  const { stderr, exitCode } = await cliProject().run(word, 'bash');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(answer)]);
});
