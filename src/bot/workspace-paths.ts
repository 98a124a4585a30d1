/** Removes names of workspaces from texts. They differ in each run, so the same failure would look like a new one. */

import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapePattern } from '../base/escape-pattern.ts';
import { isAbandoned, thisWriter } from '../io/writer.ts';

const PREFIX = 'rpm-deps-bot-';
const WRITER = '[0-9a-f]{8}-[0-9]+';
const HOUR_MS = 3_600_000;

/** Contains the process id, so that a later process can detect workspaces of killed ones. */
export const workspacePrefix = (): string => `${PREFIX}${thisWriter()}-`;

/** Makes paths relative to the root of the repository. */
export function withoutWorkspacePaths(text: string): string {
  if (!text.includes(PREFIX)) return text;
  const place = escapePattern(`${tmpdir()}/${PREFIX}`);
  return text
    .replace(new RegExp(`${place}${WRITER}-\\w{6}/tree/`, 'g'), '')
    .replace(new RegExp(`${place}${WRITER}-\\w{6}`, 'g'), '$TMPDIR');
}

/** Removes workspaces of this user's killed runs. If another machine may still use them, only those older than a day. */
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
