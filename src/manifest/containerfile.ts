/**
 * Finds the base image of a Containerfile: the `FROM` of a stage, with its `ARG`s expanded (Containerfile(5); Dockerfile
 * reference). Nothing is executed.
 */
import { RpmDepsError } from '../base/errors.ts';
import { printable, shortPrintable } from '../base/printable.ts';
import { findArchitecture } from '../rpm/container-architecture.ts';
import { regexMatcher } from '../rpm/regex.ts';

export interface ContainerfileStage {
  /** Lower case; undefined for a stage without `AS`. */
  readonly name: string | undefined;
  /** An image or an earlier stage, with variables expanded. */
  readonly from: string;
  readonly line: number;
}

export interface StageChoice {
  /** Name or number (from 0) of a stage; default: the last stage. */
  readonly stage?: string | number | undefined;
  /** Values of `ARG`; they override the defaults in the file. */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /** RPM name. Builders define `TARGETARCH` and similar variables without an `ARG`. */
  readonly architecture?: string | undefined;
}

export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
  readonly line: number;
  /** Here-documents, in order. */
  readonly documents: readonly { readonly end: string; readonly text: string }[];
}

const MAX_BYTES = 1 << 20;
const MAX_FROM = 2000;
const PLATFORM = /^(?:TARGET|BUILD)(?:ARCH|OS|PLATFORM)$/;

export interface StagePattern {
  readonly stageName?: string | undefined;
  /** From 1. */
  readonly stageNum?: number | undefined;
  /** A regular expression that matches part of the base image name. */
  readonly imagePattern: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Number, from 0, of the first stage that has the name, the number or a matching image. */
export function findStage(text: string, file: string, { stageName, stageNum, imagePattern, args }: StagePattern): number {
  const matches = regexMatcher(imagePattern);
  const stages = readStages(text, file, args);
  const found = stages.findIndex(
    (stage, i) =>
      (stageName !== undefined && stage.name === stageName.toLowerCase()) || stageNum === i + 1 || matches(startOf(stages, stage).from),
  );
  if (found >= 0) return found;
  throw new RpmDepsError('USAGE', `${file} has no stage whose image matches \`${shortPrintable(imagePattern)}\``, {
    hint: `it starts from ${stages.map(({ from }) => shortPrintable(from)).join(', ')}`,
  });
}

/** The base image of a stage, also through earlier stages. Throws USAGE with file and line. */
export function baseOfContainerfile(text: string, file: string, { stage, args = {}, architecture }: StageChoice = {}): string {
  if (text.length > MAX_BYTES) throw new RpmDepsError('USAGE', `${file} is larger than ${MAX_BYTES >> 20} MiB`);
  const stages = readStages(text, file, { ...(architecture === undefined ? {} : platformArguments(architecture)), ...args });
  if (stages.length === 0) throw new RpmDepsError('USAGE', `${file} has no \`FROM\``, { hint: 'name another file with `containerfile:`' });
  const chosen = startOf(stages, chooseStage(stages, stage, file));
  if (chosen.from === 'scratch') {
    throw new RpmDepsError('USAGE', `${file}:${chosen.line}: the stage starts from \`scratch\`, where nothing is installed`, {
      hint: 'leave `base` out of the set (in rpms.in.yaml `context: { bare: true }`), or choose another stage with `stage:`',
    });
  }
  return chosen.from;
}

/** Variables that a builder defines for an image of this architecture, built on the same architecture. */
export function platformArguments(architecture: string): Readonly<Record<string, string>> {
  const name = findArchitecture(architecture)?.container ?? architecture;
  const values = ['TARGET', 'BUILD'].map((side) => ({
    [`${side}ARCH`]: name,
    [`${side}OS`]: 'linux',
    [`${side}PLATFORM`]: `linux/${name}`,
  }));
  return Object.assign({}, ...values) as Record<string, string>;
}

/** Follows `FROM` to the stage that names an image. A stage can only start from an earlier one, so this ends. */
function startOf(stages: readonly ContainerfileStage[], stage: ContainerfileStage): ContainerfileStage {
  for (let start = stage; ; ) {
    const earlier = parentOf(stages, start);
    if (earlier === undefined) return start;
    start = earlier;
  }
}

/** The stage that another stage starts from. */
export const parentOf = (stages: readonly ContainerfileStage[], stage: ContainerfileStage): ContainerfileStage | undefined =>
  stages.slice(0, stages.indexOf(stage)).findLast(({ name }, i) => name === stage.from.toLowerCase() || String(i) === stage.from);

export function chooseStage(stages: readonly ContainerfileStage[], stage: string | number | undefined, file: string): ContainerfileStage {
  if (stage === undefined) return stages.at(-1)!;
  const found = typeof stage === 'number' ? stages[stage] : stages.findLast(({ name }) => name === stage.toLowerCase());
  if (found !== undefined) return found;
  const names = stages.flatMap(({ name }) => (name === undefined ? [] : [name]));
  throw new RpmDepsError('USAGE', `${file} has no stage \`${printable(String(stage))}\``, {
    hint: `it has ${stages.length} stages, from 0${names.length === 0 ? '' : `; named: ${names.join(', ')}`}`,
  });
}

export function readStages(
  text: string,
  file: string,
  args: Readonly<Record<string, string>>,
  { lenient }: { readonly lenient: boolean } = { lenient: false },
): ContainerfileStage[] {
  const variables = new Map<string, string>(Object.entries(args).filter(([name]) => PLATFORM.test(name)));
  const stages: ContainerfileStage[] = [];
  for (const { keyword, rest, line } of instructions(text)) {
    // `FROM` uses only `ARG`s before the first `FROM`.
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
    // Lenient: the caller reads only the commands, and does not need the image.
    stages.push({ name, from: lenient ? from : expand(from, variables, { file, line }), line });
  }
  return stages;
}

/** Joins lines that end with the escape character, and skips comments and empty lines between them. */
export function instructions(text: string): Instruction[] {
  const continuation = /^(?:[ \t]*#[ \t]*(?:syntax|check)[ \t]*=[^\n]*\n)*[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/i.test(text) ? '`' : '\\';
  const found: Instruction[] = [];
  let pending: { parts: string[]; line: number } | undefined;
  let documents: (HereDocument & { lines: string[] })[] = [];
  let open = 0;
  const finish = (): void => {
    if (pending === undefined) return;
    const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(pending.parts.join('')) ?? [];
    const texts = documents.map(({ end, lines }) => ({ end, text: lines.join('\n') }));
    found.push({ keyword: keyword.toUpperCase(), rest: rest.trim(), line: pending.line, documents: texts });
    pending = undefined;
    documents = [];
    open = 0;
  };
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const document = documents[open];
    if (document !== undefined) {
      if ((document.isTabbed ? raw.replace(/^\t+/, '') : raw) !== document.end) document.lines.push(raw);
      else if (++open === documents.length) finish();
      continue;
    }
    if (/^\s*(?:#|$)/.test(raw)) continue;
    const goesOn = raw.trimEnd().endsWith(continuation);
    pending ??= { parts: [], line: i + 1 };
    pending.parts.push(goesOn ? raw.trimEnd().slice(0, -1) : raw);
    if (goesOn) continue;
    const whole = pending.parts.join('');
    if (/^\s*(?:RUN|COPY|ADD)\b/i.test(whole)) documents = hereDocuments(whole).map((each) => ({ ...each, lines: [] }));
    if (documents.length === 0) finish();
  }
  finish();
  return found;
}

interface HereDocument {
  readonly end: string;
  /** `<<-`: ignores tabs before the end marker. */
  readonly isTabbed: boolean;
}

/** A here-document starts only at a whole word (moby, frontend/dockerfile/parser): `$((1<<SHIFT))` and `"<<EOF"` are none. */
const hereDocuments = (text: string): HereDocument[] =>
  [...text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs)].flatMap(([word]) => {
    const [, dash, end] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    return end === undefined ? [] : [{ end: end.replace(/["']/g, ''), isTabbed: dash === '-' }];
  });

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
