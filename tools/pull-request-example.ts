/**
 * Regenerates the examples of docs/pull-requests.md: a real week, from locks of 2025-01-07 to the mirror of 2025-01-13.
 * `npx tsx tools/pull-request-example.ts`, with the real metadata in the directory that test/helpers/corpus.ts uses.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../src/cli/main.ts';
import { corpus } from '../test/helpers/corpus.ts';

export const DOCUMENT = resolve(import.meta.dirname, '../docs/pull-requests.md');

/** A small manifest with pins and a hold, for the output of `bump`. */
const PINNED = `# What the hosts run.
architectures: [x86_64, aarch64, s390x]
versions:
  SYSTEMD_VERSION: 252-48.el9          # the same as on the hosts
  LVM2_VERSION: "9:2.03.28-3.el9"
sets:
  storage:
    packages:
      - lvm2-\${LVM2_VERSION}
      - systemd-udev-\${SYSTEMD_VERSION}
      - systemd-container-\${SYSTEMD_VERSION}
holds:
  - { package: "lvm2*", version: "9:2.03.28-3*", reason: "waits for the new kernel", until: 2099-12-31 }
`;

/** Output of the program, by the name of a block in the document. */
export async function makeExamples(folder: string): Promise<ReadonlyMap<string, string>> {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-week-'));
  try {
    const [before, after] = ['2025-01-07', '2025-01-13'].map((day) => ['--mirror', join(folder, 'mirror', day)]);
    const [week, pinned] = ['week', 'pinned'].map((name) => join(directory, name));
    const sets = ['aarch64', 's390x', 'x86_64'].map((architecture) =>
      join(folder, `kubevirt/package-sets-2025-01-07-${architecture}.json`),
    );
    const run = runner(join(directory, 'cache'));
    mkdirSync(week!);
    mkdirSync(pinned!);
    const examples = new Map<string, string>();

    await run(week!, 'import', ...sets);
    await run(week!, 'update', ...before!);
    examples.set('outdated', await run(week!, 'outdated', ...after!));
    await run(week!, 'update', ...after!, '--lockfiles', 'new');
    examples.set('text', await run(week!, 'diff', 'rpm-lockfiles', 'new'));
    examples.set('markdown', await run(week!, 'diff', 'rpm-lockfiles', 'new', '--format', 'markdown'));
    examples.set('why', await run(week!, 'why', 'device-mapper-libs', '--set', 'pr-helper', ...before!));

    writeFileSync(join(pinned!, 'rpm-packages.yaml'), PINNED);
    examples.set('pinned', PINNED);
    await run(pinned!, 'update', ...before!);
    // The rest is the table of lockfiles, with times, and the diff.
    examples.set('bump', (await run(pinned!, 'bump', '--dry-run', ...after!)).replace(/^set .*/ms, ''));
    examples.set('title', await run(pinned!, 'bump', '--pr-title', ...after!));
    const versions = /^versions:\n(?: .*\n)+/m.exec(readFileSync(join(pinned!, 'rpm-packages.yaml'), 'utf8'));
    examples.set('bumped', versions?.[0] ?? '');
    examples.set('held', await run(pinned!, 'outdated', ...after!));
    return examples;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Replaces the text between `<!-- made: NAME -->` and `<!-- end -->` in the document by the examples. */
export function withExamples(document: string, examples: ReadonlyMap<string, string>): string {
  return document.replace(/(<!-- made: (\w+) -->\n)(```\w*\n)?.*?(```\n)?(<!-- end -->)/gs, (_, head, name, open = '', close = '', end) => {
    const text = examples.get(name);
    if (text === undefined) throw new Error(`there is no example ${name}`);
    return `${head}${open}${text}${close}${end}`;
  });
}

function runner(cacheDir: string): (cwd: string, ...argv: readonly string[]) => Promise<string> {
  return async (cwd, ...argv) => {
    const written = { stdout: '', stderr: '' };
    const { exitCode } = await main({
      argv,
      env: { PATH: process.env['PATH'], RPM_DEPS_CACHE_DIR: cacheDir },
      cwd: () => cwd,
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      signal: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(`rpm-deps ${argv.join(' ')} ended with ${exitCode}: ${written.stderr}`);
    return written.stdout;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = corpus();
  if (folder === undefined) process.exit(1);
  writeFileSync(DOCUMENT, withExamples(readFileSync(DOCUMENT, 'utf8'), await makeExamples(folder)));
}
