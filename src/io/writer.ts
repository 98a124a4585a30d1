import { hostname } from 'node:os';
import { sha256 } from '../base/sha256.ts';

/** Nobody pauses that long in the middle of a file. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
/** A process that is not seen here may still run in another container with the same name. */
const UNSEEN_AFTER_MS = 2000;

/** Names this process in file names: eight digits for the machine, and the process id. */
export function thisWriter(): string {
  return `${thisMachine()}-${process.pid}`;
}

/** Stands for the process that wrote a file after it has released the file to any other process. */
export function noWriter(): string {
  return `${thisMachine()}-0`;
}

const thisMachine = (): string => sha256(hostname()).slice(0, 8);

/** Whether the process that wrote a file, `idleMs` ago for the last time, has left it for good. */
export function isAbandoned(writer: string, idleMs: number): boolean {
  if (idleMs > ABANDONED_AFTER_MS) return true;
  const [machine, pid] = writer.split('-');
  if (pid === '0') return true;
  if (machine !== thisMachine() || idleMs < UNSEEN_AFTER_MS) return false;
  return !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
