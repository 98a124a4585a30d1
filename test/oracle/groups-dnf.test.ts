/** What groups, environments and module profiles stand for, compared with dnf. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Pool } from '../../src/pool/pool.ts';
import { compsOf, expandGroup } from '../../src/resolution/groups.ts';
import { corpus } from '../helpers/corpus.ts';
import { mirrorPool } from '../helpers/mirror-pool.ts';
import { optIn } from '../helpers/opt-in.ts';

const shared = corpus();
const enabled = optIn('ORACLE', ['python3', 'xz']) && shared !== undefined;

function askDnf(
  mirror: string,
  architecture: string,
  repositories: readonly string[],
  specs: readonly string[],
): (readonly string[] | null)[] {
  const input = JSON.stringify({ mirror, architecture, repositories, specs });
  return JSON.parse(
    execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'groups_dnf.py')], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
}

function ours(pool: Pool, spec: string): readonly string[] | null {
  const found = expandGroup(pool, `@${spec}`);
  if (found.kind === 'not-found') return null;
  return [
    ...new Set(
      found.packages.map(({ name, requires = '', baseArchOnly = false }) => `${name}|${requires}|${baseArchOnly ? 'True' : 'False'}`),
    ),
  ].sort();
}

test.skipIf(!enabled)(
  'dnf takes the same packages for every group, environment and module profile',
  () => {
    const mirror = join(shared!, 'mirror/2025-01-13/9-stream');
    const repositories = ['BaseOS', 'AppStream'];
    const pool = mirrorPool(
      'x86_64',
      repositories.map((id) => ({ id, path: join(mirror, id, 'x86_64/os') })),
    );
    const { groups, environments } = compsOf(pool);
    const streams = pool.moduleIndex.flatMap(({ index }) => index.streams);
    const profiles = streams.flatMap(({ name, stream, profiles }) => [...profiles.keys()].map((profile) => `${name}:${stream}/${profile}`));
    const specs = [
      ...[...groups, ...environments].filter((_, i) => i % 3 === 0).flatMap(({ id, name }) => [id, name]),
      ...[
        'core/mandatory',
        'core/optional,mandatory',
        'c*',
        'No Such Group',
        'nodejs',
        'nodejs:20',
        'nodejs:20/nope',
        'nodejs:99',
        'maven',
      ],
      ...new Set([...profiles, ...streams.map(({ name, stream }) => `${name}:${stream}`)]),
    ];
    const answers = askDnf(
      mirror,
      'x86_64',
      repositories.map((id) => `${id}/$basearch/os/`),
      specs,
    );
    specs.forEach((spec, i) => {
      expect(ours(pool, spec), spec).toEqual(answers[i]);
    });
  },
  600_000,
);
