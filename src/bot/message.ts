import { firstLines } from '../base/printable.ts';
import { pullRequestTitle } from '../views/pull-request.ts';
import { harmlessLine } from './harmless-text.ts';
import type { TopicName } from './names.ts';
import type { BotSettings } from './settings.ts';
import type { WorkedOut } from './work-out.ts';

export interface Words {
  readonly title: string;
  readonly work: WorkedOut;
  readonly tree: string;
  readonly content: string;
  readonly name: TopicName;
}

/** One line, for the commit and the pull request. It names the base and the manifest unless they are the defaults. */
export function proposalTitle({ base, manifest }: TopicName, work: WorkedOut, { titlePrefix, only }: BotSettings): string {
  const { diff, bumps, expired } = work;
  const plain =
    expired.length > 0
      ? `rpm manifest: remove ${expired.length === 1 ? 'the expired hold' : 'expired holds'} on ${expired.map((hold) => hold.package).join(', ')}`
      : (pullRequestTitle(diff, { bumps }) ?? 'rpm lockfiles: write exports again');
  const kind = only === 'security' ? plain.replace(/^rpm lockfiles:/, 'rpm lockfiles (security):') : plain;
  const folder = manifest.includes('/') ? `${manifest.slice(0, manifest.lastIndexOf('/'))}: ` : '';
  const where = /^(?:main|master|trunk)$/.test(base) ? '' : ` (${base})`;
  return `${titlePrefix}${harmlessLine(`${folder}${kind}`).slice(0, 200)}${harmlessLine(where)}`;
}

const MAX_LINES = 40;

/** Subject, changes, trailers. Forges must not find commands in it. */
export function commitMessage({ title, work }: Words, trailers: readonly string[]): string {
  const lines = work.diff.sources.flatMap(({ source, changes }) =>
    changes.map(({ kind, before, after }) =>
      harmlessLine(`${source}: ${before === null ? kind : after === null ? 'removed' : `${before} -> ${after}`}`),
    ),
  );
  const text = firstLines(lines, MAX_LINES).join('\n');
  return `${[title, text, trailers.join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}
