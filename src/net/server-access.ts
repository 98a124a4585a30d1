/** How the servers of some repositories are spoken to, where that differs from all others: client certificates, logins, proxies. */

import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { readWithin } from '../io/read-within.ts';

/** Plain data. Files are named here and read when the first connection needs them. */
export interface ServerAccess {
  /** PEM files. */
  readonly clientCertificate?: string | undefined;
  /** Default: the key is in the file of the certificate. */
  readonly clientKey?: string | undefined;
  /** Of the authorities that may have signed the server's certificate, instead of the usual ones. */
  readonly authority?: string | undefined;
  /** PEM files of authorities beside the usual ones. */
  readonly moreAuthorities?: readonly string[] | undefined;
  /** Default true: the certificate of the server is checked. */
  readonly verify?: boolean | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** URL; empty for none, also where the environment names one. */
  readonly proxy?: string | undefined;
}

/** For all URLs that begin so. */
export interface AccessRule {
  readonly url: string;
  /** For messages. */
  readonly repository: string;
  readonly access: ServerAccess;
  /** Options whose variables have no value, with the names of these: an error of whoever asks the server. */
  readonly missing: readonly { readonly option: string; readonly variable: string }[];
}

/** The rule with the longest URL that a URL is, or is below of; logins and queries do not count. */
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

/** For the mirrors that a list names: they see the certificates of the repository, and its password only where they are the same server. */
export const sharedRules = (rule: AccessRule, from: string, urls: readonly string[]): AccessRule[] =>
  urls.map((url) => {
    const { username: _username, password: _password, ...access } = rule.access;
    const isSameServer = URL.canParse(url) && new URL(url).origin === new URL(from).origin;
    return { ...rule, url, access: isSameServer ? rule.access : access };
  });

/** Throws USAGE for what cannot be used without a variable. */
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

/** Of a file with certificates: those of all authorities take a quarter of it. */
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
