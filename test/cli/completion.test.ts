import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMPLETION_SCRIPTS } from '../../src/cli/completion.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { optIn } from '../helpers/opt-in.ts';

/** What bash offers for a line, the last word of which is being typed. */
function offered(...words: string[]): string[] {
  // What the program prints for names is said by a function of the same name.
  const script = `rpm-deps() { printf '%s\\n' "$3-one" "$3-two"; }\n${COMPLETION_SCRIPTS.bash(COMMANDS)}COMP_WORDS=(rpm-deps "$@"); COMP_CWORD=$#; _rpm_deps; printf '%s\\n' "\${COMPREPLY[@]}"`;
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
  expect(offered('init', '--distribution', 'c')).toEqual(['centos-stream-9', 'centos-stream-10']);
  expect(offered('search', '--distribution', 'fed')).toEqual(['fedora']);
  expect(offered('update', '--color', 'a')).toEqual(['auto', 'always']);
  expect(offered('--color', 'n')).toEqual(['never']);
  expect(offered('update', '--manifest', '')).toEqual([]);
  expect(offered('update', '--color', '=', 'a')).toEqual(['auto', 'always']);
  expect(offered('update', '--color', '=')).toEqual(['auto', 'always', 'never']);
  expect(offered('update', '--color=n')).toEqual(['--color=never']);
  expect(offered('update', '--manifest', '=', 'x')).toEqual([]);
  expect(offered('completion', '')).toEqual(expect.arrayContaining(Object.keys(COMPLETION_SCRIPTS)));
  expect(offered('completion', 'f')).toEqual(['fish']);
  expect(offered('serve', 'bac')).toEqual(['backup']);
});

test('bash asks the program for names of sets, packages, variables and architectures', () => {
  expect(offered('update', '--set', '')).toEqual(['sets-one', 'sets-two']);
  expect(offered('update', '--arch', 'arch')).toEqual(['architectures-one', 'architectures-two']);
  expect(offered('resolve', '--repo', 'repo')).toEqual(['repositories-one', 'repositories-two']);
  expect(offered('why', 'pack')).toEqual(['packages-one', 'packages-two']);
  expect(offered('bump', 'variables-t')).toEqual(['variables-two']);
  expect(offered('bump', '')).toEqual(['variables-one', 'variables-two', 'packages-one', 'packages-two']);
  expect(offered('bump', '--dr')).toEqual(['--dry-run']);
  expect(offered('image', 'build', 'sets-o')).toEqual(['sets-one']);
  expect(offered('update', '--dry')).toEqual(['--dry-run']);
});

test('names are those of the project that the line names', () => {
  const asked = (...words: string[]): string => {
    // What is asked is the answer.
    const script = `rpm-deps() { echo "$*" | tr ' ' '#'; }\n${COMPLETION_SCRIPTS.bash(COMMANDS)}COMP_WORDS=(rpm-deps "$@"); COMP_CWORD=$#; _rpm_deps; echo "\${COMPREPLY[-1]}"`;
    return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
      .trim()
      .replaceAll('#', ' ');
  };
  expect(asked('-C', 'there', 'update', '--manifest', 'm.yaml', '--set', '')).toBe('-C there --manifest m.yaml completion --list sets');
  expect(asked('--manifest', '=', 'm.yaml', 'bump', '')).toMatch(/^--manifest m\.yaml completion --list/);
});

const SHELL_LINES: readonly (readonly [line: string, completed: string])[] = [
  ['upd', 'update'],
  ['image bu', 'image build'],
  ['export --format cyc', 'export --format cyclonedx'],
  ['init --distribution fed', 'init --distribution fedora'],
  ['export --format=cyc', 'export --format=cyclonedx'],
  ['-C there --manifest m.yaml update --set se', '-C there --manifest m.yaml update --set sets-of-there-m.yaml'],
];
test.runIf(optIn('ORACLE', ['fish']))('fish completes the same', () => {
  const names = 'if [ "$argv[-1]" = sets ]; echo "sets-of-$argv[2]-$argv[4]"; end';
  const script = `${COMPLETION_SCRIPTS.fish(COMMANDS)}function rpm-deps; ${names}; end`;
  for (const [line, completed] of SHELL_LINES) {
    const out = execFileSync('fish', ['--no-config', '-c', `${script}; complete -C 'rpm-deps ${line}'`], { encoding: 'utf8' });
    expect(out.split('\t')[0]).toBe(completed.split(' ').at(-1));
  }
});

test.runIf(optIn('ORACLE', ['zsh']))('zsh completes the same, with the script sourced or in its fpath', () => {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  writeFileSync(join(folder, '_rpm-deps'), COMPLETION_SCRIPTS.zsh(COMMANDS));
  const names = 'if [[ ${@[-1]} = sets ]]; then print "sets-of-$2-$4"; else print "GOT<$*>"; fi';
  const type = (setUp: string, line: string): string => {
    writeFileSync(
      join(folder, 'set-up'),
      `PS1=; stty -echo; fpath=(${folder} $fpath); autoload -Uz compinit && compinit -u -D; ${setUp}; rpm-deps() { ${names} }; print READY-NOW\n`,
    );
    const driver = `zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z 'source ${folder}/set-up'; zpty -r -m z out '*READY-NOW*'
zpty -w -n z "rpm-deps $1"$'\\t\\r'; zpty -r -m z out '*GOT<*>*'; print -r -- "$out"`;
    return execFileSync('zsh', ['-f', '-c', driver, 'zsh', line], { encoding: 'utf8' });
  };
  for (const setUp of [':', `source ${folder}/_rpm-deps`])
    for (const [line, completed] of SHELL_LINES) expect(type(setUp, line)).toContain(`GOT<${completed}>`);
  rmSync(folder, { recursive: true, force: true });
});

test('names are those of the manifest and the lockfiles, and none where there is no manifest', async () => {
  const made = cliProject('versions: { LIB: 1-1 }\nsets:\n  web: { packages: ["lib-${LIB}"] }\n');
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, ['lib-1-1.noarch requires: dep', 'dep-1-1.noarch']);
  await made.run('update');
  const list = async (kind: string) => (await made.run('completion', '--list', kind)).stdout;
  expect(await list('sets')).toBe('web\n');
  expect(await list('packages')).toBe('dep\nlib\n');
  expect(await list('variables')).toBe('LIB\n');
  expect(await list('architectures')).toBe('x86_64\ns390x\n');
  expect(await list('repositories')).toBe('base\n');
  const { exitCode, stdout, stderr } = await cliProject().run('completion', '--list', 'sets');
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
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
  ['install', 'rpm-deps add NAME'],
  ['erase', 'rpm-deps remove NAME'],
  ['upgrade', 'rpm-deps update'],
  ['download', 'rpm-deps fetch'],
])('`%s`, a word of other tools, is answered with ours', async (word, answer) => {
  const { stderr, exitCode } = await cliProject().run(word, 'bash');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(answer)]);
});
