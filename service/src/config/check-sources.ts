import { type Manifest, type NetworkPolicy, originOf, RpmDepsError, redact } from 'rpm-deps';
import { isFile, placesOf } from './network.ts';

/** Other people can write to a manifest's repository: the manifest may only name servers and directories that the operator configured. */
export function checkSources(manifest: Manifest, { network: { origins } }: { readonly network: NetworkPolicy }): void {
  for (const { of, url } of placesOf(manifest)) {
    const origin = originOf(url);
    if (isFile(url) ? isInFolder(url, manifest.releasever, origins) : origins.includes(origin)) continue;
    throw new RpmDepsError('HOST_REFUSED', `${of} of the manifest is on ${redact(url)}, which is not a source of this service`, {
      hint: `the operator adds it to the configuration: network: {origins: ["${isFile(url) ? url : origin || url}"]}`,
    });
  }
}

/** Resolves dots in the path, also encoded ones and those from variables; an unknown variable is refused. */
function isInFolder(url: string, releasever: string, origins: readonly string[]): boolean {
  const filled = url
    .replace(/\$(?:basearch|\{basearch\}|arch\b|\{arch\})/g, 'x')
    .replace(/\$(?:releasever|\{releasever\})/g, () => releasever);
  if (filled.includes('$')) return false;
  const { href } = new URL(filled);
  return origins.some((origin) => origin.startsWith('file:///') && `${href}/`.startsWith(origin));
}
