import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { typescriptLoader } from './start-thread.ts';

export interface ProcessOptions {
  /** Environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly maxOldSpaceMb: number;
  readonly maxYoungSpaceMb: number;
}

/** Variables that Node itself reads: certificate authorities, and how names and directories are found. */
const OF_NODE = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TMPDIR', 'LD_LIBRARY_PATH'];
/** Makes glibc return freed memory to the system: with its defaults a quarter of a job's peak would stay allocated. Other allocators ignore it. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Starts a process with `src/jobs/job-process.ts`, built or not. It gets only the environment variables that Node needs. */
export function startJobProcess({ env, maxOldSpaceMb, maxYoungSpaceMb }: ProcessOptions): ChildProcess {
  const isBuilt = import.meta.url.endsWith('.js');
  const loader = isBuilt ? undefined : typescriptLoader();
  const given = OF_NODE.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return fork(fileURLToPath(new URL(isBuilt ? './job-process.js' : './jobs/job-process.ts', import.meta.url)), [], {
    execArgv: [
      ...(loader === undefined ? [] : ['--import', loader.href]),
      `--max-old-space-size=${maxOldSpaceMb}`,
      // V8's young generation has two semi-spaces, and as much for copying between them.
      `--max-semi-space-size=${Math.ceil(maxYoungSpaceMb / 3)}`,
    ],
    env: { ...ALLOCATOR, ...Object.fromEntries(given), ...(loader === undefined ? {} : { TSX_TSCONFIG_PATH: loader.project }) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
