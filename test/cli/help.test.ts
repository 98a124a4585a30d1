import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Secrets } from '../../src/base/redact.ts';
import { renderHelp } from '../../src/cli/help.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/options.ts';
import { argumentText, parseLine } from '../../src/cli/parse.ts';
import { COMMANDS } from '../../src/cli/program.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(PROJECT, 'docs'))
    .filter((name) => name.includes('.'))
    .map((name) => `docs/${name}`),
].map((path) => ({
  path,
  text: readFileSync(join(PROJECT, path), 'utf8'),
}));
const names = COMMANDS.map(({ name }) => name);

test('the program lists every command once, with its arguments', () => {
  const listed = renderHelp('', COMMANDS).split('Commands:\n')[1]!.split('\n\n')[0]!.split('\n');
  expect(listed.filter((line) => !line.startsWith('   ')).map((line) => line.trim().split(/ {2,}/)[0])).toEqual(
    COMMANDS.map((command) => [command.name, ...command.arguments.map(argumentText)].join(' ')),
  );
  expect(new Set(names).size).toBe(names.length);
});

test.each(names)('help of %s shows each option once, and examples that are understood', (name) => {
  const command = COMMANDS.find((other) => other.name === name)!;
  const help = renderHelp(name, COMMANDS);
  for (const option of [...command.options, ...GLOBAL_OPTIONS]) {
    expect(help.match(new RegExp(`--(\\[no-\\])?${option.name}\\b(?!-)`, 'g')), option.name).not.toBeNull();
  }
  const spelled = [...command.options, ...GLOBAL_OPTIONS].flatMap(({ name: long, short }) =>
    short === undefined ? [long] : [long, short],
  );
  expect(new Set(spelled).size).toBe(spelled.length);
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) {
    const words = [...example.split(/ [>|] /)[0]!.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
    expect(parseLine([...name.split(' '), ...words], COMMANDS).kind, example).toBe('run');
  }
});

test('the text of a command is folded at the width of the terminal, not at that of its source', () => {
  const textOf = (columns: number): string[] =>
    renderHelp('import', COMMANDS, columns).split('\nOptions:')[0]!.split('\n\n').slice(2).join('\n\n').split('\n');
  for (const columns of [40, 80]) {
    const lines = textOf(columns);
    expect(lines.filter((line) => line.length > columns || /^ /.test(line))).toEqual([]);
    // Only the last line of a paragraph may be short.
    expect(lines.slice(0, -2).filter((line) => line.length < columns - 28)).toEqual([]);
  }
});

test('options and commands are folded at the width of the terminal, below their column; examples are lines to copy', () => {
  for (const topic of ['', 'image', 'update']) {
    const folded = renderHelp(topic, COMMANDS, 80);
    expect(
      folded
        .split('\nExamples:')[0]!
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
    expect(folded.split('\nExamples:')[1]).toBe(renderHelp(topic, COMMANDS).split('\nExamples:')[1]);
  }
  expect(renderHelp('', COMMANDS, 80)).toContain(`and lock\n${' '.repeat(32)}them\n`);
});

test('nothing in help is taken for a secret', () => {
  for (const topic of ['', 'image', 'builder', ...names])
    expect(new Secrets().hide(renderHelp(topic, COMMANDS))).toBe(renderHelp(topic, COMMANDS));
});

test('no line of help is wider than 140 characters', () => {
  const texts = ['', 'image', 'builder', ...names].map((topic) => renderHelp(topic, COMMANDS));
  expect(texts.flatMap((text) => text.split('\n')).filter((line) => line.length > 140)).toEqual([]);
});

test('many values of an option are folded below its column', () => {
  const choices = Array.from({ length: 30 }, (_, i) => `format-${i}`);
  const command = { ...COMMANDS[0]!, name: 'many', options: [{ name: 'format', value: 'FORMAT', help: 'format', choices }] };
  const lines = renderHelp('many', [command]).split('Options:\n')[1]!.split('\n\n')[0]!.split('\n');
  expect(lines.filter((line) => line.length > 118)).toEqual([]);
  expect(
    lines
      .slice(1)
      .join(' ')
      .split(/, | +/)
      .filter((word) => word !== ''),
  ).toEqual(choices);
});

test('every command line in the README and the docs is understood', () => {
  const wrong: string[] = [];
  for (const { path, text } of pages) {
    for (const line of commandLines(text)) {
      try {
        const parsed = parseLine(line, COMMANDS);
        if (parsed.kind === 'help' && !parsed.asked && line.length > 1) wrong.push(`${path}: ${line.join(' ')}`);
      } catch (error) {
        wrong.push(`${path}: ${line.join(' ')}: ${(error as Error).message}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** Lines of code blocks and `rpm-deps ...` in the text, without comments, redirections and what is a placeholder. */
function commandLines(text: string): string[][] {
  const blocks = [...text.matchAll(/^```(?:sh|console|)\n(.*?)^```/gms)].flatMap((match) => match[1]!.split('\n'));
  const spans = [...text.replace(/^```.*?^```/gms, '').matchAll(/`((?:rpm-deps|node dist\/cli\/bin\.js) [^`]+)`/g)].map(
    (match) => match[1]!,
  );
  return [...blocks, ...spans].flatMap((line) => {
    const match = /^\$?\s*(?:rpm-deps|node dist\/cli\/bin\.js)\s+(.*)$/.exec(line.split(/\s#\s|\s&&\s|\s[|>]/)[0]!.trim());
    if (match === null || /\bCOMMAND\b|\.\.\./.test(match[1]!)) return [];
    return [[...match[1]!.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? word[3]!)];
  });
}

test('every command is named in the README', () => {
  const readme = pages[0]!.text;
  expect(names.filter((name) => !readme.includes(`\`${name.split(' ')[0]}`))).toEqual([]);
});

test('the work of every command can be loaded', async () => {
  for (const { load } of COMMANDS) expect((await load()).run).toBeTypeOf('function');
});
