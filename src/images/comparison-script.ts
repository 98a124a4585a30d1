import { join } from 'node:path';
import { fullVersionText } from '../lockfile/package-version.ts';
import type { Nevra } from '../rpm/nevra.ts';
import { readingRpm } from './choose-tool.ts';
import type { LockInput } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { remainingOf } from './locked-base.ts';
import type { DigestedLock } from './locked-images.ts';
import { databaseInImage } from './query-database.ts';
import { scriptCommand, shellCommand } from './shell-quote.ts';

/**
 * Shell lines for a dry run that use rpm to compare the packages of an exported image with a lockfile and its base. `image verify` itself also
 * compares the files with the locked RPMs.
 */
export async function comparisonLines(
  { image, lock, fromBase }: { readonly image: string; readonly lock: DigestedLock; readonly fromBase: readonly Nevra[] },
  input: LockInput,
  session: ContainerSession,
): Promise<readonly string[]> {
  if (!session.engine.dryRun) return [];
  const rpm = await readingRpm(input, session);
  const { package_set: set, packages } = lock.lock;
  const query =
    rpm.kind === 'host'
      ? 'rpm --dbpath "$database"'
      : `${shellCommand([session.engine.name, 'run', '--rm'])} --volume="$database":/database ${shellCommand(databaseInImage(rpm.toolImage))}`;
  const others = lock.lock.base === undefined ? fromBase : remainingOf(fromBase, lock);
  const folder = join(session.scratch, `${set}-${lock.architecture.rpm}`);
  const [files, locked] = [folder, `${folder}.locked`].map((path) => scriptCommand([path], session.scratch));
  const nevraOf = (one: Nevra): string => `${one.name}-${fullVersionText(one).replace(/^0:/, '')}.${one.arch}`;
  const nevras = [...new Set([...packages, ...others].map(nevraOf))].sort();
  const places = ['var/lib/rpm', 'usr/lib/sysimage/rpm', ...(input.dbpath === undefined ? [] : [input.dbpath.replace(/^\/+/, '')])];
  const said = shellCommand([`${image}: ${packages.length} package${packages.length === 1 ? '' : 's'}, as locked`]);
  const otherwise = shellCommand([`${image} is not ${lock.path}`]);
  return [
    `mkdir ${files}`,
    `tar -C ${files} -xf ${files}.tar ${shellCommand(places)} 2>/dev/null || true`,
    `cat >${locked} <<'END_OF_PACKAGES'`,
    ...nevras,
    'END_OF_PACKAGES',
    `for place in ${shellCommand(places)}; do if [ -d ${files}/"$place" ]; then database=${files}/"$place"; fi; done`,
    `${query} -qa --qf '%{NEVRA}\\n' | grep -v '^gpg-pubkey-' | LC_ALL=C sort | diff ${locked} - && echo ${said} || { echo ${otherwise}; false; }`,
  ];
}
