import { basename, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { writeNewFile } from '../io/atomic-file.ts';
import { readWithin } from '../io/read-within.ts';
import { chooseArchitectures } from '../locking/target.ts';
import { findDistributions } from '../manifest/distributions.ts';
import { MAX_MANIFEST_BYTES } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/read-manifest.ts';
import { lostCheck, parseRepoFile, withoutEmptyCheck, withoutLogins } from '../manifest/repo-file.ts';
import type { Plain } from '../manifest/source-text.ts';
import { startingManifest } from '../manifest/starting-manifest.ts';
import { manifestOption, manifestPath, type ProjectInput } from '../project/project-paths.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';

export interface InitInput extends ProjectInput {
  /** Names of presets. Without presets and `.repo` files: CentOS Stream 9. */
  readonly distributions?: readonly string[] | undefined;
  /** `.repo` files whose repositories are copied into the manifest. */
  readonly repofiles?: readonly string[] | undefined;
  readonly releasever?: string | undefined;
  readonly arch?: readonly string[] | undefined;
}

export interface InitOutput {
  readonly path: string;
  /** Next steps for the user, one line each. */
  readonly next: readonly string[];
}

const DEFAULT_ARCHITECTURES = ['x86_64', 'aarch64', 's390x'];

/** Writes a first manifest; never overwrites an existing one. */
export async function init(input: InitInput, context: Context): Promise<InitOutput> {
  const path = manifestPath(input, context);
  if (path.endsWith('.json')) throw new RpmDepsError('USAGE', '`init` writes YAML, with comments', { hint: 'name a .yaml file' });
  const text = await startingText(input, path, context);
  await writeNewFile(path, text, 'edit it, or write another one with --manifest FILE');
  const option = manifestOption(input);
  return {
    path,
    next: [
      `rpm-deps add NAME${option}    add packages to the set \`tools\`, and lock them`,
      `rpm-deps update${option}      lock the packages of the manifest`,
      `rpm-deps search WORD${option} find packages in the repositories`,
    ],
  };
}

async function startingText(input: InitInput, path: string, context: Context): Promise<string> {
  const { distributions = [], repofiles = [], releasever, arch = [] } = input;
  const files = await Promise.all(repofiles.map((file) => readRepoFile(file, context)));
  const names = distributions.length + repofiles.length === 0 ? ['centos-stream-9'] : distributions;
  const text = startingManifest({
    distributions: findDistributions(names),
    repositories: files.flatMap(({ repositories }) => repositories),
    lost: files.flatMap(({ lost }) => lost),
    architectures: arch.length === 0 ? DEFAULT_ARCHITECTURES : chooseArchitectures(arch, ARCHITECTURES),
    releasever,
  });
  const manifest = await parseManifest(text, path, { env: {} });
  const urls = manifest.repositories.flatMap(({ baseurl, metalink, mirrorlist }) => [...baseurl, metalink ?? '', mirrorlist ?? '']);
  if (!/^releasever:/m.test(text) && urls.some((url) => /\$\{?releasever/.test(url))) {
    throw new RpmDepsError('USAGE', 'the repositories use `$releasever`, which has no value', {
      hint: 'give one, for example: --releasever 9',
    });
  }
  return text;
}

/** Logins are omitted, because manifests are committed to git. */
const SECRETS = ['username', 'password', 'proxy', 'sslclientkey'];

async function readRepoFile(file: string, { cwd, emit }: Context) {
  const read = await readWithin(resolve(cwd, file), MAX_MANIFEST_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('USAGE', `\`${shortPrintable(file)}\` cannot be read: ${readProblem(cause)}`, { cause });
  });
  const { sections, mistakes, unused } = parseRepoFile(read.toString('utf8'));
  if (sections.length === 0 || mistakes.length > 0) {
    throw new RpmDepsError('USAGE', `\`${shortPrintable(file)}\` is not a usable \`.repo\` file`, {
      details: mistakes.map(({ line, message }) => `${shortPrintable(basename(file))}:${line}: ${message}`),
      hint: 'a `.repo` file has sections such as `[baseos]` with lines such as `baseurl=https://...`',
    });
  }
  const lost = unused.map((option) => shortPrintable(option));
  const repositories = sections.map(({ id, definition }) => {
    const kept: { [key: string]: Plain } = {};
    lost.push(...lostCheck(definition).map((text) => `${shortPrintable(id)}: ${text}`));
    for (const [key, value] of Object.entries(withoutEmptyCheck(definition))) {
      if (SECRETS.includes(key)) lost.push(`${shortPrintable(id)}: ${key}`);
      else kept[key] = value;
    }
    const { clean, hadLogins } = withoutLogins(kept);
    if (hadLogins) lost.push(`${shortPrintable(id)}: the login in its URL`);
    return clean;
  });
  for (const what of lost)
    emit({ kind: 'warning', code: 'IMPORT_LOSS', text: `not carried over from ${shortPrintable(basename(file))}: ${what}` });
  return { repositories, lost };
}
