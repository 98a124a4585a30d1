import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProgressEvent } from '../../src/base/events.ts';
import { update } from '../../src/commands/update.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { Context } from '../../src/run/context.ts';
import type { FaultyServer } from './faulty-server.ts';
import { fixture } from './fixtures.ts';

export interface Project {
  readonly cwd: string;
  readonly events: ProgressEvent[];
  readonly context: Context;
}

/** Short pauses, so that tests of failures end soon. Time limits are the usual ones: a slow machine is no failure. */
const QUICK = { retries: 1, retryPauseMs: 5, maxPauseMs: 20 };

/** An empty folder and a context in it, with a cache of its own. */
export function newProject({
  offline = false,
  env = {},
  cacheDir,
}: {
  offline?: boolean;
  env?: Record<string, string>;
  cacheDir?: string;
} = {}): Project {
  const cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-project-'));
  const events: ProgressEvent[] = [];
  const emit = (event: ProgressEvent): void => void events.push(event);
  const signal = new AbortController().signal;
  const http = createHttpClient({ env, offline, signal, emit, ...QUICK });
  return {
    cwd,
    events,
    context: { cwd, env, cacheDir: cacheDir ?? join(cwd, 'cache'), offline, http, now: () => new Date(), emit, signal },
  };
}

/** The same folder as seen by another run. */
export function rerun(
  { cwd, context }: Project,
  options: { offline?: boolean; env?: Record<string, string>; cacheDir?: string } = {},
): Project {
  const other = newProject({ cacheDir: context.cacheDir, ...options });
  return { ...other, cwd, context: { ...other.context, cwd } };
}

export const FIXTURE_MIRROR = pathToFileURL(fixture('mirror')).href;

export interface ManifestOptions {
  readonly architectures?: readonly string[];
  readonly packages?: readonly string[];
  readonly fallbacks?: readonly string[];
  readonly key?: string | null;
}

/** Writes a manifest for the fixture mirror (JSON, which is YAML) and locks it from the fixture itself, wherever `mirror` says it is. */
export async function lockedProject(
  mirror: string,
  { architectures = ['s390x'], packages = ['acl', 'passt', 'swtpm-libs'], fallbacks = [], key = 'fixture' }: ManifestOptions = {},
  project = newProject(),
): Promise<Project> {
  const repository = (id: string, name: string) => ({
    id,
    baseurl: `$mirror/9-stream/${name}/$basearch/os/`,
    ...(key === null ? {} : { gpgkey: pathToFileURL(fixture(`keys/RPM-GPG-KEY-${key}`)).href }),
  });
  const manifest = {
    schema_version: '1.0',
    architectures,
    mirror,
    repositories: [repository('baseos', 'BaseOS'), repository('appstream', 'AppStream')],
    sets: { odd: { packages } },
    fallbacks,
  };
  writeFileSync(join(project.cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
  mkdirSync(join(project.cwd, 'rpm-lockfiles'));
  await update({ mirror: FIXTURE_MIRROR }, { ...project.context, cacheDir: join(project.cwd, 'lock-cache') });
  for (const name of readdirSync(join(project.cwd, 'rpm-lockfiles'))) {
    const path = join(project.cwd, 'rpm-lockfiles', name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(FIXTURE_MIRROR, mirror));
  }
  return project;
}

/** Serves the .rpm files of the fixture mirror, under the paths they have there. Returns the paths on the wire. */
export function serveFixtureRpms(server: FaultyServer): string[] {
  const root = fixture('mirror');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rpm'))
    .map((path) => {
      const wire = `/${path.split('/').map(encodeURIComponent).join('/')}`;
      server.serve(wire, readFileSync(join(root, path)));
      return wire;
    });
}
