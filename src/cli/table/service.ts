import type { CommandDefinition } from '../command.ts';

/** The service, which is a separate package. */
export const SERVICE_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'serve',
    summary: 'run the service: API, pages, schedules and updates for many projects',
    description: [
      'Needs the package rpm-deps-service. Its sources are the repositories of the manifest, or without one those of CentOS Stream 9.',
      'Prints `listening on URL` when it is ready, and exits with 0 after SIGTERM.',
      '',
      'serve token create --name NAME --scope SCOPE   create a token and print it once',
      'serve token list | serve token revoke ID',
      'serve backup FILE | serve restore FILE         save and load all tables, also between PGlite and PostgreSQL',
    ].join('\n'),
    arguments: [{ name: 'ACTION', many: true, words: ['token', 'backup', 'restore'] }],
    options: [
      { name: 'data', value: 'DIR', help: 'keep the database in DIR; for one process, without PostgreSQL' },
      { name: 'database', value: 'URL', help: 'use a PostgreSQL database; for any number of processes (env: RPM_DEPS_DATABASE)' },
      { name: 'listen', value: 'HOST:PORT', help: 'address of the API and the pages (default: 127.0.0.1:8080; port 0: any free one)' },
      { name: 'role', value: 'ROLE', choices: ['all', 'web', 'worker'], help: 'parts of the service in this process (default: all)' },
      { name: 'config', value: 'FILE', help: 'configuration: limits, tokens, git servers, credentials (docs/service.md)' },
      { name: 'name', value: 'NAME', help: 'token create: name of the token' },
      {
        name: 'scope',
        value: 'SCOPE',
        many: true,
        choices: ['read', 'resolve', 'operate', 'admin'],
        help: 'token create: rights of the token (repeatable)',
      },
      { name: 'days', value: 'N', help: 'token create: days until it expires (default: 90; 0: never)' },
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
