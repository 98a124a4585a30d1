import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Worker, WorkerOptions } from 'node:worker_threads';

/** From TypeScript sources a thread needs one second of processor time to start, so it is not started in advance. */
export const startsFast = (): boolean => process.getBuiltinModule('node:sea')?.isSea() === true || import.meta.url.endsWith('.js');

/** Starts `src/repositories/NAME.ts` in a thread, built or not. Thread modules are loaded here, because most runs need none. */
export function startWorker(name: string, given: WorkerOptions = {}): Worker {
  // Do not inherit options of the process: `--input-type` of `node -e` would end the thread immediately.
  const options: WorkerOptions = { execArgv: [], ...given };
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const single = process.getBuiltinModule('node:sea');
  if (single?.isSea() === true) return new Worker(single.getAsset(name, 'utf8'), { ...options, eval: true });
  if (import.meta.url.endsWith('.js')) return new Worker(new URL(`../repositories/${name}.js`, import.meta.url), options);
  // Node 20 cannot run TypeScript: for sources (as in tests) register the loader before the module of the thread.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = new URL('./dist/esm/api/index.mjs', tsx).href;
  const entry = new URL(`./${name}.ts`, import.meta.url).href;
  const text = (value: string): string => JSON.stringify(value);
  const start = `import(${text(loader)}).then(({ register }) => { register(); return import(${text(entry)}); })`;
  return new Worker(start, { ...options, eval: true });
}
