/** The description of a pull request. */
import { firstLines } from '../base/printable.ts';
import { sha256 } from '../base/sha256.ts';
import type { TextLimits } from '../forge/forge.ts';
import { renderMarker } from '../forge/marker.ts';
import type { Failure, Suppressed } from '../views/bot-report.ts';
import { renderDiffMarkdown } from '../views/diff-markdown.ts';
import { codeSpan, escapeMarkdown } from '../views/markdown-text.ts';
import { fitText, sizeIn } from './fit-text.ts';
import { harmlessMarkdown } from './harmless-text.ts';
import type { Words } from './message.ts';
import { topicKey } from './names.ts';
import type { BotSettings } from './settings.ts';

/** Maximum length: longer descriptions are not read, even if the forge accepts them. */
const MOST = 200_000;
export const PULL_MARKER = 'pull';

/** `body` of the settings is used unchanged; texts from repositories are escaped, so that they cannot mention people or give commands. */
export function proposalBody({ title, work, content, name }: Words, settings: BotSettings, limits: TextLimits): string {
  const values = { topic: topicKey(name), content, title: textDigest(title) };
  const markerOf = (text: string): string => renderMarker({ key: PULL_MARKER, values: { ...values, text: textDigest(text) } });
  const own = settings.body.trim() === '' ? '' : `${settings.body.trim()}\n\n`;
  const head = [
    failuresText(work.failures),
    holdsText(
      work.expired.map(
        (hold) =>
          `${codeSpan(hold.package)} at ${codeSpan(hold.version)} until ${escapeMarkdown(hold.until ?? '')}: ${escapeMarkdown(hold.reason)}`,
      ),
    ),
  ].join('');
  const tail = suppressedText(work.suppressed);
  const limit = Math.min(limits.body, MOST);
  const around = sizeIn(`${markerOf('')}\n${own}${head}${tail}`, 'bytes');
  const room = Math.max(2000, limit - around - 500);
  const diff = work.diff.sources.length + work.diff.added_locks.length + work.diff.removed_locks.length + work.diff.requests.length > 0;
  const text = diff ? renderDiffMarkdown(work.diff, { limit: room, notes: work.notes }) : '';
  const made = harmlessMarkdown(`${head}${text}${tail}`);
  return fitText(
    `${markerOf(`${own}${made}`)}\n${own}${made}`,
    limit,
    limits.unit,
    '\n_The rest is omitted here; `rpm-deps diff` shows everything._\n',
  );
}

/** Recorded in the description, to detect later edits by people. */
export const textDigest = (text: string): string => sha256(text).slice(0, 16);

const MAX_DETAILS = 30;

export function failuresText(failures: readonly Failure[]): string {
  return failures
    .map(({ code, message, details, hint }) => {
      const lines = details.flatMap((detail) => detail.split('\n'));
      const shown = firstLines(lines, MAX_DETAILS).map((line) => `> - ${escapeMarkdown(line)}\n`);
      const way = hint === null ? '' : `>\n> ${escapeMarkdown(hint)}\n`;
      return `> [!CAUTION]\n> **Not everything could be updated** (${code}): ${escapeMarkdown(message)}\n${shown.length > 0 ? '>\n' : ''}${shown.join('')}${way}\n`;
    })
    .join('');
}

const holdsText = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `Expired holds that this removes:\n\n${lines.map((line) => `- ${line}\n`).join('')}\n`;

function suppressedText(suppressed: readonly Suppressed[]): string {
  if (suppressed.length === 0) return '';
  const lines = suppressed.map(({ source, to, text }) => `${codeSpan(to === '' ? source : `${source} ${to}`)}: ${escapeMarkdown(text)}`);
  const shown = firstLines(lines, 100).map((line) => `- ${line}\n`);
  return `\n<details><summary>Not proposed now</summary>\n\n${shown.join('')}\n</details>\n`;
}
