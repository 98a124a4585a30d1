/**
 * `npm run bench`: time and memory of whole runs, compared with dnf and rpmmd2solv if they are installed.
 *   npm run bench -- [--runs 7] [--mirror DIR] [--sets PREFIX] [--tenfold] [--json FILE]
 * DIR has 9-stream/BaseOS, AppStream and CRB; PREFIX-ARCH.json has {"set": ["spec", ...]} for each architecture.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { renderTable } from '../../src/views/table.ts';
import { type Command, measure, measureMemory, median, type Run } from './measure.ts';
import { multiplyRepository } from './tenfold.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '7' },
    mirror: { type: 'string' },
    sets: { type: 'string' },
    tenfold: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const project = resolve(import.meta.dirname, '../..');
const corpus = process.env['RPM_DEPS_CORPUS'] ?? resolve(project, '../shared');
const mirror = resolve(values.mirror ?? join(corpus, 'mirror/2025-01-13'));
const sets = resolve(values.sets ?? join(corpus, 'kubevirt/package-sets-2025-01-07'));
const ARCHITECTURES = ['x86_64', 'aarch64', 's390x'].filter((architecture) => existsSync(`${sets}-${architecture}.json`));
const REPOSITORIES = ['BaseOS', 'AppStream', 'CRB'].filter((id) => existsSync(join(mirror, '9-stream', id)));
const runs = Number(values.runs);
if (!existsSync(mirror) || ARCHITECTURES.length === 0) {
  console.log(`nothing measured: there is no mirror ${mirror} or no ${sets}-ARCH.json (give --mirror and --sets, or set RPM_DEPS_CORPUS)`);
  process.exit(0);
}

interface Row {
  readonly what: string;
  /** Milliseconds or bytes, medians. */
  readonly ours: number;
  readonly unit: 'ms' | 'bytes';
  readonly reference?: { readonly name: string; readonly value: number };
  /** Limit: a factor of the reference if there is one, otherwise in the unit. */
  readonly atMost?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-bench-'));
const rows: Row[] = [];
const stages: { readonly stage: string; readonly ms: number }[] = [];
try {
  await benchUpdates();
  await benchReading();
  if (values.tenfold) await benchTenfold();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

/** The built program in a separate directory, with the manifest of the sets. */
function ours(...args: readonly string[]): string[] {
  return [process.execPath, join(project, 'dist/cli/bin.js'), ...args, '-C', folder, '--cache-dir', join(folder, 'cache')];
}

function dnf(cache: string, architectures: readonly string[]): string[] {
  return [
    '/usr/bin/python3',
    join(project, 'tools/bench/dnf_update.py'),
    join(folder, cache),
    mirror,
    REPOSITORIES.join(','),
    sets,
    ...architectures,
  ];
}

function has(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function remove(...names: readonly string[]): void {
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
}

async function benchUpdates(): Promise<void> {
  const repositories = REPOSITORIES.map((id) => ({ id, baseurl: `${pathToFileURL(mirror).href}/9-stream/${id}/$basearch/os/` }));
  await measure([{ argv: ours('import', ...ARCHITECTURES.map((architecture) => `${sets}-${architecture}.json`)) }], 1);
  const manifest = join(folder, 'rpm-packages.yaml');
  writeFileSync(manifest, `repositories: ${JSON.stringify(repositories)}\n`, { flag: 'a' });

  const one = ['update', '--arch', ARCHITECTURES[0]!];
  const cold: Command = { argv: ours(...one, '--timings'), prepare: () => remove('cache', 'rpm-lockfiles') };
  const rewritten: Command = { argv: ours(...one), prepare: () => remove('rpm-lockfiles') };
  const unchanged: Command = { argv: ours(...one) };
  const coldAll: Command = { argv: ours('update'), prepare: cold.prepare! };
  const dnfCold: Command = { argv: dnf('dnf', [ARCHITECTURES[0]!]), prepare: () => remove('dnf') };
  const dnfWarm: Command = { argv: dnf('dnf', [ARCHITECTURES[0]!]) };
  const dnfAll: Command = { argv: dnf('dnf-all', ARCHITECTURES), prepare: () => remove('dnf-all') };
  const hasDnf = has('/usr/bin/python3', '-c', 'import dnf');

  await compare('cold, one architecture', cold, hasDnf ? dnfCold : undefined, 0.3);
  await compare('warm, lockfiles rewritten', rewritten, hasDnf ? dnfWarm : undefined, 0.35);
  await compare('warm, nothing to change', unchanged, hasDnf ? dnfWarm : undefined, 0.25);
  await compare(`cold, ${ARCHITECTURES.length} architectures`, coldAll, hasDnf ? dnfAll : undefined, 0.25);
  await compare('--help', { argv: ours('--help') }, undefined, 100);
  rows.push({ what: 'peak memory, cold', ours: await measureMemory(cold), unit: 'bytes', atMost: 250e6 });
  rows.push({ what: 'peak memory, warm', ours: await measureMemory(rewritten), unit: 'bytes', atMost: 120e6 });
}

async function compare(what: string, command: Command, reference: Command | undefined, atMost: number, name = 'dnf'): Promise<Run[]> {
  const [mine, theirs] = await measure(reference === undefined ? [command] : [command, reference], runs);
  const time = (list: readonly Run[]): number => median(list.map(({ milliseconds }) => milliseconds));
  const value = theirs === undefined ? undefined : { name, value: time(theirs) };
  rows.push({ what, ours: time(mine!), unit: 'ms', ...(value === undefined ? {} : { reference: value }), atMost });
  if (command.argv.includes('--timings')) stages.push(...medianStages(mine!));
  return mine!;
}

/** Sums of each stage in the tables of `--timings`. */
function medianStages(list: readonly Run[]): { stage: string; ms: number }[] {
  const sums = list.map(({ stderr }) => {
    const sum = new Map<string, number>();
    for (const [, stage, ms] of stderr.matchAll(/^(\w+) .* ([\d.]+) ms$/gm)) sum.set(stage!, (sum.get(stage!) ?? 0) + Number(ms));
    return sum;
  });
  return [...sums[0]!.keys()].map((stage) => ({ stage, ms: median(sums.map((sum) => sum.get(stage) ?? 0)) }));
}

/** On one processor, because rpmmd2solv uses only one. */
async function benchReading(): Promise<void> {
  const folders = REPOSITORIES.map((id) => join(mirror, '9-stream', id, ARCHITECTURES[0]!, 'os'));
  const pinned = has('taskset', '-c', '0', 'true') ? ['taskset', '-c', '0'] : [];
  const reading = [process.execPath, join(project, 'tools/bench/read-packages.mjs'), join(folder, 'read'), ARCHITECTURES[0]!, ...folders];
  const script = 'for d in "$@"; do gzip -dc "$d"/repodata/*primary.xml.gz | rpmmd2solv >/dev/null; done';
  const solv = { argv: [...pinned, 'sh', '-c', script, 'sh', ...folders] };
  const isThere = has('sh', '-c', 'command -v rpmmd2solv && command -v gzip');
  const command = { argv: [...pinned, ...reading], prepare: () => remove('read') };
  await compare('reading its repositories, one processor', command, isThere ? solv : undefined, 0.4, 'rpmmd2solv');
}

async function benchTenfold(): Promise<void> {
  const source = join(mirror, '9-stream/AppStream', ARCHITECTURES[0]!, 'os');
  const specs = ['qemu-kvm', 'gcc', 'python3', 'httpd', 'podman'];
  const [small, large] = [1, 10].map((copies) => {
    const directory = join(folder, `copies-${copies}`);
    const baseos = join(mirror, '9-stream/BaseOS', ARCHITECTURES[0]!, 'os');
    mkdirSync(join(directory, 'project'), { recursive: true });
    const repositories = [
      { id: 'copies', baseurl: pathToFileURL(directory).href },
      { id: 'baseos', baseurl: pathToFileURL(baseos).href },
    ];
    const count = multiplyRepository(source, directory, copies);
    const manifest = { architectures: [ARCHITECTURES[0]], repositories, sets: { all: { packages: specs } } };
    writeFileSync(join(directory, 'project/rpm-packages.yaml'), JSON.stringify(manifest));
    const argv = [process.execPath, join(project, 'dist/cli/bin.js'), 'update', '--timings'];
    const places = ['-C', join(directory, 'project'), '--cache-dir', join(directory, 'cache')];
    return {
      count,
      command: { argv: [...argv, ...places], prepare: () => remove(`copies-${copies}/cache`, `copies-${copies}/project/rpm-lockfiles`) },
    };
  });
  const [few, many] = await measure([small!.command, large!.command], Math.min(runs, 5));
  const time = (list: readonly Run[]): number => median(list.map(({ milliseconds }) => milliseconds));
  rows.push({
    what: `${large!.count} packages instead of ${small!.count}`,
    ours: time(many!),
    unit: 'ms',
    reference: { name: 'the smaller', value: time(few!) },
    atMost: 12,
  });
  const before = new Map(medianStages(few!).map(({ stage, ms }) => [stage, ms]));
  for (const { stage, ms } of medianStages(many!))
    stages.push({ stage: `${stage}, tenfold (${(ms / (before.get(stage) ?? ms)).toFixed(1)} times)`, ms });
}

function report(): void {
  const number = ({ unit }: Row, value: number): string => (unit === 'ms' ? `${value.toFixed(0)} ms` : `${(value / 1e6).toFixed(0)} MB`);
  const table = rows.map((row) => {
    const { reference, atMost } = row;
    const limit = atMost === undefined ? '' : reference === undefined ? number(row, atMost) : atMost.toFixed(2);
    const ratio = reference === undefined ? '' : (row.ours / reference.value).toFixed(2);
    const other = reference === undefined ? '' : `${reference.name} ${number(row, reference.value)}`;
    return [row.what, number(row, row.ours), other, ratio, limit];
  });
  const right = { align: 'right' } as const;
  console.log(
    `Node ${process.version}, ${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'}), medians of ${runs} runs\n`,
  );
  console.log(
    renderTable(
      [
        { title: 'what' },
        { title: 'rpm-deps', ...right },
        { title: 'against', ...right },
        { title: 'ratio', ...right },
        { title: 'at most', ...right },
      ],
      table,
    ),
  );
  console.log(
    renderTable(
      [{ title: 'stage' }, { title: 'sum', ...right }],
      stages.map(({ stage, ms }) => [stage, `${ms.toFixed(1)} ms`]),
    ),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ node: process.version, runs, rows, stages }, null, 2)}\n`);
}
