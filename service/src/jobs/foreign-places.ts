import { type Manifest, originOf, RpmDepsError } from 'rpm-deps';

/** Everyone with push permission can edit the manifest: it must not choose a server for the operator's token, or files of this machine to write. */
export function refuseForeignPlaces({ bot }: Manifest, known: readonly string[]): void {
  for (const [key, url] of [
    ['forge_url', bot?.forgeUrl],
    ['fork_url', bot?.forkUrl],
    ['archive', bot?.archive],
  ] as const) {
    if (url === undefined || (/^https?:/.test(url) && known.includes(originOf(url)))) continue;
    throw new RpmDepsError('HOST_REFUSED', `\`bot.${key}\` of the manifest leads to a place that is not configured`, {
      hint: `remove it, or the operator adds its server to the configuration: network: {origins: ["${originOf(url) || 'https://...'}"]}`,
    });
  }
}
