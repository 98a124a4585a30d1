/** The report of a run of the bot, for a terminal and for the summary of a CI job. */

import { shortPrintable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { BotReport, Failure, LockAge, ProjectReport, Suppressed, TopicReport } from './bot-report.ts';
import { codeSpan, escapeMarkdown } from './markdown-text.ts';

const WORDS: Readonly<Record<TopicReport['outcome'], string>> = {
  opened: 'opened',
  refreshed: 'refreshed',
  unchanged: 'is up to date',
  closed: 'closed',
  nothing: 'nothing to propose',
  would_propose: 'would be proposed',
  left_alone: 'left alone',
  suppressed: 'not proposed',
  failed: 'failed',
};

/** With --dry-run also the commit and the description of each proposal. */
export function renderBot(report: BotReport): string {
  const { projects, lastRun, issue, failures } = report;
  const parts = [
    ...projects.map((project) => projectText(project, report.dryRun)),
    ...failures.map((failure) => `${failureText(failure, '')}\n`),
    ...(issue === null ? [] : [`issue ${issue.state}: ${shortPrintable(issue.url)}\n`]),
    lastRun === null ? '' : `the last run here was at ${lastRun}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function projectText({ base, manifest, commit, topics, suppressed, locks, failures }: ProjectReport, dryRun: boolean): string {
  const lines = [`${shortPrintable(manifest)} on ${shortPrintable(base)}${commit === null ? '' : ` (${commit.slice(0, 12)})`}`];
  for (const topic of topics) lines.push(...topicLines(topic, dryRun));
  for (const failure of failures) lines.push(failureText(failure, '  '));
  for (const one of suppressed) lines.push(`  not proposed: ${suppressedLine(one)}`);
  lines.push(...agesLines(locks));
  return `${lines.join('\n')}\n`;
}

function topicLines(
  { topic, outcome, title, url, reason, files, message, body, branch, security, failures }: TopicReport,
  dryRun: boolean,
): string[] {
  const what = title === null ? '' : `: ${shortPrintable(title, 400)}${security ? ' (security)' : ''}`;
  const lines = [`  ${topic} ${WORDS[outcome]}${what}`];
  if (reason !== null) lines.push(`    ${shortPrintable(reason, 1000)}`);
  if (url !== null) lines.push(`    ${shortPrintable(url)}`);
  for (const failure of failures) lines.push(failureText(failure, '    '));
  if (!dryRun || message === null) return lines;
  const indented = (text: string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `      ${line}`));
  return [
    ...lines,
    `    branch ${branch}`,
    '    files',
    ...files.map((file) => `      ${shortPrintable(file, 400)}`),
    '    commit',
    ...indented(message),
    '    description',
    ...indented(body ?? ''),
  ];
}

function failureText({ code, message, details, hint }: Failure, indent: string): string {
  const more = details.flatMap((detail) => detail.split('\n')).map((line) => `${indent}  ${line}`);
  return [`${indent}${code}: ${message}`, ...more, ...(hint === null ? [] : [`${indent}  hint: ${hint}`])].join('\n');
}

const suppressedLine = ({ source, to, text }: Suppressed): string =>
  `${shortPrintable(source)}${to === '' ? '' : ` ${shortPrintable(to)}`}: ${shortPrintable(text, 500)}`;

/** One line for all locks of the same age. */
function agesLines(locks: readonly LockAge[]): string[] {
  const groups = new Map<string, LockAge[]>();
  for (const lock of locks) groups.set(`${lock.generated}${lock.stale}`, [...(groups.get(`${lock.generated}${lock.stale}`) ?? []), lock]);
  return [...groups.values()].map((group) => {
    const [{ days, generated, stale }] = group as [LockAge, ...LockAge[]];
    const which = group.length === 1 ? `${group[0]!.set}-${group[0]!.architecture}` : plural(group.length, 'lock');
    return `  ${which}: metadata of ${generated.slice(0, 10)}, ${plural(days, 'day')} old${stale ? ', TOO OLD' : ''}`;
  });
}

/** Markdown for GITHUB_STEP_SUMMARY and similar files. */
export function renderBotSummary({ projects, failures, issue, lastRun, dryRun }: BotReport): string {
  const rows = projects.flatMap((project) =>
    project.topics.map((topic) => {
      const title = escapeMarkdown(topic.title ?? '');
      const link = topic.url !== null && /^https?:\/\/[^\s()<>]+$/.test(topic.url) ? `[${title || 'pull request'}](${topic.url})` : title;
      const cells = [
        codeSpan(project.base),
        codeSpan(project.manifest),
        topic.topic,
        WORDS[topic.outcome],
        link,
        escapeMarkdown(topic.reason ?? ''),
      ];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
    }),
  );
  const failed = [
    ...failures,
    ...projects.flatMap((project) => [...project.failures, ...project.topics.flatMap((topic) => topic.failures)]),
  ];
  const suppressed = projects.flatMap((project) => project.suppressed);
  const stale = projects.flatMap((project) => project.locks.flatMap((lock) => (lock.stale ? [lock] : [])));
  return [
    `### rpm-deps bot${dryRun ? ' (dry run)' : ''}\n\n`,
    rows.length === 0 ? '' : `| base | manifest | topic | outcome | | reason |\n|---|---|---|---|---|---|\n${rows.join('')}\n`,
    failed.length === 0 ? '' : `**Failures**\n\n${failed.map(({ code, message }) => `- ${code}: ${escapeMarkdown(message)}\n`).join('')}\n`,
    suppressed.length === 0
      ? ''
      : `**Not proposed**\n\n${suppressed.map((one) => `- ${escapeMarkdown(suppressedLine(one))}\n`).join('')}\n`,
    stale.length === 0
      ? ''
      : `**Too old**\n\n${stale.map(({ set, architecture, days }) => `- ${codeSpan(`${set}-${architecture}`)}: ${plural(days, 'day')}\n`).join('')}\n`,
    issue === null ? '' : `Issue ${issue.state}: ${escapeMarkdown(issue.url)}\n\n`,
    lastRun === null ? '' : `The last run here was at ${lastRun}.\n`,
  ].join('');
}

/** The summary of a run that could not start. */
export const renderBotFailure = (code: string, message: string): string => `### rpm-deps bot\n\n**${code}**: ${escapeMarkdown(message)}\n`;
