/** Merges the repositories of several files and architectures: those that differ only in the architecture become one entry with `$basearch`. */
import { withoutLogins } from '../manifest/repo-file.ts';
import type { Plain } from '../manifest/source-text.ts';
import type { ImportedRepository } from './imported.ts';
import { idOfUrl } from './places.ts';

export interface TranslatedRepository {
  readonly definition: { readonly [key: string]: Plain };
  /** Comments: former names, and lost items. */
  readonly remarks: readonly string[];
  readonly lost: readonly string[];
  /** Its URLs in the imported files. */
  readonly places: readonly string[];
}

export interface TranslatedRepositories {
  /** The common part of the URLs, for `$mirror`. */
  readonly mirror: string | undefined;
  readonly repositories: readonly TranslatedRepository[];
}

interface Merged {
  id: string;
  rest: { readonly [key: string]: Plain };
  readonly former: Set<string>;
  readonly architectures: Set<string>;
  isForAll: boolean;
  isUnnamed: boolean;
  readonly lost: Set<string>;
  readonly places: Set<string>;
}

export function translateRepositories(given: readonly ImportedRepository[], architectures: readonly string[]): TranslatedRepositories {
  const merged = new Map<string, Merged>();
  for (const { definition: whole, architecture, isUnnamed = false, lost: before = [] } of given) {
    const { clean, hadLogins } = withoutLogins(whole);
    const { definition, secrets } = withoutSecrets(clean);
    const lost = [
      ...before,
      ...(hadLogins ? ['the login in its URL'] : []),
      ...secrets.map((key) => `\`${key}\`, which does not belong in a manifest: use \`$NAME\`, the variable DNF_VAR_NAME`),
    ];
    const { id, ...rest } = withBasearch(definition, architecture, architectures);
    const former = String(definition['id'] ?? '');
    const plain = plainId(String(id), rest);
    // The same URL in two files is one repository, with the options of both. If it is enabled only for some architectures, there are two.
    const key = [rest['enabled'] !== false, ...urlsOf(rest).map((url) => url.replace(/\/$/, ''))].join(' ');
    const known = merged.get(key) ?? {
      id: plain,
      rest,
      former: new Set(),
      architectures: new Set(),
      isForAll: false,
      isUnnamed: true,
      lost: new Set(),
      places: new Set(),
    };
    merged.set(key, known);
    for (const [name, value] of Object.entries(rest)) {
      const own = known.rest[name];
      if (own === undefined || URL_KEYS.includes(name) || JSON.stringify(own) === JSON.stringify(value)) continue;
      known.lost.add(`\`${name}: ${JSON.stringify(value)}\`, which another file or architecture has differently`);
    }
    known.rest = { ...rest, ...known.rest };
    if (known.isUnnamed && !isUnnamed) {
      known.id = plain;
      known.isUnnamed = false;
    }
    if (former !== '' && !isUnnamed) known.former.add(former);
    if (architecture === undefined) known.isForAll = true;
    else known.architectures.add(architecture);
    for (const text of lost) known.lost.add(text);
    for (const url of urlsOf(definition)) known.places.add(url);
  }
  const taken = new Map<string, string>();
  for (const one of merged.values()) {
    const url = String([one.rest['baseurl'] ?? ''].flat()[0]);
    const first = stepsOf(taken.get(one.id) ?? '');
    const wishes = [
      one.id,
      // The step that the first one of that id does not have, such as its release.
      ...(first.length === 0 ? [] : stepsOf(url).filter((step) => !first.includes(step))).slice(0, 1).map((step) => `${one.id}-${step}`),
      `${one.id}-${idOfUrl(url.replace(/\/[^/]*\/?$/, '/'), '')}`,
      ...Array.from({ length: 1000 }, (_, i) => `${one.id}-${i + 2}`),
    ];
    one.id = wishes.find((wish) => !taken.has(wish)) ?? one.id;
    taken.set(one.id, url);
  }
  const mirror = commonOrigin([...merged.values()].flatMap(({ rest }) => urlsOf(rest)));
  return {
    mirror,
    repositories: [...merged.values()].map(({ id, rest, former, architectures: own, isForAll, lost, places }) => {
      const others = [...former].filter((name) => name !== id);
      const used = architectures.filter((one) => own.has(one));
      const isPartial = !isForAll && rest['architectures'] === undefined && used.length < architectures.length;
      return {
        definition: {
          id,
          ...withMirror(rest, mirror),
          ...(isPartial ? { architectures: used.length > 0 ? used : [...own] } : {}),
        },
        remarks: others.length === 0 ? [] : [`was ${others.join(', ')}`],
        lost: [...lost],
        places: [...places],
      };
    }),
  };
}

/** Manifests are committed to git, so passwords are not imported; names of variables are. */
function withoutSecrets(definition: { readonly [key: string]: Plain }): {
  readonly definition: { readonly [key: string]: Plain };
  readonly secrets: readonly string[];
} {
  const isSecret = ([key, value]: readonly [string, Plain]): boolean =>
    /(?:^|_)(?:username|password)$/.test(key) && !/^\$\w+$/.test(String(value));
  const entries = Object.entries(definition);
  return {
    definition: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: entries.filter(isSecret).map(([key]) => key),
  };
}

/** Replaces a directory or an id's end that names the architecture by `$basearch`. With a single architecture it may stay. */
function withBasearch(
  definition: { readonly [key: string]: Plain },
  architecture: string | undefined,
  all: readonly string[],
): { readonly [key: string]: Plain } {
  if (architecture === undefined || all.length === 0) return definition;
  const pattern = new RegExp(`(?<=[/-])${architecture}(?=[/-]|$)`, 'g');
  const inUrl = (value: Plain): Plain =>
    typeof value === 'string' ? value.replace(pattern, '$$basearch') : Array.isArray(value) ? value.map(inUrl) : value;
  return Object.fromEntries(
    Object.entries(definition).map(([key, value]) => {
      if (URL_KEYS.includes(key)) return [key, inUrl(value)];
      return key === 'id' && typeof value === 'string' ? [key, value.replace(new RegExp(`[-_.]${architecture}$`), '')] : [key, value];
    }),
  );
}

/** `centos-stream9-baseos` of `centos/stream9-baseos`. */
function plainId(id: string, rest: { readonly [key: string]: Plain }): string {
  const plain = id.replace(/[^A-Za-z0-9_.:+${}-]+/g, '-').replace(/^[^A-Za-z0-9_$]+/, '');
  return plain === '' ? idOfUrl(String([rest['baseurl'] ?? rest['metalink'] ?? ''].flat()[0]), '') : plain;
}

/** Folders of a URL that can be part of an id. */
const stepsOf = (url: string): string[] =>
  url
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .split('/')
    .filter((step) => /^[A-Za-z0-9][\w.-]*$/.test(step));

const URL_KEYS = ['baseurl', 'metalink', 'mirrorlist'];

export const urlsOf = (rest: { readonly [key: string]: Plain }): string[] =>
  URL_KEYS.flatMap((key) => (rest[key] === undefined ? [] : [rest[key]].flat().map(String)));

function commonOrigin(urls: readonly string[]): string | undefined {
  const origins = new Set(urls.map((url) => /^https?:\/\/[^/$?#@]+(?=\/)/.exec(url)?.[0]));
  const [origin] = origins;
  return origins.size === 1 ? origin : undefined;
}

function withMirror(rest: { readonly [key: string]: Plain }, mirror: string | undefined): { readonly [key: string]: Plain } {
  if (mirror === undefined) return rest;
  const shorten = (value: Plain): Plain =>
    typeof value === 'string' && value.startsWith(`${mirror}/`)
      ? `$mirror${value.slice(mirror.length)}`
      : Array.isArray(value)
        ? value.map(shorten)
        : value;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, URL_KEYS.includes(key) ? shorten(value) : value]));
}
