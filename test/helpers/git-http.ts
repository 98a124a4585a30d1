import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitHttp {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** The Authorization headers that git sent. */
  readonly seen: string[];
  close(): void;
}

export interface GitHttpOptions {
  /** Folder of the bare repositories. */
  readonly root: string;
  /** Their folders by path, such as `/owner/project.git` and `/origin.git`. */
  readonly repositories: Readonly<Record<string, string>>;
  /** `user:password` that git must log in with. */
  readonly login: string;
  /** The same, where it is enough to read. */
  readonly reader?: string;
  /** API of a forge, which is at the same host below `/api/`. */
  readonly apiUrl: string;
}

/** Repositories over HTTP by git's own server, and the API of a forge beside them, as on a real forge. */
export async function startGitHttp({ root, repositories, login, reader, apiUrl }: GitHttpOptions): Promise<GitHttp> {
  const seen: string[] = [];
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.url!.startsWith('/api/')) return void forward(request, response, new URL(apiUrl).origin);
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    const isReading = reader !== undefined && authorization === basic(reader) && /git-upload-pack$/.test(request.url!);
    if (authorization !== basic(login) && !isReading)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    serveGit(request, response, { root, repositories });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}

function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  { root, repositories }: Pick<GitHttpOptions, 'root' | 'repositories'>,
): void {
  const url = new URL(request.url ?? '/', 'http://x');
  const [path, folder] = Object.entries(repositories).find(([name]) => url.pathname.startsWith(`${name}/`)) ?? ['', '/nowhere'];
  const env = {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `${folder}${url.pathname.slice(path.length)}`,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    REMOTE_USER: 'bot',
  };
  const child = spawn('git', ['http-backend'], { env });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    const lines = all
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/: (.*)/s));
    const status = Number(lines.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(lines.filter(([name]) => name !== 'Status'))).end(all.subarray(end + 4));
  });
}

async function forward(request: IncomingMessage, response: ServerResponse, origin: string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
  const body = Buffer.concat(chunks);
  const answer = await fetch(`${origin}${request.url}`, { method: request.method!, headers, ...(body.length > 0 ? { body } : {}) });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(Buffer.from(await answer.arrayBuffer()));
}
