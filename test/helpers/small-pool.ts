import { buildPool } from '../../src/pool/build-pool.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { plainInfo } from './plain-repository.ts';

export interface SmallRepo {
  readonly id: string;
  /** `name-epoch:version-release.arch`, then what it provides besides its name, separated by blanks. */
  readonly packages: readonly string[];
  readonly modules?: string;
  readonly comps?: string;
  readonly moduleHotfixes?: boolean;
}

/** A pool of a few packages without dependencies. */
export function smallPool(architecture: string, repos: readonly SmallRepo[]): Pool {
  return buildPool({
    architecture,
    repos: repos.map(({ id, packages, modules, comps, moduleHotfixes = false }) => {
      const xml = `<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">${packages.map(asXml).join('')}</metadata>`;
      return {
        info: plainInfo(id, { moduleHotfixes }),
        primary: new TextEncoder().encode(xml),
        modules: modules === undefined ? undefined : () => modules,
        comps: comps === undefined ? undefined : () => comps,
      };
    }),
  });
}

function asXml(text: string): string {
  const [nevra = '', ...provides] = text.split(' ');
  const parts = /^(.+)-([0-9]+):([^-]+)-([^-]+)\.([^.]+)$/.exec(nevra);
  if (parts === null) throw new Error(`not a NEVRA: ${nevra}`);
  const [, name, epoch, version, release, arch] = parts;
  return `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="${epoch}" ver="${version}" rel="${release}"/>
<checksum type="sha256" pkgid="YES">${'0'.repeat(64)}</checksum><time file="1" build="1"/><size package="1"/><location href="${name}.rpm"/>
<format><rpm:provides>${provides.map((entry) => `<rpm:entry name="${entry}"/>`).join('')}</rpm:provides></format></package>\n`;
}
