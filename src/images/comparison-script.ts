import { join } from 'node:path';
import { fullVersionText } from '../lockfile/package-version.ts';
import { readingRpm } from './choose-tool.ts';
import type { LockInput } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import type { DigestedLock } from './locked-images.ts';
import { scriptCommand, shellCommand } from './shell-quote.ts';

/**
 * Shell lines that compare the packages of an exported image with a lockfile by this machine's rpm, for a dry run. `image verify` itself also
 * compares the files with the locked RPMs.
 */
export async function comparisonLines(
  { image, lock }: { readonly image: string; readonly lock: DigestedLock },
  input: LockInput,
  session: ContainerSession,
): Promise<readonly string[]> {
  if (!session.engine.dryRun || (await readingRpm(input, session)).kind !== 'host') return [];
  const { package_set: set, packages } = lock.lock;
  const folder = join(session.scratch, `${set}-${lock.architecture.rpm}`);
  const [files, locked] = [folder, `${folder}.locked`].map((path) => scriptCommand([path], session.scratch));
  const nevras = packages.map((one) => `${one.name}-${fullVersionText(one).replace(/^0:/, '')}.${one.arch}`).sort();
  const places = ['var/lib/rpm', 'usr/lib/sysimage/rpm', ...(input.dbpath === undefined ? [] : [input.dbpath.replace(/^\/+/, '')])];
  const said = shellCommand([`${image}: ${nevras.length} package${nevras.length === 1 ? '' : 's'}, as locked`]);
  const otherwise = shellCommand([`${image} is not ${lock.path}`]);
  return [
    `mkdir ${files}`,
    `tar -C ${files} -xf ${files}.tar ${shellCommand(places)} 2>/dev/null || true`,
    `cat >${locked} <<'END_OF_PACKAGES'`,
    ...nevras,
    'END_OF_PACKAGES',
    `for place in ${shellCommand(places)}; do if [ -d ${files}/"$place" ]; then database=${files}/"$place"; fi; done`,
    `rpm --dbpath "$database" -qa --qf '%{NEVRA}\\n' | grep -v '^gpg-pubkey-' | LC_ALL=C sort | diff ${locked} - && echo ${said} || { echo ${otherwise}; false; }`,
  ];
}
