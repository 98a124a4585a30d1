/** KubeVirt's package sets, solved by us and by dnf. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resolveAsync } from '../../src/resolution/resolve.ts';
import { corpus } from '../helpers/corpus.ts';
import { mirrorPool } from '../helpers/mirror-pool.ts';
import { optIn } from '../helpers/opt-in.ts';

const shared = corpus();
const isEnabled = optIn('ORACLE', ['dnf']) && shared !== undefined;
const cache = mkdtempSync(join(tmpdir(), 'rpm-deps-dnf-cache-'));

afterAll(() => rmSync(cache, { recursive: true, force: true }));

const runs = ['2025-01-07', '2025-01-13'].flatMap((date) =>
  ['x86_64', 'aarch64', 's390x'].flatMap((architecture) => [false, true].map((weak) => ({ date, architecture, weak }))),
);

describe.skipIf(!isEnabled)("dnf on KubeVirt's sets", () => {
  test.each(runs)('takes the same packages on $date for $architecture, weak dependencies: $weak', async ({ date, architecture, weak }) => {
    const file = join(shared!, `kubevirt/package-sets-2025-01-07-${architecture}.json`);
    const sets = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>);
    const repositories = ['BaseOS', 'AppStream', 'CRB'].map((id) => ({
      id,
      path: join(shared!, 'mirror', date, '9-stream', id, architecture, 'os'),
    }));
    const pool = mirrorPool(architecture, repositories);
    const ours: (readonly [string, string[] | string])[] = [];
    for (const [set, install] of sets) {
      const outcome = await resolveAsync(pool, { install, weakDependencies: weak });
      const packages =
        outcome.kind === 'solved'
          ? outcome.packages.map((p) => `${p.name}-${p.epoch}:${p.version}-${p.release}.${p.arch}`).sort()
          : outcome.problems.map(({ text }) => text).join('\n');
      ours.push([set, packages]);
    }
    const tool = join(import.meta.dirname, '../../tools/dnf_answers.py');
    const options = JSON.stringify({ weak, best: false, exclude: [] });
    const theirs = JSON.parse(
      execFileSync('/usr/bin/python3', [tool, cache, architecture, options, ...repositories.map(({ id, path }) => `${id}=${path}`)], {
        input: JSON.stringify(sets.map(([, install]) => install)),
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    ) as string[][];
    expect(ours).toEqual(sets.map(([set], i) => [set, theirs[i]]));
  });
});
