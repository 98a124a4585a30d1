/** Mutants of lockfiles: refused, or safe to take apart; and whatever is printed about them does nothing to a terminal. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isUrl, joinUrl } from '../../src/base/urls.ts';
import { dependencyTree } from '../../src/lockfile/dependency-tree.ts';
import { diffLockfiles } from '../../src/lockfile/diff.ts';
import { lockGraph, whyPackage } from '../../src/lockfile/graph.ts';
import type { LockedPackage, Lockfile } from '../../src/lockfile/lockfile.ts';
import { migrateLockfile } from '../../src/lockfile/migrate.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { renderDiffMarkdown } from '../../src/views/diff-markdown.ts';
import { renderDiffText } from '../../src/views/diff-text.ts';
import { EXPORT_WRITERS } from '../../src/views/export-formats.ts';
import { pullRequestTitle } from '../../src/views/pull-request.ts';
import { renderTree } from '../../src/views/tree.ts';
import { renderDot, renderMermaid } from '../../src/views/tree-graph.ts';
import { renderWhy } from '../../src/views/why.ts';
import { corpus } from '../helpers/corpus.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { JSON_WORDS, type Json, mutate, mutateJson } from '../helpers/mutate.ts';

const EXAMPLES = join(import.meta.dirname, '../../lockfiles/examples/rpm-lockfiles');
/** What a terminal acts on, but for line ends and, in files for programs, tabs. */
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** The lockfiles of lockfiles/examples and, where there is a corpus, KubeVirt's of schema 1.0; a few packages of each. */
const originals: readonly string[] = [EXAMPLES, ...kubevirtFolder()].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.lock.json'))
    .slice(0, 6)
    .map((name) => {
      const lock = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { packages: unknown[] };
      return JSON.stringify({ ...lock, packages: lock.packages.slice(0, 12) }, null, 2);
    }),
);

function kubevirtFolder(): string[] {
  const real = corpus();
  return real === undefined
    ? []
    : readdirSync(join(real, 'kubevirt'))
        .filter((name) => name.startsWith('rpm-lockfiles'))
        .map((name) => join(real, 'kubevirt', name));
}

test(
  `mutants of lockfiles are refused, or can be compared, drawn, exported and written again (${SEED_TEXT})`,
  async () => {
    let accepted = 0;
    await readMutants({
      share: 1,
      codes: ['LOCKFILE_INVALID'],
      make: (random) => {
        const original = originals[random(originals.length)]!;
        return random(3) === 0
          ? mutate(original, JSON_WORDS, random)
          : JSON.stringify(mutateJson(JSON.parse(original) as Json, random), null, 2);
      },
      read: (text) => {
        const lock = parseLockfile(text, 'web-x86_64.lock.json');
        accepted++;
        for (const locked of lock.packages) expectHarmless(locked);
        expect(parseLockfile(renderLockfile(migrateLockfile(lock)), 'again')).toEqual(known(migrateLockfile(lock)));
        for (const shown of reports(lock)) expect(shown).not.toMatch(DANGEROUS);
      },
    });
    expect(accepted).toBeGreaterThan(0);
  },
  FUZZ_TIMEOUT,
);

/** What becomes a path or an argument cannot leave its place. */
function expectHarmless({ name, version, release, epoch, arch, filename, location, sha256 }: LockedPackage): void {
  for (const word of [name, version, release, arch, filename])
    expect(word).toMatch(/^[^-./\\\s\u0000-\u001f\u007f][^/\\\s\u0000-\u001f\u007f]*$/);
  expect(`${epoch}`).toMatch(/^\d+$/);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  if (location === undefined) return;
  const url = new URL(joinUrl('https://user:password@mirror.example/a/b/', location));
  if (isUrl(location)) expect([url.password, url.protocol]).toEqual(['', expect.stringMatching(/^(?:https?|file):$/)]);
  else expect(url.href).toMatch(/^https:\/\/user:password@mirror\.example\//);
}

function* reports(lock: Lockfile): Generator<string> {
  const before = parseLockfile(originals[0]!, 'before');
  for (const diff of [
    diffLockfiles([before], [lock]),
    diffLockfiles([lock], [{ ...before, package_set: lock.package_set, architecture: lock.architecture }]),
  ]) {
    yield renderDiffText(diff);
    yield renderDiffMarkdown(diff);
    yield pullRequestTitle(diff) ?? '';
  }
  const graph = lockGraph(lock);
  const names = graph.names.slice(0, 3);
  yield renderWhy(names.flatMap((name) => whyPackage(lock, name, { all: true }) ?? []));
  for (const invert of [false, true]) {
    const roots = dependencyTree(lock, { invert });
    yield renderTree(roots);
    yield renderDot(roots, lock.package_set);
    yield renderMermaid([{ title: lock.package_set, roots }]);
  }
  for (const { write } of Object.values(EXPORT_WRITERS)) yield write([lock]);
}

/** A lockfile without keys that are not of the schema, its packages in the order in which they are written. */
function known(lock: Lockfile): Lockfile {
  return parseLockfile(renderLockfile(lock), 'once');
}
