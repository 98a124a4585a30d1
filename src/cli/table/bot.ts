import type { CommandDefinition } from '../command.ts';
import { DRY_RUN } from '../options.ts';

/** One run for a scheduler. */
export const BOT_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'bot',
    summary: 'propose updates of the lockfiles as pull requests: one run, for cron and CI',
    description: [
      'Works out updates from the base branch, pushes each topic as one commit to a branch of its own, and opens or refreshes its pull',
      'request. Runs in a clone and leaves its files alone. Options override the section `bot:` of the manifest on the base branch.',
      'The token comes from GITHUB_TOKEN, GITLAB_TOKEN, GITEA_TOKEN, RPM_DEPS_TOKEN, RPM_DEPS_TOKEN_FILE or a GitHub App.',
    ].join('\n'),
    arguments: [],
    options: [
      { name: 'topic', value: 'TOPIC', many: true, choices: ['update', 'bump'], help: 'what to propose (default update; repeatable)' },
      { name: 'pins', help: 'also propose newer versions of pins of the manifest, as a topic of its own' },
      { name: 'base', value: 'BRANCH', many: true, help: 'branch to propose for (default: the default branch; repeatable)' },
      { name: 'forge', value: 'FORGE', choices: ['github', 'gitlab', 'gitea', 'gerrit', 'none'], help: 'where (default: by the remote)' },
      { ...DRY_RUN, help: 'print what would be committed and proposed; needs no token' },
      { name: 'group-by', value: 'HOW', choices: ['all', 'source'], help: 'source: one pull request for each source RPM' },
      { name: 'only', value: 'WHAT', choices: ['all', 'security'], help: 'security: only what fixes a security advisory' },
      { name: 'minimum-age', value: 'TIME', help: 'younger builds wait unless they fix an advisory: 12h, 3d, 2w' },
      { name: 'max-age', value: 'TIME', help: 'a lockfile that is older is a failure' },
      { name: 'limit', value: 'N', help: 'most open pull requests; security does not count' },
      { name: 'archive', value: 'PLACE', help: 'store RPMs there before a pull request is opened, as `archive --to` does' },
      { name: 'author', value: 'NAME <MAIL>', help: 'author of commits (default: as git is configured)' },
      { name: 'signoff', help: 'add a Signed-off-by line of the author' },
      { name: 'sign', help: 'sign commits with the key of git' },
      { name: 'label', value: 'LABEL', many: true, help: 'put on pull requests (repeatable)' },
      { name: 'reviewer', value: 'NAME', many: true, help: 'asked for a review (repeatable)' },
      { name: 'draft', help: 'open drafts' },
      { name: 'automerge', help: 'merge when the required checks have passed' },
      { name: 'update-approved', help: 'also refresh pull requests that are approved' },
      { name: 'fork', value: 'OWNER/NAME', help: 'push branches to this fork' },
      { name: 'remote', value: 'NAME', help: 'git remote (default origin)' },
    ],
    examples: [
      '--dry-run',
      '--forge github --base main --signoff',
      '--topic bump --base release-1.4',
      '--only security --automerge',
      '--json',
    ],
    load: () => import('../actions/bot.ts').then((module) => module.botAction),
  },
];
