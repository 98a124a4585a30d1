import { hostname } from 'node:os';
import { sha256 } from '../base/sha256.ts';

/** A file that did not change for this time is abandoned: no process pauses that long while writing. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
/** Minimum idle time if the process is not visible: it may run in another container with the same host name. */
const UNSEEN_AFTER_MS = 2000;

/** Identifies this process in file names: eight hex digits for the machine, and the process id. */
export function thisWriter(): string {
  return `${thisMachine()}-${process.pid}`;
}

/** Writer of a released file, which any process may take over. */
export function noWriter(): string {
  return `${thisMachine()}-0`;
}

const thisMachine = (): string => sha256(hostname()).slice(0, 8);

/** Whether the writer of a file has ended; `idleMs`: milliseconds since its last write. */
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
