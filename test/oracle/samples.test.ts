/** Random requests and what dnf answered to them, where the corpus has such: the same packages, or both refuse. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolve } from '../../src/resolution/resolve.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { corpus } from '../helpers/corpus.ts';
import { mirrorPool } from '../helpers/mirror-pool.ts';
import { optIn } from '../helpers/opt-in.ts';

type Answer = { readonly packages: readonly string[] } | { readonly error: string };

const shared = optIn('ORACLE', ['dnf']) ? corpus() : undefined;
const folder = shared === undefined ? undefined : join(shared, 'oracle');
const samples = folder === undefined ? [] : readdirSync(folder).flatMap((file) => /^(.+)\.queries\.json$/.exec(file)?.[1] ?? []);

test.skipIf(samples.length === 0).each(samples.length === 0 ? ['(no corpus)'] : samples)(
  'the requests of %s have the answers that dnf gave',
  (sample) => {
    const read = (kind: string): unknown => JSON.parse(readFileSync(join(folder!, `${sample}.${kind}.json`), 'utf8'));
    const requests = Object.entries(read('queries') as Record<string, string[]>);
    const answers = read('dnf') as Record<string, Answer>;
    const architecture = ['aarch64', 's390x'].find((name) => sample.includes(name)) ?? 'x86_64';
    const repos = ['BaseOS', 'AppStream'].map((name) => ({
      id: name.toLowerCase(),
      path: join(shared!, 'mirror/2025-01-13/9-stream', name, architecture, 'os'),
    }));
    const pool = mirrorPool(architecture, repos);
    const ours = requests.map(([id, install]) => {
      const outcome = resolve(pool, { install, weakDependencies: sample.endsWith('-weak') });
      return [id, install, outcome.kind === 'solved' ? outcome.packages.map(formatNevra).sort() : 'refused'];
    });
    expect(ours).toEqual(
      requests.map(([id, install]) => {
        const answer = answers[id]!;
        return [id, install, 'error' in answer ? 'refused' : answer.packages];
      }),
    );
  },
);
