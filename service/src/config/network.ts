import { type Manifest, type NetworkPolicy, originOf } from 'rpm-deps';
import type { ConfigFile } from './config-file.ts';

/** The servers of the sources, and those of the configuration. Only these may have private addresses. */
export function networkPolicy(sources: Manifest, file: ConfigFile): NetworkPolicy {
  const urls = sources.repositories.flatMap(({ baseurl, metalink, mirrorlist, gpgkey }) => [
    ...baseurl,
    ...gpgkey,
    ...(metalink === undefined ? [] : [metalink]),
    ...(mirrorlist === undefined ? [] : [mirrorlist]),
  ]);
  const expanded = urls.map((url) => url.replace(/\$(?:mirror|\{mirror\})/g, sources.mirror));
  const archive = /^https?:/.test(file.archive?.to ?? '') ? [file.archive!.to] : [];
  const origins = [...expanded, ...(file.network?.origins ?? []), ...archive].map((url) => originOf(url)).filter((origin) => origin !== '');
  // Of files the folders count, not the scheme: a manifest of others must not read elsewhere on this machine.
  const folders = [...expanded, sources.mirror, ...(file.network?.origins ?? [])].filter(isFile).map(folderOf);
  return { origins: [...new Set([...origins, ...folders])].sort(), publicHosts: file.network?.public_hosts ?? true };
}

export const isFile = (url: string): boolean => /^file:/i.test(url);

/** The folder of a URL of files up to the part with its first variable, with a slash at its end. */
function folderOf(url: string): string {
  const { href } = new URL(url.replace(/[^/]*\$.*$/s, ''));
  return href.endsWith('/') ? href : `${href}/`;
}
