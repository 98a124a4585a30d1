/** Access settings of the servers of some repositories: client certificates, logins, proxies. */

import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { readWithin } from '../io/read-within.ts';

/** Plain data. Contains paths of files, which are read for the first connection. */
export interface ServerAccess {
  /** PEM files. */
  readonly clientCertificate?: string | undefined;
  /** Default: the key is in the certificate file. */
  readonly clientKey?: string | undefined;
  /** CA certificates that replace the system's, for the certificate of the server. */
  readonly authority?: string | undefined;
  /** PEM files of CA certificates in addition to the system's. */
  readonly moreAuthorities?: readonly string[] | undefined;
  /** Check the certificate of the server; default true. */
  readonly verify?: boolean | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** URL; empty: no proxy, even if the environment sets one. */
  readonly proxy?: string | undefined;
}

/** Access settings for all URLs below `url`. */
export interface AccessRule {
  readonly url: string;
  /** For messages. */
  readonly repository: string;
  readonly access: ServerAccess;
  /** Options that use variables without a value. An error only if the server is contacted. */
  readonly missing: readonly { readonly option: string; readonly variable: string }[];
}

/** The rule with the longest URL that is a prefix of `url`; ignores logins and queries. */
export function ruleFor(url: string, rules: readonly AccessRule[]): AccessRule | undefined {
  if (rules.length === 0) return undefined;
  const place = placeOf(url);
  let best: AccessRule | undefined;
  for (const rule of rules) {
    const known = placeOf(rule.url);
    const isBelow = place === known || place.startsWith(known.endsWith('/') ? known : `${known}/`);
    if (isBelow && (best === undefined || known.length > placeOf(best.url).length)) best = rule;
  }
  return best;
}

function placeOf(text: string): string {
  if (!URL.canParse(text)) return text;
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}

/** Rules for the mirrors of a list: they get the client certificate of the repository, but its password only on the same server. */
export const sharedRules = (rule: AccessRule, from: string, urls: readonly string[]): AccessRule[] =>
  urls.map((url) => {
    const { username: _username, password: _password, ...access } = rule.access;
    const isSameServer = URL.canParse(url) && new URL(url).origin === new URL(from).origin;
    return { ...rule, url, access: isSameServer ? rule.access : access };
  });

/** Throws USAGE if an option uses a variable without a value. */
export function refuseMissing({ repository, missing: [first] }: AccessRule): void {
  if (first === undefined) return;
  const { option, variable } = first;
  throw new RpmDepsError('USAGE', `\`${option}\` of repository \`${printable(repository)}\` needs \`$${variable}\`, which has no value`, {
    hint: `set the environment variable DNF_VAR_${variable}, or \`${variable}\` under \`variables\` in the manifest`,
  });
}

export interface TlsSettings {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer | (Buffer | string)[];
  readonly rejectUnauthorized?: boolean;
}

/** Limit of a certificate file; the CA bundle of a system has a quarter of this size. */
const MAX_PEM_BYTES = 1 << 20;

export async function readTlsSettings({ access, repository }: AccessRule): Promise<TlsSettings> {
  const { clientCertificate, clientKey, authority, moreAuthorities = [], verify } = access;
  const read = async (option: string, path: string): Promise<Buffer> => {
    try {
      return await readWithin(path, MAX_PEM_BYTES);
    } catch (cause) {
      const text = `\`${option}\` of repository \`${printable(repository)}\`: ${printable(path)} cannot be read: ${readProblem(cause as NodeJS.ErrnoException)}`;
      throw new RpmDepsError('USAGE', text, {
        hint: 'the path may come from the environment: `$NAME` is the value of DNF_VAR_NAME',
        cause,
      });
    }
  };
  const own = await Promise.all(moreAuthorities.map((path) => read('certs.d', path)));
  return {
    ...(clientCertificate === undefined ? {} : { cert: await read('sslclientcert', clientCertificate) }),
    ...(clientCertificate === undefined ? {} : { key: await read('sslclientkey', clientKey ?? clientCertificate) }),
    ...(authority === undefined ? {} : { ca: await read('sslcacert', authority) }),
    ...(own.length === 0 ? {} : { ca: [...(await import('node:tls')).rootCertificates, ...own] }),
    ...(verify === false ? { rejectUnauthorized: false } : {}),
  };
}
