import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRepositories, outputJson, type Pool, resolveAsync, resolveView } from 'rpm-deps';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runQuery } from '../../src/solving/run-query.ts';
import { MIRROR } from '../helpers/git-project.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-answer-'));
let pool: Pool;
beforeAll(async () => {
  const repositories = ['BaseOS', 'AppStream'].map((name) => ({
    id: name.toLowerCase(),
    baseurl: `file://${MIRROR}/9-stream/${name}/$basearch/os/`,
  }));
  pool = await loadRepositories({ architecture: 'x86_64', repositories, cacheDir: directory });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('an answer is the text that the command prints as JSON, also of packages that were in an answer before', async () => {
  const base = {
    kind: 'resolve',
    architecture: 'x86_64',
    weak: false,
    best: false,
    exclude: [],
    repositories: undefined,
    base: [],
  } as const;
  const answers = { pool, packageTexts: new Map<string, string>() };
  for (const specs of [['bash'], ['bash', 'glibc'], ['bash']]) {
    const outcome = await resolveAsync(pool, { install: specs });
    if (outcome.kind === 'unsolvable') throw new Error('the fixtures have it');
    const { packages, ignored, unmet, warnings } = outcome;
    const data = { kind: 'solved', architecture: 'x86_64', packages, ignored, unmet } as const;
    const expected = outputJson({ view: resolveView, data }, warnings, { directory: '/' });
    expect((await runQuery(answers, { ...base, specs, reasons: false }, {})).text).toBe(JSON.stringify(expected));
    const { text } = await runQuery(answers, { ...base, specs, reasons: true }, {});
    expect(JSON.parse(text)).toMatchObject({ ...expected, reasons: packages.map(() => expect.any(Array)) });
  }
});
