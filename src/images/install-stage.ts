import { containerArchitecture } from '../rpm/container-architecture.ts';
import { SYSIMAGE_DATABASE, VAR_DATABASE } from './database-place.ts';
import { FINISH_SCRIPT } from './finish-script.ts';
import type { UpgradeArguments } from './locked-base.ts';
import { HOST_TOOL_IMAGE } from './tool-image.ts';

export interface InstallStageArguments {
  /** RPM name of the architecture. */
  readonly architecture: string;
  /** RPM name of the build machine's architecture. */
  readonly machine: string;
  readonly toolImage: string;
  /** Time of every file and of the installation, in seconds since 1970: from the lockfile, so that builds are reproducible. */
  readonly epochSeconds: number;
  /** Install although requirements are unmet, as for a lock that ignores packages. */
  readonly ignoreDependencies: boolean;
  readonly runScripts: boolean;
  /** Programs of a foreign architecture can be run. */
  readonly emulate: boolean;
  readonly docs: boolean;
  readonly languages: readonly string[] | undefined;
  readonly databasePath: string;
  /** There is a base, which may contain some of the packages already. */
  readonly onBase: boolean;
  /** The packages that the lock removes from its base, and those that it installs beside another version. */
  readonly upgrade: UpgradeArguments | undefined;
}

/**
 * The first stages of every generated Containerfile, with comments for people who extend it. `databasePath` is the default of
 * RPM_DATABASE. Locks that were made on a base upgrade it; others only add packages.
 */
export function installStage(
  base: string | undefined,
  databasePath: string,
  { upgrade = false }: { readonly upgrade?: boolean } = {},
): readonly string[] {
  const rpm = 'rpm $force --root /rootfs --dbpath "$RPM_DATABASE" --define "_install_langs $RPM_LANGUAGES" --nosignature $RPM_FLAGS';
  return [
    "# An image with rpm in it, for the machine that builds. rpm-deps makes it from this machine's own rpm, without network,",
    '# unless --tool-image names another.',
    `ARG TOOL_IMAGE=${HOST_TOOL_IMAGE}`,
    ...(base === undefined ? [] : [`ARG BASE=${base}`, '', 'FROM $BASE AS base', '']),
    'FROM --platform=$BUILDPLATFORM $TOOL_IMAGE AS install',
    "# RPM's name of the architecture: x86_64, aarch64, s390x.",
    'ARG ARCHITECTURE',
    '# For a foreign architecture `--ignorearch --noscripts`: none of its programs is run.',
    'ARG RPM_FLAGS',
    '# Languages whose files are installed, with colons between.',
    'ARG RPM_LANGUAGES=all',
    '# Where the rpm of these packages looks for its database.',
    `ARG RPM_DATABASE=${databasePath}`,
    '# The install time in the database, so that the same lock gives the same bytes.',
    'ARG SOURCE_DATE_EPOCH',
    ...(upgrade ? UPGRADE_ARGUMENTS : []),
    ...(base === undefined ? [] : ['COPY --from=base / /rootfs/']),
    '# The RPMs of the lockfile, each checked against its sha256 there: --build-context rpms=DIR',
    'COPY --from=rpms $ARCHITECTURE/ /rpms/',
    // One RUN step, because the stage is thrown away and more layers would only take time.
    // Debian's rpm installs only with --force-debian.
    'RUN export HOSTNAME=localhost \\',
    ' && force=$(rpm --force-debian --version >/dev/null 2>&1 && echo --force-debian || :) \\',
    ...(upgrade ? upgradeLines(rpm) : [` && ${rpm} -i /rpms/*.rpm \\`]),
    '# What scriptlets leave that differs between two builds, and is made again when it is needed.',
    ' && rm -f "/rootfs$RPM_DATABASE/.rpm.lock" /rootfs/var/cache/ldconfig/aux-cache /rootfs/var/lib/systemd/random-seed \\',
    // Without the -shm file sqlite cannot read on a read-only mount. The first boot initializes an empty machine-id.
    ' && for file in "$RPM_DATABASE/rpmdb.sqlite-shm" /etc/machine-id /var/lib/dbus/machine-id; do \\',
    '      if [ -f "/rootfs$file" ] && [ ! -L "/rootfs$file" ]; then : >"/rootfs$file" || exit; fi; \\',
    '    done \\',
    ' && if [ -f /rootfs/dev/null ]; then rm -f /rootfs/dev/null; fi \\',
    '# What the set asks for beside its packages: users, links, capabilities, what is removed.',
    ` && if [ -f /rpms/${FINISH_SCRIPT} ]; then sh /rpms/${FINISH_SCRIPT}; fi \\`,
    '# Who looks for the database where other distributions have it, finds it too.',
    ' && link() { if [ ! -e "/rootfs$1" ] && [ ! -L "/rootfs$1" ]; then mkdir -p "/rootfs${1%/*}" && ln -s "$2$RPM_DATABASE" "/rootfs$1"; fi; } \\',
    ` && link ${SYSIMAGE_DATABASE} ../../.. && link ${VAR_DATABASE} ../..`,
  ];
}

const UPGRADE_ARGUMENTS = [
  '# Packages of the base that go without a successor.',
  'ARG RPM_REMOVED',
  '# Files of packages that are installed beside the version that the base has, such as a kernel.',
  'ARG RPM_BESIDE',
];

/** Removals come first, because new packages may conflict with them; rpm checks dependencies when it installs the new ones. */
function upgradeLines(rpm: string): readonly string[] {
  return [
    ' && case " $RPM_FLAGS " in *" --noscripts "*) scripts=--noscripts ;; *) scripts= ;; esac \\',
    ' && if [ -n "$RPM_REMOVED" ]; then \\',
    '      rpm $force --root /rootfs --dbpath "$RPM_DATABASE" --nodeps $scripts -e $RPM_REMOVED || exit; \\',
    '    fi \\',
    ' && beside= && for file in $RPM_BESIDE; do beside="$beside /rpms/$file"; done \\',
    ` && if [ -n "$beside" ]; then ${rpm} --nodeps -i $beside && rm -f $beside || exit; fi \\`,
    ` && for file in /rpms/*.rpm; do if [ -f "$file" ]; then ${rpm} -U --oldpackage /rpms/*.rpm || exit; break; fi; done \\`,
  ];
}

/** The values of the ARGs of `installStage`. */
export function installStageArguments(stage: InstallStageArguments): Readonly<Record<string, string>> {
  const foreign = containerArchitecture(stage.architecture).rpm !== containerArchitecture(stage.machine).rpm;
  const flags = [
    ...(foreign ? ['--ignorearch'] : []),
    ...((foreign && !stage.emulate) || !stage.runScripts ? ['--noscripts'] : []),
    ...(stage.docs ? [] : ['--excludedocs']),
    ...(stage.onBase ? ['--replacepkgs'] : []),
    ...(stage.ignoreDependencies ? ['--nodeps'] : []),
  ];
  return {
    // docker sets the same value itself; podman does not.
    BUILDPLATFORM: `linux/${containerArchitecture(stage.machine).container}`,
    TOOL_IMAGE: stage.toolImage,
    ARCHITECTURE: stage.architecture,
    RPM_FLAGS: flags.join(' '),
    ...(stage.languages === undefined ? {} : { RPM_LANGUAGES: stage.languages.join(':') }),
    RPM_DATABASE: stage.databasePath,
    ...(stage.upgrade === undefined ? {} : { RPM_REMOVED: stage.upgrade.removed, RPM_BESIDE: stage.upgrade.beside }),
    SOURCE_DATE_EPOCH: String(stage.epochSeconds),
  };
}
