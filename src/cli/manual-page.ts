/** The manual page rpm-deps(1), generated from the table of commands, like help. */
import type { CommandDefinition } from './command.ts';
import { foldLines } from './fold-lines.ts';
import type { OptionDefinition } from './option-definition.ts';
import { ENV, EXIT_CODES, GLOBAL_OPTIONS } from './options.ts';
import { argumentText } from './parse.ts';

export function renderManualPage(commands: readonly CommandDefinition[], version: string): string {
  return [
    '.\\" Made from the table of commands: edit src/cli/table.',
    `.TH RPM-DEPS 1 "" "rpm-deps ${escaped(version)}" "User commands"`,
    '.SH NAME',
    'rpm-deps \\- resolve, lock and update sets of RPM packages',
    '.SH SYNOPSIS',
    '.B rpm-deps',
    '.I COMMAND',
    '[options]',
    '.SH DESCRIPTION',
    ...paragraph(
      'rpm-deps resolves sets of RPM packages against repository metadata, for any architecture on any machine, and writes JSON lockfiles with exact versions, checksums and locations. It needs no dnf, rpm, root or containers.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH OPTIONS OF EVERY COMMAND',
    ...GLOBAL_OPTIONS.flatMap(optionLines),
    ...optionLines({ name: 'version', short: 'V', help: 'show the version' }),
    '.SH ENVIRONMENT',
    ...ENV.flatMap(([name, text]) => ['.TP', `.B ${escaped(name)}`, ...paragraph(text)]),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, text]) => ['.TP', `.B ${code}`, ...paragraph(text)]),
    '.SH FILES',
    '.TP',
    '.I rpm\\-packages.yaml',
    'the manifest: package sets, repositories, pins and holds',
    '.TP',
    '.I rpm\\-lockfiles/',
    'the lockfiles, one for each set and architecture',
    '',
  ].join('\n');
}

function commandLines({ name, arguments: args, summary, description, options, examples }: CommandDefinition): string[] {
  return [
    `.SS rpm\\-deps ${escaped([name, ...args.map(argumentText)].join(' '))}`,
    ...paragraph(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
    ...(description === undefined ? [] : ['.PP', ...paragraph(description.replaceAll('\n', ' '))]),
    ...options.flatMap(optionLines),
    ...(examples.length === 0
      ? []
      : [
          '.PP',
          'Examples:',
          '.nf',
          '.RS',
          ...examples.map((example) => exampleLines(`rpm-deps ${name} ${example}`.trimEnd())),
          '.RE',
          '.fi',
        ]),
  ];
}

/** Unfilled lines must fit into 80 columns: 14 are indentation, two for the backslash. A shell reads continued lines as one. */
const exampleLines = (line: string): string => escaped(foldLines(line, 62, 4).replaceAll('\n', ' \\\n'));

function optionLines({ name, short, value, optional, negatable, choices, help }: OptionDefinition): string[] {
  const long = `--${negatable === true ? '[no-]' : ''}${name}`;
  const shown = value === undefined ? '' : optional === true ? ` [\\fI${escaped(value)}\\fR]` : ` \\fI${escaped(value)}\\fR`;
  const words = `\\fB${escaped(short === undefined ? long : `-${short}, ${long}`)}\\fR${shown}`;
  return ['.TP', words, ...paragraph(choices === undefined ? help : `${help}: ${choices.join(', ')}`)];
}

const paragraph = (text: string): string[] => [escaped(text)];

/** Escapes roff syntax: backslashes, hyphens, and a dot or an apostrophe at the start of a line. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
