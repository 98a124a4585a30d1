import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The threads of the service; the build creates one file for each. */
export type ThreadName = 'solver-thread' | 'pglite-thread' | 'drawing-thread' | 'changes-thread';

const FOLDERS: Readonly<Record<ThreadName, string>> = {
  'solver-thread': 'solving',
  'pglite-thread': 'store',
  'drawing-thread': 'pages',
  'changes-thread': 'pages',
};

/** Starts a thread with `src/FOLDER/NAME.ts`, built or not. Threads get an empty environment. */
export function startThread(name: ThreadName, options: WorkerOptions = {}): Worker {
  const given = { env: {}, ...options };
  if (import.meta.url.endsWith('.js')) return new Worker(new URL(`./${name}.js`, import.meta.url), given);
  // When running from the sources, as in tests, Node first needs a loader for TypeScript.
  const { api, project } = typescriptLoader();
  const entry = new URL(`./${FOLDERS[name]}/${name}.ts`, import.meta.url).href;
  const text = (value: string): string => JSON.stringify(value);
  const start = `process.env.TSX_TSCONFIG_PATH = ${text(project)};
    import(${text(api)}).then(({ register }) => { register({ tsconfig: ${text(project)} }); return import(${text(entry)}); })`;
  return new Worker(start, { ...given, eval: true });
}

export interface TypescriptLoader {
  /** URL of the module that registers the loader. */
  readonly href: string;
  /** Module with the loader's functions. */
  readonly api: string;
  /** Path of TypeScript's configuration. */
  readonly project: string;
}

/** For processes and threads that run from the sources. */
export function typescriptLoader(): TypescriptLoader {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const project = new URL('../../tsconfig.json', import.meta.url).pathname;
  return { href: new URL('./dist/loader.mjs', tsx).href, api: new URL('./dist/esm/api/index.mjs', tsx).href, project };
}
