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
  return { origins: [...new Set(origins)].sort(), publicHosts: file.network?.public_hosts ?? true };
}
