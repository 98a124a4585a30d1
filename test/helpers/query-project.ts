import { type CliProject, cliProject } from './cli-project.ts';

/** A mirror on which each kind of dependency is used, for commands that ask about it. */
export const QUERY_LINES = [
  'app-1-1.noarch requires: lib >= 1, /usr/bin/tool',
  'lib-1-1.noarch provides: libx.so.1()(64bit)',
  'tool-1-1.noarch provides: /usr/bin/tool; requires: lib',
];

export async function queryProject(): Promise<CliProject> {
  const made = cliProject(
    'holds: [{ package: tool, version: "1*", reason: "2 is slow" }]\nsets:\n  web: { packages: [app] }\n  base: { architectures: [s390x], packages: [lib] }\n',
  );
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, QUERY_LINES);
  await made.run('update');
  return made;
}
