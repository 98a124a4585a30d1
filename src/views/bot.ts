/** The report of a run of the bot. Its text is in bot-text.ts. */
import { isSameWarning, type Warning } from '../base/warnings.ts';
import type { BotReport } from './bot-report.ts';
import { renderBot } from './bot-text.ts';
import { flag, integer, list, object, oneOf, orNull, prose, text, texts } from './shape.ts';
import { defineView } from './view.ts';

const failure = object({
  code: text('The code; docs/errors.md explains each'),
  message: prose('What failed, and on what'),
  hint: orNull(prose('What helps')),
  details: list(prose('One or more lines'), 'More lines for a person'),
});

const topic = object({
  topic: text('`update`, `bump`, `holds`, or `update-SOURCE`'),
  outcome: oneOf(
    ['opened', 'refreshed', 'unchanged', 'closed', 'nothing', 'would_propose', 'left_alone', 'suppressed', 'failed'],
    'What was done',
  ),
  branch: text('The branch'),
  title: orNull(text('Title of the pull request')),
  body: orNull(text('Description of the pull request, in Markdown')),
  commit: orNull(text('The commit that was pushed')),
  message: orNull(text('Message of the commit')),
  files: texts('The files that the commit changes'),
  url: orNull(text('Address of the pull request')),
  security: flag('Whether it contains a fix for a security advisory'),
  reason: orNull(prose('Why nothing was proposed')),
  failures: list(failure, 'What failed'),
});

const project = object({
  base: text('The branch that updates are proposed for'),
  manifest: text('The manifest'),
  commit: orNull(text('The commit of the base branch from which the update was computed')),
  topics: list(topic, 'One entry for each existing or possible pull request'),
  suppressed: list(
    object({
      source: text('Name of the source RPM'),
      to: text('The new version'),
      reason: oneOf(['ignored', 'hold', 'minimum_age', 'not_security', 'no_common_version'], 'The kind of reason'),
      text: text('The reason'),
    }),
    'Available updates that were not proposed',
  ),
  locks: list(
    object({
      set: text('The package set'),
      architecture: text('The architecture'),
      generated: text('The newest timestamp of the metadata that it was made from'),
      days: integer('How many days ago that was'),
      stale: flag('Whether it is older than `--max-age`'),
    }),
    'How old the lockfiles are',
  ),
  failures: list(failure, 'What failed'),
});

export const botView = defineView({
  command: 'bot',
  about: 'The result of a run of the bot',
  schema: 1,
  shape: object({
    forge: oneOf(['github', 'gitlab', 'gitea', 'gerrit', 'none'], 'The forge'),
    repository: orNull(text('Name of the repository there')),
    dry_run: flag('Whether `--dry-run` was given: nothing was pushed'),
    projects: list(project, 'One entry for each manifest and base branch'),
    failures: list(failure, 'Failures of the whole run: the forge, the token, the remote'),
    issue: orNull(
      object(
        { url: text('Its address'), state: oneOf(['opened', 'updated', 'unchanged', 'closed'], 'What was done with it') },
        'The issue that reports failures',
      ),
    ),
    last_run: orNull(text('Time of the previous run of the bot, in ISO 8601; null if unknown')),
    exit_code: integer('The exit code'),
  }),
  // The warnings of the projects become the warnings of the output.
  json: ({ dryRun, lastRun, exitCode, projects, ...report }: BotReport) => ({
    ...report,
    projects: projects.map(({ warnings, ...project }) => project),
    dry_run: dryRun,
    last_run: lastRun,
    exit_code: exitCode,
  }),
  text: renderBot,
});

/** Each warning once. */
export const botWarnings = ({ projects }: BotReport): Warning[] =>
  projects.flatMap(({ warnings }) => warnings).filter((warning, i, all) => all.findIndex((other) => isSameWarning(warning, other)) === i);
