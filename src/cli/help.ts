import type { CommandDefinition } from './command.ts';
import { foldLines } from './fold-lines.ts';
import type { OptionDefinition } from './option-definition.ts';
import { ENV, EXIT_CODES, GLOBAL_OPTIONS } from './options.ts';
import { argumentText } from './parse.ts';

/** Help for the program (''), a family of commands (`image`) or one command; its text fits into `columns`, except examples, which users copy. */
export function renderHelp(topic: string, commands: readonly CommandDefinition[], columns?: number): string {
  const command = commands.find(({ name }) => name === topic);
  if (command !== undefined) return commandHelp(command, columns);
  const text = topic === '' ? programHelp(commands) : familyHelp(topic, commands);
  return foldLines(text, columns ?? Number.POSITIVE_INFINITY);
}

function programHelp(commands: readonly CommandDefinition[]): string {
  return [
    'Usage: rpm-deps COMMAND [options]\n',
    'Resolves sets of RPM packages for any architecture and writes lockfiles.\n',
    `Commands:\n${rows(commands.map((command) => [nameAndArguments(command), command.summary]))}`,
    `Options of every command:\n${rows(GLOBAL_OPTIONS.map(optionRow))}${rows([['-V, --version', 'show the version']])}`,
    `Environment:\n${rows(ENV)}`,
    `Exit codes:\n${rows(EXIT_CODES)}`,
    '`rpm-deps COMMAND --help` shows the options of a command.\n',
  ].join('\n');
}

function familyHelp(family: string, commands: readonly CommandDefinition[]): string {
  const members = commands.filter(({ name }) => name.startsWith(`${family} `));
  return [
    `Usage: rpm-deps ${family} COMMAND [options]\n`,
    `Commands:\n${rows(members.map((command) => [nameAndArguments(command), command.summary]))}`,
    `\`rpm-deps ${family} COMMAND --help\` shows the options of a command.\n`,
  ].join('\n');
}

function commandHelp(command: CommandDefinition, columns = Number.POSITIVE_INFINITY): string {
  const { name, summary, description, options, examples } = command;
  return [
    `Usage: rpm-deps ${nameAndArguments(command)} [options]\n`,
    foldLines(`${summary[0]!.toUpperCase()}${summary.slice(1)}.\n`, columns, 0),
    ...(description === undefined ? [] : [`${paragraphs(description, Math.min(columns, WIDEST))}\n`]),
    ...(options.length === 0 ? [] : [foldLines(`Options:\n${rows(options.map(optionRow))}`, columns)]),
    foldLines(`Options of every command:\n${rows(GLOBAL_OPTIONS.map(optionRow))}`, columns),
    `Examples:\n${examples.map((example) => `  rpm-deps ${name}${example === '' ? '' : ` ${example}`}\n`).join('')}`,
  ].join('\n');
}

const WIDEST = 118;

/** Joins lines of a description that do not end a sentence or an item with the next line; tables keep their lines. */
const paragraphs = (description: string, columns: number): string =>
  description
    .split('\n\n')
    .map((part) => (/ {3}/.test(part) ? part : foldLines(part.replace(/(?<![.;:])\n/g, ' '), columns, 0)))
    .join('\n\n');

const nameAndArguments = (command: CommandDefinition): string => [command.name, ...command.arguments.map(argumentText)].join(' ');

function optionRow({ name, short, value, optional, negatable, choices, help }: OptionDefinition): [string, string] {
  const long = `--${negatable === true ? '[no-]' : ''}${name}${value === undefined ? '' : optional === true ? ` [${value}]` : ` ${value}`}`;
  const values = choices === undefined ? '' : `: ${choices.join(', ')}`;
  return [
    short === undefined ? long : `-${short}, ${long}`,
    // Long lists of values get a separate line.
    values.length > 80 ? `${help}:\n${foldLines(`  ${' '.repeat(WIDTH)}${values.slice(2)}`, WIDEST, WIDTH + 2)}` : `${help}${values}`,
  ];
}

const WIDTH = 30;

function rows(table: readonly (readonly [string, string])[]): string {
  return table
    .map(([left, right]) => (left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}\n` : `  ${left}\n  ${' '.repeat(WIDTH)}${right}\n`))
    .join('');
}
