/** `rpm` and `rpmtree` rules of bazeldnf in WORKSPACE, MODULE.bazel, BUILD.bazel and .bzl files, and `bazeldnf.config` of MODULE.bazel. */

import { basename } from 'node:path';
import { firstOf, shortPrintable } from '../base/printable.ts';
import { decodeEscapes, fileNameOf } from '../base/urls.ts';
import type { Plain } from '../manifest/source-text.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { parseFileCapabilities } from '../rpm/file-capabilities.ts';
import { type Nevra, parseRpmFilename } from '../rpm/nevra.ts';
import { architectureOfFile, givenArchitecture, plainSetName, splitArchitecture } from './file-target.ts';
import {
  CHOSEN_ANEW,
  type Imported,
  type ImportedTarget,
  type ImportFile,
  quotedNames,
  sha256OfIntegrity,
  unknownArchitectures,
} from './imported.ts';
import { baseOfUrl, findPlaces, type PackagePlace, plainUrl } from './places.ts';
import { closures } from './read-lists.ts';
import { nevraOfId } from './read-locks.ts';
import { findCalls, isList, type StarlarkCall } from './starlark-calls.ts';

const RULES: ReadonlySet<string> = new Set(['rpm', 'rpmtree', 'config', 'centos_stream_alias', 'tar2files']);

export function readBazel(file: ImportFile): Imported | undefined {
  const base = basename(file.name);
  const isNamed = /^(?:WORKSPACE|BUILD|MODULE)(?:\.bazel|\.bzlmod)?$|\.(?:bzl|MODULE\.bazel)$/.test(base);
  if (!isNamed || file.value !== undefined) return undefined;
  const calls = findCalls(file.text, RULES);
  const trees = calls.filter(({ name }) => name === 'rpmtree');
  const rules = calls.filter(
    ({ name, arguments: given }) =>
      name === 'rpm' && (given.has('urls') || typeof given.get('sha256') === 'string' || given.has('integrity')),
  );
  const configs = calls.filter(({ name, arguments: given }) => name === 'config' && (given.has('rpms') || given.has('lock_file')));
  const { places, nevras, unread, origins } = fromRules(rules);
  if (trees.length + nevras.length + places.length + configs.length === 0) return undefined;
  const lost: string[] = [];
  const targets = [...trees.flatMap((tree) => fromTree(tree, file, lost)), ...configs.flatMap((config) => fromConfig(config, file, lost))];
  const count = (rest: readonly unknown[]): string => `${rest.length} \`rpm\` ${rest.length === 1 ? 'rule' : 'rules'} of ${base}`;
  if (unread.length > 0) lost.push(`${count(unread)}, whose package cannot be read from the name or URL: ${linesOf(unread)}`);
  const computed = rules.filter(({ arguments: given }) => given.has('urls') && !isList(given.get('urls')));
  if (computed.length > 0) lost.push(`the URLs of ${count(computed)}, which are not written out: ${linesOf(computed)}`);
  const read = new Set(places.map(({ url }) => url));
  const written = file.text.replace(/^\s*#.*/gm, '').match(/\bhttps?:\/\/[^"'\s]+\.rpm(?=["'])/g) ?? [];
  const elsewhere = [...new Set(written)].filter((url) => !read.has(url));
  if (elsewhere.length > 0)
    lost.push(`packages that no \`rpm\` rule of ${base} has: ${quotedNames(elsewhere.map((url) => fileNameOf(plainUrl(url) ?? '')))}`);
  const found = findPlaces(places);
  const piles = closures(nevras, 'workspace', givenArchitecture(file)).map((target) => ({ ...target, isPile: true }));
  const repositoryFiles = configs.flatMap(({ arguments: given }) => repofilesOf(given));
  return {
    targets: [...targets, ...piles],
    repositoryFiles,
    origins,
    repositories: found.repositories,
    fallbacks: found.fallbacks,
    lost: [...lost, ...found.lost],
  };
}

/** Labels of a lock file contain only the package name: `@rpms//acl`. */
const PLAIN_LABEL = /\/\/([A-Za-z0-9][A-Za-z0-9._+-]*)$/;

function fromTree({ arguments: given, line }: StarlarkCall, file: ImportFile, lost: string[]): ImportedTarget[] {
  const name = given.get('name');
  const labels = given.get('rpms');
  const where = `${basename(file.name)}:${line}`;
  if (typeof name !== 'string' || !isList(labels)) {
    lost.push(`the rpmtree at ${where}: its name or its list of rpms is not written out`);
    return [];
  }
  const others = [...given.keys()].filter((key) => !['name', 'rpms', 'visibility', 'tags', 'symlinks', 'capabilities'].includes(key));
  const { settings, unread: unreadMaps } = imageSettings(given);
  const nevras = labels.map((label: string) => ({ label, nevra: nevraOfLabel(label) }));
  const read = nevras.flatMap(({ nevra }) => nevra ?? []);
  const plain = nevras.flatMap(({ label, nevra }) => (nevra === undefined ? (PLAIN_LABEL.exec(label)?.[1] ?? []) : []));
  const { set, architecture = architectureOf(read) ?? givenArchitecture(file) ?? architectureOfFile(file) } = splitArchitecture(name);
  const unread = nevras.filter(({ label, nevra }) => nevra === undefined && !PLAIN_LABEL.test(label)).map(({ label }) => label);
  const specs = [...read.map((nevra) => specOf(nevra, architecture)), ...plain];
  return [
    {
      set,
      architecture,
      specs: [...new Set(specs)],
      isClosure: read.length > 0,
      settings,
      rules: labels.flatMap((label) => /^@{1,2}([^/]+)\/\/rpm$/.exec(label)?.[1] ?? []),
      lost: [
        ...(read.length > 0 ? [CHOSEN_ANEW] : []),
        ...[...others, ...unreadMaps].map((key) => `\`${key}\` of the rpmtree`),
        ...(unread.length === 0 ? [] : [`labels that name no package: ${quotedNames(unread)}`]),
      ],
    },
  ];
}

const repofilesOf = (given: StarlarkCall['arguments']): string[] =>
  typeof given.get('repofile') === 'string' ? [String(given.get('repofile'))] : [];

const linesOf = (calls: readonly StarlarkCall[]): string => firstOf(calls, 5, ({ line }) => `line ${line}`);

const specOf = ({ name, arch }: Nevra, architecture: string): string =>
  arch === 'noarch' || arch === architecture || canonicalArchitecture(arch) === undefined ? name : `${name}.${arch}`;

const architectureOf = (nevras: readonly Nevra[]): string | undefined => {
  const own = [...new Set(nevras.map(({ arch }) => canonicalArchitecture(arch)))].filter((one) => one !== undefined && one !== 'i686');
  return own.length === 1 ? own[0] : undefined;
};

/** Capabilities of files in the format of `setcap`. */
function imageSettings(given: StarlarkCall['arguments']): {
  readonly settings: { [key: string]: Plain };
  readonly unread: readonly string[];
} {
  const settings: { [key: string]: Plain } = {};
  const unread: string[] = [];
  for (const key of ['symlinks', 'capabilities'] as const) {
    const value = given.get(key);
    if (value === undefined && !given.has(key)) continue;
    if (!(value instanceof Map)) {
      unread.push(key);
      continue;
    }
    const entries = [...value].map(([path, what]) => [path, typeof what === 'string' ? what : `${[...what].sort().join(',')}=ep`] as const);
    const isKnown = (text: string): boolean => key === 'symlinks' || parseFileCapabilities(text) !== undefined;
    const known = entries.filter(([, text]) => isKnown(text));
    for (const [path, text] of entries) if (!isKnown(text)) unread.push(`${key}[${shortPrintable(path)}]`);
    if (known.length > 0) settings[key] = Object.fromEntries(known);
  }
  return { settings, unread };
}

/** `@acl-0__2.3.1-4.el9.x86_64//rpm`, or `acl-2.3.1-4.el9.x86_64.rpm` in older files. */
function nevraOfLabel(label: string): Nevra | undefined {
  const id = /^@{1,2}([^/]+)\/\/rpm$/.exec(label)?.[1];
  return id === undefined ? undefined : nevraOfId(id);
}

function fromConfig({ arguments: given, line }: StarlarkCall, file: ImportFile, lost: string[]): ImportedTarget[] {
  const rpms = given.get('rpms');
  const where = `${basename(file.name)}:${line}`;
  const name = given.get('name');
  if (!isList(rpms)) {
    lost.push(
      `the packages of \`${typeof name === 'string' ? name : 'bazeldnf.config'}\` (${where}): import its lock file ${String(given.get('lock_file') ?? '')}`,
    );
    return [];
  }
  const listed = given.get('architectures');
  const one = given.get('architecture');
  const names = isList(listed) ? listed : typeof one === 'string' ? [one] : [file.arch ?? 'x86_64'];
  const wide = names.flatMap((text: string) => canonicalArchitecture(text) ?? []);
  lost.push(...unknownArchitectures(names.filter((text) => canonicalArchitecture(text) === undefined)));
  // In bazeldnf, i686 in addition to x86_64 means one tree with packages of both.
  const architectures = wide.includes('x86_64') ? wide.filter((text) => text !== 'i686') : wide;
  const excludes = given.get('excludes');
  const read = ['name', 'rpms', 'architecture', 'architectures', 'excludes', 'nobest', 'lock_file', 'repofile', 'rpm_repository_prefix'];
  return architectures.map((architecture) => ({
    set: plainSetName(typeof name === 'string' ? name : 'bazeldnf_rpms'),
    architecture,
    specs: rpms,
    ignore: (isList(excludes) ? excludes : []).map((text: string) => ({ pattern: `/${text}/`, reason: `\`excludes\` of ${where}` })),
    ...(given.get('nobest') === true ? {} : { settings: { options: { best: true } } }),
    repositoryFiles: repofilesOf(given),
    lost: [...[...given.keys()].filter((key) => !read.includes(key)).map((key) => `\`${key}\` of bazeldnf.config`)],
  }));
}

function fromRules(rules: readonly StarlarkCall[]): {
  places: PackagePlace[];
  nevras: Nevra[];
  unread: StarlarkCall[];
  origins: Map<string, string>;
} {
  const origins = new Map<string, string>();
  const places: PackagePlace[] = [];
  const nevras: Nevra[] = [];
  const unread: StarlarkCall[] = [];
  for (const rule of rules) {
    const given = rule.arguments;
    const name = given.get('name');
    const urls = given.get('urls');
    const sha256 = given.get('sha256');
    const list = isList(urls) ? urls : [];
    const files = list.flatMap((url: string) => parseRpmFilename(decodeEscapes(url.split('/').at(-1) ?? '')) ?? []);
    const nevra =
      (typeof name === 'string' ? nevraOfId(name) : undefined) ?? (files[0] === undefined ? undefined : { ...files[0], epoch: '0' });
    if (nevra === undefined) unread.push(rule);
    else nevras.push(nevra);
    const architecture = canonicalArchitecture(nevra?.arch ?? '');
    const [base] = list.flatMap((url) => baseOfUrl(plainUrl(url) ?? '') ?? []);
    if (typeof name === 'string' && base !== undefined) origins.set(name, base);
    for (const url of list) {
      // The repository of x86_64 also contains i686 packages.
      const own = (architecture === 'i686' ? architectureInUrl(url) : undefined) ?? architecture ?? architectureInUrl(url);
      if (own !== undefined)
        places.push({ url, architecture: own, sha256: typeof sha256 === 'string' ? sha256 : sha256OfIntegrity(given.get('integrity')) });
    }
  }
  return { places, nevras, unread, origins };
}

const architectureInUrl = (url: string): string | undefined => {
  const step = url.split(/[/-]/).find((text) => canonicalArchitecture(text) === text);
  return step ?? (/\/[0-9a-f]{64}$/.test(url) ? 'x86_64' : undefined);
};
