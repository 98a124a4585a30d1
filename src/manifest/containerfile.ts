/**
 * What a Containerfile starts from: the `FROM` of a stage, with `ARG`s filled in (Containerfile(5); Dockerfile reference). Nothing is run.
 */
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';

interface ContainerfileStage {
  /** Lower case; undefined for a stage without `AS`. */
  readonly name: string | undefined;
  /** What `FROM` names, with variables filled in: an image, or an earlier stage. */
  readonly from: string;
  readonly line: number;
}

export interface StageChoice {
  /** Name or number (from 0) of a stage; the last one where neither is given. */
  readonly stage?: string | number | undefined;
  /** Values of `ARG`, before those that the file itself gives. */
  readonly args?: Readonly<Record<string, string>> | undefined;
}

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
  readonly line: number;
}

const MAX_BYTES = 1 << 20;
const MAX_FROM = 2000;

/** The image that a stage is built on; a stage that starts from another one has that one's. Throws USAGE with file and line. */
export function baseOfContainerfile(text: string, file: string, { stage, args = {} }: StageChoice = {}): string {
  if (text.length > MAX_BYTES) throw new RpmDepsError('USAGE', `${file} is larger than ${MAX_BYTES >> 20} MiB`);
  const stages = readStages(text, file, args);
  if (stages.length === 0) throw new RpmDepsError('USAGE', `${file} has no \`FROM\``, { hint: 'name another file with `containerfile:`' });
  let chosen = chooseStage(stages, stage, file);
  // A stage can only start from an earlier one, so this ends.
  for (;;) {
    const at = stages.indexOf(chosen);
    const earlier = stages.slice(0, at).findLast(({ name }, i) => name === chosen.from.toLowerCase() || String(i) === chosen.from);
    if (earlier === undefined) break;
    chosen = earlier;
  }
  if (chosen.from === 'scratch') {
    throw new RpmDepsError('USAGE', `${file}:${chosen.line}: the stage starts from \`scratch\`, where nothing is installed`, {
      hint: 'leave `base` out of the set, or choose another stage with `stage:`',
    });
  }
  return chosen.from;
}

function chooseStage(stages: readonly ContainerfileStage[], stage: string | number | undefined, file: string): ContainerfileStage {
  if (stage === undefined) return stages.at(-1)!;
  const found = typeof stage === 'number' ? stages[stage] : stages.findLast(({ name }) => name === stage.toLowerCase());
  if (found !== undefined) return found;
  const names = stages.flatMap(({ name }) => (name === undefined ? [] : [name]));
  throw new RpmDepsError('USAGE', `${file} has no stage \`${printable(String(stage))}\``, {
    hint: `it has ${stages.length} stages, from 0${names.length === 0 ? '' : `; named: ${names.join(', ')}`}`,
  });
}

function readStages(
  text: string,
  file: string,
  args: Readonly<Record<string, string>>,
  { lenient }: { readonly lenient: boolean } = { lenient: false },
): ContainerfileStage[] {
  const variables = new Map<string, string>();
  const stages: ContainerfileStage[] = [];
  for (const { keyword, rest, line } of instructions(text)) {
    // Only `ARG`s before the first `FROM` count in `FROM`.
    if (keyword === 'ARG' && stages.length === 0 && !lenient) {
      for (const [, name, value] of rest.matchAll(/([A-Za-z_][A-Za-z0-9_]*)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
        const given = Object.hasOwn(args, name!)
          ? args[name!]
          : value === undefined
            ? undefined
            : expand(unquote(value), variables, { file, line });
        if (given !== undefined) variables.set(name!, given);
      }
    }
    if (keyword !== 'FROM') continue;
    const words = rest.replace(/^(?:--\S+\s+)*/, '').split(/\s+/);
    if (words[0] === undefined || words[0] === '' || words[0].length > MAX_FROM)
      throw new RpmDepsError('USAGE', `${file}:${line}: \`FROM\` names no image`);
    const name = words[1]?.toUpperCase() === 'AS' ? words[2]?.toLowerCase() : undefined;
    const from = unquote(words[0]);
    // Whoever asks for what is run needs no image.
    stages.push({ name, from: lenient ? from : expand(from, variables, { file, line }), line });
  }
  return stages;
}

/** Lines that end in the escape character go on; comments and empty lines within do not end them. */
function* instructions(text: string): Generator<Instruction> {
  const continuation = /^(?:\s*#[^\n]*\n)*\s*#\s*escape\s*=\s*`/i.test(text) ? '`' : '\\';
  let pending: { text: string; line: number } | undefined;
  let heredoc: string | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (heredoc !== undefined) {
      if (raw.trim() === heredoc) heredoc = undefined;
      continue;
    }
    if (/^\s*(?:#|$)/.test(raw)) continue;
    const goesOn = raw.trimEnd().endsWith(continuation);
    const part = goesOn ? raw.trimEnd().slice(0, -1) : raw;
    pending = { text: pending === undefined ? part : `${pending.text} ${part}`, line: pending?.line ?? i + 1 };
    if (goesOn) continue;
    yield* instruction(pending);
    heredoc = /^\s*(?:RUN|COPY|ADD)\b.*<<-?\s*["']?([A-Za-z_]\w*)["']?/i.exec(pending.text)?.[1];
    pending = undefined;
  }
  if (pending !== undefined) yield* instruction(pending);
}

function* instruction({ text, line }: { text: string; line: number }): Generator<Instruction> {
  const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? [];
  yield { keyword: keyword.toUpperCase(), rest: rest.trim(), line };
}

const unquote = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`. */
function expand(text: string, variables: ReadonlyMap<string, string>, place: { readonly file: string; readonly line: number }): string {
  return text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^}]*))?\})/g,
    (_, plain?: string, braced?: string, operator?: string, word = '') => {
      const name = plain ?? braced!;
      const value = variables.get(name);
      const isSet = value !== undefined && (value !== '' || operator?.startsWith(':') !== true);
      if (operator?.endsWith('+') === true) return isSet ? word : '';
      if (isSet) return value;
      if (operator !== undefined) return word;
      throw new RpmDepsError('USAGE', `${place.file}:${place.line}: \`FROM\` needs the build argument \`${name}\`, which has no default`, {
        hint: `give it a default with \`ARG ${name}=...\` before the first \`FROM\`, or a value with \`args:\` of the base`,
      });
    },
  );
}

/** Options of dnf that take the next word as their value. */
const WITH_VALUE = new Set(
  '-c -x -d -e -R --releasever --installroot --setopt --repo --repoid --enablerepo --disablerepo --exclude --forcearch'.split(' '),
);

export interface InstalledByFile {
  readonly packages: readonly string[];
  /** Words that a variable decides, with their line: nobody can know them without a build. */
  readonly unknown: readonly { readonly word: string; readonly line: number }[];
  /** What else it does with packages or modules, such as `dnf module enable`. */
  readonly others: readonly { readonly action: string; readonly line: number }[];
}

/** What `RUN` instructions of a stage install with dnf, microdnf, dnf5 or yum, in their order, each once. */
export function packagesOfContainerfile(text: string, file: string, { stage }: StageChoice = {}): InstalledByFile {
  const packages = new Set<string>();
  const unknown: { word: string; line: number }[] = [];
  const others: { action: string; line: number }[] = [];
  const stages = readStages(text, file, {}, { lenient: true });
  const chosen = stages.length === 0 ? undefined : chooseStage(stages, stage, file);
  let current = -1;
  for (const { keyword, rest, line } of instructions(text)) {
    if (keyword === 'FROM') current++;
    if (keyword !== 'RUN' || chosen === undefined || stages[current] !== chosen) continue;
    for (const command of rest.split(/&&|\|\||;|\n|\|/)) {
      const action = otherAction(command);
      if (action !== undefined) others.push({ action, line });
      for (const word of installedWords(command)) {
        if (word.includes('$')) unknown.push({ word, line });
        else packages.add(word);
      }
    }
  }
  return { packages: [...packages], unknown, others };
}

/** Words behind dnf or one of its kin; none where a command is another. */
function wordsOfDnf(command: string): string[] {
  const words = command.trim().split(/\s+/).map(unquote);
  const program = words.findIndex((word) => /^(?:\S*\/)?(?:microdnf|dnf5?|yum)$/.test(word));
  if (program < 0 || words.slice(0, program).some((word) => !/^(?:sudo|exec|time|if|then|--\S+|\w+=\S*)$/.test(word))) return [];
  return words.slice(program + 1).filter((_word, i, all) => !WITH_VALUE.has(all[i - 1] ?? ''));
}

/** `dnf module enable`, `dnf reinstall`, or an upgrade of named packages. */
function otherAction(command: string): string | undefined {
  const [action = '', next = ''] = wordsOfDnf(command).filter((word) => !word.startsWith('-'));
  if (action === 'module' && /^(?:enable|install|disable|switch-to)$/.test(next)) return `dnf module ${next}`;
  if (/^(?:upgrade|update)$/.test(action)) return next === '' ? undefined : `dnf ${action} ${next}`;
  return /^(?:reinstall|downgrade|swap|builddep|groupinstall|group|localinstall|distro-sync)$/.test(action) ? `dnf ${action}` : undefined;
}

/** The package specs of one shell command; none where it installs nothing. */
function installedWords(command: string): string[] {
  const words = command.trim().split(/\s+/).map(unquote);
  const program = words.findIndex((word) => /^(?:\S*\/)?(?:microdnf|dnf5?|yum)$/.test(word));
  if (program < 0 || words.slice(0, program).some((word) => !/^(?:sudo|exec|time|if|then|--\S+|\w+=\S*)$/.test(word))) return [];
  const after = words.slice(program + 1);
  const install = after.findIndex((word, i) => word === 'install' && !WITH_VALUE.has(after[i - 1] ?? ''));
  const found: string[] = [];
  for (let i = install + 1; install >= 0 && i < after.length; i++) {
    const word = after[i]!;
    if (/^[<>#]|^\d>/.test(word)) break;
    if (WITH_VALUE.has(word)) i++;
    else if (word !== '' && !word.startsWith('-')) found.push(word);
  }
  return found;
}
