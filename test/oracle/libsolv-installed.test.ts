/**
 * The worlds of libsolv's own test cases that have something installed before, where RPM_DEPS_LIBSOLV_TESTS names a folder that has them (test/testcases of
 * libsolv's sources): asked of dnf and of us as dnf would ask. What dnf has no words for is left out, and counted.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerSystem, type SystemRequest } from '../brute/system.ts';
import { optIn } from '../helpers/opt-in.ts';
import { askDnf } from './installed-worlds.ts';
import { readTestcases, type Testcase } from './libsolv-testcase.ts';

const folder = process.env['RPM_DEPS_LIBSOLV_TESTS'] ?? '';
const enabled = folder !== '' && existsSync(folder) && optIn('ORACLE', ['dnf', 'rpm']);

test.runIf(enabled)("dnf answers libsolv's worlds with something installed alike", async () => {
  const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.t'))
    .sort()
    .flatMap((file) => readTestcases(join(folder, file), file))
    .filter(({ before }) => before.length > 0);
  const reasons = new Map<string, number>();
  const queries = cases.flatMap((one) => {
    const request = requestOf(one);
    if (typeof request !== 'string') return [{ name: one.name, world: one.world, installed: one.before, requests: [request] }];
    reasons.set(request, (reasons.get(request) ?? 0) + 1);
    return [];
  });
  const list = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `  ${count} ${reason}`);
  console.log(`${queries.length} of ${cases.length} are asked; left out:\n${list.join('\n')}`);
  const answers = await askDnf(queries);
  const different = queries.map(({ name, world, installed, requests }, i) => ({
    name,
    ours: answerSystem(world, installed, requests[0]!),
    dnf: answers[i]![0],
  }));
  expect(different.filter(({ ours, dnf }) => JSON.stringify(ours) !== JSON.stringify(dnf))).toEqual([]);
  expect(queries.length).toBeGreaterThan(80);
});

/** As dnf would ask it, or why it cannot. */
function requestOf({ jobs, disabled, weak, erasing, unreadable }: Testcase): SystemRequest | string {
  if (unreadable !== undefined) return unreadable;
  if (disabled.length > 0) return 'disabled packages';
  const install: string[] = [];
  const remove: string[] = [];
  const upgrade: string[] = [];
  const distroSync: string[] = [];
  const all = new Set<string>();
  for (const { action, selection, what } of jobs) {
    const spec = what.replace(/@.*$/, '').trim();
    if (action === 'install' && ['name', 'provides', 'pkg'].includes(selection)) install.push(spec);
    else if ((action === 'update' && selection === 'all') || (action === 'distupgrade' && ['all', 'repo'].includes(selection)))
      all.add(action);
    else if (action === 'update' && selection === 'name') upgrade.push(spec);
    else if (action === 'distupgrade' && selection === 'name') distroSync.push(spec);
    else if (action === 'erase') remove.push(spec);
    else if (action !== 'allowuninstall') return `job ${action} ${selection}`;
  }
  return {
    install,
    remove,
    reinstall: [],
    upgrade: all.has('update') ? 'all' : upgrade,
    distroSync: all.has('distupgrade') ? 'all' : distroSync,
    allowErasing: erasing || jobs.some(({ action }) => action === 'allowuninstall'),
    weak,
    best: jobs.some(({ flags }) => flags.includes('forcebest')),
    exclude: [],
  };
}
