/**
 * `npm run examples`: regenerates the lockfiles of lockfiles/examples/ from its manifest and the mirror in fixtures/, with the program itself.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../src/cli/main.ts';
import { writeAllOrNothing } from '../src/io/atomic-file.ts';
import { serveDirectory } from './serve-directory.ts';

const project = resolve(import.meta.dirname, '..');
export const EXAMPLES = join(project, 'lockfiles/examples');

/** The texts of the example lockfiles, by file name. */
export async function makeExamples(): Promise<ReadonlyMap<string, string>> {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-examples-'));
  const { url, server } = await serveDirectory(join(project, 'fixtures/mirror'));
  try {
    const lockfiles = join(directory, 'rpm-lockfiles');
    let said = '';
    const { exitCode } = await main({
      argv: ['update', '--mirror', url, '--lockfiles', lockfiles],
      env: { RPM_DEPS_CACHE_DIR: join(directory, 'cache'), NO_PROXY: '127.0.0.1' },
      cwd: () => EXAMPLES,
      stdout: { write: () => {} },
      stderr: { write: (text) => (said += text) },
      signal: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(`rpm-deps update ended with ${exitCode}: ${said}`);
    // Replaces the temporary port by the one in the manifest.
    const text = (name: string): string => readFileSync(join(lockfiles, name), 'utf8').replaceAll(url, 'http://127.0.0.1:8080');
    return new Map(readdirSync(lockfiles).map((name) => [name, text(name)]));
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const directory = join(EXAMPLES, 'rpm-lockfiles');
  rmSync(directory, { recursive: true, force: true });
  await writeAllOrNothing([...(await makeExamples())].map(([name, content]) => ({ path: join(directory, name), content })));
}
