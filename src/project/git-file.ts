/** A file of another git repository, which `repofiles` of an `rpms.in.yaml` may name. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { withoutSecrets } from '../base/redact.ts';
import { runGit } from '../forge/run-git.ts';
import { imageCachePath, keepAnswer, readAnswer } from '../installed/image-cache.ts';
import type { GitFile, ReadGitFile } from '../manifest/rpms-in-variables.ts';
import type { Context } from '../run/context.ts';

const MAX_BYTES = 4 << 20;

/** Fetches the file each time; if the repository is unreachable, the cached one is used. `$NAME` in its URL is DNF_VAR_NAME of the environment. */
export function gitFileReader(folder: string, context: Context): ReadGitFile {
  return async (wanted) => {
    if (context.http.settings.policy !== undefined) {
      throw new RpmDepsError('HOST_REFUSED', `${shownName(wanted)} is not read: git would contact servers that are not configured`, {
        hint: 'put the file into the repository of the manifest',
      });
    }
    const path = imageCachePath(context.cacheDir, 'git-v1', JSON.stringify(wanted));
    try {
      if (context.offline) throw new RpmDepsError('OFFLINE', `${shownName(wanted)} is not in the cache, and --offline reads nothing else`);
      const text = await fetchFile(wanted, folder, context);
      await keepAnswer(path, { text });
      return text;
    } catch (error) {
      context.signal.throwIfAborted();
      const last = (await readAnswer(path)) as { text?: unknown } | undefined;
      if (typeof last?.text !== 'string') throw error;
      return last.text;
    }
  };
}

async function fetchFile(wanted: GitFile, folder: string, { env, signal }: Context): Promise<string> {
  const { ref, file } = wanted;
  const url = wanted.url.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => env[`DNF_VAR_${name}`] ?? whole);
  const failed = (what: string): RpmDepsError =>
    new RpmDepsError('GIT', `${shownName(wanted)} cannot be read: ${what}`, {
      hint: 'check `giturl`, `gitref` and `file`; `$NAME` is the environment variable DNF_VAR_NAME',
    });
  if (/^-|::/.test(url) || /^-/.test(ref)) throw failed('this is no address of a repository');
  const directory = await mkdtemp(join(tmpdir(), 'rpm-deps-git-'));
  // Git reads none of the machine's configuration except logins, and never prompts for a password.
  const place = { cwd: directory, signal, env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file' } };
  const run = async (...args: string[]): Promise<Buffer> => {
    const { status, stdout, stderr } = await runGit(place, args);
    if (status === 0) return stdout;
    const [line = ''] = stderr.split('\n').filter((each) => /^(?:fatal|error|remote):/.test(each));
    throw failed(line.includes('://') ? `git ${args[0]} failed` : shortPrintable(line || `git ${args[0]} failed`));
  };
  try {
    await run('init', '--quiet', '--bare');
    await run('fetch', '--quiet', '--depth=1', '--no-tags', '--', /^[./]/.test(url) ? resolve(folder, url) : url, ref);
    const bytes = await run('cat-file', 'blob', `FETCH_HEAD:${file.replace(/^(?:\.?\/)+/, '')}`);
    if (bytes.length > MAX_BYTES) throw failed(`it is larger than ${MAX_BYTES >> 20} MiB`);
    return bytes.toString('utf8');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const shownName = ({ url, ref, file }: GitFile): string => `${shortPrintable(file)} of ${withoutSecrets(url)} at ${shortPrintable(ref)}`;
