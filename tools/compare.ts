/**
 * Random requests, asked of Debian's dnf and of rpm-deps on the same mirror.
 * npm run compare -- --requests 2000 --seed 7 [--arch A]... [--mirror DIR] [--repos BaseOS,AppStream]
 * Prints the agreement and every disagreement; exits with 1 when there is one.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createHttpClient } from '../src/net/http-client.ts';
import { loadPool } from '../src/repos/load-pool.ts';
import { resolve } from '../src/resolution/resolve.ts';
import { formatNevra } from '../src/version/nevra.ts';
import { randomFrom, randomRequests } from './random-requests.ts';

interface Mode {
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
}

const MODES: readonly Mode[] = [
  { weak: false, best: false, exclude: [] },
  { weak: true, best: false, exclude: [] },
  { weak: false, best: true, exclude: [] },
  { weak: true, best: false, exclude: ['glibc-langpack-*', 'python3-s*', '*-doc'] },
];

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    arch: { type: 'string', multiple: true, default: ['x86_64', 'aarch64', 's390x'] },
    mirror: { type: 'string' },
    repos: { type: 'string', default: 'BaseOS,AppStream' },
  },
});
const corpus = process.env['RPM_DEPS_CORPUS'] ?? resolvePath(import.meta.dirname, '../../shared');
const mirror = resolvePath(values.mirror ?? join(corpus, 'mirror/2025-01-13'));
if (!existsSync(mirror)) {
  console.log(`nothing compared: there is no mirror ${mirror} (give --mirror, or set RPM_DEPS_CORPUS)`);
  process.exit(0);
}
const seed = Number(values.seed);
console.log(`seed ${seed}, mirror ${mirror}`);

const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-compare-'));
let compared = 0;
let different = 0;
try {
  const perBatch = Math.ceil(Number(values.requests) / (values.arch.length * MODES.length));
  for (const [index, architecture] of values.arch.entries()) await compareArchitecture(architecture, perBatch, seed + index);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${compared - different} of ${compared} requests have the same answer`);
process.exitCode = different > 0 ? 1 : 0;

async function compareArchitecture(architecture: string, perBatch: number, from: number): Promise<void> {
  const random = randomFrom(from);
  const repos = values.repos
    .split(',')
    .map((name) => ({ id: name.toLowerCase(), directory: join(mirror, '9-stream', name, architecture, 'os') }));
  const http = createHttpClient({ env: {} });
  const pool = await loadPool({
    architecture,
    repositories: repos.map(({ id, directory }) => ({
      id,
      baseurls: [`${pathToFileURL(directory).href}/`],
      metalink: undefined,
      mirrorlist: undefined,
      priority: 99,
      exclude: [],
      includePackages: [],
      moduleHotfixes: false,
      gpgkey: [],
      repoGpgcheck: false,
    })),
    cacheDir: join(folder, 'cache'),
    http,
    emit: () => {},
    offline: false,
  });
  for (const mode of MODES) {
    const requests = randomRequests(pool, perBatch, random);
    const args = [
      'tools/dnf_answers.py',
      join(folder, `dnf-${architecture}`),
      architecture,
      JSON.stringify(mode),
      ...repos.map(({ id, directory }) => `${id}=${directory}`),
    ];
    const output = execFileSync('/usr/bin/python3', args, {
      cwd: resolvePath(import.meta.dirname, '..'),
      input: JSON.stringify(requests),
      maxBuffer: 1024 ** 3,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const answers = JSON.parse(output.toString('utf8')) as (string[] | { error: string })[];
    requests.forEach((specs, i) => {
      const answer = answers[i]!;
      const ours = resolve(pool, { install: specs, weakDependencies: mode.weak, best: mode.best, exclude: mode.exclude });
      const expected = Array.isArray(answer) ? answer : undefined;
      const got = ours.kind === 'solved' ? ours.packages.map(formatNevra).sort() : undefined;
      compared++;
      if (JSON.stringify(expected) === JSON.stringify(got)) return;
      different++;
      const missing = (expected ?? []).filter((nevra) => !got?.includes(nevra));
      const extra = (got ?? []).filter((nevra) => !expected?.includes(nevra));
      console.log(`\n${architecture} ${JSON.stringify(mode)}\n  request ${JSON.stringify(specs)}`);
      if (expected === undefined) console.log(`  dnf refuses: ${(answer as { error: string }).error.trim().slice(0, 400)}`);
      if (ours.kind === 'unsolvable')
        console.log(
          `  rpm-deps refuses: ${ours.problems
            .map(({ text }) => text)
            .join('\n')
            .slice(0, 800)}`,
        );
      console.log(`  only dnf: ${missing.slice(0, 8).join(' ')}\n  only rpm-deps: ${extra.slice(0, 8).join(' ')}`);
    });
  }
}
