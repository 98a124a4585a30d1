/** Maintains the one comment of a pull request with its lockfile changes: written once, edited when the changes change. */
import type { Forge, TextLimits } from '../forge/forge.ts';
import { findMarker, renderMarker } from '../forge/marker.ts';
import { isEmptyDiff } from '../lockfile/diff.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { renderDiffMarkdown } from '../views/diff-markdown.ts';
import { fitText } from './fit-text.ts';
import { harmlessMarkdown } from './harmless-text.ts';

/** `none`: nothing changed, and there is no earlier comment to correct. */
export type KeptComment = 'written' | 'edited' | 'unchanged' | 'none';

export interface DiffComment {
  readonly markdown: string;
  /** Distinguishes it from comments about other manifests. */
  readonly marker: string;
  readonly isEmpty: boolean;
}

const KEY = 'diff';

/** `manifest` is its path: a repository may have several manifests, each with a comment. */
export function diffComment(diff: LockfileDiff, { body, unit }: Omit<TextLimits, 'title'>, manifest: string): DiffComment {
  const isEmpty = isEmptyDiff(diff);
  const text = isEmpty ? '**RPM lockfiles:** no changes\n' : renderDiffMarkdown(diff);
  const marker = renderMarker({ key: KEY, values: { manifest } });
  const markdown = fitText(`${marker}\n${harmlessMarkdown(text)}`, body - 500, unit, '\n_The rest is omitted here._\n');
  return { markdown, marker, isEmpty };
}

export async function keepDiffComment(forge: Forge, number: number, { markdown, marker, isEmpty }: DiffComment): Promise<KeptComment> {
  const values = JSON.stringify(findMarker(marker, KEY)!.values);
  const known = (await forge.comments(number)).find(
    ({ body, isTrusted }) => isTrusted && JSON.stringify(findMarker(body, KEY)?.values) === values,
  );
  if (known === undefined) {
    if (isEmpty) return 'none';
    await forge.comment(number, markdown);
    return 'written';
  }
  if (known.body.replaceAll('\r\n', '\n').trim() === markdown.trim()) return 'unchanged';
  await forge.editComment(number, known.id, markdown);
  return 'edited';
}
