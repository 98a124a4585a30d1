/** Kickstart files: the packages of `%packages`, and the commands that define repositories. */
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Nevra } from '../rpm/nevra.ts';
import { architectureOfFile, givenArchitecture, plainSetName, setOfFile } from './file-target.ts';
import { type Imported, type ImportedRepository, type ImportFile, quotedNames } from './imported.ts';
import { closures, wholeNevra } from './read-lists.ts';

const IMPLIED = new Set(['--nocore', '--exclude-weakdeps', '--excludeWeakdeps', '--excludedocs']);

/** `%packages` to `%end`, which may occur several times; `-name` excludes a package, `@group` requests a group. */
export function readKickstart(file: ImportFile): Imported | undefined {
  // Lines may be indented.
  const text = file.text.replace(/^[ \t]+(?=%)/gm, '');
  const sections = [...text.matchAll(/^%packages\b([^\n]*)\n([\s\S]*?)^%end/gm)];
  if (sections.length === 0 || file.value !== undefined) return undefined;
  const head = /^# (\S+) for (\S+)$/m.exec(text.slice(0, sections[0]!.index));
  const options = sections.flatMap(([, given = '']) => given.replace(/(?:^|\s)#.*/, '').split(/\s+/)).filter((option) => option !== '');
  const lines = sections.flatMap(([, , body = '']) => plainLines(body));
  const requests = lines.filter((line) => !/^[-%]/.test(line));
  // Options of a group, as in `@web --nodefaults`.
  const specs = requests.map((line) => line.replace(/ --.*$/, '').trim());
  const excluded = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const isCore = !options.includes('--nocore') && ![...specs, ...excluded].includes('@core');
  if (isCore && specs.length === 0) specs.push('@core');
  const { repositories, modules, lost } = fromCommands(plainLines(text.replace(/^%(?!include|ksappend)\w+[\s\S]*?^%end/gm, '')));
  const nevras = specs.map(wholeNevra);
  const isAnswer = nevras.length > 0 && nevras.every((nevra) => nevra !== undefined);
  const leftOut = [
    ...[...new Set(options)].filter((option) => !IMPLIED.has(option)).map((option) => `\`${option}\` of %packages`),
    ...requests.filter((line) => / --/.test(line)).map((line) => `options of \`${line}\``),
    ...(isCore && specs[0] !== '@core'
      ? ['the group `core`, which a kickstart installs without `--nocore`: add `@core` if it is wanted']
      : []),
    ...excluded
      .filter((name) => !isName(name) && name !== '@core')
      .map((name) => `\`-${name}\` of %packages: exclude the packages of the group`),
    ...(/^%(?:pre|post|addon|onerror|traceback|certificate)/m.test(text) ? ['sections other than %packages'] : []),
    ...lines.filter((line) => line.startsWith('%')).map((line) => `\`${line}\``),
    ...lost,
  ];
  const set = head === null ? setOfFile(file) : plainSetName(head[1]!);
  const given = canonicalArchitecture(head?.[2] ?? '') ?? givenArchitecture(file);
  const settings = {
    ...(options.includes('--excludedocs') ? { docs: false } : {}),
    ...(excluded.some(isName) ? { exclude: excluded.filter(isName) } : {}),
    ...(modules.enable.length + modules.disable.length > 0 ? { modules } : {}),
  };
  if (isAnswer) {
    const targets = closures(nevras as Nevra[], set, given).map((target) => ({ ...target, settings }));
    return { targets, repositories, lost: leftOut };
  }
  const weak = options.some((option) => /^--exclude-?weakdeps$/i.test(option)) ? {} : { options: { weak_dependencies: true } };
  return {
    targets: [{ set, architecture: given ?? architectureOfFile(file), specs, settings: { ...weak, ...settings } }],
    repositories,
    lost: leftOut,
  };
}

const isName = (name: string): boolean => !name.startsWith('@');

const PLACES = ['baseurl', 'url', 'metalink', 'mirrorlist'];
const LISTS = ['excludepkgs', 'includepkgs'];
const REPO_OPTIONS = new Set([...PLACES, ...LISTS, 'name', 'install', 'cost', 'noverifyssl']);

const plainLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*/, '').trim())
    .filter((line) => line !== '');

/** `repo`, `url` and `module` have an equivalent in a manifest; the other commands configure a machine. */
function fromCommands(lines: readonly string[]): {
  readonly repositories: ImportedRepository[];
  readonly modules: { readonly enable: string[]; readonly disable: string[] };
  readonly lost: string[];
} {
  const repositories: ImportedRepository[] = [];
  const modules = { enable: [] as string[], disable: [] as string[] };
  const others = new Set<string>();
  const lost: string[] = [];
  for (const line of lines) {
    const [command = '', ...words] = wordsOf(line);
    const { options, rest } = optionsOf(words);
    const [name, stream] = [options.get('name'), options.get('stream')];
    const places = PLACES.flatMap((key) =>
      options.get(key) === undefined ? [] : [[key === 'url' ? 'baseurl' : key, options.get(key)!] as const],
    );
    if (command === 'module' && name !== undefined)
      (options.has('disable') ? modules.disable : modules.enable).push(stream === undefined ? name : `${name}:${stream}`);
    else if (['repo', 'url'].includes(command) && places.length > 0) {
      const lists = LISTS.flatMap((key) => (options.get(key) === undefined ? [] : [[key, options.get(key)!.split(',')] as const]));
      const cost = options.get('cost') ?? '';
      const definition = {
        id: name ?? command,
        ...Object.fromEntries([...places, ...lists]),
        ...(/^\d{1,6}$/.test(cost) ? { cost: Number(cost) } : {}),
        ...(options.has('noverifyssl') ? { sslverify: false } : {}),
      };
      const unread = [...options.keys()].filter((key) => !REPO_OPTIONS.has(key)).map((key) => `\`--${key}\` of \`${command}\``);
      const words = rest.map((word) => `\`${word}\` of \`${command}\``);
      repositories.push({ definition, lost: [...unread, ...words], isUnnamed: name === undefined });
    } else if (command === 'repo' && name !== undefined) lost.push(`the repository \`${name}\`, whose URL the file does not have`);
    else if (command.startsWith('%')) lost.push(`\`${line}\``);
    else others.add(command);
  }
  return {
    repositories,
    modules,
    lost: [...lost, ...(others.size === 0 ? [] : [`commands of the kickstart file: ${quotedNames([...others])}`])],
  };
}

/** Words of a line; a quoted word may contain spaces. */
const wordsOf = (line: string): string[] => (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replace(/["']/g, ''));

function optionsOf(words: readonly string[]): { readonly options: ReadonlyMap<string, string>; readonly rest: readonly string[] } {
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [, key, value] = /^--([A-Za-z-]+)(?:=(.*))?$/.exec(words[i]!) ?? [];
    if (key === undefined) rest.push(words[i]!);
    else if (value !== undefined || FLAGS.has(key)) options.set(key.toLowerCase(), value ?? '');
    else options.set(key.toLowerCase(), words[++i] ?? '');
  }
  return { options, rest };
}

const FLAGS = new Set(['install', 'noverifyssl', 'ignoregroups', 'disable', 'enable']);
