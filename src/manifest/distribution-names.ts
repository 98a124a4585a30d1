/** Names of distributions, as listed in help and error messages. */
export const DISTRIBUTIONS: readonly string[] = [
  'centos-stream-9',
  'centos-stream-10',
  'fedora',
  'fedora-NN',
  'epel-9',
  'epel-10',
  'ubi8',
  'ubi9',
  'ubi10',
  'almalinux-9',
  'almalinux-10',
  'rocky-9',
  'rocky-10',
  'copr:OWNER/PROJECT',
];
