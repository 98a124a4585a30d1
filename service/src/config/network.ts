import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Manifest, type NetworkPolicy, originOf } from 'rpm-deps';
import type { ConfigFile } from './config-file.ts';

/** A server or a file in a manifest. */
interface Place {
  /** The key or object that names it. */
  readonly of: string;
  readonly url: string;
  /** A path of this machine, not a URL: the HTTP client need not read it. */
  readonly isPath?: boolean;
}

/** The servers in the operator's manifest and in the configuration. Only these may have private addresses. */
export function networkPolicy(sources: Manifest, file: ConfigFile): NetworkPolicy {
  const places = [...placesOf(sources)];
  const urls = places.filter(({ isPath }) => isPath !== true).map(({ url }) => url);
  const archive = /^https?:/.test(file.archive?.to ?? '') ? [file.archive!.to] : [];
  const origins = [...urls, ...(file.network?.origins ?? []), ...archive].map((url) => originOf(url)).filter((origin) => origin !== '');
  // For files the directories are compared, not the scheme: another manifest must not read other files of this machine.
  const folders = [...places.map(({ url }) => url), sources.mirror, ...(file.network?.origins ?? [])].filter(isFile).map(folderOf);
  return { origins: [...new Set([...origins, ...folders])].sort(), publicHosts: file.network?.public_hosts ?? true };
}

export const isFile = (url: string): boolean => /^file:/i.test(url);

/** The directory of a file URL up to the part with its first variable, with a trailing slash. */
function folderOf(url: string): string {
  const { href } = new URL(url.replace(/[^/]*\$.*$/s, ''));
  return href.endsWith('/') ? href : `${href}/`;
}

/** All URLs that are read because of a manifest, with `$mirror` filled in. Paths within its repository are not listed, because they belong to it. */
export function* placesOf({ repositories, mirror, fallbacks, listedVariables = [], sets }: Manifest): Generator<Place> {
  const expanded = (url: string): string => url.replace(/\$(?:mirror|\{mirror\})/g, mirror);
  for (const { id, baseurl, metalink, mirrorlist, gpgkey, access = {} } of repositories) {
    const urls = [...baseurl, ...gpgkey, ...(metalink === undefined ? [] : [metalink]), ...(mirrorlist === undefined ? [] : [mirrorlist])];
    for (const url of urls) yield { of: `the repository \`${id}\``, url: expanded(url) };
    const { proxy } = access;
    if (proxy !== undefined && proxy !== '' && proxy !== '_none_')
      yield { of: `the proxy of the repository \`${id}\``, url: proxy.includes('://') ? proxy : `http://${proxy}` };
    for (const option of ['sslclientcert', 'sslclientkey', 'sslcacert'] as const) {
      const path = access[option];
      if (path !== undefined) yield { of: `\`${option}\` of the repository \`${id}\``, url: fileUrl(path), isPath: true };
    }
  }
  for (const url of fallbacks) yield { of: 'one of the `fallbacks`', url: expanded(url) };
  for (const { name, list } of listedVariables) yield { of: `the list of the variable \`${name}\``, url: expanded(list) };
  for (const { name, base } of sets) {
    const of = `the base of the set \`${name}\``;
    if (base?.kind === 'image') yield { of, url: `https://${base.image.replace(/^docker:\/\//, '')}` };
    if ((base?.kind === 'rpmdb' || base?.kind === 'containerfile') && /^\/|(?:^|\/)\.\.(?:\/|$)/.test(base.path))
      yield { of, url: fileUrl(base.path), isPath: true };
  }
}

/** Variables are not expanded, because they may have any value. */
const fileUrl = (path: string): string => pathToFileURL(resolve('/', path)).href;
