import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { CommandDefinition } from './command.ts';
import type { ArgumentDefinition, OptionDefinition } from './option-definition.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import { hintForOtherTool, WORDS_OF_OTHER_TOOLS } from './other-tools.ts';
import { ParsedOptions } from './parsed-options.ts';

export type ParsedLine =
  | {
      readonly kind: 'run';
      readonly command: CommandDefinition;
      readonly args: readonly string[];
      readonly rest: readonly string[];
      readonly options: ParsedOptions;
    }
  /** Help for a command, a family of commands (`image`), or the program. */
  | { readonly kind: 'help'; readonly topic: string; readonly asked: boolean }
  | { readonly kind: 'version' };

interface Walk {
  readonly values: Map<string, (string | boolean)[]>;
  readonly args: string[];
  readonly rest?: string[];
}

/** Parses a command line. Throws USAGE, with the most similar name if a name is misspelt. */
export function parseLine(argv: readonly string[], commands: readonly CommandDefinition[]): ParsedLine {
  const values = new Map<string, (string | boolean)[]>();
  let at = readOptions(argv, 0, GLOBAL_OPTIONS, { values, args: [] }, { stopAtArgument: true });
  if (argv[at] === '--version' || argv[at] === '-V') return { kind: 'version' };
  const words = argv.slice(at, ++at);
  if (commands.some(({ name }) => name.startsWith(`${words[0]} `))) {
    at = readOptions(argv, at, GLOBAL_OPTIONS, { values, args: [] }, { stopAtArgument: true });
    words.push(...argv.slice(at, ++at));
  }
  if (words[0] === 'help') return { kind: 'help', topic: topicOf([...words, ...argv.slice(at)].slice(1), commands), asked: true };
  const wantsHelp = values.has('help');
  if (words.length === 0) return { kind: 'help', topic: '', asked: wantsHelp };
  const command = commands.find(({ name }) => name === words.join(' '));
  if (command === undefined) {
    const isFamily = commands.some(({ name }) => name.startsWith(`${words.join(' ')} `));
    if (!isFamily) throw unknownCommand(words, commands);
    return { kind: 'help', topic: words.join(' '), asked: wantsHelp };
  }
  const definitions = [...GLOBAL_OPTIONS, ...command.options];
  const rest: string[] = [];
  const walk: Walk = { values, args: [], rest };
  readOptions(argv, at, definitions, walk, { stopAtArgument: false, command });
  if (values.has('help')) return { kind: 'help', topic: command.name, asked: true };
  checkArguments(command, walk.args);
  return { kind: 'run', command, args: walk.args, rest, options: new ParsedOptions(definitions, values) };
}

/** Parses options with their values and `--no-` forms; returns the index after the last parsed argument. */
function readOptions(
  argv: readonly string[],
  start: number,
  definitions: readonly OptionDefinition[],
  { values, args, rest = [] }: Walk,
  { stopAtArgument, command }: { stopAtArgument: boolean; command?: CommandDefinition },
): number {
  let i = start;
  for (; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--' && !stopAtArgument) {
      (command?.passesOn === true ? rest : args).push(...argv.slice(i + 1));
      return argv.length;
    }
    if (!word.startsWith('-') || word === '-') {
      if (stopAtArgument) return i;
      args.push(word);
      continue;
    }
    const [written, inline] = splitAtEquals(word);
    const found = findOption(written, definitions);
    if (found === undefined) {
      // Options of a command must follow its name, and --version belongs to the program.
      if (stopAtArgument && (word === '--version' || word === '-V')) return i;
      throw unknownOption(written, definitions, command);
    }
    const { definition, value: flag } = found;
    const known = values.get(definition.name) ?? [];
    values.set(definition.name, known);
    if (definition.value === undefined) {
      if (inline !== undefined) throw usage(`\`${written}\` takes no value`, command);
      known.push(flag);
      continue;
    }
    if (definition.optional === true && inline === undefined && (argv[i + 1] ?? '-').startsWith('-')) {
      known.push('');
      continue;
    }
    const value = inline ?? argv[++i];
    if (value === undefined || (inline === undefined && value.startsWith('-') && value !== '-')) {
      throw usage(`\`${written}\` needs a value: ${written} ${definition.value}`, command);
    }
    known.push(checkChoice(value, definition, command));
  }
  return i;
}

function splitAtEquals(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function findOption(
  written: string,
  definitions: readonly OptionDefinition[],
): { definition: OptionDefinition; value: boolean } | undefined {
  const name = written.slice(2);
  for (const definition of definitions) {
    const isShort = definition.short !== undefined && written === `-${definition.short}`;
    if (isShort || (written.startsWith('--') && name === definition.name)) return { definition, value: true };
    if (definition.negatable === true && written === `--no-${definition.name}`) return { definition, value: false };
  }
  return undefined;
}

function checkChoice(value: string, { name, choices }: OptionDefinition, command: CommandDefinition | undefined): string {
  if (choices === undefined || choices.includes(value)) return value;
  const nearest = nearestOf(value, choices);
  throw usage(`--${name} is one of ${choices.join(', ')}, not \`${value}\``, command, nearest && `did you mean \`${nearest}\`?`);
}

function checkArguments(command: CommandDefinition, args: readonly string[]): void {
  const required = command.arguments.filter((argument) => argument.required === true);
  const missing = required[args.length];
  if (missing !== undefined) throw usage(`\`${command.name}\` needs ${missing.name}`, command);
  const isOpen = command.arguments.some((argument) => argument.many === true);
  const extra = args[command.arguments.length];
  if (extra === undefined || isOpen) return;
  throw usage(
    command.arguments.length === 0 ? `\`${command.name}\` takes no arguments, not \`${extra}\`` : `\`${extra}\` is one argument too many`,
    command,
  );
}

/** `NAME`, `[NAME...]`: an argument as shown in help. */
export const argumentText = ({ name, required, many }: ArgumentDefinition): string => {
  const text = many === true ? `${name}...` : name;
  return required === true ? text : `[${text}]`;
};

function topicOf(words: readonly string[], commands: readonly CommandDefinition[]): string {
  const topic = words.filter((word) => !word.startsWith('-')).join(' ');
  if (topic === '' || commands.some(({ name }) => name === topic || name.startsWith(`${topic} `))) return topic;
  throw unknownCommand(topic.split(' '), commands);
}

function unknownCommand(words: readonly string[], commands: readonly CommandDefinition[]): RpmDepsError {
  const family = words.length > 1 ? `${words[0]} ` : '';
  const names = commands.map(({ name }) => name).filter((name) => name.startsWith(family));
  const typed = words.join(' ');
  const nearest = nearestOf(typed, [...names, ...names.map((name) => name.split(' ')[0]!)]);
  const own = nearest === undefined ? undefined : `did you mean \`rpm-deps ${nearest}\`?`;
  const mistyped = hintForOtherTool(nearestOf(typed, WORDS_OF_OTHER_TOOLS) ?? '');
  const hint = hintForOtherTool(typed) ?? own ?? mistyped ?? '`rpm-deps --help` lists the commands';
  return new RpmDepsError('USAGE', `unknown command \`${typed}\``, { hint });
}

function unknownOption(written: string, definitions: readonly OptionDefinition[], command: CommandDefinition | undefined): RpmDepsError {
  const names = definitions.flatMap(({ name, negatable }) => (negatable === true ? [`--${name}`, `--no-${name}`] : [`--${name}`]));
  const nearest = written.startsWith('--') ? nearestOf(written, names) : undefined;
  const where = command === undefined ? 'before a command there is' : `\`${command.name}\` has`;
  return usage(`${where} no option \`${written}\``, command, nearest && `did you mean \`${nearest}\`?`);
}

function usage(message: string, command: CommandDefinition | undefined, hint?: string): RpmDepsError {
  const help = command === undefined ? 'rpm-deps --help' : `rpm-deps ${command.name} --help`;
  return new RpmDepsError('USAGE', message, { hint: hint ?? `\`${help}\` lists what it accepts` });
}
