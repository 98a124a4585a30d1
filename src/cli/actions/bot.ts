import { appendFile } from 'node:fs/promises';
import { RpmDepsError } from '../../base/errors.ts';
import { splitList } from '../../base/split-list.ts';
import { type BotInput, runBot } from '../../bot/run-bot.ts';
import { BOT_DAYS, type BotExport, type BotForge, type BotTopic, parseDuration } from '../../bot/settings.ts';
import { EXPORT_FORMATS } from '../../manifest/export-names.ts';
import { botView, botWarnings } from '../../views/bot.ts';
import { renderBotFailure, renderBotSummary } from '../../views/bot-text.ts';
import { defineAction } from '../action.ts';
import type { ParsedOptions } from '../parsed-options.ts';
import { projectInput } from '../shared-input.ts';

export const botAction = defineAction(botView, async ({ options, context }) => {
  // The runner names the file for the summary of a job.
  const summary = context.env['GITHUB_STEP_SUMMARY'];
  const data = await runBot(botInput(options), context).catch(async (error: unknown) => {
    if (summary && error instanceof RpmDepsError) await appendFile(summary, renderBotFailure(error.code, error.message));
    throw error;
  });
  if (summary) await appendFile(summary, renderBotSummary(data));
  return { data, exitCode: data.exitCode, warnings: botWarnings(data) };
});

function botInput(options: ParsedOptions): BotInput {
  const named = options.list('topic') as readonly BotTopic[];
  const topics =
    options.flag('pins') && !named.includes('bump') ? ([...(named.length === 0 ? ['update' as const] : named), 'bump'] as const) : named;
  return {
    ...projectInput(options),
    topics,
    bases: options.list('base').flatMap(splitList),
    forge: options.text('forge') as BotForge | undefined,
    dryRun: options.flag('dry-run'),
    remote: options.text('remote'),
    groupBy: options.text('group-by') as BotInput['groupBy'],
    only: options.text('only') as BotInput['only'],
    minimumAgeMs: duration(options, 'minimum-age'),
    maxAgeMs: duration(options, 'max-age'),
    limit: positive(options, 'limit'),
    ignore: options.list('ignore'),
    author: options.text('author'),
    committer: options.text('committer'),
    signoff: options.choice('signoff'),
    sign: options.choice('sign'),
    labels: options.list('label'),
    reviewers: options.list('reviewer'),
    draft: options.choice('draft'),
    automerge: options.choice('automerge'),
    updateApproved: options.choice('update-approved'),
    skipLabels: options.list('skip-label'),
    ownAuthors: options.list('own-author'),
    branchPrefix: options.text('branch-prefix'),
    titlePrefix: options.text('title-prefix'),
    body: options.text('body'),
    archive: options.text('archive'),
    forgeUrl: options.text('forge-url'),
    repository: options.text('repository'),
    fork: options.text('fork'),
    forkUrl: options.text('fork-url'),
    manifests: options.list('manifests'),
    schedule: schedule(options.list('schedule')),
    exports: options.list('export').map(exportOf),
    takeOverLabel: options.text('take-over-label'),
    issue: options.choice('issue'),
  };
}

function schedule(texts: readonly string[]): BotInput['schedule'] {
  const entries = texts.map((text) => {
    const [, topic, days] = /^(update|bump|holds)=([a-z,]+)$/.exec(text) ?? [];
    const names = days?.split(',') ?? [];
    if (topic !== undefined && names.every((name) => BOT_DAYS.includes(name))) return [topic, names] as const;
    throw new RpmDepsError('USAGE', `--schedule: \`${text}\` is not a topic with days`, { hint: 'such as bump=monday,friday' });
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function exportOf(text: string): BotExport {
  const [, format, set, architecture, path] = /^([^=:]+)(?::([^=:]+)(?::([^=:]+))?)?=(.+)$/.exec(text) ?? [];
  if (format !== undefined && path !== undefined && (EXPORT_FORMATS as readonly string[]).includes(format))
    return { format, path, set, architecture };
  throw new RpmDepsError('USAGE', `--export: \`${text}\` is not a format with a file`, {
    hint: `such as rpms.lock.yaml=rpms.lock.yaml, or list:tools:x86_64=rpms.txt for one set and architecture; formats are ${EXPORT_FORMATS.join(', ')}`,
  });
}

function duration(options: ParsedOptions, name: string): number | undefined {
  const text = options.text(name);
  const parsed = parseDuration(text);
  if (text === undefined || parsed !== undefined) return parsed;
  throw new RpmDepsError('USAGE', `--${name}: \`${text}\` is not a duration`, { hint: 'such as 12h, 3d or 2w' });
}

function positive(options: ParsedOptions, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new RpmDepsError('USAGE', `--${name}: \`${text}\` is not a number of pull requests`);
}
