import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { typescriptLoader } from './start-thread.ts';

export interface ProcessOptions {
  /** Environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly maxOldSpaceMb: number;
  readonly maxYoungSpaceMb: number;
}

/** What Node itself reads of an environment: authorities of certificates, and how names and folders are found. */
const OF_NODE = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TMPDIR', 'LD_LIBRARY_PATH'];
/** Buffers go back to the system when they are free: with glibc's own values a quarter of what a job takes at most would stay. Others ignore them. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** A process that runs `src/jobs/job-process.ts`, built or not. It gets nothing of the environment but what Node needs. */
export function startJobProcess({ env, maxOldSpaceMb, maxYoungSpaceMb }: ProcessOptions): ChildProcess {
  const isBuilt = import.meta.url.endsWith('.js');
  const loader = isBuilt ? undefined : typescriptLoader();
  const given = OF_NODE.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return fork(fileURLToPath(new URL(isBuilt ? './job-process.js' : './jobs/job-process.ts', import.meta.url)), [], {
    execArgv: [
      ...(loader === undefined ? [] : ['--import', loader.href]),
      `--max-old-space-size=${maxOldSpaceMb}`,
      // Two halves and what is copied between them.
      `--max-semi-space-size=${Math.ceil(maxYoungSpaceMb / 3)}`,
    ],
    env: { ...ALLOCATOR, ...Object.fromEntries(given), ...(loader === undefined ? {} : { TSX_TSCONFIG_PATH: loader.project }) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
