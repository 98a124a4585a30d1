import type { ImageSettings } from '../manifest/image-settings.ts';
import { quoted } from './base-settings.ts';
import { SYSIMAGE_DATABASE } from './database-place.ts';
import { installStage } from './install-stage.ts';

/** The Containerfile of a package set: exactly its locked RPMs, on an empty image or on `base`. Works for every architecture. */
export function imageContainerfile(
  set: string,
  {
    base,
    databasePath,
    settings,
    upgrade = false,
    ofBase = [],
  }: {
    readonly base: string | undefined;
    readonly databasePath: string;
    readonly settings: ImageSettings;
    /** The locks were made on that base. */
    readonly upgrade?: boolean;
    /** Lines with the configuration of the base. */
    readonly ofBase?: readonly string[];
  },
): string {
  return `${[
    `# An image of the package set ${set}: exactly the RPMs of its lockfile, installed by rpm, with rpm's own database.`,
    '# Nothing is resolved or downloaded here. Extend it as you like and build it with',
    `# \`rpm-deps image build ${set} --containerfile FILE\`, which gives the arguments, the RPMs and the labels.`,
    '',
    ...installStage(base, databasePath, { upgrade }),
    '',
    ...finalStage(base, upgrade),
    ...ofBase,
    ...settingLines(settings),
    '',
    '# Your own lines go here. A RUN starts programs of the target architecture; COPY, ENV, USER and ENTRYPOINT do not.',
  ].join('\n')}\n`;
}

/** COPY cannot delete files of the base that an upgrade removed, so the image is built from scratch with the files that rpm left. */
function finalStage(base: string | undefined, upgrade: boolean): readonly string[] {
  return [base === undefined || upgrade ? 'FROM scratch' : 'FROM base', 'COPY --from=install /rootfs/ /'];
}

/** The settings of the image in the manifest. */
function settingLines({ env, labels, user, entrypoint }: ImageSettings): readonly string[] {
  const lines = [
    ...Object.entries(env).map(([name, value]) => `ENV ${name}=${quoted(value)}`),
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${quoted(value)}`),
    ...(user === undefined ? [] : [`USER ${user}`]),
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
  ];
  return lines.length === 0 ? [] : ['', '# From the manifest.', ...lines];
}

/** What `rpm-deps init --builder` writes to builder/Containerfile: the toolchain is the locked package set `builder`. */
export function builderContainerfile(set: string): string {
  return `${[
    '# The builder: an image with the toolchain of the project, the same for everybody and on every machine.',
    `# Its packages are the set ${set} of rpm-packages.yaml, locked like all others: \`rpm-deps update --set ${set}\` remedies a CVE,`,
    '# `rpm-deps builder build` builds this file, `rpm-deps builder publish` pushes it.',
    '',
    ...installStage(undefined, SYSIMAGE_DATABASE),
    '',
    'FROM scratch',
    'COPY --from=install /rootfs/ /',
    '',
    '# What is not an RPM comes here: COPY takes files from the directory of this file.',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'WORKDIR /root',
    'ENTRYPOINT ["/bin/bash"]',
  ].join('\n')}\n`;
}
