import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const read = (path: string): string => readFileSync(join(resolve(import.meta.dirname, '..'), path), 'utf8');
const text = read('.github/workflows/release.yml');
const { jobs } = parse(text) as { jobs: Readonly<Record<string, Job>> };

test('the release waits for jobs that exist and runs scripts that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const called = Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run = '' }) => [...run.matchAll(/\bnpm (?:run )?(test|(?<=run )[\w:]+)/g)].map((match) => match[1]!)),
  );
  expect(called).toEqual(['test', 'executable']);
  expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
  expect(Object.entries(jobs).map(([name, { needs }]) => [name, needs])).toEqual([
    ['checks', undefined],
    ['npm', 'checks'],
    ['executables', 'checks'],
    ['image', 'executables'],
  ]);
});

test('everything that is published has its provenance, and nothing depends on a variable without a default', () => {
  for (const { permissions = {}, steps } of Object.values(jobs)) {
    for (const { run = '', uses = '' } of steps) {
      if (run.includes('npm publish')) expect([run, permissions['id-token']]).toEqual([expect.stringContaining('--provenance'), 'write']);
      if (uses.startsWith('actions/attest-')) expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write' });
      if (run.includes('gh release create'))
        expect([run, permissions['contents']]).toEqual([expect.stringContaining('dist/executables/*'), 'write']);
    }
  }
  expect(text.match(/vars\.\w+\b(?! \|\| ')/g)).toBe(null);
});
