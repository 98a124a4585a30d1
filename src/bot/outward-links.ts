/** Symbolic links in a branch that lead outside the repository. The bot must not read or write other files through a pushed link. */
import { lstat, readlink, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { isWithin } from '../base/leads-out.ts';
import { shortPrintable } from '../base/printable.ts';
import { gitOutput } from '../forge/git-output.ts';
import type { CheckedOut } from '../forge/git-tree.ts';

/** Linux's limit. */
const MAX_LINKS = 40;

/** Removes them from the directory but not from the index, so that commands cannot use them and commits keep them. Returns their paths. */
export async function removeOutwardLinks({ place, directory }: CheckedOut): Promise<readonly string[]> {
  const top = await realpath(directory);
  const listed = await gitOutput(place, ['ls-files', '-z', '--stage']);
  const links = listed.split('\0').flatMap((entry) => (entry.startsWith('120000 ') ? [entry.slice(entry.indexOf('\t') + 1)] : []));
  // All links are checked before the first is removed, because one may lead through another.
  const outward: string[] = [];
  for (const link of links) if (await isOutward(join(directory, link), top)) outward.push(link);
  await removeLinks(directory, outward);
  return outward;
}

/** Removes the known links of a commit again, after its files were checked out. */
export async function removeLinks(directory: string, links: readonly string[]): Promise<void> {
  for (const link of links) await rm(join(directory, link), { force: true });
}

/** Throws if a path is one of these links, leads through one, or is a directory that contains one. */
export function refuseOutward(path: string, outward: readonly string[]): void {
  const link = outward.find((one) => one === path || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
  if (link === undefined) return;
  throw new RpmDepsError('USAGE', `\`${shortPrintable(link)}\` of the base branch is a link to the outside of the repository`, {
    hint: 'the bot reads and writes no file outside of the repository: commit a file instead',
  });
}

/** Resolves links one by one, including links to missing files, because writing through them would create those files. */
async function isOutward(link: string, top: string): Promise<boolean> {
  let path = link;
  for (let followed = 0; followed <= MAX_LINKS; ) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) return !isWithin(real, top);
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink) {
      const target = await readlink(path);
      // Not normalized: after another link, `..` is the parent of that link's target.
      path = isAbsolute(target) ? target : `${posix.dirname(path)}/${target}`;
      followed++;
    } else if (posix.basename(path) === '..') return true;
    else path = posix.dirname(path);
  }
  return true;
}
