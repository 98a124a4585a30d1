/**
 * Shell scripts with lists: those with query functions (`get_all_package_sets`, `get_packages SET ARCH`, `get_architectures SET`,
 * `get_exclusions SET`), those that call bazeldnf, and those that only set variables.
 */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import { targetOfCommand } from './bazeldnf-command.ts';
import { givenArchitecture, plainSetName, splitArchitecture } from './file-target.ts';
import { type Imported, type ImportedIgnore, type ImportedTarget, type ImportFile, quotedNames, unknownArchitectures } from './imported.ts';
import { isSpec } from './read-lists.ts';
import { runShell, type ShellRecords } from './shell-sandbox.ts';

const MAX_BYTES = 1 << 20;
const CALLED: ReadonlySet<string> = new Set(['get_all_package_sets', 'get_packages', 'get_architectures', 'get_exclusions']);
/** Ending of a list name that is not part of the name of its set. */
const PART = /_(?:main|extra|packages|pkgs|rpms|base|list)$/i;

export async function readShell(file: ImportFile, signal?: AbortSignal): Promise<Imported | undefined> {
  const { name, value } = file;
  const isShell = value === undefined && (/\.(?:sh|bash)$/.test(name) || /^#!.*\b(?:ba)?sh\b/.test(file.text));
  if (!isShell) return undefined;
  const script = withSourced(file);
  const text = script.texts.join('\n');
  if (text.length > MAX_BYTES) throw new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` is larger than ${MAX_BYTES >> 20} MiB`);
  const given = givenArchitecture(file);
  const ran = await runShell(script.texts, name, given ?? 'x86_64', signal);
  const { records } = ran;
  const variables = variablesOf(ran);
  const lists = listsOf(variables);
  const asked = records.filter(({ kind }) => kind === 'packages');
  const commands = commandsOf(ran);
  const ignored = new Map(
    records.filter(({ kind }) => kind === 'exclusions').map(({ fields: [set = '', ...patterns] }) => [set, patterns] as const),
  );
  const unknown = new Set<string>();
  const targets: ImportedTarget[] = [
    ...asked.flatMap(({ fields: [set = '', arch = '', ...specs] }) => {
      const architecture = canonicalArchitecture(arch);
      if (architecture === undefined) {
        unknown.add(arch);
        return [];
      }
      const checked = checkedSpecs(joinRelations(specs));
      return [{ set: plainSetName(set), architecture, ...checked, ignore: ignoresOf(ignored.get(set) ?? [], text) }];
    }),
    ...targetsOfCommands(commands),
  ];
  const isAnswered = targets.length > 0;
  const found = isAnswered ? targets : targetsOfVariables(lists, file);
  // If the script depends on the machine, run it again for each architecture that it names.
  const others = given === undefined && asked.length === 0 && records.some(({ kind }) => kind === 'uname') ? mentioned(text) : [];
  if (others.length > 0 && !isAnswered) found.splice(0, found.length, ...targetsOfVariables(lists, { ...file, arch: 'x86_64' }));
  for (const arch of others) {
    const again = await runShell(script.texts, name, arch, signal);
    found.push(...(isAnswered ? targetsOfCommands(commandsOf(again)) : targetsOfVariables(listsOf(variablesOf(again)), { ...file, arch })));
  }
  if (found.length === 0) return undefined;
  const placeOf = (id: string): number => text.search(assignmentOf(id));
  const groups = new Map(
    [...lists]
      .sort(([a], [b]) => placeOf(a) - placeOf(b))
      .map(([id, specs]) => [id, { specs, comment: commentAbove(text, assignmentOf(id)) }]),
  );
  return {
    targets: found,
    versions: new Map([...variables].flatMap(([id, [version = '']]) => (isVersion(id, version) ? [[id, version] as const] : []))),
    groups,
    repositoryFiles: [...new Set(commands.flatMap(({ repositoryFiles }) => repositoryFiles))],
    contains: script.contains,
    lost: [
      ...lostOf(ran, basename(name)),
      ...unknownArchitectures([...unknown]),
      ...unusedVariables(variables, found, basename(name)),
      ...uncalledFunctions(ran, basename(name), isAnswered || records.some(({ kind }) => kind === 'failed') ? text : ''),
    ],
  };
}

const variablesOf = ({ records }: ShellRecords): Map<string, string[]> =>
  new Map(records.filter(({ kind }) => kind === 'variable').map(({ fields: [id = '', ...values] }) => [id, values]));

const listsOf = (variables: ReadonlyMap<string, readonly string[]>): Map<string, string[]> =>
  new Map(
    [...variables]
      .filter(([id]) => /^\w+$/.test(id))
      .map(([id, values]) => [id, wordsOf(id, values)] as const)
      .filter(([, words]) => words.length > 0),
  );

const commandsOf = ({ records }: ShellRecords): ReturnType<typeof targetOfCommand>[] =>
  records.filter(({ kind }) => kind === 'command').map(({ fields }) => targetOfCommand(fields));

const targetsOfCommands = (commands: ReturnType<typeof commandsOf>): ImportedTarget[] =>
  commands.flatMap(({ target }) => (target === undefined ? [] : [{ ...target, ...checkedSpecs(target.specs, target.lost) }]));

/** Architectures besides x86_64 that a text names. */
const mentioned = (text: string): string[] => {
  const words = new Set(text.split(/[^A-Za-z0-9_]+|_(?!64)/).map(canonicalArchitecture));
  return ARCHITECTURES.filter((name) => name !== 'x86_64' && name !== 'i686' && words.has(name));
};

/** The script first, then the imported files that it sources: the script's lines name them `sourced-1`, `sourced-2` and so on. */
function withSourced({ name, text, others = new Map() }: ImportFile): {
  readonly texts: readonly string[];
  readonly contains: readonly string[];
} {
  const numbers = new Map<string, number>([[name, 0]]);
  const texts: string[] = [text];
  const fileOf = (path: string): string | undefined =>
    [...others.keys()].find((other) => other !== name && basename(other) === basename(path));
  for (let i = 0; i < texts.length; i++) {
    texts[i] = texts[i]!.replace(/^([ \t]*)(?:source|\.)[ \t]+(\S.*?)[ \t]*$/gm, (line: string, indent: string, path: string) => {
      const other = fileOf(path.replace(/["']/g, ''));
      if (other === undefined) return line;
      const number = numbers.get(other) ?? texts.push(others.get(other)!) - 1;
      numbers.set(other, number);
      return `${indent}builtin source sourced-${number}`;
    });
  }
  return { texts, contains: [...numbers.keys()].filter((other) => other !== name) };
}

const assignmentOf = (id: string): RegExp => new RegExp(`^\\s*(?:(?:export|readonly|local|declare|typeset)\\s[^=]*)?${id}=`, 'm');

/** Specs in a variable or an array. */
function wordsOf(id: string, values: readonly string[]): string[] {
  const words = joinRelations(values.flatMap((value) => value.split(/\s+/)).filter((word) => word !== ''));
  const isList = values.length > 1 || /\s/.test(values[0] ?? '') || /_(?:main|extra|packages|pkgs|rpms)$/i.test(id);
  return isList && words.length <= 10_000 && words.every((word) => isSpec(word) && !/:(?![:\w~^])|[,;!]$/.test(word)) ? words : [];
}

/** `name >= 2.0` is one spec. */
const joinRelations = (words: readonly string[]): string[] => words.join(' ').match(/\S+(?: (?:[<>]=?|=) \S+)?/g) ?? [];

const isVersion = (id: string, value: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(id) &&
  /^(?:\d+:)?[A-Za-z0-9][A-Za-z0-9._+~^]*-[A-Za-z0-9][A-Za-z0-9._+~^]*$/.test(value) &&
  /\d/.test(value);

function checkedSpecs(specs: readonly string[], lost: readonly string[] = []): Pick<ImportedTarget, 'specs' | 'lost'> {
  const bad = [...new Set(specs.filter((spec) => !isSpec(spec)))];
  return { specs: specs.filter(isSpec), lost: [...lost, ...(bad.length === 0 ? [] : [`words that name no package: ${quotedNames(bad)}`])] };
}

/** Lists named `web_main`, `web_extra` and `web_x86_64` form the set `web`. */
function targetsOfVariables(lists: ReadonlyMap<string, readonly string[]>, file: ImportFile): ImportedTarget[] {
  const given = givenArchitecture(file);
  const named = [...lists.keys()].flatMap((id) => splitArchitecture(id).architecture ?? []);
  const architectures = given !== undefined ? [given] : named.length > 0 ? ARCHITECTURES.filter((one) => named.includes(one)) : ['x86_64'];
  const targets = new Map<string, ImportedTarget & { readonly specs: string[] }>();
  for (const [id, specs] of lists) {
    const { set, architecture } = splitArchitecture(id);
    const plain = plainSetName(set.replace(PART, ''));
    for (const one of architecture === undefined ? architectures : [architecture]) {
      const key = `${plain} ${one}`;
      const known = targets.get(key) ?? { set: plain, architecture: one, specs: [] };
      targets.set(key, known);
      known.specs.push(...specs);
    }
  }
  return [...targets.values()];
}

function ignoresOf(patterns: readonly string[], text: string): ImportedIgnore[] {
  return patterns.filter((pattern) => pattern.length <= 512).map((pattern) => ({ pattern, reason: commentAbove(text, pattern) }));
}

/** The comment directly above the first line that contains `what`. */
function commentAbove(text: string, what: string | RegExp): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => !/^\s*#/.test(line) && (typeof what === 'string' ? line.includes(what) : what.test(line)));
  const comments: string[] = [];
  for (let i = at - 1; i >= 0 && comments.length < 5; i--) {
    const comment = /^\s*#(?!!)#*\s*(.*)$/.exec(lines[i]!)?.[1];
    if (comment === undefined) break;
    comments.unshift(comment.trim());
  }
  const joined = comments.filter((comment) => !/^[=#*-]*$/.test(comment)).join(' ');
  return joined === '' ? undefined : shortPrintable(joined, 300);
}

/** Variables whose words are in no set are reported, because they may contain packages. */
function unusedVariables(variables: ReadonlyMap<string, readonly string[]>, targets: readonly ImportedTarget[], file: string): string[] {
  const specs = [...new Set(targets.flatMap((target) => target.specs))];
  const used = new Set([...specs, ...targets.map(({ set }) => set), ...ARCHITECTURES]);
  const isUsed = (word: string): boolean => used.has(word) || specs.some((spec) => spec.endsWith(`-${word}`));
  const unused = [...variables].filter(
    ([, values]) => !values.flatMap((value) => value.split(/\s+/)).every((word) => word === '' || isUsed(word)),
  );
  if (unused.length === 0) return [];
  return [`variables of ${file} that no set uses: ${quotedNames(unused.map(([id]) => id))}`];
}

/** Functions that were not called but may produce a list: all if no function was called, otherwise those named only once in `text`. */
function uncalledFunctions({ records }: ShellRecords, file: string, text: string): string[] {
  const words = text.split(/[^\w-]+/);
  const isCalled = (name: string): boolean => CALLED.has(name) || words.indexOf(name) < words.lastIndexOf(name);
  const names = records
    .filter(({ kind }) => kind === 'function')
    .map(({ fields: [name = ''] }) => name)
    .filter((name) => text === '' || !isCalled(name));
  if (names.length === 0) return [];
  return [
    `functions of ${file}, which are not called: ${quotedNames(names)}; only \`get_all_package_sets\` and \`get_packages\` are called`,
  ];
}

function lostOf({ records, refused }: ShellRecords, file: string): string[] {
  const of = (kind: string): string[] => [
    ...new Set(records.filter((record) => record.kind === kind).map(({ fields }) => fields[0] ?? '')),
  ];
  const [skipped, sourced] = [of('skipped'), of('sourced')];
  const failed = records.filter(({ kind }) => kind === 'failed').map(({ fields }) => fields.join(' for '));
  return [
    ...(skipped.length === 0 ? [] : [`programs that ${file} calls, which are not run: ${quotedNames(skipped)}`]),
    ...(sourced.length === 0
      ? []
      : [`files that ${file} reads, which are not read: ${quotedNames(sourced)}; import them together with it`]),
    ...(failed.length === 0 ? [] : [`sets for which \`get_packages\` of ${file} failed: ${quotedNames(failed)}`]),
    ...(of('stopped').length === 0 ? [] : [`what ${file} does after it ended itself`]),
    ...(refused.length === 0 ? [] : [`lines of ${file} that write, or call what is not there: ${refused.slice(0, 20).join(', ')}`]),
  ];
}
