/**
 * Bundles src/ into few files, because loading many small ones takes most of the time of a short run: the command as CommonJS,
 * whose bytecode can be cached (src/cli/code-cache.ts), and the library as ECMAScript modules.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import { type OutputOptions, rolldown } from 'rolldown';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const THREADS = ['repositories/scan-worker', 'repositories/owners-worker'];
/** Public entries: the library, and parts that can be imported separately. */
const LIBRARY = ['index', 'rpm/vercmp', ...THREADS];
const COMMAND = ['cli/bin', ...THREADS];
const CODE_CACHE = 'cli/code-cache';
/** Files that are needed together; a file of several groups is in the first one. */
const SHARED_GROUPS = {
  rpm: ['rpm/vercmp.ts'],
  // Files that threads for reading packages share with all others.
  base: [
    'base/printable.ts',
    'base/urls.ts',
    'io/address-space.ts',
    'io/release-buffer.ts',
    'repositories/plain-error.ts',
    'pool/pool-columns.ts',
    'pool/intern-rich.ts',
    'pool/primary-files.ts',
    'repodata/file-place.ts',
    'repodata/primary-mistakes.ts',
  ],
  scan: ['repositories/scan-worker.ts'],
};
const LIBRARY_GROUPS = { ...SHARED_GROUPS, library: ['index.ts'] };
const COMMAND_GROUPS = {
  ...SHARED_GROUPS,
  start: ['cli/main.ts', 'cli/actions/relock.ts', 'repositories/scan-threads.ts', 'run/start-run.ts', 'io/cache-dir.ts'],
  // Files for known results, without those that resolve.
  restore: ['commands/restore-locks.ts'],
  lock: ['commands/relock.ts', 'project/manifest-input.ts', 'lockfile/read.ts'],
};

export async function buildProgram(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  const command = join(directory, 'cli');
  // The command starts with the bytecode cache. Threads have little code and would start faster than the cache loads.
  const banner: OutputOptions['banner'] = ({ fileName }) => (fileName === 'bin.js' ? "require('./code-cache.js');" : '');
  await bundle(LIBRARY, LIBRARY_GROUPS, { dir: directory, format: 'esm' });
  await breakLines(directory);
  await bundle(COMMAND, COMMAND_GROUPS, { dir: command, format: 'cjs', banner });
  await bundle([CODE_CACHE], {}, { dir: command, format: 'cjs' });
  escapeOthers(command);
  writeFileSync(join(command, 'package.json'), '{ "type": "commonjs" }\n');
}

async function bundle(
  entries: readonly string[],
  groups: Readonly<Record<string, readonly string[]>>,
  output: OutputOptions,
): Promise<void> {
  // Importing a chunk that contains an entry would run that entry.
  const groupOf = new Map<string, string>(entries.map((name) => [`${name}.ts`, '']));
  for (const [name, files] of Object.entries(groups)) {
    for (const file of files) for (const loaded of loadedBy(file)) if (!groupOf.has(loaded)) groupOf.set(loaded, name);
  }
  const built = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name.replace(/^cli\//, ''), join(SRC, `${name}.ts`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !isBundled(id, output.format),
    // Some files are imported both ways on purpose: the library needs them immediately, the command later.
    logLevel: 'silent',
  });
  await built.write({
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Cached bytecode cannot use import().
    dynamicImportInCjs: false,
    // Half the size. The same commit gives the same files, so that stack traces in bug reports can be resolved.
    minify: true,
    codeSplitting: {
      groups: [
        ...Object.keys(groups).map((name) => ({ name, test: (id: string) => groupOf.get(relative(SRC, id)) === name })),
        ...BUNDLED.map((name) => ({ name, test: (id: string) => id.includes(`/node_modules/${name}/`) })),
      ],
    },
    ...output,
  });
  await built.close();
}

/** Breaks lines after about 200 characters: for an uncaught error, Node prints the whole line that threw. */
async function breakLines(directory: string): Promise<void> {
  for (const file of scriptsOf(directory)) {
    const { code } = await transform(readFileSync(file, 'utf8'), { format: 'esm', target: 'node20', minify: true, lineLimit: 200 });
    writeFileSync(file, code);
  }
}

/** Escapes non-ASCII characters: with one of them, V8 uses two bytes for each character of the file and parses it more slowly. */
function escapeOthers(directory: string): void {
  for (const file of scriptsOf(directory)) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
  }
}

const scriptsOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(directory, name));

/**
 * Packages that are bundled into the command: `modern-tar`, `p-limit`, `smol-toml` and `yocto-queue` have no CommonJS, and Node 20's way to
 * require them is experimental; `yaml` has 72 files, which as one file with cached bytecode load in a third of the time.
 */
const BUNDLED = ['modern-tar', 'p-limit', 'smol-toml', 'yocto-queue', 'yaml'];

const isBundled = (id: string, format: OutputOptions['format']): boolean => format === 'cjs' && BUNDLED.includes(id);

export function buildTypes(directory: string, project = 'tsconfig.build.json'): void {
  const options = ['-p', project, '--outDir', directory];
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options], { cwd: ROOT, stdio: 'inherit' });
}

/** Removes type declarations that are not reachable from the entries. */
export function pruneTypes(directory: string, entries: readonly string[]): void {
  const kept = new Set<string>();
  const keep = (file: string): void => {
    if (kept.has(file) || !existsSync(file)) return;
    kept.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
      keep(resolve(dirname(file), path!.replace(/\.(?:ts|js)$/, '.d.ts')));
    }
  };
  for (const entry of entries) keep(join(directory, `${entry}.d.ts`));
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.d.ts') && !kept.has(join(directory, name))) rmSync(join(directory, name));
  }
}

/** Files that a file loads statically: types are erased, import() is not followed. */
export function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(resolve(SRC, file), 'utf8');
  for (const [, clause, path] of text.matchAll(/^(?:import|export) ((?:[^;]*? from )?)'(\.[^']+)';/gms)) {
    const isTypes = clause!.startsWith('type ') || (clause!.includes('{') && /^\{\s*(type [^,}]+,?\s*)+\}/.test(clause!));
    if (!isTypes) loadedBy(relative(SRC, resolve(SRC, dirname(file), path!)), seen);
  }
  return seen;
}
