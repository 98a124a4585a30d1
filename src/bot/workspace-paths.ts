/** Workspaces have another name in each run: with it in a text, the same failure would be news every day. */
import { tmpdir } from 'node:os';

export const WORKSPACE_PREFIX = 'rpm-deps-bot-';

/** With paths from the top of the repository, as people know them. */
export function withoutWorkspacePaths(text: string): string {
  if (!text.includes(WORKSPACE_PREFIX)) return text;
  const place = `${tmpdir()}/${WORKSPACE_PREFIX}`.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`${place}\\w{6}/tree/`, 'g'), '').replace(new RegExp(`${place}\\w{6}`, 'g'), '$TMPDIR');
}
