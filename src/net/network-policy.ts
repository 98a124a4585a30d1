/**
 * Which servers may be contacted. The service uses manifests of other people, and must not give them access to its own
 * network. Plain data, for passing to threads.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';

export interface NetworkPolicy {
  /** Origins (`https://host:port`, or `file://`) that the operator configured. They may have private addresses. */
  readonly origins: readonly string[];
  /** Whether redirects and mirror lists may lead to other servers with public addresses. */
  readonly publicHosts: boolean;
}

const PRIVATE = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  // Ranges that contain an IPv4 address.
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['2001::', 32],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(address, bits, 'ipv6');

/** Loopback, link-local, private and other non-public addresses; also checks an IPv4 address inside an IPv6 address. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const mapped = family === 6 ? mappedAddress(address) : undefined;
  if (mapped !== undefined) return PRIVATE.check(mapped, 'ipv4');
  return PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** `::ffff:127.0.0.1` or `::ffff:7f00:1` (the form of the URL parser). */
function mappedAddress(address: string): string | undefined {
  const dotted = /^::(?:ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return undefined;
  const [high, low] = [Number.parseInt(hex[1]!, 16), Number.parseInt(hex[2]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Throws HOST_REFUSED for a URL that the policy forbids; `shown` is the URL for the message. Also called for each redirect. */
export function checkUrl(url: string, { origins, publicHosts }: NetworkPolicy, shown = url): void {
  const origin = originOf(url);
  if (origins.includes(origin)) return;
  if (!publicHosts || origin === 'file://') throw refused(shown, 'it is not a configured server');
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isPrivateAddress(host) || /(?:^|\.)localhost\.?$/i.test(host)) throw refused(shown, 'its address is private');
}

/** Resolves host names of origins that are not configured: refuses a name with any private address. */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, '', 0);
    const bad = addresses.find(({ address }) => isPrivateAddress(address));
    if (bad !== undefined) return done(refused(hostname, `its address ${bad.address} is private`), '', 0);
    if (options.all === true) return (done as unknown as (error: null, addresses: unknown) => void)(null, addresses);
    done(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/** `file://` for files, otherwise scheme, host and port. */
export function originOf(url: string): string {
  if (/^file:/i.test(url)) return 'file://';
  return URL.canParse(url) ? new URL(url).origin : '';
}

function refused(url: string, why: string): RpmDepsError {
  return new RpmDepsError('HOST_REFUSED', `${printable(redact(url))} is not contacted: ${why}`, {
    hint: `the operator of the service adds it to the configuration: network: {origins: ["${printable(originOf(url) || `https://${url}`)}"]}`,
  });
}
