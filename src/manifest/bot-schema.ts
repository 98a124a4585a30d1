/** JSON Schema of the section `bot:`; part of the schema of the manifest. */
import { EXPORT_FORMATS } from './export-names.ts';

const stringList = { type: 'array', items: { type: 'string', pattern: '\\S' } } as const;
const duration = { type: 'string', pattern: '^[0-9]+[hdw]$' } as const;
const identity = { type: 'string', pattern: '^[^<>\\r\\n]+ <[^<>\\s]+>$' } as const;
const day = { enum: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] } as const;
const days = { type: 'array', items: day, minItems: 1 } as const;

const exported = {
  type: 'object',
  properties: {
    format: { enum: EXPORT_FORMATS },
    path: { type: 'string', pattern: '\\S', description: 'File of the repository, relative to the manifest' },
    set: { type: 'string', pattern: '\\S' },
    architecture: { type: 'string', pattern: '\\S' },
  },
  required: ['format', 'path'],
  additionalProperties: false,
} as const;

export const BOT_SCHEMA = {
  type: 'object',
  description: 'Settings of `rpm-deps bot`; options of the command override them. Always read from the base branch',
  properties: {
    base: { ...stringList, minItems: 1, description: 'Branches that updates are proposed for (default: the default branch)' },
    manifests: { ...stringList, minItems: 1, description: 'Manifests of the repository, with lockfiles beside each (default: this one)' },
    topics: { type: 'array', items: { enum: ['update', 'bump'] }, minItems: 1, description: 'Default: update' },
    group_by: { enum: ['all', 'source'], description: '`source`: a pull request for each source RPM (default: all)' },
    only: { enum: ['all', 'security'], description: '`security`: only updates that fix a security advisory (default: all)' },
    minimum_age: { ...duration, description: 'Younger builds are not proposed, unless they fix an advisory: 3d, 12h, 2w' },
    max_age: { ...duration, description: 'Fail if a lockfile was made from older metadata: 14d' },
    limit: { type: 'integer', minimum: 1, description: 'Maximum of open pull requests; security fixes are opened even above it' },
    ignore: { ...stringList, description: 'Globs on package or source names: not updated by the bot' },
    schedule: {
      type: 'object',
      properties: { update: days, bump: days, holds: days },
      additionalProperties: false,
      description: 'Days (UTC) on which a topic may open a pull request (default: every day)',
    },
    author: { ...identity, description: '`Name <mail>` of commits (default: as git is configured)' },
    committer: { ...identity, description: 'Default: the author' },
    signoff: { type: 'boolean', description: 'Add a Signed-off-by line of the author (default: false)' },
    sign: { type: 'boolean', description: 'Sign commits with the key of git (default: as git is configured)' },
    own_authors: { ...stringList, description: 'Mail addresses whose commits on the branch count as those of the bot' },
    branch_prefix: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]*$', description: 'Default: rpm-deps' },
    title_prefix: { type: 'string', description: 'Text before titles, such as `chore: `' },
    body: { type: 'string', description: 'Text before the descriptions of pull requests' },
    labels: stringList,
    reviewers: stringList,
    draft: { type: 'boolean' },
    automerge: { type: 'boolean', description: 'Merge when the required checks have passed; without required checks nothing is merged' },
    update_approved: { type: 'boolean', description: 'Also refresh pull requests that are approved (default: false)' },
    skip_labels: { ...stringList, description: 'The bot does not touch a pull request with one of these labels' },
    take_over_label: {
      type: 'string',
      pattern: '\\S',
      description: 'Label that lets the bot overwrite commits of other people (default: rpm-deps-take-over)',
    },
    exports: { type: 'array', items: exported, description: 'Files that are written with the lockfiles' },
    archive: { type: 'string', pattern: '\\S', description: 'Archive for RPMs before a pull request is opened, as `archive --to`' },
    forge: { enum: ['github', 'gitlab', 'gitea', 'gerrit', 'none'], description: 'Default: from the remote or the CI job' },
    forge_url: {
      type: 'string',
      pattern: '^https?://[^\\s]+$',
      description: 'URL of the API of the forge (default: from the remote or the CI job)',
    },
    repository: { type: 'string', pattern: '^[^\\s/]+(/[^\\s/]+)+$', description: '`owner/name`' },
    fork: { type: 'string', pattern: '^[^\\s/]+(/[^\\s/]+)+$', description: '`owner/name` of the fork that branches are pushed to' },
    fork_url: { type: 'string', pattern: '\\S', description: 'URL that git pushes to for `fork`' },
    issue: { type: 'boolean', description: 'Report failures in an issue (default: true)' },
  },
  additionalProperties: false,
} as const;
