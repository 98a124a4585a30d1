/**
 * Parses one command line of dnf, yum or microdnf (`dnf install -y bash`): packages, module changes, and options that change which
 * packages are installed (dnf(8), dnf5(8)).
 */

import { splitList } from '../base/split-list.ts';
import { type DnfConfiguration, OTHER_SETTINGS } from './dnf-configuration.ts';
import { parseFlag } from './repo-file.ts';

export interface DnfRequests {
  readonly install: Set<string>;
  readonly upgrade: Set<string>;
  readonly reinstall: Set<string>;
  readonly sync: Set<string>;
  readonly remove: Set<string>;
  readonly enable: Set<string>;
  readonly disable: Set<string>;
  /** Words with an unknown value, such as a variable. */
  readonly unknown: { readonly word: string; readonly place: ScriptPlace }[];
  /** Unsupported actions on packages. */
  readonly others: { readonly action: string; readonly place: ScriptPlace }[];
  /** Options of each command that installs packages. */
  readonly options: DnfOptions[];
  /** Commands with `--installroot`. */
  readonly otherRoots: ScriptPlace[];
}

/** Options of one command that change which packages it installs. */
export interface DnfOptions {
  readonly place: ScriptPlace;
  readonly exclude: readonly string[];
  /** Undefined: as in the configuration. */
  readonly weakDependencies: boolean | undefined;
  readonly best: boolean;
  readonly allowErasing: boolean;
}

export interface ScriptPlace {
  readonly file: string;
  readonly line: number;
}

/** Receives the requests of a command. */
export interface DnfTarget {
  readonly requests: DnfRequests;
  /** Settings of dnf.conf in the Containerfile. */
  readonly configuration?: DnfConfiguration;
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

/** Placeholder for unknown text. */
export const UNKNOWN = '\0';

/** Adds the requests of one command of dnf, yum or microdnf; `words` excludes the program name. */
export function addDnfCommand(words: readonly string[], place: ScriptPlace, { requests, configuration = {} }: DnfTarget): void {
  const plain = words.filter((word, i) => !word.startsWith('-') && !WITH_VALUE.has(words[i - 1] ?? ''));
  // Skip options from a variable.
  while (plain[0]?.includes(UNKNOWN)) plain.shift();
  const [first = '', ...rest] = plain;
  const [next = '', ...behind] = rest;
  const action = ALIASES[first] ?? first;
  const refuse = (what: string): void => void requests.others.push({ action: `dnf ${what}`, place });
  const add = (set: Set<string>, names: readonly string[], prefix = ''): void => {
    for (const name of names) {
      if (name.includes(UNKNOWN)) requests.unknown.push({ word: name.replaceAll(UNKNOWN, '$'), place });
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
  if (isInstalling) addOptions(first, words, place, { requests, configuration });
  if (CHANGES.has(action) && words.some((word) => /^--installroot(?:=|$)/.test(word))) requests.otherRoots.push(place);
  if (action === 'install') add(requests.install, rest);
  // Without names: all packages.
  else if (action === 'upgrade') add(requests.upgrade, rest.length === 0 ? ['*'] : rest);
  else if (action === 'distro-sync') add(requests.sync, rest.length === 0 ? ['*'] : rest);
  else if (action === 'reinstall') add(requests.reinstall, rest);
  else if (action === 'swap' && behind.length === 1) {
    add(requests.remove, [next]);
    add(requests.install, behind);
  } else if (action === 'module' && next === 'install') add(requests.install, behind, '@');
  else if (action === 'module' && next === 'enable') add(requests.enable, behind);
  else if (action === 'module' && next === 'disable') add(requests.disable, behind);
  else if (action === 'module' && next === 'reset') resetModules(behind, requests);
  else if (/^group-?install$/.test(action)) add(requests.install, rest, '@');
  else if (/^groups?$/.test(action) && next === 'install') add(requests.install, behind, '@');
  else if (UNSUPPORTED.has(action)) refuse(first);
  else if (/^(?:module|groups?)$/.test(action) && /^(?:switch-to|update|upgrade)$/.test(next)) refuse(`${first} ${next}`);
}

function addOptions(command: string, words: readonly string[], place: ScriptPlace, { requests, configuration = {} }: DnfTarget): void {
  const exclude: string[] = [];
  let { weakDependencies, best = false, exclude: configured = [] } = configuration;
  let allowErasing = false;
  for (const key of configuration.others ?? []) requests.others.push({ action: `${key} of dnf.conf`, place });
  for (const { name, value } of optionsOf(words)) {
    const key = name.replace(/^(?:-x|--exclude|--excludepkgs)$/, 'excludepkgs').replace(/^(.*\.)?exclude$/, '$1excludepkgs');
    if (key === '--best' || key === '--nobest' || key === '--no-best') best = key === '--best';
    else if (key === '--allowerasing') allowErasing = true;
    else if (key === 'excludepkgs') exclude.push(...splitList(value));
    else if (key === 'install_weak_deps') weakDependencies = parseFlag(value) ?? weakDependencies;
    else if (key === 'best') best = parseFlag(value) ?? best;
    else if (/^--disable-?exclude(?:pkg)?s$/.test(key)) configured = /all|main|\*/.test(value) ? [] : configured;
    else if (OTHER_OPTIONS.test(key) || OTHER_SETTINGS.test(key)) requests.others.push({ action: `dnf ${command} ${name}`, place });
    else continue;
    if (value.includes(UNKNOWN)) requests.unknown.push({ word: `${name}=${value.replaceAll(UNKNOWN, '$')}`, place });
  }
  requests.options.push({
    place,
    exclude: [...new Set([...configured, ...exclude])].sort(),
    weakDependencies,
    best,
    allowErasing,
  });
}

/** Removes earlier requests for streams of these modules. */
function resetModules(names: readonly string[], { enable, disable }: DnfRequests): void {
  const modules = new Set(names.map((name) => name.replace(/[:/].*/s, '')));
  for (const set of [enable, disable]) for (const name of [...set]) if (modules.has(name.replace(/[:/].*/s, ''))) set.delete(name);
}

/** Aliases of dnf 4, dnf 5 and yum. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ in: 'install', 'install-n': 'install', 'install-na': 'install', 'install-nevra': 'install' },
  ...{ update: 'upgrade', up: 'upgrade', 'upgrade-to': 'upgrade', 'update-to': 'upgrade', rei: 'reinstall' },
  ...{ dsync: 'distro-sync', distrosync: 'distro-sync', 'distribution-synchronization': 'distro-sync' },
};

const CHANGES = new Set(['install', 'upgrade', 'distro-sync', 'reinstall', 'swap']);

/** Options that limit a command to some packages, by metadata that is not available here. */
const LIMITS = new Set(
  '--security --bugfix --enhancement --newpackage --advisory --advisories --bz --bzs --cve --cves --sec-severity --secseverity --with-optional'.split(
    ' ',
  ),
);

/** Unsupported options that change the result. */
const OTHER_OPTIONS = /^(?:--forcearch|--obsoletes)$/;

/** Options with their values; a `--setopt` becomes an option with the name of the setting. */
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

/** Unsupported commands that download packages. */
const UNSUPPORTED = new Set(
  (
    'downgrade dg swap builddep build-dep localinstall localupdate upgrade-minimal update-minimal up-min groupupdate groupupgrade ' +
    'download reposync offline-upgrade offline-distrosync system-upgrade shell debuginfo-install do'
  ).split(' '),
);

/** dnf options whose value is the next word. */
const WITH_VALUE = new Set(
  (
    '-c -x -d -e -R --releasever --installroot --setopt --repo --repoid --enablerepo --enable-repo --disablerepo --disable-repo --exclude ' +
    '--excludepkgs --forcearch --config --repofrompath --comment --destdir --downloaddir --disableplugin --enableplugin --disable-plugin ' +
    '--enable-plugin --disableexcludes --disableexcludepkgs --debuglevel --errorlevel --rpmverbosity --color --randomwait --advisory ' +
    '--advisories --bz --bzs --cve --cves --sec-severity --secseverity'
  ).split(' '),
);
