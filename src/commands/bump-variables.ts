/** Moves variables of URLs to the newest value of a list, such as a compose in a directory of composes. */

import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { redact } from '../base/redact.ts';
import { decodeEscapes } from '../base/urls.ts';
import type { BumpRow } from '../lockfile/bump.ts';
import type { ListedVariable, Manifest } from '../manifest/manifest.ts';
import { expandVariables } from '../manifest/repository-variables.ts';
import { fetchKept } from '../repositories/kept-answer.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import { globMatcher } from '../rpm/glob.ts';
import { rpmvercmp } from '../rpm/rpmvercmp.ts';
import type { Context } from '../run/context.ts';

interface VariableChoice {
  /** Names or globs; default: all variables. */
  readonly names?: readonly string[];
  /** Use this value instead of the newest. */
  readonly to?: string | undefined;
}

/** The planned value of each variable with a list. A list that several variables share is read once. */
export async function planVariables(manifest: Manifest, { names = [], to }: VariableChoice, context: Context): Promise<BumpRow[]> {
  const chosen = (manifest.listedVariables ?? []).filter(({ name }) => names.length === 0 || names.some((glob) => globMatcher(glob)(name)));
  const urls = chosen.map((variable) => listUrl(variable, manifest));
  const lists = new Map<string, readonly string[]>();
  for (const url of new Set(urls)) lists.set(url, await readList(url, context));
  return chosen.map((variable, i) => {
    const url = urls[i]!;
    return rowOf(variable, manifest.variables[variable.name]!, { url, names: lists.get(url)!, to });
  });
}

/** URL of the list, for any architecture of the manifest. */
const listUrl = ({ list }: ListedVariable, manifest: Manifest): string =>
  expandVariables(list, { ...manifest, architecture: manifest.architectures[0] ?? 'x86_64' });

interface List {
  readonly url: string;
  readonly names: readonly string[];
  /** Use this value instead of the newest. */
  readonly to: string | undefined;
}

function rowOf({ name, pattern }: ListedVariable, value: string, { url, names, to }: List): BumpRow {
  const listed = names.filter(globMatcher(pattern)).sort((a, b) => rpmvercmp(b, a));
  if (listed.length === 0) {
    throw new RpmDepsError('PIN_GONE', `no value of \`$${name}\` is listed in ${redact(url)}`, {
      hint: `the manifest expects names like \`${pattern}\` there: look at \`list\` and \`pattern\` under \`variables\``,
    });
  }
  if (to !== undefined && !listed.includes(to)) {
    throw new RpmDepsError('NO_SUCH_PACKAGE', `${shortPrintable(to)} is not listed in ${redact(url)}`, {
      hint: `the newest values there are ${listed.slice(0, 5).join(', ')}`,
    });
  }
  const target = to ?? listed[0]!;
  const order = rpmvercmp(target, value);
  const moves = target !== value && (order > 0 || to !== undefined);
  const stays = order < 0 && !listed.includes(value) ? 'no_newer_version' : 'current';
  return {
    pin: { variable: name, template: null, value, packages: [], uses: [] },
    status: moves ? 'bump' : stays,
    from: value,
    to: moves ? target : null,
    source: null,
    is_downgrade: moves && order < 0,
    has_newer: rpmvercmp(listed[0]!, value) > 0,
    below: null,
    gone: [],
    available: [],
    hold: null,
    edit: moves ? { kind: 'variable', name, value: target } : null,
  };
}

/** Names in a directory, links of a page to entries directly below it, or the lines of a file. Texts that are not allowed in a URL are skipped. */
async function readList(url: string, { http, cacheDir, offline, emit }: Context): Promise<readonly string[]> {
  const names = url.startsWith('file:') && url.endsWith('/') ? await readFolder(url) : undefined;
  if (names !== undefined) return names.filter(isValue);
  const bytes = await fetchKept(url, { http, cache: new MetadataCache(cacheDir, emit), offline }, { kind: 'list', fresh: !offline });
  const text = new TextDecoder().decode(bytes);
  const found = /<a\s/i.test(text) ? linksBelow(text, url) : text.split('\n').map((line) => line.trim());
  return [...new Set(found)].filter(isValue);
}

async function readFolder(url: string): Promise<readonly string[]> {
  try {
    return await readdir(fileURLToPath(url));
  } catch (cause) {
    throw new RpmDepsError('NETWORK', `${url} cannot be read: ${readProblem(cause as NodeJS.ErrnoException)}`, { cause });
  }
}

function linksBelow(page: string, url: string): string[] {
  const base = new URL('./', url).href;
  return [...page.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap(([, double, single]) => {
    const href = double ?? single ?? '';
    if (!URL.canParse(href, base)) return [];
    const link = new URL(href, base);
    return link.href.startsWith(base) ? [decodeEscapes(link.pathname.slice(new URL(base).pathname.length).replace(/\/$/, ''))] : [];
  });
}

const isValue = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}$/.test(text);
