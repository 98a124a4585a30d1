import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { sayOnce } from './say-once.ts';

const KINDS = { ORACLE: 'that ask other programs, such as dnf,', PODMAN: 'with containers' } as const;

/**
 * Whether tests that need programs beside Node run: with RPM_DEPS_ORACLE=1 those that ask rpm, dnf and their kin, with RPM_DEPS_PODMAN=1 those
 * that build containers, and only where all `programs` are on PATH. Says once why not. `.ci/run` sets both.
 */
export function optIn(kind: keyof typeof KINDS, programs: readonly string[]): boolean {
  const variable = `RPM_DEPS_${kind}`;
  if (process.env[variable] !== '1') return skip(`tests ${KINDS[kind]} are skipped: set ${variable}=1 to run them`);
  const missing = programs.filter((program) => !isOnPath(program));
  return missing.length === 0 || skip(`tests with ${programs.join(', ')} are skipped: ${missing.join(', ')} not found`);
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function skip(line: string): false {
  sayOnce(line);
  return false;
}
