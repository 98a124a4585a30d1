import { readdir, readFile, stat } from 'node:fs/promises';

/** Number of processes and threads of this user, as in the kernel's limit; undefined without `/proc`. */
export async function countProcesses(): Promise<number | undefined> {
  const names = await readdir('/proc').catch(() => []);
  const counts = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(threadsOf));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? undefined : total;
}

async function threadsOf(pid: string): Promise<number> {
  // The process may have ended meanwhile.
  const owner = await stat(`/proc/${pid}`).catch(() => undefined);
  if (owner === undefined || owner.uid !== process.getuid?.()) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^Threads:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}
