import { type Manifest, type NetworkPolicy, originOf, RpmDepsError, redact } from 'rpm-deps';

/** A manifest comes from a repository that others write to: it may only name servers that the operator configured. */
export function checkSources(manifest: Manifest, { network }: { readonly network: NetworkPolicy }): void {
  for (const { id, baseurl, metalink, mirrorlist, gpgkey } of manifest.repositories) {
    const urls = [...baseurl, ...gpgkey, ...(metalink === undefined ? [] : [metalink]), ...(mirrorlist === undefined ? [] : [mirrorlist])];
    for (const url of urls) {
      const origin = originOf(url.replace(/\$(?:mirror|\{mirror\})/g, manifest.mirror));
      if (network.origins.includes(origin)) continue;
      throw new RpmDepsError(
        'HOST_REFUSED',
        `the repository \`${id}\` of the manifest is on ${redact(url)}, which is not a source of this service`,
        {
          hint: `the operator adds it to the configuration: network: {origins: ["${origin || url}"]}`,
        },
      );
    }
  }
}
