import type { Forge, ForgeKind } from '../../src/forge/forge.ts';
import { openForge } from '../../src/forge/open-forge.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { FakeForge } from './fake-forge.ts';
import { startFakeGitea } from './fake-gitea.ts';
import { startFakeGithub } from './fake-github.ts';
import { startFakeGitlab } from './fake-gitlab.ts';

export const STARTERS: Readonly<Record<ForgeKind, () => Promise<FakeForge>>> = {
  github: startFakeGithub,
  gitlab: startFakeGitlab,
  gitea: startFakeGitea,
};

export interface OpenFakeOptions {
  readonly fork?: string;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly maxWaitMs?: number;
}

/** A client for a forge of the test. */
export function openFake(
  fake: FakeForge,
  kind: ForgeKind,
  { fork, token = fake.token, env, maxWaitMs }: OpenFakeOptions = {},
): Promise<Forge> {
  return openForge({
    place: { kind, apiUrl: fake.apiUrl, repository: fake.repository, gitHost: '127.0.0.1' },
    fork,
    env: env ?? { RPM_DEPS_TOKEN: token },
    http: createHttpClient({ env: { NETRC: '/nonexistent' }, retryPauseMs: 1, maxPauseMs: 5 }),
    now: () => new Date('2026-11-28T09:00:00Z'),
    emit: () => undefined,
    signal: new AbortController().signal,
    maxWaitMs,
  });
}
