/** Formats of other tools that lockfiles can be written in. The command line lists them; export-formats.ts writes them. */
export const EXPORT_FORMATS = [
  'rpms.lock.yaml',
  'packages.manifest.yaml',
  'bazeldnf',
  'rpmtree',
  'cyclonedx',
  'spdx',
  'kickstart',
  'aria2',
  'list',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
