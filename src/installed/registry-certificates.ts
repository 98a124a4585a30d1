/** Certificates of registries as podman and docker have them (containers-certs.d(5)): `certs.d/HOST:PORT/*.crt`, `*.cert` with `*.key`. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessRule } from '../net/server-access.ts';

/** Access settings of a registry; undefined if no certificates are installed for it. */
export async function registryAccess(registry: string, env: Readonly<Record<string, string | undefined>>): Promise<AccessRule | undefined> {
  // The registry name becomes part of a path: do not allow other folders.
  if (registry.includes('/') || registry.startsWith('.')) return undefined;
  const home = env['HOME'] || undefined;
  const own = home === undefined ? [] : [join(home, '.config/containers/certs.d')];
  for (const folder of [...own, '/etc/containers/certs.d', '/etc/docker/certs.d']) {
    const names = (await readdir(join(folder, registry)).catch(() => [])).sort();
    const path = (name: string): string => join(folder, registry, name);
    const moreAuthorities = names.filter((name) => name.endsWith('.crt')).map(path);
    const client = names.find((name) => name.endsWith('.cert') && names.includes(name.replace(/cert$/, 'key')));
    if (moreAuthorities.length === 0 && client === undefined) continue;
    const certificate = client === undefined ? {} : { clientCertificate: path(client), clientKey: path(client.replace(/cert$/, 'key')) };
    return { url: `https://${registry}/`, repository: registry, access: { moreAuthorities, ...certificate }, missing: [] };
  }
  return undefined;
}
