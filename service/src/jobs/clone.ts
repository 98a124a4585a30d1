/**
 * A project's repository as a bare clone, which is fetched again each time. git runs with a separate environment: no user configuration, no
 * hooks, no prompts, and only the protocols of the operator's prefixes.
 */
import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, posix } from 'node:path';
import { filesAt, type GitPlace, isPrivateAddress, type NetworkPolicy, originOf, printableLines, RpmDepsError, redact } from 'rpm-deps';

export interface CloneOptions {
  readonly url: string;
  readonly branch: string;
  readonly directory: string;
  /** Prefixes of URLs that may be cloned. */
  readonly allowed: readonly string[];
  readonly network: NetworkPolicy;
  readonly secret: string | undefined;
  readonly path: string;
  readonly signal: AbortSignal;
  /** Resolves host names; default: the system's resolver. */
  readonly lookUp?: LookUp;
}

type LookUp = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
/** Failures that a new clone would not change. */
const OF_SERVER = /couldn't find remote ref|does not appear to be|repository .*not found|out of memory/i;
const lookUpAll: LookUp = (host) => lookup(host, { all: true });

const OUTPUT_BYTES = 64 << 20;
/** git keeps the list of branches that a server sends in memory, however long it is: 2 GiB at most, packs that it maps not counted. */
const LIMITED = 'ulimit -d 2097152 2>/dev/null; exec git "$@"';
/** Of a shell that does not find the program. */
const NOT_FOUND = 127;

export class Clone {
  readonly #options: CloneOptions;
  /** The checked `HOST:PORT:ADDRESSES`: git would resolve the name again, and might get other addresses. */
  #resolved: string | undefined;
  /** Whether the last failure of git was not one of the server. */
  #isDamaged = false;

  constructor(options: CloneOptions) {
    this.#options = options;
  }

  get directory(): string {
    return this.#options.directory;
  }

  /** For functions of the library that read git. */
  get place(): GitPlace {
    return { cwd: this.#options.directory, env: this.environment(), signal: this.#options.signal };
  }

  /**
   * Fetches the branch and returns its commit, with readable `paths`. If a killed process, a power failure or a full disk left the clone damaged, it
   * is cloned again.
   */
  async update(paths: readonly string[] = []): Promise<string> {
    const { url, directory, allowed, network, lookUp = lookUpAll } = this.#options;
    checkCloneUrl(url, allowed);
    this.#resolved = await checkHost(url, { network, allowed, lookUp });
    const isOld = existsSync(join(directory, 'HEAD'));
    try {
      return await this.#fetch(paths);
    } catch (error) {
      if (!isOld || !this.#isDamaged || !(error instanceof RpmDepsError)) throw error;
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
      return this.#fetch(paths);
    }
  }

  async #fetch(paths: readonly string[]): Promise<string> {
    const { url, branch, directory } = this.#options;
    if (!existsSync(join(directory, 'HEAD'))) {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      await this.git(['init', '--quiet', '--bare', '.']);
    }
    const refs = `+refs/heads/${branch}:refs/heads/${branch}`;
    await this.git(['fetch', '--quiet', '--force', '--no-tags', '--no-recurse-submodules', '--', url, refs]);
    const commit = (await this.git(['rev-parse', '--verify', '--end-of-options', `refs/heads/${branch}^{commit}`])).trim();
    // An object that cannot be read would count as a file that does not exist.
    await this.git(['rev-list', '--quiet', '--no-walk', '--objects', '--verify-objects', commit, '--', ...paths]);
    return commit;
  }

  /** The text of a file at a commit, also through links within it; undefined if it does not exist. */
  async file(commit: string, path: string): Promise<string | undefined> {
    const name = posix.basename(path);
    return (await filesAt(this.place, commit, posix.dirname(path), (file) => file === name)).get(name);
  }

  /** The same for the files directly in a directory. */
  files(commit: string, folder: string, suffix: string): Promise<ReadonlyMap<string, string>> {
    return filesAt(this.place, commit, folder, (name) => name.endsWith(suffix) && !name.startsWith('.'));
  }

  /** Time of the last change of a path in ISO 8601; undefined if it never existed. */
  async changedAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.git(['log', '-1', '--format=%cI', commit, '--', path])).trim() || undefined;
  }

  /** The last commits that changed a path, newest first. */
  async history(commit: string, path: string, most: number): Promise<readonly { readonly commit: string; readonly at: string }[]> {
    const text = await this.git(['log', `-${most}`, '--format=%H %cI', commit, '--', path]);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ commit: line.slice(0, line.indexOf(' ')), at: line.slice(line.indexOf(' ') + 1) }));
  }

  /** For the bot, which needs a named remote. */
  async setRemote(): Promise<void> {
    const { url } = this.#options;
    await this.git(['config', 'remote.origin.url', url]);
    await this.git(['config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*']);
  }

  /** Fetches the head of a pull request, also of a fork. */
  async fetchPull(forge: 'github' | 'gitlab' | 'gitea', number: number): Promise<string> {
    const { url } = this.#options;
    const ref = forge === 'gitlab' ? `refs/merge-requests/${number}/head` : `refs/pull/${number}/head`;
    const own = `refs/pulls/${number}`;
    await this.git(['fetch', '--quiet', '--force', '--no-tags', '--no-recurse-submodules', '--', url, `+${ref}:${own}`]);
    return (await this.git(['rev-parse', '--verify', '--end-of-options', `${own}^{commit}`])).trim();
  }

  async mergeBase(a: string, b: string): Promise<string> {
    return (await this.git(['merge-base', a, b])).trim();
  }

  git(args: readonly string[]): Promise<string> {
    const { directory, signal, url } = this.#options;
    return new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', LIMITED, 'git', '-C', directory, ...args], {
        env: this.environment(),
        signal,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const chunks: Buffer[] = [];
      let bytes = 0;
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > OUTPUT_BYTES) child.kill();
        else chunks.push(chunk);
      });
      child.stderr.on('data', (chunk: Buffer) => {
        if (said.length < 4000) said += chunk.toString('utf8');
      });
      child.on('error', reject);
      child.on('close', (status) => {
        if (status === 0) resolve(Buffer.concat(chunks).toString('utf8'));
        else if (status === NOT_FOUND)
          reject(new RpmDepsError('GIT', 'git is not installed', { hint: 'install git where the worker runs' }));
        else reject(this.#failure(args[0]!, said, url));
      });
    });
  }

  /** The whole environment of git. */
  environment(): Record<string, string> {
    const { directory, path, secret, url, allowed } = this.#options;
    const settings: [string, string][] = [
      ['core.hooksPath', '/dev/null'],
      ['credential.helper', ''],
      ['protocol.ext.allow', 'never'],
      // A redirect could lead to a host that is not configured.
      ['http.followRedirects', 'false'],
      ['http.lowSpeedLimit', '1000'],
      ['http.lowSpeedTime', '30'],
    ];
    if (this.#resolved !== undefined) settings.push(['http.curloptResolve', this.#resolved]);
    if (secret !== undefined && /^https?:/.test(url)) {
      const login = secret.includes(':') ? secret : `x-access-token:${secret}`;
      settings.push([`http.${originOf(url)}/.extraHeader`, `Authorization: Basic ${Buffer.from(login).toString('base64')}`]);
    }
    return {
      PATH: path,
      HOME: directory,
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ASKPASS: 'false',
      GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10',
      GIT_ALLOW_PROTOCOL: allowed.some((prefix) => /^(?:file:|\/)/.test(prefix)) ? 'file:https:http:ssh:git' : 'https:http:ssh:git',
      // In a container, the clone may belong to another user.
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], i) => [
          [`GIT_CONFIG_KEY_${i}`, key],
          [`GIT_CONFIG_VALUE_${i}`, value],
        ]),
      ),
    };
  }

  #failure(what: string, said: string, url: string): RpmDepsError {
    const { secret } = this.#options;
    const text = secret === undefined ? said : said.replaceAll(secret, '...');
    const line = printableLines(redact(text.trim().split('\n').at(-1) ?? '')).slice(0, 300);
    // A server that is down may return; a missing branch does not.
    const isAway = /could not resolve|connection (?:refused|reset|timed out)|timed out|unable to access|early EOF|hung up|HTTP 5\d\d/i.test(
      said,
    );
    const isDenied = /authentication failed|could not read (?:username|password)|permission denied|HTTP 40[13]/i.test(said);
    if (/No space left on device|disk quota exceeded/i.test(said)) {
      return new RpmDepsError('WRITE_FAILED', `git ${what} of ${redact(url)} failed: no space left on the disk of the service`);
    }
    const code = isAway && !isDenied ? 'NETWORK' : 'GIT';
    this.#isDamaged = code === 'GIT' && !isDenied && !OF_SERVER.test(said);
    return new RpmDepsError(code, `git ${what} of ${redact(url)} failed: ${line}`, {
      hint: isDenied ? 'check the credentials of the project' : 'check the URL, the branch and that the git server is reachable',
    });
  }
}

/** Throws USAGE for a URL that may hold a secret, and HOST_REFUSED for one that no prefix of the configuration covers. */
export function checkCloneUrl(url: string, allowed: readonly string[]): void {
  // The URL is stored, shown and passed to git as an argument.
  if (/^https?:\/\/(?:[^/]*@|.*[?#])/.test(url)) {
    throw new RpmDepsError('USAGE', `the URL ${redact(url.replace(/#.*/s, ''))} has a login, a query or a fragment`, {
      hint: 'put the token into `credentials` of the configuration, and its name into `credentials` of the project',
    });
  }
  // Refuses options of git, other transports, and logins in the URL.
  const isPlain =
    /^(?:https?:\/\/[^/@\s]+\/|ssh:\/\/|git:\/\/|file:\/\/\/|\/)[^\s\\]*$/.test(url) && !/(?:^|\/)(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(url);
  const isAllowed = allowed.some((prefix) => url === prefix || url.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
  if (isPlain && isAllowed) return;
  throw new RpmDepsError('HOST_REFUSED', `${redact(url)} may not be cloned`, { hint: hintFor(url) });
}

/** The line to add to the configuration: the server with the user of ssh, or the directory of a path. */
function hintFor(url: string): string {
  const short = /^([\w.-]+@[\w.-]+):([^/].*)$/.exec(url);
  if (short !== null) return `write it as ssh://${short[1]}/${short[2]}`;
  const [prefix = 'https://git.example.com/'] =
    /^(?:(?:https?|git):\/\/|ssh:\/\/(?:[\w.-]+@)?)[\w.:[\]-]+\/|^(?:file:\/\/)?\/.*\//i.exec(url) ?? [];
  return `the operator adds it to the configuration: git: ["${prefix}"]`;
}

/** A prefix with a name does not allow private addresses that the name resolves to later (DNS). Returns the addresses for git. */
async function checkHost(
  url: string,
  { network: { origins }, allowed, lookUp }: Pick<CloneOptions, 'network' | 'allowed'> & { readonly lookUp: LookUp },
): Promise<string | undefined> {
  if (!/^https?:/.test(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isNamed =
    origins.includes(originOf(url)) ||
    (isIP(host) !== 0 && allowed.some((prefix) => originOf(prefix) === originOf(url))) ||
    host === 'localhost';
  if (isNamed) return undefined;
  const addresses = await lookUp(host).catch((cause: Error) => {
    throw new RpmDepsError('NETWORK', `the address of ${host} cannot be found`, {
      hint: 'check the URL and the name server',
      cause,
    });
  });
  const bad = addresses.find(({ address }) => isPrivateAddress(address));
  if (bad === undefined) {
    const list = addresses.map(({ address, family }) => (family === 6 ? `[${address}]` : address));
    return `${host}:${port || (protocol === 'https:' ? '443' : '80')}:${list.join(',')}`;
  }
  throw new RpmDepsError('HOST_REFUSED', `${host} is not contacted: its address ${bad.address} is private`, {
    hint: `if that is right, the operator adds it to the configuration: network: {origins: ["${originOf(url)}"]}`,
  });
}
