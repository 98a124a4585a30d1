/** Codes of all warnings of commands. `docs/warnings.md` has a section for each; a test compares the two. */
export const WARNING_CODES = {
  LOCKED_VERSION_GONE: { meaning: 'A locked version is no longer in any repository, and another version was locked' },
  DOWNGRADED: { meaning: 'A locked package was downgraded, because the manifest or an option requests it' },
  METADATA_OLDER: { meaning: 'A repository has older metadata than the lockfile was made from; the comparison uses it anyway' },
  UPDATE_BLOCKED: { meaning: 'A package could not be updated to a newer version' },
  CHECKSUM_CHANGED: { meaning: 'A package has the locked version and a different checksum' },
  REQUIREMENT_UNMET: { meaning: 'A locked package requires something that `ignore` leaves out' },
  NOT_INSTALLED: { meaning: 'A package that `reinstall` names is not in the base' },
  LOCKFILE_UNKNOWN: { meaning: 'A lockfile belongs to no set and architecture of the manifest' },
  BASE_UNREAD: {
    meaning: 'A base image cannot be compared: no network, or the image, its variant or its rpm database is missing',
  },
  HOLDS_UNREAD: { meaning: 'A diff does not show holds, because the manifest cannot be read' },
  NO_COMMIT: { meaning: 'A diff shows everything as added, because there is no git commit to compare with' },
  CHANGELOG_MISSING: { meaning: 'The repositories have no changelogs or advisories for the updated packages' },
  SUMMARIES_UNREAD: { meaning: 'The summaries, licences and URLs of the packages of a repository cannot be read' },
  REPOSITORY_SKIPPED: { meaning: 'A repository with `skip_if_unavailable` could not be read and was skipped' },
  PACKAGE_SKIPPED: { meaning: 'A repository offers packages that cannot be downloaded, and they were skipped' },
  RPM_SKIPPED: { meaning: 'A folder of RPMs has files that cannot be read as RPMs, and they were skipped' },
  SIZE_WRONG: { meaning: 'A file of a repository has the right checksum, but a different size than in repomd.xml' },
  MODULE_SKIPPED: { meaning: 'A document of modules.yaml is invalid and was skipped' },
  MODULES_CHANGED: { meaning: 'The modules.yaml that was locked is no longer available, and the current one of the repository was used' },
  MODULE_DEFAULTS_CONFLICT: { meaning: 'The defaults of some modules contradict each other' },
  KEY_OUTDATED: { meaning: 'A key could not be downloaded; the copy in the cache was used' },
  KEY_UNREAD: { meaning: 'The key of a repository cannot be read, and the lockfile does not record its fingerprint' },
  KEY_EXPIRED: { meaning: 'The signature of a package is valid, but its key has expired since' },
  SIGNATURE_UNCHECKED: { meaning: 'The signatures of some packages were not checked, because their repository has no `gpgkey`' },
  CACHE_ALTERED: { meaning: 'A file in the cache was altered, and is created again' },
  MIRRORS_UNKNOWN: { meaning: 'An export lacks the URLs of packages, because their repository has only a list of mirrors' },
  SOURCE_MISSING: { meaning: 'The source RPM of a locked package is in no repository' },
  VERSIONS_MIXED: { meaning: 'An exported file has several versions of a package, from different sets' },
  IMPORT_LOSS: { meaning: 'A part of an imported file was not carried over to the manifest' },
  GRAPH_TOO_LARGE: { meaning: 'A graph is larger than Mermaid draws by default' },
  IMAGE_FILES_CHANGED: { meaning: 'A Containerfile of the project, or a scriptlet, changed files of packages' },
  IMAGE_DATABASE_TRUSTED: {
    meaning: 'Files of an image were compared with its own rpm database, because the locked RPMs are not available',
  },
  BASE_SETTINGS_UNKNOWN: {
    meaning: 'A base image could not be read from its registry, so its packages and settings are unknown',
  },
  SBOM_NOT_ATTACHED: { meaning: 'A registry does not accept a bill of materials attached to an image' },
  VERSION_NOT_ALLOWED: { meaning: 'An environment variable has a name from `versions` and was ignored' },
  SCRIPTLET_FAILED: { meaning: 'A scriptlet failed during a build, and rpm installed its package anyway' },
  SCRIPTLETS_NOT_RUN: { meaning: 'Scriptlets of packages in an image were not run, and files that they make may be missing' },
  OS_RELEASE_MISSING: { meaning: 'An image has no os-release, so that scanners cannot identify its distribution' },
  BUILDER_IMAGE_IGNORED: { meaning: 'KUBEVIRT_BUILDER_IMAGE was ignored, because `builder publish` pushes another name' },
  FORGE_DECLINED: { meaning: 'A forge refused labels, reviews or automatic merging for a pull request' },
  FORGE_TOKEN: { meaning: 'The token of the bot expires soon, lacks a right, or cannot start checks' },
  FORGE_RENAMED: { meaning: 'The repository was renamed on the forge' },
  ISSUE_NOT_OPENED: { meaning: 'A failure could not be reported in an issue' },
} as const satisfies Record<string, { meaning: string }>;

export type WarningCode = keyof typeof WARNING_CODES;

/** A problem that does not stop a command but that the user should know. `--json` prints it unchanged. */
export interface Warning {
  readonly code: WarningCode;
  /** One sentence without set and architecture; further lines are indented. */
  readonly text: string;
  /** Set if it is about one package set. */
  readonly set?: string;
  /** Set if it is about one architecture. */
  readonly architecture?: string;
}

/** Whether two warnings have the same text, set and architecture. */
export const isSameWarning = (a: Warning, b: Warning): boolean =>
  a.code === b.code && a.text === b.text && a.set === b.set && a.architecture === b.architecture;
