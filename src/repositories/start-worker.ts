import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Worker, WorkerOptions } from 'node:worker_threads';

/** From TypeScript a thread takes a second of a processor to start: such a thread is not started before it is needed. */
export const startsFast = (): boolean => process.getBuiltinModule('node:sea')?.isSea() === true || import.meta.url.endsWith('.js');

/** A thread that runs `src/repositories/NAME.ts`, built or not. What threads need is loaded here, since most runs have none. */
export function startWorker(name: string, given: WorkerOptions = {}): Worker {
  // Options of the process are for its own module: `--input-type` of `node -e` would end a thread before it begins.
  const options: WorkerOptions = { execArgv: [], ...given };
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const single = process.getBuiltinModule('node:sea');
  if (single?.isSea() === true) return new Worker(single.getAsset(name, 'utf8'), { ...options, eval: true });
  if (import.meta.url.endsWith('.js')) return new Worker(new URL(`../repositories/${name}.js`, import.meta.url), options);
  // Node 20 does not read TypeScript: from the sources, as in tests, the loader has to be there before the thread's own module.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = new URL('./dist/esm/api/index.mjs', tsx).href;
  const entry = new URL(`./${name}.ts`, import.meta.url).href;
  const text = (value: string): string => JSON.stringify(value);
  const start = `import(${text(loader)}).then(({ register }) => { register(); return import(${text(entry)}); })`;
  return new Worker(start, { ...options, eval: true });
}
