/** The report of a run of the bot for programs, and its schema. */
import { isSameWarning } from '../base/warnings.ts';
import type { BotReport, Failure, ProjectReport, TopicReport } from './bot-report.ts';

export function botJson({ forge, repository, dryRun, projects, failures, issue, lastRun, exitCode }: BotReport): object {
  return {
    schema: 1,
    forge,
    repository,
    dry_run: dryRun,
    projects: projects.map(projectJson),
    failures,
    issue,
    last_run: lastRun,
    exit_code: exitCode,
    warnings: projects
      .flatMap((project) => project.warnings)
      .filter((warning, i, all) => all.findIndex((other) => isSameWarning(warning, other)) === i),
  };
}

const projectJson = ({ base, manifest, commit, topics, suppressed, locks, failures }: ProjectReport): object => ({
  base,
  manifest,
  commit,
  topics: topics.map(topicJson),
  suppressed,
  locks,
  failures,
});

const topicJson = ({
  topic,
  outcome,
  branch,
  title,
  body,
  commit,
  message,
  files,
  url,
  security,
  reason,
  failures,
}: TopicReport): object => ({
  topic,
  outcome,
  branch,
  title,
  body,
  commit,
  message,
  files,
  url,
  security,
  reason,
  failures: failures satisfies readonly Failure[],
});

const text = { type: 'string' } as const;
const maybe = { type: ['string', 'null'] } as const;
const list = <T>(items: T) => ({ type: 'array', items }) as const;
const exactly = <T extends Record<string, object>>(properties: T) =>
  ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false }) as const;

const failure = exactly({ code: text, message: text, hint: maybe, details: list(text) });
const topic = exactly({
  topic: { ...text, description: '`update`, `bump`, `holds`, or `update-SOURCE`' },
  outcome: { enum: ['opened', 'refreshed', 'unchanged', 'closed', 'nothing', 'would_propose', 'left_alone', 'suppressed', 'failed'] },
  branch: text,
  title: maybe,
  body: maybe,
  commit: maybe,
  message: maybe,
  files: list(text),
  url: maybe,
  security: { type: 'boolean' },
  reason: { ...maybe, description: 'Why it was left alone or not proposed' },
  failures: list(failure),
});
const project = exactly({
  base: text,
  manifest: text,
  commit: { ...maybe, description: 'Commit of the base that everything was computed from' },
  topics: list(topic),
  suppressed: list(
    exactly({ source: text, to: text, reason: { enum: ['ignored', 'hold', 'minimum_age', 'not_security', 'no_common_version'] }, text }),
  ),
  locks: list(exactly({ set: text, architecture: text, generated: text, days: { type: 'integer' }, stale: { type: 'boolean' } })),
  failures: list(failure),
});

export const BOT_REPORT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'bot.schema.json',
  title: 'rpm-deps bot --json',
  ...exactly({
    schema: { const: 1 },
    forge: { enum: ['github', 'gitlab', 'gitea', 'gerrit', 'none'] },
    repository: maybe,
    dry_run: { type: 'boolean' },
    projects: list(project),
    failures: list(failure),
    issue: {
      type: ['object', 'null'],
      properties: { url: text, state: { enum: ['opened', 'updated', 'unchanged', 'closed'] } },
      required: ['url', 'state'],
      additionalProperties: false,
    },
    last_run: maybe,
    exit_code: { type: 'integer' },
    warnings: list({
      type: 'object',
      properties: { code: text, text, set: text, architecture: text },
      required: ['code', 'text'],
      additionalProperties: false,
    }),
  }),
} as const;
