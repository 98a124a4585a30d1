import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 100;

/**
 * Ends a `podman build` so that it removes its working containers: podman does so when a step fails, but not when a signal ends the build.
 * So rpm-deps ends the program that runs a step, as soon as there is one.
 */
export function stopBuild(child: ChildProcess): void {
  const interrupt = (): void => {
    if (child.pid !== undefined) for (const pid of stepRunnersBelow(child.pid)) kill(pid);
  };
  interrupt();
  const timer = setInterval(interrupt, LOOK_EVERY_MS);
  child.once('close', () => clearInterval(timer));
}

/** buildah starts itself again under these names to run a step, below podman or below podman in its user namespace. */
function stepRunnersBelow(ancestor: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of processes()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): readonly number[] => (children.get(pid) ?? []).flatMap((one) => [one, ...below(one)]);
  return below(ancestor).filter((pid) => /^buildah-\w+-runtime\0/.test(read(`/proc/${pid}/cmdline`)));
}

function processes(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  } catch {
    // No /proc: the build is killed after the time limit.
    return [];
  }
}

function parentOf(pid: string): number | undefined {
  // The program name in parentheses may contain any characters.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.length > 1 ? Number(fields[1]) : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // The process has already ended.
  }
}
