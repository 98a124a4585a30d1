import type { CommandDefinition } from '../command.ts';

/** The service, which is a package of its own. */
export const SERVICE_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'serve',
    summary: 'run the service: API, pages, schedules and updates for many projects',
    description: [
      'Needs the package rpm-deps-service. Its sources are the repositories of the manifest; without one, those of CentOS Stream 9.',
      'Prints `listening on URL` when it is ready, and ends with 0 after SIGTERM.',
      '',
      'serve token create --name NAME --scope SCOPE   create a token and print it once',
      'serve token list | serve token revoke ID',
      'serve backup FILE | serve restore FILE         save and load all tables, also between PGlite and PostgreSQL',
    ].join('\n'),
    arguments: [{ name: 'ACTION', many: true, words: ['token', 'backup', 'restore'] }],
    options: [
      { name: 'data', value: 'DIR', help: 'keep everything in DIR: one process, nothing to install' },
      { name: 'database', value: 'URL', help: 'a PostgreSQL database that several processes share (env: RPM_DEPS_DATABASE)' },
      { name: 'listen', value: 'HOST:PORT', help: 'address of the API and the pages (default: 127.0.0.1:8080; port 0: any free one)' },
      { name: 'role', value: 'ROLE', choices: ['all', 'web', 'worker'], help: 'what this process does (default: all)' },
      { name: 'config', value: 'FILE', help: 'configuration: limits, tokens, git servers, credentials (docs/service.md)' },
      { name: 'name', value: 'NAME', help: 'token create: what the token is for' },
      {
        name: 'scope',
        value: 'SCOPE',
        many: true,
        choices: ['read', 'resolve', 'operate', 'admin'],
        help: 'token create: what it may do (repeatable)',
      },
      { name: 'days', value: 'N', help: 'token create: when it expires (default: 90; 0: never)' },
    ],
    examples: [
      '--data ./service --listen 127.0.0.1:8080',
      '--database postgres://db/rpmdeps --role worker',
      'token create --data ./service --name ci --scope operate',
    ],
    endsItself: true,
    load: () => import('../actions/serve.ts').then((module) => module.serveAction),
  },
];
