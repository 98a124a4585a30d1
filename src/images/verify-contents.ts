import { RpmDepsError } from '../base/errors.ts';
import type { RpmInstallation } from '../rpm/installation.ts';
import type { Nevra } from '../rpm/nevra.ts';
import { compareFiles, type FileDifference, type LeftOut, unpackagedFiles } from './compare-files.ts';
import { compareInstalled, describeDifference, type ImageDifference, isEqual } from './compare-installed.ts';
import { buildMachine } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import type { ImageContents } from './inspect-image.ts';
import { remainingOf } from './locked-base.ts';
import type { DigestedLock } from './locked-images.ts';
import { parsePackages, QUERY_FORMAT } from './query-database.ts';

export interface ContentDifference extends ImageDifference {
  /** Files that differ from their packages. */
  readonly files: readonly FileDifference[];
  /** Problems of rpm's database, as sentences. */
  readonly database: readonly string[];
}

export interface ExpectedContents {
  readonly lock: DigestedLock;
  readonly fromBase: readonly Nevra[];
  /** Files of the locked RPMs; undefined if the RPMs are not available, then those of the database are used. */
  readonly installations: readonly RpmInstallation[] | undefined;
  readonly leftOut: LeftOut;
}

/** Maximum number of files in the message. */
const MOST_FILES = 20;

/** Compares an image with its lock: packages, their files, and the packages that the image's own rpm lists. */
export async function compareContents(
  image: string,
  contents: ImageContents,
  { lock, fromBase, installations, leftOut }: ExpectedContents,
  session: ContainerSession,
): Promise<ContentDifference> {
  if (contents.databases.length === 0) {
    throw new RpmDepsError('CHECK_FAILED', `${image} has no rpm database`, {
      hint: 'rpm-deps looked in /usr/lib/sysimage/rpm and /var/lib/rpm; give another path with --dbpath',
    });
  }
  const locked = lock.lock.packages;
  // If the lock was made on this base, all base packages that it neither replaces nor removes must be installed.
  const packages =
    lock.lock.base === undefined
      ? compareInstalled(locked, contents.packages, fromBase)
      : compareInstalled([...locked, ...remainingOf(fromBase, lock)], contents.packages);
  const expected = installations ?? (await contents.readFiles());
  const isOnBase = lock.lock.base !== undefined || fromBase.length > 0;
  let unpackaged = unpackagedFiles(contents.tree, expected, leftOut);
  // The lock has no RPMs of the base, so its files are compared only with the image's database.
  if (unpackaged.length > 0 && isOnBase)
    unpackaged = unpackagedFiles(contents.tree, [...expected, ...(await contents.readFiles())], leftOut);
  const files = [...unpackaged, ...(await compareFiles(contents.tree, expected, leftOut))].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...packages, files, database: await databaseMistakes(image, contents, lock, session) };
}

export function isAsLocked(difference: ContentDifference): boolean {
  return isEqual(difference) && difference.files.length + difference.database.length === 0;
}

/** Messages for users, one line each. */
export function describeContents(difference: ContentDifference): readonly string[] {
  return [...difference.database, ...describeDifference(difference), ...describeFiles(difference.files)];
}

export function describeFiles(files: readonly FileDifference[]): readonly string[] {
  const lines = files.slice(0, MOST_FILES).map(({ path, package: owner, what, expected, found }) => {
    if (what === 'unpackaged') return `file of no package: ${path}: ${found}`;
    return what === 'missing'
      ? `missing file: ${path} of ${owner}`
      : `changed file: ${path} of ${owner}: ${what} is ${found}, packaged is ${expected}`;
  });
  const more = files.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more file${more === 1 ? '' : 's'}`] : lines;
}

async function databaseMistakes(
  image: string,
  { databases, configured, packages, tree }: ImageContents,
  { architecture }: DigestedLock,
  session: ContainerSession,
): Promise<readonly string[]> {
  if (databases.length > 1) return [`two rpm databases: ${databases.join(' and ')}`];
  const place = databases[0]!;
  const program = tree.find('/usr/bin/rpm', { follow: true });
  if (program?.type !== 'file' || configured === undefined) return [];
  if (buildMachine(session.services).rpm === architecture.rpm) {
    const found = await queryRpmOfImage(image, session);
    if (found !== undefined) {
      const { missing, extra, otherVersion } = compareInstalled(packages, found);
      const absent = missing.length + otherVersion.length;
      if (absent > 0)
        return [`the image's own rpm finds ${packages.length - absent} of ${packages.length} packages (it looks in ${configured})`];
      return extra.length === 0 ? [] : [`the image's own rpm finds ${extra[0]}, which is not in the database in ${place}`];
    }
  }
  if (tree.realPath(configured) === place) return [];
  return [`the image's own rpm looks in ${configured}, and the database is in ${place}`];
}

/** undefined if that rpm cannot be run here, or does not end in time. */
async function queryRpmOfImage(image: string, { engine, context }: ContainerSession): Promise<readonly Nevra[] | undefined> {
  const isolated = ['--network=none', '--cap-drop=all', '--security-opt=no-new-privileges', '--entrypoint=/usr/bin/rpm'];
  const output = await engine.answerOf([...isolated, image, '-qa', '--qf', QUERY_FORMAT]);
  if (output !== undefined) return parsePackages(output, image);
  context.emit({ kind: 'debug', text: `the rpm of ${image} cannot be run; its configuration is read instead` });
  return undefined;
}
