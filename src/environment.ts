import { homedir } from 'node:os';

/** The only file that reads the environment of the process. Everything else gets it as a parameter. */
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
