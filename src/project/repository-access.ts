/** Certificates, logins and proxies of the repositories of a manifest, for the HTTP client. */
import { dirname, resolve } from 'node:path';
import { fillVariables } from '../base/variables.ts';
import type { Manifest, RepositoryAccess } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { variableValues } from '../manifest/repository-variables.ts';
import type { AccessRule } from '../net/server-access.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import type { Run } from '../run/run.ts';

/** Configures the HTTP client for the servers of the manifest's repositories. */
export function useRepositoryAccess(manifest: Manifest, { http }: Pick<Run, 'http'>): void {
  if (!manifest.repositories.some(({ access }) => access !== undefined)) return;
  const rules = new Map<string, AccessRule>();
  for (const architecture of new Set([...manifest.architectures, ...ARCHITECTURES]))
    for (const rule of rulesFor(manifest, architecture)) if (!rules.has(rule.url)) rules.set(rule.url, rule);
  http.useAccess?.([...rules.values()]);
}

function* rulesFor(manifest: Manifest, architecture: string): Generator<AccessRule> {
  const { variables, accessVariables = {} } = manifest;
  const values = variableValues({ ...manifest, architecture });
  const ofAccess = variableValues({ ...manifest, architecture, variables: { ...variables, ...accessVariables } });
  for (const { id, access, baseurl, metalink, mirrorlist } of knownRepositoriesFor(manifest, architecture)) {
    if (access === undefined) continue;
    const missing: AccessRule['missing'][number][] = [];
    const text = (option: keyof RepositoryAccess): string | undefined => {
      const written = access[option];
      if (typeof written !== 'string') return undefined;
      const filled = fillVariables(written, ofAccess);
      // A password may contain a literal dollar sign.
      const variable = option.endsWith('password') ? undefined : /\$\{?(\w+)/.exec(filled)?.[1];
      if (variable !== undefined) missing.push({ option, variable });
      return filled;
    };
    const file = (option: keyof RepositoryAccess): string | undefined => {
      const path = text(option);
      return path === undefined ? undefined : resolve(dirname(manifest.path), path);
    };
    const proxy = withLogin(text('proxy'), text('proxy_username'), text('proxy_password'));
    const settings = {
      clientCertificate: file('sslclientcert'),
      clientKey: file('sslclientkey'),
      authority: file('sslcacert'),
      verify: access.sslverify,
      username: text('username'),
      password: text('password'),
      proxy: proxy === '_none_' ? '' : proxy,
    };
    for (const url of [...baseurl, metalink, mirrorlist].filter((place) => place !== undefined))
      yield { url: fillVariables(url, values), repository: id, access: settings, missing };
  }
}

function withLogin(proxy: string | undefined, username: string | undefined, password = ''): string | undefined {
  if (proxy === undefined || username === undefined) return proxy;
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  return url.replace('://', `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}
