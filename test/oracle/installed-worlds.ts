/** dnf on many small installed systems in one Python process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SystemAnswer, SystemRequest } from '../brute/system.ts';
import { primaryXml, type World, type WorldPackage } from '../brute/world.ts';

export interface Query {
  readonly world: World;
  readonly installed: readonly WorldPackage[];
  readonly requests: readonly SystemRequest[];
}

export async function askDnf(queries: readonly Query[]): Promise<readonly (readonly SystemAnswer[])[]> {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'installed_worlds.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'close');
  const answers: (readonly SystemAnswer[])[] = [];
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-2000);
  });
  createInterface(child.stdout).on('line', (line) => answers.push(JSON.parse(line) as SystemAnswer[]));
  for (const { world, installed, requests } of queries) {
    const repos = world.repos.map(({ id, priority, packages }) => ({ id, priority, primary: primaryXml(packages) }));
    const asked = requests.map(({ distroSync, allowErasing, ...rest }) => ({
      ...rest,
      distro_sync: distroSync,
      allow_erasing: allowErasing,
    }));
    child.stdin.write(
      `${JSON.stringify({ architecture: world.architecture, installed: primaryXml(installed), repos, requests: asked })}\n`,
    );
  }
  child.stdin.end();
  await exited;
  if (answers.length !== queries.length) throw new Error(`installed_worlds.py ended early: ${errors}`);
  return answers;
}
