/** The files that an RPM installs and the scriptlets that it runs, as its header lists them. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ByteReader } from './byte-reader.ts';
import { notAnRpm, type RpmHeader, readRpmHeaders } from './rpm-header.ts';
import { TAG } from './rpm-tags.ts';

/** One file as rpm installs and verifies it. */
export interface PackagedFile {
  readonly path: string;
  /** Type and permissions as in stat(2). */
  readonly mode: number;
  readonly size: number;
  /** Hex, in the digest algorithm of the package; empty if the file has no content. */
  readonly digest: string;
  /** Target of a symbolic link; empty for other files. */
  readonly link: string;
  readonly user: string;
  readonly group: string;
  /** Device number of a device file. */
  readonly device: number;
  /** Bits of FILE_FLAG. */
  readonly flags: number;
  /** Bits of VERIFY: the attributes that `rpm --verify` compares. */
  readonly verify: number;
  /** As text: `cap_net_raw=ep`. */
  readonly capabilities: string;
  /** Empty if the file has no language; several are separated by `|`. */
  readonly language: string;
}

export interface RpmInstallation {
  /** `name-epoch:version-release.arch` without an epoch of 0. */
  readonly nevra: string;
  readonly name: string;
  readonly files: readonly PackagedFile[];
  /** Name of the digest algorithm for node:crypto. */
  readonly digestAlgorithm: string;
  /** Names of the install scriptlets, and triggers with their conditions. */
  readonly scripts: readonly string[];
}

/** rpmfiles.h */
export const FILE_FLAG = { CONFIG: 1, DOC: 2, GHOST: 64, ARTIFACT: 1 << 12 } as const;
/** rpmvf.h */
export const VERIFY = { DIGEST: 1, SIZE: 2, LINK: 4, USER: 8, GROUP: 16, TIME: 32, MODE: 64, DEVICE: 128, CAPABILITIES: 256 } as const;

const DIGESTS: Readonly<Record<number, string>> = { 1: 'md5', 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };
const SCRIPTS = [
  ['pretrans', TAG.PRE_TRANSACTION],
  ['pre', TAG.PRE_INSTALL],
  ['post', TAG.POST_INSTALL],
  ['posttrans', TAG.POST_TRANSACTION],
] as const;
const TRIGGERS = [
  ['trigger', TAG.TRIGGER_SCRIPTS, TAG.TRIGGER_NAME],
  ['filetrigger', TAG.FILE_TRIGGER_SCRIPTS, TAG.FILE_TRIGGER_NAME],
  ['transfiletrigger', TAG.TRANSACTION_FILE_TRIGGER_SCRIPTS, TAG.TRANSACTION_FILE_TRIGGER_NAME],
] as const;
/** Tags of the interpreters of scriptlets. rpm runs some interpreters itself, such as `-p <lua>`. Strings, separate from the script text. */
const SCRIPT_PROGRAMS: Readonly<Record<string, number>> = { pretrans: 1153, pre: 1085, post: 1086, posttrans: 1154 };

/** Reads only the headers, not the payload. */
export async function readRpmInstallation(path: string, name = basename(path)): Promise<RpmInstallation> {
  const reader = new ByteReader(createReadStream(path));
  try {
    const { main } = await readRpmHeaders(reader, name);
    return installationOf(main, name);
  } finally {
    await reader.close();
  }
}

function installationOf(main: RpmHeader, file: string): RpmInstallation {
  const [name, version, release, arch] = [TAG.NAME, TAG.VERSION, TAG.RELEASE, TAG.ARCH].map((tag) => main.string(tag));
  if (name === undefined || version === undefined || release === undefined || arch === undefined)
    throw notAnRpm(file, 'its header does not say its name');
  const epoch = main.numbers(TAG.EPOCH)[0] ?? 0;
  return {
    nevra: `${name}-${epoch === 0 ? '' : `${epoch}:`}${version}-${release}.${arch}`,
    name,
    files: filesOf(main, file),
    digestAlgorithm: DIGESTS[main.numbers(TAG.FILE_DIGEST_ALGORITHM)[0] ?? 1] ?? 'sha256',
    scripts: scriptsOf(main),
  };
}

function filesOf(main: RpmHeader, file: string): readonly PackagedFile[] {
  const [bases, directories, indexes] = [main.strings(TAG.BASE_NAMES), main.strings(TAG.DIR_NAMES), main.numbers(TAG.DIR_INDEXES)];
  const paths =
    bases.length > 0 ? bases.map((base, i) => `${directories[indexes[i] ?? -1] ?? '\0'}${base}`) : main.strings(TAG.OLD_FILE_NAMES);
  if (paths.some((path) => path.startsWith('\0'))) throw notAnRpm(file, 'its list of files is incomplete');
  const texts = (tag: number): readonly string[] => main.strings(tag);
  const numbers = (tag: number): readonly number[] => main.numbers(tag);
  const longSizes = numbers(TAG.LONG_FILE_SIZES);
  const sizes = longSizes.length > 0 ? longSizes : numbers(TAG.FILE_SIZES);
  const [modes, devices, flags, verify] = [TAG.FILE_MODES, TAG.FILE_DEVICES, TAG.FILE_FLAGS, TAG.FILE_VERIFY_FLAGS].map(numbers);
  const [digests, links, users, groups] = [TAG.FILE_DIGESTS, TAG.FILE_LINKS, TAG.FILE_USERS, TAG.FILE_GROUPS].map(texts);
  const [capabilities, languages] = [TAG.FILE_CAPABILITIES, TAG.FILE_LANGUAGES].map(texts);
  return paths.map((path, i) => ({
    path,
    mode: modes?.[i] ?? 0,
    size: sizes[i] ?? 0,
    digest: digests?.[i] ?? '',
    link: links?.[i] ?? '',
    user: users?.[i] ?? 'root',
    group: groups?.[i] ?? 'root',
    device: devices?.[i] ?? 0,
    flags: flags?.[i] ?? 0,
    verify: verify?.[i] ?? 0xffff_ffff,
    capabilities: capabilities?.[i] ?? '',
    language: languages?.[i] ?? '',
  }));
}

function scriptsOf(main: RpmHeader): readonly string[] {
  const scripts: string[] = SCRIPTS.filter(
    ([name, tag]) => main.string(tag) !== undefined || main.string(SCRIPT_PROGRAMS[name]!) !== undefined,
  ).map(([name]) => name);
  for (const [name, scripts_, conditions] of TRIGGERS) {
    if (main.strings(scripts_).length === 0) continue;
    scripts.push(`${name} on ${[...new Set(main.strings(conditions))].join(', ')}`);
  }
  return scripts;
}
