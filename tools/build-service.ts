/** Bundles service/src into DIRECTORY: the service, and one file for each of its threads and processes. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { rolldown } from 'rolldown';

const SERVICE = resolve(import.meta.dirname, '../service');
const THREADS = {
  'solver-thread': 'solving',
  'pglite-thread': 'store',
  'job-process': 'jobs',
  'drawing-thread': 'pages',
  'changes-thread': 'pages',
};

export async function buildService(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  const threads = Object.entries(THREADS).map(([name, folder]) => [name, join(SERVICE, `src/${folder}/${name}.ts`)] as const);
  const built = await rolldown({
    input: { index: join(SERVICE, 'src/index.ts'), ...Object.fromEntries(threads.filter(([, path]) => existsSync(path))) },
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    logLevel: 'silent',
  });
  await built.write({ dir: directory, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' });
  await built.close();
  await prepareDatabase(directory);
  cpSync(join(SERVICE, 'src/start.cjs'), join(directory, 'start.cjs'));
}

/** An initialized database directory, because `serve` would need many seconds to create it. Made once for each version of PGlite. */
async function prepareDatabase(directory: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(resolve(SERVICE, '../node_modules/@electric-sql/pglite/package.json'), 'utf8')) as {
    version: string;
  };
  const kept = resolve(SERVICE, `../node_modules/.cache/pglite-${version}.tar.gz`);
  if (!existsSync(kept)) {
    const database = new PGlite();
    await database.waitReady;
    const packed = new Uint8Array(await (await database.dumpDataDir('gzip')).arrayBuffer());
    await database.close();
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, packed);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  cpSync(kept, join(directory, `pglite-${version}.tar.gz`));
}
