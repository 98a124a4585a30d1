/**
 * What a shell script asks dnf to do on one architecture, found without running anything: variables, conditions about the architecture, loops,
 * functions and files of packages are followed. Where a condition is not known, both branches count.
 */

import { splitList } from '../base/split-list.ts';
import { findArchitecture } from '../rpm/container-architecture.ts';
import { globMatcher } from '../rpm/glob.ts';
import { type DnfConfiguration, OTHER_SETTINGS } from './dnf-configuration.ts';
import { parseFlag } from './repo-file.ts';
import { type Command, parseShell, ShellSyntaxError, type Word } from './shell-syntax.ts';

export interface DnfRequests {
  readonly install: Set<string>;
  readonly upgrade: Set<string>;
  readonly reinstall: Set<string>;
  readonly sync: Set<string>;
  readonly remove: Set<string>;
  readonly enable: Set<string>;
  readonly disable: Set<string>;
  /** Words that nothing here decides. */
  readonly unknown: { readonly word: string; readonly place: ScriptPlace }[];
  /** What else it does with packages. */
  readonly others: { readonly action: string; readonly place: ScriptPlace }[];
  /** Of each command that installs. */
  readonly options: DnfOptions[];
  /** Where it installs into another root than that of the image. */
  readonly otherRoots: ScriptPlace[];
}

/** Options of one command that change which packages it installs. */
export interface DnfOptions {
  readonly place: ScriptPlace;
  readonly exclude: readonly string[];
  /** Undefined where it is the configuration's. */
  readonly weakDependencies: boolean | undefined;
  readonly best: boolean;
  readonly allowErasing: boolean;
}

export interface ScriptPlace {
  readonly file: string;
  readonly line: number;
}

export interface ShellWorld {
  readonly architecture: string;
  readonly variables: Map<string, string>;
  readonly requests: DnfRequests;
  /** dnf.conf, as far as the Containerfile sets it. */
  readonly configuration?: DnfConfiguration;
  /** How many commands are still followed, in all scripts together. */
  readonly steps: { left: number };
  /** The text of a file of the image that came with a COPY, and where it is from; undefined where there is none. */
  readonly file: (path: string) => { readonly path: string; readonly text: string } | undefined;
}

export const emptyRequests = (): DnfRequests => ({
  install: new Set(),
  upgrade: new Set(),
  reinstall: new Set(),
  sync: new Set(),
  remove: new Set(),
  enable: new Set(),
  disable: new Set(),
  unknown: [],
  others: [],
  options: [],
  otherRoots: [],
});

/** Stands for a text that is not known. */
const UNKNOWN = '\0';
const MAX_DEPTH = 30;
const MAX_TEXT = 1 << 20;
const MAX_WORDS = 10_000;

/** Undefined: not known. */
type Status = boolean | undefined;

/** Follows a script. One that is not understood is a request of its own, where it may be about packages. */
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

  /** Both; a variable that they set differently has both values. */
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
        this.#dnf(rest);
        // What stands behind `||` is for a failure.
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

  /** The fields that the shell makes of a word. */
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

  #dnf(words: readonly string[]): void {
    const plain = words.filter((word, i) => !word.startsWith('-') && !WITH_VALUE.has(words[i - 1] ?? ''));
    // Options that a variable holds.
    while (plain[0]?.includes(UNKNOWN)) plain.shift();
    const { requests } = this.#world;
    const [first = '', ...rest] = plain;
    const [next = '', ...behind] = rest;
    const action = ALIASES[first] ?? first;
    const refuse = (what: string): void => void requests.others.push({ action: `dnf ${what}`, place: this.#place });
    const add = (set: Set<string>, names: readonly string[], prefix = ''): void => {
      for (const name of names) {
        if (name.includes(UNKNOWN)) requests.unknown.push({ word: name.replaceAll(UNKNOWN, '$'), place: this.#place });
        else if (/^(?:https?|ftp|file):|\.rpm$/.test(name)) refuse(`${first} ${name}`);
        else if (name !== '') set.add(prefix + name);
      }
    };
    const limit = words.map((word) => word.replace(/=.*/s, '')).find((word) => LIMITS.has(word));
    if (limit !== undefined && CHANGES.has(action)) {
      refuse(`${first} ${limit}`);
      return;
    }
    const isInstalling =
      CHANGES.has(action) || /^group-?install$/.test(action) || (/^(?:module|groups?)$/.test(action) && next === 'install');
    if (isInstalling) this.#options(first, words);
    if (CHANGES.has(action) && words.some((word) => /^--installroot(?:=|$)/.test(word))) requests.otherRoots.push(this.#place);
    if (action === 'install') add(requests.install, rest);
    // Without names it is everything.
    else if (action === 'upgrade') add(requests.upgrade, rest.length === 0 ? ['*'] : rest);
    else if (action === 'distro-sync') add(requests.sync, rest.length === 0 ? ['*'] : rest);
    else if (action === 'reinstall') add(requests.reinstall, rest);
    else if (action === 'swap' && behind.length === 1) {
      add(requests.remove, [next]);
      add(requests.install, behind);
    } else if (action === 'module' && next === 'install') add(requests.install, behind, '@');
    else if (action === 'module' && next === 'enable') add(requests.enable, behind);
    else if (action === 'module' && next === 'disable') add(requests.disable, behind);
    else if (action === 'module' && next === 'reset') this.#reset(behind);
    else if (/^group-?install$/.test(action)) add(requests.install, rest, '@');
    else if (/^groups?$/.test(action) && next === 'install') add(requests.install, behind, '@');
    else if (UNSUPPORTED.has(action)) refuse(first);
    else if (/^(?:module|groups?)$/.test(action) && /^(?:switch-to|update|upgrade)$/.test(next)) refuse(`${first} ${next}`);
  }

  #options(command: string, words: readonly string[]): void {
    const { requests } = this.#world;
    const { configuration = {} } = this.#world;
    const exclude: string[] = [];
    let { weakDependencies, best = false, exclude: configured = [] } = configuration;
    let allowErasing = false;
    for (const key of configuration.others ?? []) requests.others.push({ action: `${key} of dnf.conf`, place: this.#place });
    for (const { name, value } of optionsOf(words)) {
      const key = name.replace(/^(?:-x|--exclude|--excludepkgs)$/, 'excludepkgs').replace(/^(.*\.)?exclude$/, '$1excludepkgs');
      if (key === '--best' || key === '--nobest' || key === '--no-best') best = key === '--best';
      else if (key === '--allowerasing') allowErasing = true;
      else if (key === 'excludepkgs') exclude.push(...splitList(value));
      else if (key === 'install_weak_deps') weakDependencies = parseFlag(value) ?? weakDependencies;
      else if (key === 'best') best = parseFlag(value) ?? best;
      else if (/^--disable-?exclude(?:pkg)?s$/.test(key)) configured = /all|main|\*/.test(value) ? [] : configured;
      else if (OTHER_OPTIONS.test(key) || OTHER_SETTINGS.test(key))
        requests.others.push({ action: `dnf ${command} ${name}`, place: this.#place });
      else continue;
      if (value.includes(UNKNOWN)) requests.unknown.push({ word: `${name}=${value.replaceAll(UNKNOWN, '$')}`, place: this.#place });
    }
    requests.options.push({
      place: this.#place,
      exclude: [...new Set([...configured, ...exclude])].sort(),
      weakDependencies,
      best,
      allowErasing,
    });
  }

  /** Streams of these modules are as if nothing had been said before. */
  #reset(names: readonly string[]): void {
    const { enable, disable } = this.#world.requests;
    const modules = new Set(names.map((name) => name.replace(/[:/].*/s, '')));
    for (const set of [enable, disable]) for (const name of [...set]) if (modules.has(name.replace(/[:/].*/s, ''))) set.delete(name);
  }
}

/** Of dnf 4, dnf 5 and yum. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ in: 'install', 'install-n': 'install', 'install-na': 'install', 'install-nevra': 'install' },
  ...{ update: 'upgrade', up: 'upgrade', 'upgrade-to': 'upgrade', 'update-to': 'upgrade', rei: 'reinstall' },
  ...{ dsync: 'distro-sync', distrosync: 'distro-sync', 'distribution-synchronization': 'distro-sync' },
};

const CHANGES = new Set(['install', 'upgrade', 'distro-sync', 'reinstall', 'swap']);

/** Which packages they leave is in metadata that is not asked here. */
const LIMITS = new Set(
  '--security --bugfix --enhancement --newpackage --advisory --advisories --bz --bzs --cve --cves --sec-severity --secseverity --with-optional'.split(
    ' ',
  ),
);

/** Options that change the answer and are not followed. */
const OTHER_OPTIONS = /^(?:--forcearch|--obsoletes)$/;

/** Options with their values, and what `--setopt` sets under its own name. */
function optionsOf(words: readonly string[]): { name: string; value: string }[] {
  return words.flatMap((word, i) => {
    const [, name = word, given] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? /^(-x)=?(.+)$/s.exec(word) ?? [];
    if (!name.startsWith('-') || WITH_VALUE.has(words[i - 1] ?? '')) return [];
    const value = given ?? (WITH_VALUE.has(name) ? (words[i + 1] ?? '') : '');
    if (name !== '--setopt') return [{ name, value }];
    const [, key = '', set = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(value) ?? [];
    return [{ name: key, value: set.trim() }];
  });
}

/** Commands that download packages, and are not followed. */
const UNSUPPORTED = new Set(
  (
    'downgrade dg swap builddep build-dep localinstall localupdate upgrade-minimal update-minimal up-min groupupdate groupupgrade ' +
    'download reposync offline-upgrade offline-distrosync system-upgrade shell debuginfo-install do'
  ).split(' '),
);

/** Options of dnf that take the next word as their value. */
const WITH_VALUE = new Set(
  (
    '-c -x -d -e -R --releasever --installroot --setopt --repo --repoid --enablerepo --enable-repo --disablerepo --disable-repo --exclude ' +
    '--excludepkgs --forcearch --config --repofrompath --comment --destdir --downloaddir --disableplugin --enableplugin --disable-plugin ' +
    '--enable-plugin --disableexcludes --disableexcludepkgs --debuglevel --errorlevel --rpmverbosity --color --randomwait --advisory ' +
    '--advisories --bz --bzs --cve --cves --sec-severity --secseverity'
  ).split(' '),
);

const INSTALLS = /\b(?:microdnf|tdnf|dnf[345]?|yum)\b[^\n]*\b(?:\w*install|upgrade|update|swap|enable)\b/;

/** Without programs that run another, with their options and durations: `sudo -E`, `timeout 5m`, `nice -n 10`. */
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

/** The command of xargs, behind its options. */
function xargsCommand(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, i) => !word.startsWith('-') && !/^-[nLPIsda]$/.test(words[i - 1] ?? ''));
  return at < 0 ? ['echo'] : words.slice(at);
}

/** Lines of a list of packages, without comments. */
const packageLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .join('\n');

const splitWords = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** `a{b,c}` is `ab` and `ac`. */
function expandBraces(text: string): string[] {
  let found = [''];
  for (const [, plain = '', list] of text.matchAll(/((?:[^{]|\{(?![^{}]*,[^{}]*\}))+)|\{([^{}]*,[^{}]*)\}/g)) {
    const items = list === undefined ? [plain] : list.split(',');
    if (found.length * items.length > MAX_WORDS) throw new ShellSyntaxError('too many words');
    found = found.flatMap((before) => items.map((item) => before + item));
  }
  return found;
}

/** `[ A = B ]` and its kin; conditions about files are not known. */
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
