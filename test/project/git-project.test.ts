import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { gitProject } from '../../src/project/git-project.ts';
import type { Project } from '../../src/project/project.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const MANIFEST = 'architectures: [x86_64]\nsets: { web: { packages: [server] } }\n';
const AUTHOR = { name: 'Ann', email: 'ann@example.org' };
const WEB = lock('web-x86_64', ['server'], [lockedPackage('server 1-1')]);
const NEWER = lock('web-x86_64', ['server'], [lockedPackage('server 2-1')]);

let top: string;
let project: Project;
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', top, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { encoding: 'utf8' }).trim();

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'rpm-deps-git-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  mkdirSync(join(top, 'part/rpm-lockfiles'), { recursive: true });
  writeFileSync(join(top, 'part/rpm-packages.yaml'), MANIFEST);
  writeFileSync(join(top, 'part/rpm-lockfiles/web-x86_64.lock.json'), renderLockfile(WEB));
  writeFileSync(join(top, 'README'), 'other\n');
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'start');
  project = gitProject({
    directory: join(top, 'part'),
    revision: 'main',
    gitEnvironment: { PATH: process.env['PATH'], HOME: top },
    author: AUTHOR,
    now: () => new Date('2025-01-13T12:00:00Z'),
  });
});

test('it reads the manifest and the lockfiles of a revision, whatever the work tree has', async () => {
  writeFileSync(join(top, 'part/rpm-packages.yaml'), 'sets: 1\n');
  rmSync(join(top, 'part/rpm-lockfiles'), { recursive: true });
  expect((await project.manifest()).sets.map(({ name }) => name)).toEqual(['web']);
  expect(await project.manifestText()).toBe(MANIFEST);
  expect(await project.locks()).toEqual([WEB]);
  expect(await project.locks([{ set: 'web', architecture: 's390x' }])).toEqual([]);
  expect(await project.revision()).toBe(git('rev-parse', 'main'));
});

test('files that the manifest includes are written beside it', async () => {
  writeFileSync(join(top, 'part/rpm-packages.yaml'), `include: [more/web.yaml]\narchitectures: [x86_64]\n`);
  mkdirSync(join(top, 'part/more'));
  writeFileSync(join(top, 'part/more/web.yaml'), 'sets: { web: { packages: [server] } }\n');
  git('add', '.');
  git('commit', '-q', '-m', 'include');
  const before = (await project.manifest()).included!.get('more/web.yaml')!;
  await project.write({ locks: [], included: [{ path: 'more/web.yaml', text: `${before}# new\n`, before }] });
  expect(git('show', `${await project.revision()}:part/more/web.yaml`)).toBe('sets: { web: { packages: [server] } }\n# new');
});

test('writing makes a commit and touches neither branch nor index nor work tree', async () => {
  const before = git('rev-parse', 'main');
  await project.write({ locks: [NEWER], manifestText: `${MANIFEST}# new\n`, message: 'update server' });
  const commit = await project.revision();
  expect(git('log', '-1', '--format=%P|%an|%s', commit)).toBe(`${before}|Ann|update server`);
  expect(git('diff', '--name-only', 'main', commit).split('\n')).toEqual([
    'part/rpm-lockfiles/web-x86_64.lock.json',
    'part/rpm-packages.yaml',
  ]);
  expect(git('show', `${commit}:part/rpm-lockfiles/web-x86_64.lock.json`)).toBe(renderLockfile(NEWER).trim());
  expect([git('rev-parse', 'main'), git('status', '--porcelain')]).toEqual([before, '']);
  expect(readFileSync(join(top, 'part/rpm-packages.yaml'), 'utf8')).toBe(MANIFEST);
  expect(await project.locks()).toEqual([NEWER]);
});

test('writing the same again makes no other commit, and the same change makes the same commit', async () => {
  const start = await project.revision();
  await project.write({ locks: [WEB] });
  expect(await project.revision()).toBe(start);
  await project.write({ locks: [NEWER] });
  const first = await project.revision();
  await project.write({ locks: [NEWER] });
  expect(await project.revision()).toBe(first);
});

test('a revision without a manifest, and one that is not there, are errors that name it', async () => {
  git('rm', '-rq', 'part');
  git('commit', '-qm', 'nothing left');
  mkdirSync(join(top, 'part'));
  await expect(project.manifest()).rejects.toMatchObject({ code: 'MANIFEST_MISSING', message: /`main`/ });
  expect(await project.locks()).toEqual([]);
  const none = gitProject({
    directory: top,
    revision: 'nowhere',
    gitEnvironment: { PATH: process.env['PATH'], HOME: top },
    author: AUTHOR,
    now: () => new Date(0),
  });
  await expect(none.revision()).rejects.toMatchObject({ code: 'GIT', message: /`nowhere`/ });
});

test('a manifest of a revision includes files of that revision, and nothing else', async () => {
  const outside = join(top, '..', `outside-${process.pid}.yaml`);
  writeFileSync(outside, 'sets: { web: { packages: [server] } }\n');
  onTestFinished(() => rmSync(outside, { force: true }));
  writeFileSync(join(top, 'shared.yaml'), 'sets: { web: { packages: [server] } }\n');
  symlinkSync('../shared.yaml', join(top, 'part/inside.yaml'));
  symlinkSync(outside, join(top, 'part/linked.yaml'));
  symlinkSync('../..', join(top, 'part/up'));
  const including = async (entry: string): Promise<unknown> => {
    writeFileSync(join(top, 'part/rpm-packages.yaml'), `include: "${entry}"\narchitectures: [x86_64]\n`);
    git('add', '.');
    git('commit', '-q', '-m', entry);
    const read = gitProject({
      directory: top,
      revision: 'main',
      manifest: 'part/rpm-packages.yaml',
      gitEnvironment: { PATH: process.env['PATH'], HOME: top },
      author: AUTHOR,
      now: () => new Date(),
    });
    return read.manifest().then(
      ({ sets }) => sets.map(({ name }) => name),
      (error: { readonly code?: string }) => error.code,
    );
  };
  for (const entry of ['../shared.yaml', 'inside.yaml', './inside.yaml', '../*.yaml'])
    expect(await including(entry), entry).toEqual(['web']);
  const name = `outside-${process.pid}.yaml`;
  for (const entry of [
    `../../${name}`,
    outside,
    'linked.yaml',
    `up/${name}`,
    `file://${outside}`,
    'http://127.0.0.1:9/a.yaml',
    '../../../*',
  ])
    expect(await including(entry), entry).toBe('MANIFEST_INVALID');
});
