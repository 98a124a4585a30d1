/**
 * The settings of containers-registries.conf(5) about where to pull an image from: `location`, `mirror` and `insecure` of the longest
 * matching `prefix`, `blocked`, and whether a mirror is for digests or for tags.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { ImageName } from './image-name.ts';

export interface PullSource {
  readonly registry: string;
  readonly repository: string;
  /** Whether http may be used. */
  readonly insecure: boolean;
}

interface Mirror {
  readonly location: string;
  readonly insecure: boolean;
  /** Kinds of image references that this mirror is for. */
  readonly has: 'all' | 'digest-only' | 'tag-only';
}

interface Rule {
  readonly prefix: string;
  /** Replaces the matched prefix; undefined: no replacement. */
  readonly location: string | undefined;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrors: readonly Mirror[];
}

/** Sources for `registry/repository`, in order: mirrors, then the registry itself. */
export async function pullSources(
  { registry, repository, digest }: Pick<ImageName, 'registry' | 'repository' | 'digest'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly PullSource[]> {
  const name = `${registry}/${repository}`;
  const rule = (await readRules(env))
    .filter(({ prefix }) => name === prefix || name.startsWith(`${prefix}/`) || isBelowDomain(registry, prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (rule === undefined) return [{ registry, repository, insecure: isLoopback(registry) }];
  if (rule.blocked) {
    throw new RpmDepsError('IMAGE_NOT_FOUND', `${name} may not be pulled: registries.conf blocks \`${printable(rule.prefix)}\``);
  }
  const host = rule.prefix.startsWith('*.') ? registry : rule.prefix;
  const mirrors = rule.mirrors.filter(({ has }) => has === 'all' || has === (digest === undefined ? 'tag-only' : 'digest-only'));
  return [...mirrors, { location: rule.location ?? host, insecure: rule.insecure }].map(({ location, insecure }) => {
    const full = `${location}${name.slice(host.length)}`;
    const slash = full.indexOf('/');
    const server = full.slice(0, slash);
    return { registry: server, repository: full.slice(slash + 1), insecure: insecure || isLoopback(server) };
  });
}

const isBelowDomain = (registry: string, prefix: string): boolean => prefix.startsWith('*.') && registry.endsWith(prefix.slice(1));

/** As in docker, a registry on this machine may use http. */
const isLoopback = (registry: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(registry);

async function readRules(env: Readonly<Record<string, string | undefined>>): Promise<Rule[]> {
  const named = env['CONTAINERS_REGISTRIES_CONF'];
  if (named !== undefined && named !== '') return parseRules(await readFile(named, 'utf8').catch(unreadable(named)), named);
  const home = env['HOME'];
  const own = home === undefined || home === '' ? undefined : join(home, '.config/containers/registries.conf');
  const first = own === undefined ? undefined : await readIfThere(own);
  const main = first === undefined ? '/etc/containers/registries.conf' : own!;
  const folders = ['/etc/containers/registries.conf.d', ...(own === undefined ? [] : [`${own}.d`])];
  const more = (await Promise.all(folders.map(dropIns))).flat();
  const rules = new Map<string, Rule>();
  for (const path of [main, ...more]) {
    for (const rule of await parseRules((await readIfThere(path)) ?? '', path)) rules.set(rule.prefix, rule);
  }
  return [...rules.values()];
}

const dropIns = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith('.conf'))
    .sort()
    .map((file) => join(folder, file));

const readIfThere = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const unreadable = (path: string) => (cause: unknown) => {
  throw new RpmDepsError('USAGE', `${printable(path)}, named by CONTAINERS_REGISTRIES_CONF, cannot be read`, { cause });
};

async function parseRules(text: string, path: string): Promise<Rule[]> {
  if (!/^\s*\[\[registry/m.test(text)) return [];
  const { parse } = await import('smol-toml');
  let table: Record<string, unknown>;
  try {
    table = parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new RpmDepsError('USAGE', `${printable(path)} is not valid TOML`, { cause });
  }
  return list(table['registry']).flatMap((entry) => {
    const location = typeof entry['location'] === 'string' ? entry['location'] : undefined;
    const prefix = typeof entry['prefix'] === 'string' && entry['prefix'] !== '' ? entry['prefix'] : location;
    if (prefix === undefined) return [];
    const isByDigest = entry['mirror-by-digest-only'] === true;
    const mirrors = list(entry['mirror']).flatMap((mirror): readonly Mirror[] => {
      if (typeof mirror['location'] !== 'string') return [];
      const given = mirror['pull-from-mirror'];
      const has = isByDigest ? 'digest-only' : given === 'digest-only' || given === 'tag-only' ? given : 'all';
      return [{ location: mirror['location'], insecure: mirror['insecure'] === true, has }];
    });
    return [{ prefix, location, insecure: entry['insecure'] === true, blocked: entry['blocked'] === true, mirrors }];
  });
}

const list = (value: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value : []);
