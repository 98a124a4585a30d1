import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeRepodata } from '../../src/artifacts/local-repo.ts';
import { fixture } from '../helpers/fixtures.ts';
import { optIn } from '../helpers/opt-in.ts';

const work = mkdtempSync(join(tmpdir(), 'rpm-deps-local-repo-'));
const ours = join(work, 'ours');
const theirs = join(work, 'theirs');

afterAll(() => rmSync(work, { recursive: true, force: true }));
beforeAll(async () => {
  for (const directory of [ours, theirs]) {
    mkdirSync(directory);
    for (const repository of ['BaseOS', 'AppStream'])
      cpSync(fixture(`mirror/9-stream/${repository}/s390x/os/Packages`), directory, { recursive: true });
  }
  await writeRepodata(ours, rpmsOf(ours));
});

describe.skipIf(!optIn('ORACLE', ['createrepo_c']))('createrepo_c', () => {
  test.each(['primary', 'filelists', 'other'])('says the same in %s', (type) => {
    execFileSync('createrepo_c', ['--quiet', '--no-database', theirs]);
    expect(linesOf(ours, type)).toEqual(linesOf(theirs, type));
  });
});

describe.skipIf(!optIn('ORACLE', ['dnf']))('dnf', () => {
  test('takes exactly the files of the directory, and finds nothing else', () => {
    const root = join(work, 'root');
    const downloads = join(work, 'downloads');
    const names = rpmsOf(ours).map((path) => path.slice(ours.length + 1));
    execFileSync(
      'dnf',
      [
        '--quiet',
        `--installroot=${root}`,
        '--disableplugin=*',
        `--setopt=cachedir=${join(work, 'cache')}`,
        '--setopt=reposdir=/nonexistent',
        '--setopt=gpgcheck=0',
        '--releasever=9',
        '--forcearch=s390x',
        `--repofrompath=local,file://${ours}`,
        '--repo=local',
        '-y',
        'install',
        '--downloadonly',
        `--downloaddir=${downloads}`,
        ...names.map((name) => name.replace(/\.rpm$/, '')),
      ],
      { stdio: 'pipe' },
    );
    expect(readdirSync(downloads).sort()).toEqual(names.sort());
    for (const name of names) expect(readFileSync(join(downloads, name)).equals(readFileSync(join(ours, name)))).toBe(true);
  });
});

function rpmsOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.rpm'))
    .map((name) => join(directory, name));
}

/** Order within a package differs in places, and file times are not ours to give. */
function linesOf(directory: string, type: string): string[] {
  const name = readdirSync(join(directory, 'repodata')).find((file) => file.endsWith(`-${type}.xml.gz`))!;
  const xml = gunzipSync(readFileSync(join(directory, 'repodata', name))).toString();
  return xml
    .replace(/time file="\d+"/g, 'time')
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
