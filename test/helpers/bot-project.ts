import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type BotInput, runBot } from '../../src/bot/run-bot.ts';
import { update } from '../../src/commands/update.ts';
import type { ForgeKind } from '../../src/forge/forge.ts';
import type { Context } from '../../src/run/context.ts';
import { startRun } from '../../src/run/start-run.ts';
import type { BotReport, TopicReport } from '../../src/views/bot-report.ts';
import type { FakeForge } from './fake-forge.ts';
import { STARTERS } from './open-fake.ts';
import { makeGitQuick } from './quick-git.ts';
import { type SmallRepository, writeRepository } from './small-mirror.ts';

/** A project in a bare repository with a mirror of its own, a clone that the bot runs in, and a forge. */
export interface BotProject {
  readonly directory: string;
  readonly origin: string;
  readonly clone: string;
  readonly env: Record<string, string | undefined>;
  readonly forge: FakeForge;
  readonly kind: ForgeKind;
  now: Date;
  /** Writes the packages of both architectures, or of one. */
  mirror(lines: readonly string[], options?: SmallRepository & { readonly architecture?: string }): void;
  context(overrides?: Partial<Context>): Context;
  run(input?: BotInput): Promise<BotReport>;
  /** A commit of somebody on a branch of the origin. */
  commit(
    branch: string,
    files: Readonly<Record<string, string | null>>,
    options?: { readonly who?: string; readonly force?: boolean; readonly from?: string },
  ): string;
  /** Runs git in the origin. */
  git(...args: readonly string[]): string;
  /** Text of a file of a branch of the origin. */
  file(branch: string, path: string): string;
  /** Versions in a lock of a branch, such as `acl-2-1`. */
  locked(branch: string, lock: string, folder?: string): string[];
  branches(): string[];
}

export const MANIFEST = `# our packages
architectures: [x86_64, s390x]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
sets:
  tools:
    packages: [acl, bash]
`;
export const UPDATE = 'rpm-deps/main/update';
const OLD = ['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'];
export const NEW = [...OLD, 'acl-2-1.ARCH', 'libc-2-1.ARCH'];

export interface BotProjectOptions {
  readonly manifest?: string;
  /** Put at the end of the manifest. */
  readonly bot?: string;
  readonly kind?: ForgeKind;
  readonly files?: Readonly<Record<string, string>>;
  readonly packages?: readonly string[];
  /** Of the bot, besides what it needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is locked from at first; default its own mirror. */
  readonly mirrorUrl?: string;
  /** Folder of the manifest. */
  readonly folder?: string;
}

const GIT_ENV = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_DATE: '1736000000 +0000',
  GIT_COMMITTER_DATE: '1736000000 +0000',
};

/** Locked from `OLD`; the mirror has `NEW` then. It is there until the test ends. */
export async function botProject({
  manifest = MANIFEST,
  bot = '',
  kind = 'github',
  files = {},
  packages = OLD,
  folder = '',
  env: moreEnv = {},
  mirrorUrl,
}: BotProjectOptions = {}): Promise<BotProject> {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-bot-test-'));
  const forge = await STARTERS[kind]();
  onTestFinished(async () => {
    await forge.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const [origin, clone, work] = ['origin.git', 'clone', 'work'].map((name) => join(directory, name)) as [string, string, string];
  const env: Record<string, string | undefined> = {
    ...GIT_ENV,
    PATH: process.env['PATH'],
    HOME: directory,
    RPM_DEPS_TOKEN: forge.token,
    ...(kind === 'gitlab'
      ? { CI_API_V4_URL: forge.apiUrl, CI_PROJECT_PATH: 'owner/project' }
      : { GITHUB_API_URL: forge.apiUrl, GITHUB_REPOSITORY: 'owner/project' }),
  };
  const first = { ...env };
  Object.assign(env, moreEnv);
  const git = (cwd: string, args: readonly string[], who = 'Person <person@example.com>'): string => {
    const [, name = '', mail = ''] = /^(.*) <(.*)>$/.exec(who)!;
    const identity = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: mail, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: mail };
    return execFileSync('git', ['-C', cwd, ...args], {
      encoding: 'utf8',
      env: { ...env, ...identity } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  };
  const project: BotProject = {
    directory,
    origin,
    clone,
    env,
    forge,
    kind,
    now: new Date('2026-11-28T09:00:00Z'),
    mirror: (lines, { architecture, ...options } = {}) => {
      for (const name of architecture === undefined ? ['x86_64', 's390x'] : [architecture]) {
        writeRepository(
          join(directory, 'mirror', name),
          lines.map((line) => line.replaceAll('ARCH', name)),
          options,
        );
      }
    },
    context: (overrides = {}) => {
      const run = startRun({ env: { NETRC: '/nonexistent' }, cacheDir: join(directory, 'cache'), now: () => project.now, limits: QUICK });
      return { ...run, cwd: join(clone, folder), env, ...overrides };
    },
    run: (input = {}) => runBot({ forge: kind, mirror: `file://${directory}/mirror`, maxWaitMs: 50, ...input }, project.context()),
    commit: (branch, changes, { who, force = false, from = branch } = {}) => {
      git(work, ['fetch', '-q', 'origin'], who);
      git(work, ['checkout', '-q', '-B', 'work', `origin/${from}`], who);
      for (const [path, text] of Object.entries(changes)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        if (text === null) rmSync(join(work, path));
        else writeFileSync(join(work, path), text);
      }
      git(work, ['add', '-A'], who);
      git(work, ['commit', '-q', '--allow-empty', '-m', 'work of a person'], who);
      git(work, ['push', '-q', ...(force ? ['-f'] : []), 'origin', `HEAD:refs/heads/${branch}`], who);
      return git(work, ['rev-parse', 'HEAD']);
    },
    git: (...args) => git(origin, args),
    file: (branch, path) => `${git(origin, ['show', `refs/heads/${branch}:${path}`])}\n`,
    locked: (branch, lock, at = folder) => {
      const text = git(origin, ['show', `refs/heads/${branch}:${at === '' ? '' : `${at}/`}rpm-lockfiles/${lock}.lock.json`]);
      const { packages } = JSON.parse(text) as { packages: { name: string; version: string; release: string }[] };
      return packages.map(({ name, version, release }) => `${name}-${version}-${release}`);
    },
    branches: () =>
      git(origin, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads'])
        .split('\n')
        .filter((name) => name !== ''),
  };
  forge.git = origin;
  await onceFor(JSON.stringify([manifest, bot, files, packages, folder, moreEnv, mirrorUrl]), directory, async () => {
    project.mirror(packages);
    git(directory, ['init', '-q', '--bare', '-b', 'main', origin]);
    git(directory, ['init', '-q', '-b', 'main', work]);
    makeGitQuick(origin);
    makeGitQuick(join(work, '.git'));
    git(work, ['remote', 'add', 'origin', origin]);
    for (const [path, text] of Object.entries({
      'README.md': 'readme\n',
      ...files,
      [join(folder, 'rpm-packages.yaml')]: `${manifest}${bot}`,
    })) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    await update(
      { mirror: mirrorUrl ?? `file://${directory}/mirror` },
      { ...project.context(), cwd: join(work, folder), env: { PATH: first['PATH'] }, cacheDir: join(directory, 'first-cache') },
    );
    git(work, ['add', '-A']);
    git(work, ['commit', '-q', '-m', 'begin']);
    git(work, ['push', '-q', 'origin', 'HEAD:refs/heads/main']);
    git(directory, ['clone', '-q', origin, clone]);
    makeGitQuick(join(clone, '.git'));
  });
  project.mirror(NEW, { timestamp: 1737000000 });
  return project;
}

/** What was made for an earlier test from the same input, by the input. */
const kept = new Map<string, { readonly madeIn: string; readonly copy: string }>();

/** Makes the folders, or copies those of an earlier test: a process of git costs more than a test may. */
async function onceFor(key: string, directory: string, make: () => Promise<void>): Promise<void> {
  const known = kept.get(key);
  if (known === undefined) {
    await make();
    const copy = mkdtempSync(join(tmpdir(), 'rpm-deps-bot-kept-'));
    cpSync(directory, copy, { recursive: true });
    kept.set(key, { madeIn: directory, copy });
    return;
  }
  cpSync(known.copy, directory, { recursive: true });
  for (const name of ['work', 'clone']) {
    const config = join(directory, name, '.git/config');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll(known.madeIn, directory));
  }
}

const QUICK = { retries: 1, retryPauseMs: 5, maxPauseMs: 20 };

/** The only topic, or the one of a name. */
export function topicOf(report: BotReport, topic = 'update', project = 0): TopicReport {
  const found = report.projects[project]?.topics.find((one) => one.topic === topic);
  if (found === undefined) throw new Error(`no topic ${topic}: ${JSON.stringify(report, null, 1)}`);
  return found;
}
