/** If someone pushes to a branch of the bot, the bot stops updating it, comments once, and continues when it is allowed to. */
import type { Comment, Forge, PullRequest } from '../forge/forge.ts';
import { findMarker, renderMarker } from '../forge/marker.ts';
import { codeSpan } from '../views/markdown-text.ts';
import { isCode } from './failure.ts';
import type { BotSettings } from './settings.ts';

const KEY = 'stopped';
const OPEN = renderMarker({ key: KEY, values: { state: 'open' } });
const DONE = renderMarker({ key: KEY, values: { state: 'done' } });

export async function mayTakeOver(forge: Forge, { number, labels }: PullRequest, { takeOverLabel }: BotSettings): Promise<boolean> {
  if (labels.includes(takeOverLabel)) return true;
  const comment = await openComment(forge, number);
  return comment !== undefined && /^\s*[-*] \[x\]/im.test(comment.body);
}

export async function askToTakeOver(forge: Forge, { number }: PullRequest, { takeOverLabel }: BotSettings, who: string): Promise<void> {
  if ((await openComment(forge, number)) !== undefined) return;
  const text = `${OPEN}
This branch has commits that rpm-deps did not make (${codeSpan(who)}), so it does not update this ${forge.noun} any more.

To let it overwrite them, tick the box or add the label ${codeSpan(takeOverLabel)}; the next run takes over.

- [ ] overwrite these commits
`;
  await forge.comment(number, text);
}

export async function tookOver(forge: Forge, { number, labels }: PullRequest, { takeOverLabel }: BotSettings): Promise<void> {
  const comment = await openComment(forge, number);
  if (comment !== undefined) await forge.editComment(number, comment.id, `${DONE}\nrpm-deps has taken over again.\n`);
  if (!labels.includes(takeOverLabel)) return;
  await forge.removeLabel(number, takeOverLabel).catch((error: unknown) => {
    // Without the label the bot would later overwrite commits of others, so this is a failure, unless the label is gone already.
    if (!isCode(error, 'FORGE_DENIED') || error.data?.['status'] !== 404) throw error;
  });
}

async function openComment(forge: Forge, number: number): Promise<Comment | undefined> {
  return (await forge.comments(number)).find(({ body, isTrusted }) => isTrusted && findMarker(body, KEY)?.values['state'] === 'open');
}
