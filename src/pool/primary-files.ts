/** createrepo's rule for the files in primary.xml (libsolv, repodata_filelistfilter_matches). */
export function isListedByPrimary(path: string): boolean {
  return path.startsWith('/etc/') || path === '/usr/lib/sendmail' || path.includes('bin/');
}
