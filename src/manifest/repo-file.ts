/**
 * Parses `.repo` files of dnf and yum (dnf.conf(5), repo options): sections of `key = value`, comments with `#` or `;`, values that continue on
 * indented lines. Converts each section to an entry of `repositories:` in a manifest.
 */

import { nearestOf } from '../base/nearest.ts';
import { listWithoutSecrets } from '../base/redact.ts';
import { splitList } from '../base/split-list.ts';
import { isUrl } from '../base/urls.ts';
import type { Plain } from './source-text.ts';

interface RepoFileSection {
  readonly id: string;
  /** Same keys as `repositories:` in a manifest. */
  readonly definition: { readonly [key: string]: Plain };
  readonly line: number;
}

interface RepoFileMistake {
  readonly line: number;
  readonly message: string;
}

export interface RepoFile {
  /** In file order; includes sections with `enabled=0`. */
  readonly sections: readonly RepoFileSection[];
  readonly mistakes: readonly RepoFileMistake[];
  /** Unsupported options that may change the result, as `id: option`. */
  readonly unused: readonly string[];
  /** The same options as mistakes, for callers that refuse them. */
  readonly unknown: readonly RepoFileMistake[];
}

const LISTS: Readonly<Record<string, string>> = {
  baseurl: 'baseurl',
  gpgkey: 'gpgkey',
  exclude: 'exclude',
  excludepkgs: 'exclude',
  includepkgs: 'includepkgs',
};
const TEXTS: Readonly<Record<string, string>> = {
  name: 'name',
  metalink: 'metalink',
  mirrorlist: 'mirrorlist',
  sslcacert: 'sslcacert',
  sslclientcert: 'sslclientcert',
  sslclientkey: 'sslclientkey',
  username: 'username',
  password: 'password',
  proxy: 'proxy',
  proxy_username: 'proxy_username',
  proxy_password: 'proxy_password',
};
const NUMBERS: Readonly<Record<string, string>> = { priority: 'priority', cost: 'cost' };
export const REPO_FLAGS: Readonly<Record<string, string>> = {
  enabled: 'enabled',
  gpgcheck: 'gpgcheck',
  pkg_gpgcheck: 'gpgcheck',
  repo_gpgcheck: 'repo_gpgcheck',
  module_hotfixes: 'module_hotfixes',
  skip_if_unavailable: 'skip_if_unavailable',
  sslverify: 'sslverify',
};
/** Options about caching and downloads: they do not change the lockfile. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  (
    'metadata_expire enabled_metadata countme type throttle bandwidth deltarpm deltarpm_percentage failovermethod keepalive keepcache ' +
    'timeout retries max_parallel_downloads minrate ip_resolve fastestmirror ui_repoid_vars mirrorlist_expire mediaid http_caching ' +
    'skip_broken report_instanceid retrieve zchunk user_agent sslverifystatus cachedir mdpolicy build_cache autorefresh keeppackages async'
  ).split(' '),
);
const MAX_BYTES = 4 << 20;

interface Section {
  readonly id: string;
  readonly line: number;
  /** As in dnf: names are case-sensitive, and the last value of a name is used. */
  readonly options: Map<string, { value: string; readonly line: number }>;
}

/** Parses the sections of a `.repo` file or of dnf.conf. */
export function readSections(text: string): { readonly sections: readonly Section[]; readonly mistakes: RepoFileMistake[] } {
  const sections: Section[] = [];
  const mistakes: RepoFileMistake[] = [];
  if (text.length > MAX_BYTES) return { sections, mistakes: [{ line: 1, message: `larger than ${MAX_BYTES >> 20} MiB` }] };
  let current: Section | undefined;
  let open: { value: string; line: number } | undefined;
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = i + 1;
    if (/^\s*(?:[#;]|$)/.test(raw)) {
      // An empty line ends a value, a comment does not.
      if (raw.trim() === '') open = undefined;
      continue;
    }
    if (/^\s/.test(raw) && open !== undefined) {
      open.value += `\n${raw.trim()}`;
      continue;
    }
    const section = /^\[([^\]]*)\]\s*$/.exec(raw.trim());
    if (section !== null) {
      current = { id: section[1]!.trim(), line, options: new Map() };
      open = undefined;
      if (current.id === '') mistakes.push({ line, message: 'a section without a name' });
      sections.push(current);
      continue;
    }
    const equals = raw.indexOf('=');
    if (equals < 0 || current === undefined) {
      const message = current === undefined ? 'an option before the first `[repository]`' : 'expected `option = value`';
      // A file of another format has nothing else.
      if (current !== undefined || mistakes.length === 0) mistakes.push({ line, message });
      continue;
    }
    open = { value: raw.slice(equals + 1).trim(), line };
    current.options.set(raw.slice(0, equals).trim(), open);
  }
  return { sections, mistakes };
}

/** Parses a `.repo` file and collects mistakes; a section with a mistake keeps its valid options. */
export function parseRepoFile(text: string): RepoFile {
  const { sections, mistakes } = readSections(text);
  const unused: string[] = [];
  const unknown: RepoFileMistake[] = [];
  const read = sections
    .filter(({ id }) => id !== '' && id !== 'main')
    .map(({ id, line, options }) => {
      const definition: { [key: string]: Plain } = { id };
      for (const [key, { value, line: at }] of options) {
        const problem = setOption(definition, key, value);
        if (problem === 'unused') {
          unused.push(`${id}: ${key}`);
          unknown.push({ line: at, message: unknownOption(id, key) });
        } else if (problem !== undefined) mistakes.push({ line: at, message: `\`${key}\` of \`${id}\` ${problem}` });
      }
      return { id, definition, line };
    });
  return { sections: read, mistakes, unused, unknown };
}

function setOption(definition: { [key: string]: Plain }, key: string, value: string): string | undefined {
  if (Object.hasOwn(LISTS, key)) {
    const target = LISTS[key]!;
    const items = splitList(value);
    const before = definition[target];
    if (items.length > 0) definition[target] = [...(Array.isArray(before) ? before : []), ...items];
    return undefined;
  }
  if (Object.hasOwn(TEXTS, key)) {
    // `proxy=_none_` is a value: no proxy, even if the environment sets one.
    if (value !== '' && (value !== '_none_' || key === 'proxy')) definition[TEXTS[key]!] = value;
    return undefined;
  }
  if (Object.hasOwn(NUMBERS, key)) {
    if (!/^-?\d{1,9}$/.test(value)) return `is \`${value.slice(0, 40)}\`, not a number`;
    definition[NUMBERS[key]!] = Number(value);
    return undefined;
  }
  if (Object.hasOwn(REPO_FLAGS, key)) {
    const flag = parseFlag(value);
    if (flag === undefined) return notAFlag(value);
    definition[REPO_FLAGS[key]!] = flag;
    return undefined;
  }
  return WITHOUT_EFFECT.has(key) ? undefined : 'unused';
}

/** Undefined if not a boolean. */
export const parseFlag = (value: string): boolean | undefined =>
  /^(?:1|yes|true|on)$/i.test(value) ? true : /^(?:0|no|false|off)$/i.test(value) ? false : undefined;
export const notAFlag = (value: string): string => `is \`${value.slice(0, 40)}\`, not 0 or 1`;

function unknownOption(id: string, key: string): string {
  const nearest = nearestOf(key, [LISTS, TEXTS, NUMBERS, REPO_FLAGS].flatMap(Object.keys));
  return `\`${key}\` of \`${id}\` is not an option that is known${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`;
}

/** `gpgcheck=1` without a key cannot be checked: like dnf, resolve anyway; downloads are reported as unchecked. */
export function withoutEmptyCheck(definition: { readonly [key: string]: Plain }): { [key: string]: Plain } {
  const { gpgcheck: _gpgcheck, ...rest } = definition;
  return definition['gpgkey'] === undefined ? rest : { ...definition };
}

/** How `init` and `import` report the same. */
export const lostCheck = ({ gpgcheck, gpgkey }: { readonly [key: string]: Plain }): string[] =>
  gpgcheck === true && gpgkey === undefined ? ['gpgcheck (without gpgkey signatures are not checked)'] : [];

/** Removes credentials in logins and queries of URLs, because a manifest is committed. */
export function withoutLogins<T extends Plain>(given: T): { readonly clean: T; readonly hadLogins: boolean } {
  let hadLogins = false;
  const cleaned = (value: Plain): Plain => {
    if (Array.isArray(value)) return value.map(cleaned);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item)]));
    if (typeof value !== 'string') return value;
    // A proxy may have no URL scheme.
    const clean = isUrl(value) ? listWithoutSecrets(value) : value.replace(/^[^\s:@/]+:[^\s@]+@(?=[^\s@]+$)/, '');
    hadLogins ||= clean !== value;
    return clean;
  };
  return { clean: cleaned(given) as T, hadLogins };
}
