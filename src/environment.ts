import { homedir } from 'node:os';

/** The only place that reads the environment of the process; everything else is given what it needs of it. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return { HOME: homeDirectory(), ...process.env };
}

/** A container may run as a user that the system does not know. */
function homeDirectory(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
