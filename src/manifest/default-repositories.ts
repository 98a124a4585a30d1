import type { RepositoryDefinition } from './manifest.ts';

export const DEFAULT_MIRROR = 'https://mirror.stream.centos.org';
export const DEFAULT_RELEASEVER = '9-stream';

/** CentOS Stream: the default of a manifest without `repositories`. */
export const DEFAULT_REPOSITORIES: readonly RepositoryDefinition[] = ['BaseOS', 'AppStream', 'CRB'].map((name) => ({
  id: name.toLowerCase(),
  baseurl: [`$mirror/$releasever/${name}/$basearch/os/`],
  metalink: undefined,
  mirrorlist: undefined,
  gpgkey: ['https://www.centos.org/keys/RPM-GPG-KEY-CentOS-Official'],
  gpgcheck: true,
  repoGpgcheck: false,
  architectures: undefined,
  priority: 99,
  cost: 1000,
  exclude: [],
  includePackages: [],
  moduleHotfixes: false,
  allowWeakChecksums: false,
  enabled: true,
}));

/** Source repositories of CentOS Stream: used only for sets with `sources`. */
export const DEFAULT_SOURCE_REPOSITORIES: readonly RepositoryDefinition[] = DEFAULT_REPOSITORIES.map((repository) => ({
  ...repository,
  id: `${repository.id}-source`,
  baseurl: repository.baseurl.map((url) => url.replace('$basearch/os/', 'source/tree/')),
  enabled: false,
}));
