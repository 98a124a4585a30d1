/** Package requests to dnf in the RUN instructions of a Containerfile, for each architecture; also reads copied scripts and package lists. */

import { dirname, posix } from 'node:path';
import { quoteWord } from '../base/quote-word.ts';
import { hasGlob } from '../rpm/glob.ts';
import {
  type ContainerfileStage,
  chooseStage,
  type Instruction,
  instructions,
  parentOf,
  platformArguments,
  readStages,
  type StageChoice,
} from './containerfile.ts';
import { type DnfRequests, emptyRequests } from './dnf-command.ts';
import { configuredByScript, DNF_CONFIGURATIONS, type DnfConfiguration, readConfiguration } from './dnf-configuration.ts';
import { followScript } from './shell-requests.ts';
import { parseShell, ShellSyntaxError, type Word } from './shell-syntax.ts';

/** The text of a file, relative to the folder of the manifest; undefined if it does not exist. */
type ReadOptional = (path: string) => Promise<string | undefined>;

export interface ContainerfileInput extends StageChoice {
  readonly text: string;
  /** Relative to the folder of the manifest. */
  readonly path: string;
  readonly architectures: readonly string[];
  readonly read: ReadOptional;
}

/** Maximum depth of scripts that run other scripts. */
const MAX_ROUNDS = 10;
const MAX_FILES = 100;
const MAX_STEPS = 50_000;
const MAX_VALUE = 100_000;

export async function requestsOfContainerfile(input: ContainerfileInput): Promise<ReadonlyMap<string, DnfRequests>> {
  const files = new Map<string, string | undefined>();
  for (let round = 0; ; round++) {
    const wanted = new Set<string>();
    const requests = new Map(
      input.architectures.map((architecture) => [architecture, new Builder(input, architecture, files, wanted).requests()] as const),
    );
    if (wanted.size === 0 || round === MAX_ROUNDS || files.size > MAX_FILES) return requests;
    for (const path of wanted) files.set(path, await input.read(path));
  }
}

interface Copied {
  readonly from: string;
  readonly to: string;
}

class Builder {
  readonly #input: ContainerfileInput;
  readonly #architecture: string;
  readonly #files: ReadonlyMap<string, string | undefined>;
  readonly #wanted: Set<string>;
  readonly #requests = emptyRequests();
  readonly #steps = { left: MAX_STEPS };
  #variables = new Map<string, string>();
  #copied: Copied[] = [];
  #folder = '/';
  #configuration: DnfConfiguration = {};

  constructor(input: ContainerfileInput, architecture: string, files: ReadonlyMap<string, string | undefined>, wanted: Set<string>) {
    this.#input = input;
    this.#architecture = architecture;
    this.#files = files;
    this.#wanted = wanted;
  }

  requests(): DnfRequests {
    const { text, path, stage } = this.#input;
    const stages = readStages(text, path, {}, { lenient: true });
    if (stages.length === 0) return this.#requests;
    const chosen = chooseStage(stages, stage, path);
    const parts = partsOf(instructions(text), stages);
    for (const [name, value] of Object.entries(platformArguments(this.#architecture))) this.#variables.set(name, value);
    this.#set(parts.get(undefined) ?? []);
    // Use the variables of parent stages, but not their packages: the base contains those.
    const ancestors: ContainerfileStage[] = [];
    for (let parent = parentOf(stages, chosen); parent !== undefined; parent = parentOf(stages, parent)) ancestors.unshift(parent);
    for (const ancestor of ancestors) this.#set(parts.get(ancestor) ?? []);
    this.#set(parts.get(chosen) ?? [], (instruction) => this.#run(instruction));
    return this.#requests;
  }

  #set(all: readonly Instruction[], run?: (instruction: Instruction) => void): void {
    for (const instruction of all) {
      const { keyword, rest } = instruction;
      if (keyword === 'ARG') this.#argument(rest);
      else if (keyword === 'ENV') this.#environment(rest);
      else if (keyword === 'WORKDIR') this.#folder = posix.resolve(this.#folder, this.#fill(rest));
      else if (keyword === 'COPY' || keyword === 'ADD') this.#copy(instruction);
      else if (keyword === 'RUN') {
        this.#configuration = configuredByScript(scriptOf(instruction), this.#configuration);
        run?.(instruction);
      }
    }
  }

  #argument(rest: string): void {
    for (const { name, value } of assignmentsOf(rest)) {
      const given = this.#input.args?.[name];
      if (given !== undefined) this.#variables.set(name, given);
      else if (value !== undefined) this.#variables.set(name, this.#fill(value));
      else if (!this.#variables.has(name)) this.#variables.set(name, '');
    }
  }

  #environment(rest: string): void {
    const before = new Map(this.#variables);
    const [, name, text] = /^(\w+)\s+(.*)$/s.exec(rest) ?? [];
    if (name !== undefined) this.#variables.set(name, this.#fill(text!));
    else for (const assigned of assignmentsOf(rest)) this.#variables.set(assigned.name, fillText(assigned.value ?? '', before));
  }

  #fill = (text: string): string => fillText(text, this.#variables);

  #copy({ rest, documents }: Instruction): void {
    if (/--from=/.test(rest)) return;
    const words = wordsOf(rest)
      .filter((word) => !word.startsWith('--'))
      .map(this.#fill);
    const to = posix.resolve(this.#folder, words.at(-1) ?? '/');
    const copied = words.slice(0, -1).map((from) => ({ from: posix.normalize(from).replace(/^\/+|\/$/g, ''), to }));
    this.#copied.push(...copied);
    for (const path of DNF_CONFIGURATIONS) {
      const [document] = documents;
      const text = document !== undefined && to === path ? document.text : this.#firstText(this.#inProject(copiedFrom(path, copied)))?.text;
      if (text !== undefined) this.#configuration = readConfiguration(text);
    }
  }

  #run(instruction: Instruction): void {
    const { rest, line, documents } = instruction;
    const command = withoutFlags(rest);
    const world = {
      architecture: this.#architecture,
      variables: new Map(this.#variables),
      requests: this.#requests,
      configuration: this.#configuration,
      steps: this.#steps,
      file: this.#file,
    };
    const place = { file: this.#input.path, line };
    const exec = execForm(command);
    const [first] = documents;
    if (exec !== undefined) followScript(exec, place, world);
    else if (first !== undefined && command.startsWith('<<')) followScript(first.text, { ...place, line: line + 1 }, world);
    else followScript(scriptOf(instruction), place, world);
  }

  #file = (path: string): { path: string; text: string } | undefined => {
    const absolute = posix.resolve(this.#folder, path);
    // The copied file, or a file of the same name next to the Containerfile.
    return this.#firstText(this.#inProject([...copiedFrom(absolute, this.#copied), posix.basename(path)]));
  };

  #firstText(paths: readonly string[]): { path: string; text: string } | undefined {
    for (const path of paths) {
      if (!this.#files.has(path)) this.#wanted.add(path);
      const text = this.#files.get(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }

  /** Possible paths in the project of files of the build context. */
  #inProject(paths: readonly string[]): string[] {
    const folder = dirname(this.#input.path);
    return paths.flatMap((each) => {
      // Never leave the project.
      const inside = posix.normalize(each);
      if (inside === '.' || inside.startsWith('..') || inside.startsWith('/') || hasGlob(inside) || /^\w+:/.test(inside)) return [];
      return folder === '.' ? [inside] : [posix.join(folder, inside), inside];
    });
  }
}

/** Possible sources in the build context of a file in the image; the last COPY first. */
function copiedFrom(path: string, copied: readonly Copied[]): string[] {
  return copied.toReversed().flatMap(({ from, to }) => {
    const below = to === '/' ? '/' : `${to}/`;
    const rest = path.startsWith(below) ? path.slice(below.length) : undefined;
    return [
      ...(path === to ? [from] : []),
      ...(rest === undefined
        ? []
        : [hasGlob(from) ? posix.join(posix.dirname(from), rest) : posix.basename(from) === rest ? from : posix.join(from, rest)]),
    ];
  });
}

const withoutFlags = (rest: string): string => rest.replace(/^(?:--\S+\s+)*/, '');

/** The command with its here-documents, as input for a shell. */
const scriptOf = ({ rest, documents }: Instruction): string =>
  withoutFlags(rest) + documents.map(({ end, text }) => `\n${text}\n${end}`).join('');

/** Instructions by stage; those before the first stage have the key undefined. */
function partsOf(all: readonly Instruction[], stages: readonly ContainerfileStage[]): Map<ContainerfileStage | undefined, Instruction[]> {
  const parts = new Map<ContainerfileStage | undefined, Instruction[]>();
  let stage = -1;
  for (const instruction of all) {
    if (instruction.keyword === 'FROM') stage++;
    const part = parts.get(stages[stage]) ?? [];
    part.push(instruction);
    parts.set(stages[stage], part);
  }
  return parts;
}

/** Splits into words, which keep their quotes. */
const wordsOf = (text: string): string[] => [...text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs)].map(([word]) => word);

function assignmentsOf(text: string): { name: string; value: string | undefined }[] {
  return wordsOf(text).flatMap((word) => {
    const [, name, value] = /^(\w+)(?:=(.*))?$/s.exec(word) ?? [];
    return name === undefined ? [] : [{ name, value }];
  });
}

/** Expands variables and removes quotes, as a builder does in ARG and ENV. */
function fillText(text: string, variables: ReadonlyMap<string, string>): string {
  const textOf = (word: Word): string =>
    word
      .map((part) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'output') return '';
        const value = variables.get(part.name);
        if (part.operator.endsWith('+')) return value ? textOf(part.other) : '';
        return value !== undefined && (value !== '' || !part.operator.startsWith(':')) ? value : textOf(part.other);
      })
      .join('');
  try {
    const [first] = listOf(parseShell(`: ${text}`));
    const value = first?.kind === 'simple' ? first.words.slice(1).map(textOf).join(' ') : text;
    return value.slice(0, MAX_VALUE);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return text;
  }
}

const listOf = (command: ReturnType<typeof parseShell>) => (command.kind === 'list' ? command.items.map((item) => item.command) : []);

/** Converts `["dnf", "install", "-y", "make"]` to a script; undefined for other forms. */
function execForm(command: string): string | undefined {
  if (!command.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(command);
    if (!Array.isArray(words)) return undefined;
    return words.map((word) => quoteWord(String(word))).join(' ');
  } catch {
    return undefined;
  }
}
