/** Symbolic links in a branch that lead outside the repository. A push with such a link must not let the bot read or write other files. */
import { lstat, readlink, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { isWithin } from '../base/leads-out.ts';
import { shortPrintable } from '../base/printable.ts';
import { gitOutput } from '../forge/git-output.ts';
import type { CheckedOut } from '../forge/git-tree.ts';

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** Removes them from the folder and not from the index, so that what they name is missing and a commit keeps them. Returns their paths. */
export async function removeOutwardLinks({ place, directory }: CheckedOut): Promise<readonly string[]> {
  const top = await realpath(directory);
  const listed = await gitOutput(place, ['ls-files', '-z', '--stage']);
  const links = listed.split('\0').flatMap((entry) => (entry.startsWith('120000 ') ? [entry.slice(entry.indexOf('\t') + 1)] : []));
  // All are judged before the first is removed: one may lead through another.
  const outward: string[] = [];
  for (const link of links) if (await isOutward(join(directory, link), top)) outward.push(link);
  await removeLinks(directory, outward);
  return outward;
}

/** Those that are known of a commit, after its files were put back. */
export async function removeLinks(directory: string, links: readonly string[]): Promise<void> {
  for (const link of links) await rm(join(directory, link), { force: true });
}

/** Throws where a path is one of these links, is reached through one or, as a folder, has one in it. */
export function refuseOutward(path: string, outward: readonly string[]): void {
  const link = outward.find((one) => one === path || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
  if (link === undefined) return;
  throw new RpmDepsError('USAGE', `\`${shortPrintable(link)}\` of the base branch is a link to the outside of the repository`, {
    hint: 'the bot reads and writes no file outside of the repository: commit a file instead',
  });
}

/** Follows links one by one, also those to files that are not there: writing would make them. */
async function isOutward(link: string, top: string): Promise<boolean> {
  let path = link;
  for (let followed = 0; followed <= MAX_LINKS; ) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) return !isWithin(real, top);
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink) {
      const target = await readlink(path);
      // Not normalized: `..` behind another link is the folder above what that link names.
      path = isAbsolute(target) ? target : `${posix.dirname(path)}/${target}`;
      followed++;
    } else if (posix.basename(path) === '..') return true;
    else path = posix.dirname(path);
  }
  return true;
}
