import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DOCUMENT, makeExamples, withExamples } from '../../tools/pull-request-example.ts';
import { corpus } from '../helpers/corpus.ts';
import { fixture } from '../helpers/fixtures.ts';

const folder = corpus();
const text = readFileSync(DOCUMENT, 'utf8');

test.skipIf(folder === undefined)('the examples are what the program prints (npx tsx tools/pull-request-example.ts)', async () => {
  const examples = await makeExamples(folder!);
  expect(withExamples(text, examples)).toBe(text);
  expect([...text.matchAll(/<!-- made: (\w+) -->/g)].map((match) => match[1]).sort()).toEqual(
    [...examples.keys()].filter((name) => name !== 'title').sort(),
  );
});

let directory = '';
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the scheduled job proposes what is newer, and nothing when there is nothing', () => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-job-'));
  const [work, bin] = [join(directory, 'work'), join(directory, 'bin')];
  mkdirSync(work);
  mkdirSync(bin);
  const root = resolve(import.meta.dirname, '../..');
  const program = (name: string, lines: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('rpm-deps', `exec "${root}/node_modules/.bin/tsx" "${root}/src/cli/bin.ts" "$@"`);
  program('propose', `printf '%s: %s\\n' "$1" "$2"; head -n 1 "$3"`);
  const run = (command: string, mirror: string): string =>
    execFileSync('sh', ['-c', command], {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        HOME: directory,
        RPM_DEPS_CACHE_DIR: join(directory, 'cache'),
        RPM_DEPS_MIRROR: fixture(mirror),
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap((who) => [`GIT_${who}_NAME`, `GIT_${who}_EMAIL`].map((key) => [key, 'a']))),
      },
    });
  run(`git init -q -b main . && git init -q --bare ../origin && git remote add origin ../origin`, 'mirror');
  writeFileSync(
    join(work, 'rpm-packages.yaml'),
    'architectures: [x86_64]\nversions: { QEMU: "17:9.1.0-7.el9" }\nsets: { web: { packages: [curl-minimal, "qemu-img-${QEMU}"] } }\n',
  );
  run('rpm-deps update && git add . && git commit -qm locks && git push -q origin main', 'mirror');
  const job = /```sh\n(#!\/bin\/sh\n.*?)```/s.exec(text)![1]!;
  writeFileSync(join(directory, 'job.sh'), job);
  expect(run('sh ../job.sh', 'mirror')).toBe('');
  const proposed = run('sh ../job.sh', 'mirror-next');
  expect(proposed).toMatch(
    /^rpm-update: rpm lockfiles: update .*\n\*\*RPM lockfiles:\*\* \d+ upgraded in 1 lock .*\nrpm-bump: rpm lockfiles: bump QEMU to 17:9\.1\.0-10\.el9\n/,
  );
  expect(run('git log --format=%s origin/rpm-bump', 'mirror')).toBe('rpm lockfiles: bump QEMU to 17:9.1.0-10.el9\nlocks\n');
  expect(run('git show --stat --format= origin/rpm-bump', 'mirror')).toMatch(
    /rpm-lockfiles\/web-x86_64\.lock\.json.*\n rpm-packages\.yaml/,
  );
  // Once more, with the pull requests open: the branches are made anew.
  expect(run('sh ../job.sh', 'mirror-next')).toBe(proposed);
});
