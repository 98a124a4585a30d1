import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ByteReader } from './byte-reader.ts';
import { notAnRpm, type RpmHeader, type RpmHeaders, readRpmHeaders } from './rpm-header.ts';
import { SIGNATURE_TAG, TAG } from './rpm-tags.ts';

/** A relation as in repodata. `flags` is undefined if any version satisfies it. */
export interface RpmRelation {
  readonly name: string;
  readonly flags: 'EQ' | 'LT' | 'GT' | 'LE' | 'GE' | undefined;
  readonly epoch: string;
  readonly version: string;
  /** Empty if the relation has none. */
  readonly release: string;
  /** Needed before or by the install scripts of the package. */
  readonly isPre: boolean;
}

export type RelationKind = 'provides' | 'requires' | 'conflicts' | 'obsoletes' | 'suggests' | 'enhances' | 'recommends' | 'supplements';

/** The metadata of repodata for one package, read from the file itself. */
export interface RpmPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  /** `src` for a source package. */
  readonly arch: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly installedBytes: number;
  readonly archiveBytes: number;
  readonly headerStart: number;
  readonly headerEnd: number;
  readonly buildTime: number;
  readonly texts: Readonly<
    Record<'summary' | 'description' | 'packager' | 'url' | 'license' | 'vendor' | 'group' | 'buildhost' | 'sourcerpm', string>
  >;
  readonly relations: Readonly<Record<RelationKind, readonly RpmRelation[]>>;
  readonly files: readonly { readonly path: string; readonly kind: 'file' | 'dir' | 'ghost' }[];
  /** Oldest first. */
  readonly changelog: readonly { readonly author: string; readonly time: number; readonly text: string }[];
}

const RELATION_TAGS: Readonly<Record<RelationKind, readonly [name: number, flags: number, version: number]>> = {
  provides: [TAG.PROVIDE_NAME, TAG.PROVIDE_FLAGS, TAG.PROVIDE_VERSION],
  requires: [TAG.REQUIRE_NAME, TAG.REQUIRE_FLAGS, TAG.REQUIRE_VERSION],
  conflicts: [TAG.CONFLICT_NAME, TAG.CONFLICT_FLAGS, TAG.CONFLICT_VERSION],
  obsoletes: [TAG.OBSOLETE_NAME, TAG.OBSOLETE_FLAGS, TAG.OBSOLETE_VERSION],
  suggests: [TAG.SUGGEST_NAME, TAG.SUGGEST_FLAGS, TAG.SUGGEST_VERSION],
  enhances: [TAG.ENHANCE_NAME, TAG.ENHANCE_FLAGS, TAG.ENHANCE_VERSION],
  recommends: [TAG.RECOMMEND_NAME, TAG.RECOMMEND_FLAGS, TAG.RECOMMEND_VERSION],
  supplements: [TAG.SUPPLEMENT_NAME, TAG.SUPPLEMENT_FLAGS, TAG.SUPPLEMENT_VERSION],
};
// rpmds.h: RPMSENSE_LESS, GREATER and EQUAL; SENSE_PRE is PREREQ, SCRIPT_PRE and SCRIPT_POST together.
const SENSES = [undefined, 'LT', 'GT', undefined, 'EQ', 'LE', 'GE', undefined] as const;
const SENSE_PRE = 64 | 512 | 1024;
const FILE_GHOST = 64;
/** Total characters of all paths; a few millions at most in distributions. */
const MAX_PATH_CHARACTERS = 64 << 20;

/** Reads the file once, for its checksum and headers. */
export async function readRpmPackage(path: string): Promise<RpmPackage> {
  const name = basename(path);
  const hash = createHash('sha256');
  const reader = new ByteReader(hashed(createReadStream(path), hash));
  try {
    const headers = await readRpmHeaders(reader, name);
    let end = reader.offset;
    for await (const chunk of reader.rest()) end += chunk.length;
    return packageFromHeaders(headers, { name, sha256: hash.digest('hex'), sizeBytes: end });
  } finally {
    await reader.close();
  }
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** `file` has the values that are not in the header. */
export function packageFromHeaders({ signature, main }: RpmHeaders, file: { name: string; sha256: string; sizeBytes: number }): RpmPackage {
  const [name, version, release, arch] = [TAG.NAME, TAG.VERSION, TAG.RELEASE, TAG.ARCH].map((tag) => main.string(tag));
  if (name === undefined || version === undefined || release === undefined || arch === undefined)
    throw notAnRpm(file.name, 'its header does not say its name');
  const text = (tag: number): string => main.string(tag) ?? '';
  const sourcerpm = text(TAG.SOURCE_RPM);
  const files = readFiles(main, file.name);
  const relations = readRelations(main, file.name);
  return {
    name,
    epoch: String(main.numbers(TAG.EPOCH)[0] ?? 0),
    version,
    release,
    arch: sourcerpm === '' ? 'src' : arch,
    sha256: file.sha256,
    sizeBytes: file.sizeBytes,
    installedBytes: main.numbers(TAG.LONG_SIZE)[0] ?? main.numbers(TAG.SIZE)[0] ?? 0,
    archiveBytes: signature.numbers(SIGNATURE_TAG.LONG_ARCHIVE_SIZE)[0] ?? signature.numbers(SIGNATURE_TAG.PAYLOAD_SIZE)[0] ?? 0,
    headerStart: main.start,
    headerEnd: main.end,
    buildTime: main.numbers(TAG.BUILD_TIME)[0] ?? 0,
    texts: {
      summary: text(TAG.SUMMARY),
      description: text(TAG.DESCRIPTION),
      packager: text(TAG.PACKAGER),
      url: text(TAG.URL),
      license: text(TAG.LICENSE),
      vendor: text(TAG.VENDOR),
      group: text(TAG.GROUP),
      buildhost: text(TAG.BUILD_HOST),
      sourcerpm,
    },
    relations: { ...relations, requires: relations.requires.filter((relation) => !relation.name.startsWith('rpmlib(')) },
    files,
    changelog: readChangelog(main),
  };
}

/** The methods of a header that the functions below need; a package in an rpm database has them too. */
export type HeaderEntries = Pick<RpmHeader, 'strings' | 'numbers'>;

/** All relations of a package; `file` names it in messages. */
export function readRelations(main: HeaderEntries, file: string): Record<RelationKind, RpmRelation[]> {
  return Object.fromEntries(
    Object.entries(RELATION_TAGS).map(([kind, [names, flags, versions]]) => [
      kind,
      relationsOfKind(main, { names, flags, versions, file }),
    ]),
  ) as Record<RelationKind, RpmRelation[]>;
}

function relationsOfKind(main: HeaderEntries, tags: { names: number; flags: number; versions: number; file: string }): RpmRelation[] {
  const [names, flags, versions] = [main.strings(tags.names), main.numbers(tags.flags), main.strings(tags.versions)];
  if (flags.length !== names.length || versions.length !== names.length) throw notAnRpm(tags.file, 'its relations are incomplete');
  const seen = new Map<string, number>();
  const relations: RpmRelation[] = [];
  for (const [i, name] of names.entries()) {
    const relation: RpmRelation = {
      name,
      flags: SENSES[(flags[i]! >> 1) & 7],
      ...splitEvr(versions[i]!),
      isPre: (flags[i]! & SENSE_PRE) !== 0,
    };
    const key = JSON.stringify([name, relation.flags, relation.epoch, relation.version, relation.release]);
    const earlier = seen.get(key);
    // A relation that both a script and the package need is written once, with `isPre`.
    if (earlier === undefined) {
      seen.set(key, relations.length);
      relations.push(relation);
    } else if (relation.isPre) relations[earlier] = relation;
  }
  return relations;
}

function splitEvr(text: string): { epoch: string; version: string; release: string } {
  const colon = /^\d+:/.exec(text)?.[0].length ?? 0;
  const dash = text.indexOf('-', colon);
  const version = dash < 0 ? text.slice(colon) : text.slice(colon, dash);
  return { epoch: colon === 0 ? '0' : text.slice(0, colon - 1), version, release: dash < 0 ? '' : text.slice(dash + 1) };
}

/** Files that a package owns, with their kinds. */
export function readFiles(main: HeaderEntries, file: string): RpmPackage['files'] {
  const bases = main.strings(TAG.BASE_NAMES);
  const directories = main.strings(TAG.DIR_NAMES);
  const indexes = main.numbers(TAG.DIR_INDEXES);
  const modes = main.numbers(TAG.FILE_MODES);
  const flags = main.numbers(TAG.FILE_FLAGS);
  const folders = bases.map((_, i) => directories[indexes[i] ?? -1]);
  if (folders.includes(undefined)) throw notAnRpm(file, 'its list of files is incomplete');
  // Check before building the paths: a header can use one long folder name for millions of files.
  const characters = bases.reduce((sum, base, i) => sum + folders[i]!.length + base.length, 0);
  if (characters > MAX_PATH_CHARACTERS) throw notAnRpm(file, `its paths have ${characters} characters`);
  const paths = bases.length > 0 ? bases.map((base, i) => `${folders[i]}${base}`) : main.strings(TAG.OLD_FILE_NAMES);
  return paths.map((path, i) => {
    const isDirectory = ((modes[i] ?? 0) & 0o170000) === 0o040000;
    return { path, kind: isDirectory ? 'dir' : ((flags[i] ?? 0) & FILE_GHOST) !== 0 ? 'ghost' : 'file' };
  });
}

function readChangelog(main: RpmHeader): RpmPackage['changelog'] {
  const [authors, texts, times] = [main.strings(TAG.CHANGELOG_NAME), main.strings(TAG.CHANGELOG_TEXT), main.numbers(TAG.CHANGELOG_TIME)];
  return times.map((time, i) => ({ time, author: authors[i] ?? '', text: texts[i] ?? '' })).reverse();
}
