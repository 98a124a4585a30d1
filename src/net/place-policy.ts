/** Which URLs the metadata of a repository may contain; the metadata is not trusted. */

/** Why a location outside of the base URL is refused (worded to follow "because"); undefined if it is allowed. */
export function placeMistake(place: string, base: string): string | undefined {
  if (/^file:/i.test(place)) return /^file:/i.test(base) ? undefined : 'a server may not name a file of this machine';
  if (!/^https?:/i.test(place)) return 'its location is neither http, https nor file';
  const host = hostOf(place);
  if (host === undefined) return 'its location is not a URL';
  if (!isPrivateHost(host) || isLocal(base)) return undefined;
  return `its location is the private address ${host}, and the repository is not`;
}

/** Local folders, and servers in private networks. */
function isLocal(base: string): boolean {
  if (/^file:/i.test(base)) return true;
  const host = hostOf(base);
  return host !== undefined && isPrivateHost(host);
}

/** Host name as parsed by the client: `http://2130706433/` is 127.0.0.1. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : undefined;
}

/** Loopback, link-local and private addresses, and host names that usually resolve to them. */
function isPrivateHost(host: string): boolean {
  if (host.includes(':')) return isPrivate6(host);
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (bytes !== undefined) return isPrivate4(bytes);
  return !host.includes('.') || /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)\.?$/i.test(host);
}

function isPrivate4([a = 0, b = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  return (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

/** `::`, `::1`, fc00::/7, fe80::/10, multicast, and IPv4 in IPv6. */
function isPrivate6(host: string): boolean {
  const mapped = /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(host);
  if (mapped !== null) {
    const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
    return isPrivate4([high! >> 8, high! & 255, low! >> 8, low! & 255]);
  }
  return /^(?:::1?$|f[cd]|fe[89ab]|ff|64:ff9b:)/i.test(host);
}
