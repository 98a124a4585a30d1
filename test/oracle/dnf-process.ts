import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorldRequest } from '../brute/shrink.ts';
import { primaryXml, type World } from '../brute/world.ts';

/** The sorted NEVRAs that dnf would install; null where it refuses. */
export type DnfAnswer = readonly string[] | null;

export interface DnfProcess {
  ask(world: World, requests: readonly WorldRequest[]): Promise<readonly DnfAnswer[]>;
  end(): Promise<void>;
}

/** One dnf for any number of worlds. */
export function startDnf(): DnfProcess {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'dnf_worlds.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: { resolve(answers: readonly DnfAnswer[]): void; reject(error: Error): void }[] = [];
  const exited = once(child, 'close');
  void exited.then(() => {
    for (const { reject } of waiting) reject(new Error('dnf_worlds.py ended early'));
  });
  createInterface(child.stdout).on('line', (line) => waiting.shift()!.resolve(JSON.parse(line) as DnfAnswer[]));
  return {
    ask: ({ architecture, repos }, requests) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        const written = repos.map(({ id, priority, packages }) => ({ id, priority, primary: primaryXml(packages) }));
        child.stdin.write(`${JSON.stringify({ architecture, repos: written, requests })}\n`);
      }),
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
