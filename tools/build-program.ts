/** Bundles src/ into few files, because loading many small ones is most of what a short run would spend its time on. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
/** What others name: the command, the library, what it has to offer alone, and threads. */
const ENTRIES = ['cli/bin', 'index', 'version/vercmp', 'repos/scan-worker', 'repos/owners-worker'];
/** Files that are needed together; one that several need is in the first. */
const GROUPS = {
  version: ['version/vercmp.ts'],
  scan: ['repos/scan-worker.ts'],
  start: ['cli/main.ts', 'cli/actions/relock.ts', 'net/http-client.ts', 'io/cache-dir.ts'],
  lock: ['commands/relock.ts', 'commands/manifest-input.ts', 'commands/restore-locks.ts', 'lockfile/read.ts'],
};

export async function buildProgram(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  // Whoever loads a part of an entry would run it.
  const groupOf = new Map<string, string>(ENTRIES.map((name) => [`${name}.ts`, '']));
  for (const [name, files] of Object.entries(GROUPS)) {
    for (const file of files) for (const loaded of loadedBy(file)) if (!groupOf.has(loaded)) groupOf.set(loaded, name);
  }
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(SRC, `${name}.ts`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    // Some files are imported both ways, on purpose: the library needs at once what the command puts off.
    logLevel: 'silent',
  });
  await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: { groups: Object.keys(GROUPS).map((name) => ({ name, test: (id) => groupOf.get(relative(SRC, id)) === name })) },
  });
  await bundle.close();
}

export function buildTypes(directory: string): void {
  const options = ['-p', 'tsconfig.build.json', '--outDir', directory];
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options], { cwd: ROOT, stdio: 'inherit' });
}

/** What a file loads before anything runs: types are erased, import() waits. */
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
