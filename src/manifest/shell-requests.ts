/**
 * Finds the dnf requests in a shell script for one architecture, without running anything. Follows variables, conditions on the architecture, loops,
 * functions and package lists. If the value of a condition is unknown, it follows both branches.
 */

import { findArchitecture } from '../rpm/container-architecture.ts';
import { globMatcher } from '../rpm/glob.ts';
import { addDnfCommand, type DnfTarget, type ScriptPlace, UNKNOWN } from './dnf-command.ts';
import { type Command, parseShell, ShellSyntaxError, type Word } from './shell-syntax.ts';

export interface ShellWorld extends DnfTarget {
  readonly architecture: string;
  readonly variables: Map<string, string>;
  /** Number of commands that may still be followed, for all scripts together. */
  readonly steps: { left: number };
  /** The text and source of a file of the image that a COPY added; undefined if there is none. */
  readonly file: (path: string) => { readonly path: string; readonly text: string } | undefined;
}

const MAX_DEPTH = 30;
const MAX_TEXT = 1 << 20;
const MAX_WORDS = 10_000;

/** Undefined: unknown. */
type Status = boolean | undefined;

/** Follows a script. A script that cannot be parsed is reported if it may contain package commands. */
export function followScript(text: string, place: ScriptPlace, world: ShellWorld): void {
  new Follower(world, place).run(text);
}

class Follower {
  readonly #world: ShellWorld;
  #place: ScriptPlace;
  readonly #functions = new Map<string, Command>();
  #output = '';
  #input = UNKNOWN;
  #depth = 0;

  constructor(world: ShellWorld, place: ScriptPlace) {
    this.#world = world;
    this.#place = place;
  }

  run(text: string): void {
    try {
      this.#follow(parseShell(text));
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      if (INSTALLS.test(text)) this.#world.requests.others.push({ action: 'a script that cannot be followed', place: this.#place });
    }
  }

  #follow(command: Command): Status {
    if (--this.#world.steps.left < 0 || this.#depth > MAX_DEPTH) throw new ShellSyntaxError('too long');
    this.#depth++;
    try {
      return this.#followEach(command);
    } finally {
      this.#depth--;
    }
  }

  #followEach(command: Command): Status {
    switch (command.kind) {
      case 'list':
        return this.#list(command.items);
      case 'pipeline':
        return this.#pipeline(command.parts, command.negated);
      case 'if': {
        for (const [i, { condition, body }] of command.branches.entries()) {
          const status = this.#follow(condition);
          if (status === true) return this.#follow(body);
          if (status === undefined)
            return this.#either(body, { kind: 'if', branches: command.branches.slice(i + 1), otherwise: command.otherwise });
        }
        return this.#follow(command.otherwise);
      }
      case 'for': {
        for (const word of command.words.flatMap((each) => this.#fields(each))) {
          this.#world.variables.set(command.name, word);
          this.#follow(command.body);
        }
        return undefined;
      }
      case 'loop': {
        this.#follow(command.condition);
        this.#follow(command.body);
        return undefined;
      }
      case 'case':
        return this.#case(command);
      case 'function':
        this.#functions.set(command.name, command.body);
        return true;
      case 'simple':
        return this.#simple(command);
    }
  }

  #list(items: Extract<Command, { kind: 'list' }>['items']): Status {
    let status: Status = true;
    for (const { after, command } of items) {
      if ((after === '&&' && status === false) || (after === '||' && status === true)) continue;
      const own: Status = this.#follow(command);
      const decides: boolean = after === ';' || status !== undefined || own === (after === '||');
      status = decides ? own : undefined;
    }
    return status;
  }

  #pipeline(parts: readonly Command[], negated: boolean): Status {
    const [output, input] = [this.#output, this.#input];
    let status: Status;
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      this.#output = isLast ? output : '';
      status = this.#follow(part);
      if (!isLast) this.#input = this.#output;
    }
    this.#input = input;
    return negated && status !== undefined ? !status : status;
  }

  /** Follows both commands; a variable gets the values of both, separated by a space. */
  #either(one: Command, other: Command): Status {
    const { variables } = this.#world;
    const before = new Map(variables);
    this.#follow(one);
    const after = new Map(variables);
    variables.clear();
    for (const [name, value] of before) variables.set(name, value);
    this.#follow(other);
    for (const [name, value] of after) {
      const second = variables.get(name);
      variables.set(name, [...new Set([value, second ?? ''])].filter((text) => text !== '').join(' '));
    }
    return undefined;
  }

  #case({ word, branches }: Extract<Command, { kind: 'case' }>): Status {
    const text = this.#text(word);
    for (const { patterns, body } of branches) {
      if (text.includes(UNKNOWN)) this.#follow(body);
      else if (patterns.some((pattern) => globMatcher(this.#text(pattern))(text))) return this.#follow(body);
    }
    return undefined;
  }

  #simple(command: Extract<Command, { kind: 'simple' }>): Status {
    for (const { name, value } of command.assignments) this.#world.variables.set(name, this.#text(value));
    const words = command.words.flatMap((word) => this.#fields(word));
    const before = this.#input;
    if (command.input !== undefined)
      this.#input = 'text' in command.input ? command.input.text : this.#fileText(this.#text(command.input.file));
    const own = this.#place;
    if (own.line !== 0) this.#place = { file: own.file, line: own.line + command.line - 1 };
    const status = words.length === 0 ? true : this.#program(words);
    this.#place = own;
    this.#input = before;
    return status;
  }

  #program(given: readonly string[]): Status {
    const words = withoutPrefix(given);
    const [program = '', ...rest] = words;
    const body = this.#functions.get(program);
    if (body !== undefined) {
      rest.forEach((word, i) => void this.#world.variables.set(String(i + 1), word));
      this.#world.variables.set('@', rest.join(' '));
      return this.#follow(body);
    }
    const name = program.slice(program.lastIndexOf('/') + 1);
    const operands = rest.filter((word) => !word.startsWith('-'));
    switch (name) {
      case 'dnf':
      case 'dnf-3':
      case 'dnf4':
      case 'dnf5':
      case 'microdnf':
      case 'tdnf':
      case 'yum':
        addDnfCommand(rest, this.#place, this.#world);
        // Assume success: a command after `||` is for failures.
        return true;
      case 'eval':
        return this.#nested(rest.join(' '), this.#place);
      case '[':
      case 'test':
      case '[[':
        return testStatus(
          rest.filter((word) => word !== ']' && word !== ']]'),
          name === '[[',
        );
      case 'true':
      case ':':
        return true;
      case 'false':
        return false;
      case 'echo':
        return this.#print(rest.filter((word) => !/^-[neE]+$/.test(word)).join(' '));
      case 'printf':
        return this.#print(rest.length === 1 ? rest[0]! : rest.slice(1).join(' '));
      case 'arch':
        return this.#print(this.#world.architecture);
      case 'uname':
        return this.#print(/^-[mpi]$/.test(rest.join(' ')) ? this.#world.architecture : UNKNOWN);
      case 'go':
        return this.#print(rest.join(' ') === 'env GOARCH' ? (findArchitecture(this.#world.architecture)?.container ?? UNKNOWN) : UNKNOWN);
      case 'rpm':
        return this.#print(
          /^(?:-E|--eval) %\{?_(?:arch|target_cpu|host_cpu)\}?$/.test(rest.join(' ')) ? this.#world.architecture : UNKNOWN,
        );
      case 'cat':
        return this.#print(operands.length === 0 ? this.#input : this.#fileText(operands.at(-1)!));
      case 'grep':
      case 'egrep':
      case 'sed':
        return this.#filter(operands, rest);
      case 'xargs':
        return this.#program([
          ...xargsCommand(rest),
          ...(this.#input.includes(UNKNOWN) ? [UNKNOWN] : splitWords(packageLines(this.#input))),
        ]);
      case 'export':
      case 'readonly':
      case 'local':
      case 'declare':
        for (const word of operands) {
          const at = word.indexOf('=');
          if (at > 0) this.#world.variables.set(word.slice(0, at), word.slice(at + 1));
        }
        return true;
      case 'read':
      case 'mapfile':
      case 'readarray':
        for (const word of operands) this.#world.variables.set(word, UNKNOWN);
        return undefined;
      case 'shift':
        this.#world.variables.set('1', UNKNOWN);
        return true;
      case 'sh':
      case 'bash':
      case '.':
      case 'source':
        return this.#shell(rest);
    }
    if (program.includes(UNKNOWN) && INSTALLS.test(`dnf ${rest.join(' ')}`))
      this.#world.requests.unknown.push({ word: program.replaceAll(UNKNOWN, '$'), place: this.#place });
    if (/\.(?:sh|bash)$/.test(program)) return this.#shell([program]);
    this.#print(UNKNOWN);
    return undefined;
  }

  #shell(rest: readonly string[]): Status {
    const at = rest.findIndex((word) => /^-\w*c$/.test(word));
    if (at >= 0) return this.#nested(rest[at + 1] ?? '', this.#place);
    const path = rest.find((word) => !word.startsWith('-'));
    if (path === undefined) return this.#input.includes(UNKNOWN) ? undefined : this.#nested(this.#input, this.#place);
    const found = this.#world.file(path);
    return found === undefined ? undefined : this.#nested(found.text, { file: found.path, line: 1 });
  }

  #nested(text: string, place: ScriptPlace): Status {
    if (this.#depth > MAX_DEPTH) return undefined;
    const own = this.#place;
    this.#place = place;
    this.#depth += 5;
    this.run(text.includes(UNKNOWN) ? '' : text);
    this.#depth -= 5;
    this.#place = own;
    return undefined;
  }

  #filter(operands: readonly string[], rest: readonly string[]): Status {
    const isRemoving = rest.some((word) => /^-\w*v/.test(word)) || rest.some((word) => word.includes('#'));
    const text = operands.length < 2 ? this.#input : this.#fileText(operands.at(-1)!);
    this.#print(isRemoving ? packageLines(text) : UNKNOWN);
    return undefined;
  }

  #print(text: string): true {
    this.#output += `${this.#output === '' ? '' : '\n'}${text}`;
    if (this.#output.length > MAX_TEXT) throw new ShellSyntaxError('prints too much');
    return true;
  }

  #fileText = (path: string): string => (path.includes(UNKNOWN) ? UNKNOWN : (this.#world.file(path)?.text ?? UNKNOWN));

  /** Splits a word into fields, as a shell does. */
  #fields(word: Word): string[] {
    const fields: string[] = [];
    let current: string | undefined;
    for (const part of word) {
      const text = this.#partText(part);
      if (part.quoted || part.kind === 'text') {
        current = (current ?? '') + text;
        continue;
      }
      const pieces = text.split(/\s+/);
      for (const [i, piece] of pieces.entries()) {
        if (i > 0 && current !== undefined) fields.push(current);
        if (i > 0) current = undefined;
        if (piece !== '') current = (current ?? '') + piece;
      }
    }
    if (current !== undefined) fields.push(current);
    if (fields.some(({ length }) => length > MAX_TEXT)) throw new ShellSyntaxError('a word is too long');
    const hasBraces = word.some((part) => part.kind === 'text' && !part.quoted && part.text.includes('{'));
    return hasBraces ? fields.flatMap(expandBraces) : fields;
  }

  #text(word: Word): string {
    const text = word.map((part) => this.#partText(part)).join('');
    if (text.length > MAX_TEXT) throw new ShellSyntaxError('a value is too long');
    return text;
  }

  #partText(part: Word[number]): string {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'output') {
      const output = this.#output;
      this.#output = '';
      this.#follow(part.script);
      const text = this.#output;
      this.#output = output;
      return text;
    }
    const value = this.#world.variables.get(part.name) ?? (part.name === 'HOSTTYPE' ? this.#world.architecture : undefined);
    if (part.operator.endsWith('+')) return value === undefined || value === '' ? '' : this.#text(part.other);
    if (value !== undefined && (value !== '' || !part.operator.startsWith(':'))) return value;
    return part.operator === '' ? UNKNOWN : this.#text(part.other);
  }
}

const INSTALLS = /\b(?:microdnf|tdnf|dnf[345]?|yum)\b[^\n]*\b(?:\w*install|upgrade|update|swap|enable)\b/;

/** Removes prefix programs with their options and durations: `sudo -E`, `timeout 5m`, `nice -n 10`. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  let at = 0;
  for (let isBehind = false; at < words.length; at++) {
    const word = words[at]!;
    if (RUNS_ANOTHER.test(word)) isBehind = true;
    else if (!isBehind || !/^-|^\d[\d.]*[smhd]?$/.test(word)) break;
  }
  return words.slice(at);
}

const RUNS_ANOTHER = /^(?:sudo|exec|time|timeout|env|command|builtin|nice|ionice|nohup|stdbuf|setsid|\w+=.*)$/s;

/** The command of xargs, without its options. */
function xargsCommand(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, i) => !word.startsWith('-') && !/^-[nLPIsda]$/.test(words[i - 1] ?? ''));
  return at < 0 ? ['echo'] : words.slice(at);
}

/** Lines of a package list, without comments. */
const packageLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .join('\n');

const splitWords = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Expands `a{b,c}` to `ab` and `ac`. */
function expandBraces(text: string): string[] {
  let found = [''];
  for (const [, plain = '', list] of text.matchAll(/((?:[^{]|\{(?![^{}]*,[^{}]*\}))+)|\{([^{}]*,[^{}]*)\}/g)) {
    const items = list === undefined ? [plain] : list.split(',');
    if (found.length * items.length > MAX_WORDS) throw new ShellSyntaxError('too many words');
    found = found.flatMap((before) => items.map((item) => before + item));
  }
  return found;
}

/** `[ A = B ]` and similar tests; the result of file tests is unknown. */
function testStatus(words: readonly string[], isPattern: boolean): Status {
  for (const [operators, isDone] of [
    [['||', '-o'], true],
    [['&&', '-a'], false],
  ] as const) {
    const at = words.findIndex((word) => (operators as readonly string[]).includes(word));
    if (at < 0) continue;
    const [one, other] = [testStatus(words.slice(0, at), isPattern), testStatus(words.slice(at + 1), isPattern)];
    if (one === isDone || other === isDone) return isDone;
    return one === undefined || other === undefined ? undefined : !isDone;
  }
  if (words[0] === '!') {
    const status = testStatus(words.slice(1), isPattern);
    return status === undefined ? undefined : !status;
  }
  if (words.some((word) => word.includes(UNKNOWN))) return undefined;
  const [left = '', operator, right] = words;
  if (words.length === 1) return left !== '';
  if (words.length === 2) return left === '-n' ? operator !== '' : left === '-z' ? operator === '' : undefined;
  if (words.length !== 3) return undefined;
  const isSame = isPattern ? globMatcher(right!)(left) : left === right;
  return operator === '=' || operator === '==' ? isSame : operator === '!=' ? !isSame : undefined;
}
