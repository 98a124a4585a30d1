/** Repositories of distributions in the form of a manifest: `init --distribution` writes them, and `--distribution` uses them for one run. */
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { DISTRIBUTIONS } from './distribution-names.ts';

/** With the keys of `repositories` in a manifest. */
export interface PresetRepository {
  readonly id: string;
  readonly baseurl?: string;
  readonly metalink?: string;
  readonly gpgkey: string;
}

export interface Distribution {
  /** Shown to users. */
  readonly title: string;
  /** Value of `$mirror`; undefined if the URLs do not use it. */
  readonly mirror?: string;
  readonly releasever?: string;
  /** The COPR chroot built for it; undefined for an add-on repository. */
  readonly chroot?: string;
  readonly repositories: readonly PresetRepository[];
  /** Small packages for the first set of a new manifest. */
  readonly packages: readonly string[];
}

/** Default release, well tested by now; `fedora-NN` and `releasever` select others. */
const FEDORA = '44';
const SMALL = ['bash', 'coreutils-single', 'glibc-minimal-langpack'];

/**
 * The named distributions, in order; adds CentOS Stream if only EPEL or COPR is named. Throws USAGE for an unknown name, with a similar one as
 * hint, and if two have a repository of the same id.
 */
export function findDistributions(names: readonly string[]): Distribution[] {
  const stream = names.includes('epel-10') ? '10' : '9';
  // COPR has builds for the first other distribution, wherever it is named.
  const chroot = names.map((name) => findDistribution(name, '').chroot).find((one) => one !== undefined);
  const found = [...new Set(names)].map((name) => findDistribution(name, chroot ?? `epel-${stream}`));
  refuseSameIds(found);
  // EPEL and COPR need the distribution that they are built on.
  return names.length === 0 || chroot !== undefined ? found : [centosStream(stream), ...found];
}

function refuseSameIds(distributions: readonly Distribution[]): void {
  const known = new Map<string, string>();
  for (const { title, repositories } of distributions) {
    for (const { id } of repositories) {
      const other = known.get(id);
      if (other !== undefined) {
        throw new RpmDepsError('USAGE', `${other} and ${title} both have a repository \`${id}\``, {
          hint: 'choose one of them, or give each a manifest of its own',
        });
      }
      known.set(id, title);
    }
  }
}

function findDistribution(name: string, chroot: string): Distribution {
  const [, stream] = /^centos-stream-(9|10)$/.exec(name) ?? [];
  if (stream !== undefined) return centosStream(stream);
  const fedora = /^fedora(?:-(\d{2,3}))?$/.exec(name);
  if (fedora !== null) return fedoraLinux(fedora[1] ?? FEDORA);
  const epel = /^epel(?:-(9|10))?$/.exec(name);
  if (epel !== null) return extraPackages(epel[1] ?? '9');
  const [, ubi] = /^ubi-?(8|9|10)$/.exec(name) ?? [];
  if (ubi !== undefined) return universalBase(ubi);
  const [, alma] = /^alma(?:linux)?-(9|10)$/.exec(name) ?? [];
  if (alma !== undefined) return almaLinux(alma);
  const [, rocky] = /^rocky-(9|10)$/.exec(name) ?? [];
  if (rocky !== undefined) return rockyLinux(rocky);
  const [, owner, project] = /^copr:(@?\w[\w.-]*)\/(\w[\w.+-]*)$/.exec(name) ?? [];
  if (owner !== undefined && project !== undefined) return copr(owner, project, chroot);
  const near = nearestOf(name, DISTRIBUTIONS);
  throw new RpmDepsError('USAGE', `unknown distribution \`${shortPrintable(name)}\``, {
    hint: near === undefined ? `distributions are: ${DISTRIBUTIONS.join(', ')}` : `did you mean \`${near}\`?`,
  });
}

const centosStream = (version: string): Distribution => ({
  title: `CentOS Stream ${version}`,
  mirror: 'https://mirror.stream.centos.org',
  chroot: `centos-stream-${version}`,
  repositories: ['BaseOS', 'AppStream', 'CRB'].map((name) => ({
    id: name.toLowerCase(),
    baseurl: `$mirror/${version}-stream/${name}/$basearch/os/`,
    // CentOS Stream 10 uses another key.
    gpgkey: `https://www.centos.org/keys/RPM-GPG-KEY-CentOS-Official${version === '9' ? '' : '-SHA256'}`,
  })),
  packages: version === '9' ? [...SMALL, 'curl-minimal', 'libcurl-minimal'] : SMALL,
});

const fedoraLinux = (version: string): Distribution => ({
  title: `Fedora ${version}`,
  releasever: version,
  chroot: 'fedora-$releasever',
  repositories: [
    ['fedora', 'fedora-$releasever'],
    ['updates', 'updates-released-f$releasever'],
  ].map(([id = '', name]) => ({
    id,
    metalink: `https://mirrors.fedoraproject.org/metalink?repo=${name}&arch=$basearch`,
    gpgkey: 'https://fedoraproject.org/fedora.gpg',
  })),
  packages: SMALL,
});

const extraPackages = (version: string): Distribution => ({
  title: `EPEL ${version}`,
  repositories: [
    {
      id: 'epel',
      metalink: `https://mirrors.fedoraproject.org/metalink?repo=${version === '9' ? 'epel-9' : `epel-z-${version}`}&arch=$basearch`,
      gpgkey: `https://dl.fedoraproject.org/pub/epel/RPM-GPG-KEY-EPEL-${version}`,
    },
  ],
  packages: [],
});

const universalBase = (version: string): Distribution => ({
  title: `Red Hat Universal Base Image ${version}`,
  chroot: `epel-${version}`,
  repositories: ['baseos', 'appstream', 'codeready-builder'].map((name) => ({
    id: `ubi-${version}-${name}-rpms`,
    baseurl: `https://cdn-ubi.redhat.com/content/public/ubi/dist/ubi${version}/${version}/$basearch/${name}/os/`,
    gpgkey: 'https://access.redhat.com/security/data/fd431d51.txt',
  })),
  packages: SMALL,
});

const almaLinux = (version: string): Distribution => ({
  title: `AlmaLinux ${version}`,
  mirror: 'https://repo.almalinux.org/almalinux',
  chroot: `epel-${version}`,
  repositories: ['BaseOS', 'AppStream', 'CRB'].map((name) => ({
    id: name.toLowerCase(),
    baseurl: `$mirror/${version}/${name}/$basearch/os/`,
    gpgkey: `https://repo.almalinux.org/almalinux/RPM-GPG-KEY-AlmaLinux-${version}`,
  })),
  packages: SMALL,
});

const rockyLinux = (version: string): Distribution => ({
  title: `Rocky Linux ${version}`,
  mirror: 'https://dl.rockylinux.org/pub/rocky',
  chroot: `epel-${version}`,
  repositories: ['BaseOS', 'AppStream', 'CRB'].map((name) => ({
    id: name.toLowerCase(),
    baseurl: `$mirror/${version}/${name}/$basearch/os/`,
    gpgkey: `https://dl.rockylinux.org/pub/rocky/RPM-GPG-KEY-Rocky-${version}`,
  })),
  packages: SMALL,
});

const copr = (owner: string, project: string, chroot: string): Distribution => ({
  title: `COPR ${owner}/${project}`,
  repositories: [
    {
      // Same id as in dnf.
      id: `copr_${owner.replace('@', 'group_')}_${project}`,
      baseurl: `https://download.copr.fedorainfracloud.org/results/${owner}/${project}/${chroot}-$basearch/`,
      gpgkey: `https://download.copr.fedorainfracloud.org/results/${owner}/${project}/pubkey.gpg`,
    },
  ],
  packages: [],
});
