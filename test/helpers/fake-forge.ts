/**
 * A forge as a server of this machine: it keeps pull requests, issues and comments, reads branches from a bare repository, and checks each
 * request against what the forge publishes. What is wrong with a request is in `violations`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';

export interface FakePull {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  /** `owner/name` that the branch is in. */
  readonly headRepository: string;
  title: string;
  body: string;
  state: 'open' | 'closed' | 'merged';
  draft: boolean;
  labels: string[];
  reviewers: string[];
  reviews: { user: string; state: string }[];
  autoMerge: boolean;
  /** The commit that was its newest when automatic merging was enabled. */
  mergeOf?: string;
}

export interface FakeIssue {
  readonly author: string;
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
}

export interface FakeComment {
  readonly id: number;
  readonly on: number;
  readonly author: string;
  body: string;
}

/** Beside a commit; the newest last. */
export interface FakeCheck {
  readonly kind: 'check run' | 'status';
  readonly sha: string;
  readonly name: string;
  state: string;
  title: string;
  url: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  readonly method: string;
  /** Below the API, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Answers a request of one forge, or undefined for a path that it does not have. */
export type Dialect = (request: Request, forge: FakeForge) => Reply | undefined;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, object>>;
  readonly body: object | null;
}

export class FakeForge {
  readonly repository = 'owner/project';
  /** What the forge calls it now. */
  fullName = 'owner/project';
  readonly token = 'ghs_secret-token-of-the-test';
  login = 'rpm-bot';
  archived = false;
  hasIssues = true;
  canPush: boolean | undefined = true;
  requiredChecks: string[] = [];
  /** Of GitHub's token. */
  expires: string | undefined;
  checksPending = true;
  readonly pulls: FakePull[] = [];
  readonly issues: FakeIssue[] = [];
  readonly comments: FakeComment[] = [];
  readonly checks: FakeCheck[] = [];
  /** Of a GitHub App, or of Actions. */
  mayWriteCheckRuns = true;
  readonly labels: string[] = [];
  readonly requests: Request[] = [];
  readonly violations: string[] = [];
  /** Bare repository, or none. */
  git: string | undefined;
  forkGit: string | undefined;
  apiUrl = '';
  readonly #planned: { readonly match: RegExp; readonly reply: Reply | 'break' | (() => Reply | 'break' | undefined) }[] = [];
  #counter = 0;
  #close: () => Promise<void> = async () => undefined;

  static async start(dialect: Dialect, kind: 'github' | 'gitlab' | 'gitea', apiPath = ''): Promise<FakeForge> {
    const forge = new FakeForge();
    const check = checker(kind);
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const url = new URL(incoming.url ?? '/', 'http://localhost');
        const text = Buffer.concat(chunks).toString('utf8');
        const request: Request = {
          method: incoming.method ?? 'GET',
          path: url.pathname.startsWith(apiPath) ? url.pathname.slice(apiPath.length) : url.pathname,
          query: url.searchParams,
          body: text === '' ? {} : JSON.parse(text),
          headers: incoming.headers,
        };
        forge.requests.push(request);
        const planned = forge.#planned.findIndex(({ match }) => match.test(`${request.method} ${request.path}`));
        const plan = planned < 0 ? undefined : forge.#planned.splice(planned, 1)[0]!.reply;
        const reply = typeof plan === 'function' ? plan() : plan;
        if (reply === 'break') {
          incoming.socket.destroy();
          return;
        }
        if (reply === undefined) forge.violations.push(...check(request));
        const answer = reply ?? forge.#answer(request, dialect);
        const body = answer.json === undefined ? '' : JSON.stringify(answer.json);
        response.writeHead(answer.status, {
          ...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
          ...answer.headers,
        });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    forge.apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${apiPath}`;
    forge.#close = () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    return forge;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The next request that matches `METHOD /path` is answered so, once a call. */
  plan(match: RegExp, reply: Reply | 'break' | (() => Reply | 'break' | undefined)): void {
    this.#planned.push({ match, reply });
  }

  nextNumber(): number {
    return ++this.#counter;
  }

  /** Tip of a branch in the repository or the fork; undefined where there is none. */
  tip(branch: string, headRepository = this.repository): string | undefined {
    const directory = headRepository === this.repository ? this.git : this.forkGit;
    if (directory === undefined) return '0'.repeat(40);
    try {
      return execFileSync('git', ['-C', directory, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], {
        encoding: 'utf8',
      }).trim();
    } catch {
      return undefined;
    }
  }

  /** What the forge calls the repository that the branch of a pull request is in. */
  nameOf({ headRepository }: FakePull): string {
    return headRepository === this.repository ? this.fullName : headRepository;
  }

  openPull(given: Pick<FakePull, 'branch' | 'base' | 'headRepository' | 'title' | 'body' | 'draft'>): FakePull {
    const pull: FakePull = { ...given, number: this.nextNumber(), state: 'open', labels: [], reviewers: [], reviews: [], autoMerge: false };
    this.pulls.push(pull);
    return pull;
  }

  /** The pull request whose whole number stands in a path: `/pulls/14` does not mean the first one. */
  pullIn(path: string): FakePull | undefined {
    const number = /\/(?:pulls|issues|merge_requests)\/(\d+)(?:\/|$)/.exec(path)?.[1];
    return this.pulls.find((pull) => String(pull.number) === number);
  }

  openIssue(given: Pick<FakeIssue, 'title' | 'body' | 'labels'>, author = this.login): FakeIssue {
    const issue: FakeIssue = { ...given, author, number: this.nextNumber(), state: 'open' };
    this.issues.push(issue);
    return issue;
  }

  say(on: number, body: string, author = this.login): FakeComment {
    const comment = { id: 1000 + this.nextNumber(), on, body, author };
    this.comments.push(comment);
    return comment;
  }

  /** Whoever deletes a branch closes its pull requests. */
  sweep(): void {
    for (const pull of this.pulls)
      if (pull.state === 'open' && this.tip(pull.branch, pull.headRepository) === undefined) pull.state = 'closed';
  }

  #answer(request: Request, dialect: Dialect): Reply {
    this.sweep();
    const given = String(request.headers['authorization'] ?? '');
    if (!given.endsWith(` ${this.token}`) && !/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(given)) {
      return { status: 401, json: { message: 'Bad credentials' } };
    }
    return dialect(request, this) ?? { status: 404, json: { message: 'Not Found' } };
  }
}

/** One page of a list, as the query asks for it. */
export function page<T>(items: readonly T[], query: URLSearchParams, most: number): T[] {
  const size = Math.min(Number(query.get('per_page') ?? query.get('limit') ?? 30), most);
  const start = (Number(query.get('page') ?? 1) - 1) * size;
  return items.slice(start, start + size);
}

function checker(kind: 'github' | 'gitlab' | 'gitea'): (request: Request) => string[] {
  const described = JSON.parse(readFileSync(new URL('../forge/operations.json', import.meta.url), 'utf8')) as Record<
    typeof kind,
    Operation[]
  >;
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
  const operations = described[kind].map((operation) => ({
    ...operation,
    pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
    validate: operation.body === null ? undefined : ajv.compile(operation.body),
  }));
  return ({ method, path, query, body }) => {
    const operation = operations.find((candidate) => candidate.method === method && candidate.pattern.test(path));
    const name = `${method} ${path}`;
    if (operation === undefined) {
      // GraphQL is described elsewhere; of GitLab and Gitea only what has a body is described.
      return kind === 'github' && !path.endsWith('/graphql') ? [`${name} is not described`] : [];
    }
    const unknown = kind === 'github' ? [...query.keys()].filter((key) => operation.query[key] === undefined) : [];
    const wrong = operation.validate === undefined || operation.validate(body) ? [] : (operation.validate.errors ?? []);
    return [
      ...unknown.map((key) => `${name}: unknown parameter ${key}`),
      ...wrong.map((error) => `${name}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`),
    ];
  };
}
