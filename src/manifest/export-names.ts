/** Lockfile formats of other tools, for the command `export`, its help and `bot.exports` of the manifest. */
const EXPORT_CONTENTS = {
  'rpms.lock.yaml': 'for rpm-lockfile-prototype and hermeto; all selected lockfiles, each package once',
  'packages.manifest.yaml': 'for dnf5; all selected lockfiles, each package once',
  bazeldnf: 'lock JSON; all selected lockfiles, with `fallbacks` of the manifest',
  rpmtree: 'rules for WORKSPACE and BUILD.bazel; all selected lockfiles, with `fallbacks`',
  cyclonedx: 'CycloneDX 1.6; one lockfile',
  spdx: 'SPDX 2.3; one lockfile',
  kickstart: '%packages; one lockfile',
  aria2: 'list of downloads; all selected lockfiles, with `fallbacks`',
  list: 'one NEVRA per line',
} as const;

export type ExportFormat = keyof typeof EXPORT_CONTENTS;

export const EXPORT_FORMATS = Object.keys(EXPORT_CONTENTS) as readonly ExportFormat[];

/** One line per format, for the help of `export`. */
export const EXPORT_HELP = Object.entries(EXPORT_CONTENTS)
  .map(([format, content]) => `${format}: ${content}`)
  .join(';\n');
