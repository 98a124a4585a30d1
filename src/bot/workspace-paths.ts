/** Workspaces have another name in each run: with it in a text, the same failure would be news every day. */

import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapePattern } from '../base/escape-pattern.ts';
import { isAbandoned, thisWriter } from '../io/writer.ts';

const PREFIX = 'rpm-deps-bot-';
const WRITER = '[0-9a-f]{8}-[0-9]+';
const HOUR_MS = 3_600_000;

/** Contains the process id, so that a later process recognizes what a killed one has left. */
export const workspacePrefix = (): string => `${PREFIX}${thisWriter()}-`;

/** With paths from the top of the repository, as people know them. */
export function withoutWorkspacePaths(text: string): string {
  if (!text.includes(PREFIX)) return text;
  const place = escapePattern(`${tmpdir()}/${PREFIX}`);
  return text
    .replace(new RegExp(`${place}${WRITER}-\\w{6}/tree/`, 'g'), '')
    .replace(new RegExp(`${place}${WRITER}-\\w{6}`, 'g'), '$TMPDIR');
}

/** Removes what killed runs of this user have left. Where another machine may still use it, that is what is a day old. */
export async function removeAbandonedWorkspaces(now: Date): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const pattern = new RegExp(`^${PREFIX}(${WRITER})-\\w{6}$`);
  for (const name of names) {
    const writer = pattern.exec(name)?.[1];
    if (writer === undefined) continue;
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    const idleMs = now.getTime() - found.mtimeMs;
    const isLeft = idleMs > 24 * HOUR_MS || isAbandoned(writer, Math.min(idleMs, HOUR_MS));
    // Another run may be removing it too.
    if (isLeft) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
