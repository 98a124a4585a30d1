import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BotProject } from './bot-project.ts';

/** Takes pushes to refs/for/ as Gerrit does: one change a Change-Id; the same commit again, and a closed change, are refused. */
const UPDATE_HOOK = `#!/bin/sh
case "$1" in refs/for/*) ;; *) echo "only refs/for/ here" >&2; exit 1;; esac
case "$1" in *r=ghost*) echo "Account 'ghost' not found" >&2; exit 1;; esac
id=$(git log -1 --format='%(trailers:key=Change-Id,valueonly)' "$3")
[ -n "$id" ] || { echo "missing Change-Id in commit message footer" >&2; exit 1; }
if grep -qs "$id" closed; then echo "remote: change 12 closed" >&2; exit 1; fi
if grep -qs "$3" changes; then echo "no new changes" >&2; exit 1; fi
echo "$1 $id $3" >>changes
`;
const POST_RECEIVE_HOOK = `#!/bin/sh
while read old new ref; do git update-ref -d "$ref"; git update-ref refs/changes/kept "$new"; done
`;

interface FakeChange {
  readonly number: number;
  readonly id: string;
  /** Full names of the refs that were pushed to, with their options. */
  readonly targets: string[];
  /** Commits. */
  readonly patchSets: string[];
  status: 'NEW' | 'MERGED' | 'ABANDONED';
  isApproved: boolean;
  readonly messages: string[];
  hashtags: string[];
}

export interface FakeGerrit {
  readonly apiUrl: string;
  readonly password: string;
  readonly requests: string[];
  changes(): FakeChange[];
  /** No further patch sets. */
  close(change: FakeChange, status: 'MERGED' | 'ABANDONED'): void;
  stop(): void;
}

/** Makes the origin of a project take changes, and serves the REST API for them. */
export async function startFakeGerrit(project: BotProject): Promise<FakeGerrit> {
  const { origin } = project;
  mkdirSync(join(origin, 'hooks'), { recursive: true });
  for (const [name, text] of [
    ['update', UPDATE_HOOK],
    ['post-receive', POST_RECEIVE_HOOK],
  ] as const) {
    writeFileSync(join(origin, 'hooks', name), text);
    chmodSync(join(origin, 'hooks', name), 0o755);
  }
  const password = 'http-password-of-the-bot';
  const known: FakeChange[] = [];
  const requests: string[] = [];
  const changes = (): FakeChange[] => {
    const text = existsSync(join(origin, 'changes')) ? readFileSync(join(origin, 'changes'), 'utf8') : '';
    for (const line of text.split('\n').filter((part) => part !== '')) {
      const [target, id, commit] = line.split(' ') as [string, string, string];
      let change = known.find((one) => one.id === id);
      if (change === undefined) {
        change = { number: known.length + 1, id, targets: [], patchSets: [], status: 'NEW', isApproved: false, messages: [], hashtags: [] };
        known.push(change);
      }
      if (change.patchSets.includes(commit)) continue;
      change.targets.push(target);
      change.patchSets.push(commit);
    }
    return known;
  };
  const close = (change: FakeChange, status: 'MERGED' | 'ABANDONED'): void => {
    change.status = status;
    writeFileSync(join(origin, 'closed'), `${change.id}\n`, { flag: 'a' });
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname: path, searchParams } = new URL(request.url!, 'http://x');
      requests.push(`${request.method} ${path}`);
      const isLoggedIn = request.headers.authorization === `Basic ${Buffer.from(`robot:${password}`).toString('base64')}`;
      const reply = (status: number, json: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(`)]}'\n${JSON.stringify(json)}`);
      };
      if (path.startsWith('/a/') !== isLoggedIn) return reply(401, 'Unauthorized');
      if (/^(?:\/a)?\/changes\/$/.test(path)) {
        if (!isLoggedIn && /owner:self/.test(searchParams.get('q') ?? '')) return reply(400, 'cannot use self here');
        const { status, branch } = Object.fromEntries(
          [...(searchParams.get('q') ?? '').matchAll(/(\w+):"?([^"\s]+)"?/g)].map(([, key, value]) => [key, value]),
        );
        const open = changes().filter((one) => one.status === 'NEW' && one.targets[0]!.startsWith(`refs/for/${branch}%`));
        const topicIn = (target: string): string => decodeURIComponent(/topic=([^,]*)/.exec(target)?.[1] ?? '');
        return reply(200, status === 'open' ? open.map(({ id, targets }) => ({ change_id: id, topic: topicIn(targets[0]!) })) : []);
      }
      const [, name, rest] = /^(?:\/a)?\/changes\/([^/]+)\/(.*)$/.exec(path) ?? [];
      const key = decodeURIComponent(name ?? '')
        .split('~')
        .at(-1);
      const change = changes().find(({ number, id }) => String(number) === key || id === key);
      if (change === undefined) return reply(404, 'Not found');
      const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
      if (rest === 'abandon') {
        close(change, 'ABANDONED');
        change.messages.push(`Abandoned\n\n${String(body['message'])}`);
      } else if (rest === 'restore') {
        change.status = 'NEW';
        writeFileSync(join(origin, 'closed'), '');
        change.messages.push(`Restored\n\n${String(body['message'])}`);
      } else if (rest === 'revisions/current/review') change.messages.push(String(body['message']));
      else if (rest === 'hashtags') change.hashtags = change.hashtags.filter((tag) => !(body['remove'] as string[]).includes(tag));
      const commit = change.patchSets.at(-1)!;
      const ref = `refs/changes/${String(change.number).padStart(2, '0')}/${change.number}/${change.patchSets.length}`;
      project.git('update-ref', ref, commit);
      reply(200, {
        _number: change.number,
        status: change.status,
        hashtags: change.hashtags,
        labels: { 'Code-Review': change.isApproved ? { approved: { _account_id: 1 } } : {} },
        messages: change.messages.map((message) => ({ message })),
        current_revision: commit,
        revisions: { [commit]: { ref } },
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, password, requests, changes, close, stop };
}
