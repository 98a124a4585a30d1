/**
 * Builds the command as one file that needs no Node: Node itself with the program in it (Node's "single executable applications").
 *
 *     npm run executable -- [--platform linux-x64]... [--output DIR] [--node VERSION]
 *
 * Node is taken from the npm packages `node-PLATFORM`; a platform without a package of that version is refused by name. The sha256 of each file
 * is written beside it. Executables for macOS are not signed: use `codesign --sign - FILE` on a Mac.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { VERSION } from '../src/base/version.ts';
import { generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

const ROOT = resolve(import.meta.dirname, '..');
const THREADS = ['scan-worker', 'owners-worker'];
/** Platforms with an npm package for Node 22 and newer. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64'];
const DEFAULT_NODE = '22.23.3';
/** Marker by which Node detects an embedded program; defined by Node. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const SQLITE_WASM = 'node-sqlite3-wasm.wasm';

const { values } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true, default: PLATFORMS },
    output: { type: 'string', default: join(ROOT, 'dist/executables') },
    node: { type: 'string', default: DEFAULT_NODE },
  },
});

const work = mkdtempSync(join(tmpdir(), 'rpm-deps-executable-'));
try {
  writeGenerated(generatedValidators());
  const program = await bundleProgram(work);
  const { nodes, runner } = installNodes(values.platform, values.node, work);
  const blob = makeBlob(program, runner, work);
  mkdirSync(values.output, { recursive: true });
  for (const [platform, node] of nodes) {
    const file = join(values.output, `rpm-deps-${VERSION}-${platform}`);
    copyFileSync(node, file);
    chmodSync(file, 0o755);
    inject(file, blob, platform);
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    writeFileSync(`${file}.sha256`, `${digest}  rpm-deps-${VERSION}-${platform}\n`);
    console.log(file);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The command and its threads, each as one complete script. */
async function bundleProgram(directory: string): Promise<{ readonly main: string; readonly assets: Record<string, string> }> {
  const assets: Record<string, string> = { [SQLITE_WASM]: join(ROOT, 'node_modules/node-sqlite3-wasm/dist', SQLITE_WASM) };
  for (const [name, entry] of [['bin', 'cli/bin'], ...THREADS.map((thread) => [thread, `repositories/${thread}`])] as const) {
    const built = await rolldown({
      input: join(ROOT, 'src', `${entry}.ts`),
      platform: 'node',
      external: ['rpm-deps-service', 'tsx/package.json'],
      plugins: [{ name: 'inside', transform: (code, id) => adapt(code, id) }],
      transform: { define: { __RPM_DEPS_COMMIT__: JSON.stringify(commit()) } },
      logLevel: 'silent',
    });
    await built.write({ file: join(directory, `${name}.js`), format: 'cjs', codeSplitting: false });
    await built.close();
    if (name !== 'bin') assets[name] = join(directory, `${name}.js`);
  }
  return { main: join(directory, 'bin.js'), assets };
}

/** Embeds packages that are loaded on demand, and SQLite's WebAssembly. */
function adapt(code: string, id: string): string | undefined {
  if (id.startsWith(join(ROOT, 'src'))) return code.replace(/createRequire\(import\.meta\.url\)\('([a-z][^']*)'\)/g, "require('$1')");
  if (!id.endsWith('/node-sqlite3-wasm/dist/node-sqlite3-wasm.js')) return undefined;
  const reads = 'if(readBinary){return readBinary(file)}';
  if (!code.includes(reads)) throw new Error('node-sqlite3-wasm loads its WebAssembly in another way than before');
  return code.replace(reads, `return new Uint8Array(require('node:sea').getAsset('${SQLITE_WASM}'));`);
}

function commit(): string {
  try {
    return execFileSync('git', ['-C', ROOT, 'rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Paths of Node for each platform and for this machine, because a blob must be made by the same version of Node. */
function installNodes(platforms: readonly string[], version: string, directory: string): { nodes: Map<string, string>; runner: string } {
  const unknown = platforms.find((platform) => !PLATFORMS.includes(platform));
  if (unknown !== undefined) throw new Error(`no Node ${version} for ${unknown}; there are ${PLATFORMS.join(', ')}`);
  const own = process.platform === 'linux' ? `linux-${process.arch}` : `darwin-${process.arch}`;
  const wanted = [...new Set([...platforms, own])];
  const specs = wanted.map((platform) => `node-${platform}@${version}`);
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  // `--force` installs packages for other platforms.
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--force', ...specs], {
    cwd: directory,
    stdio: 'inherit',
  });
  const found = new Map(wanted.map((platform) => [platform, join(directory, `node_modules/node-${platform}/bin/node`)]));
  for (const [platform, path] of found) if (!existsSync(path)) throw new Error(`the package node-${platform}@${version} has no bin/node`);
  const runner = found.get(own)!;
  for (const platform of found.keys()) if (!platforms.includes(platform)) found.delete(platform);
  return { nodes: found, runner };
}

function makeBlob(program: { main: string; assets: Record<string, string> }, runner: string, directory: string): Buffer {
  const output = join(directory, 'program.blob');
  const config = join(directory, 'sea.json');
  writeFileSync(config, JSON.stringify({ main: program.main, output, assets: program.assets, disableExperimentalSEAWarning: true }));
  execFileSync(runner, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readFileSync(output);
}

function inject(file: string, blob: Buffer, platform: string): void {
  const path = `${file}.blob`;
  writeFileSync(path, blob);
  const macho = platform.startsWith('darwin') ? ['--macho-segment-name', 'NODE_SEA'] : [];
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/postject/dist/cli.js'), file, 'NODE_SEA_BLOB', path, '--sentinel-fuse', FUSE, ...macho],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  rmSync(path);
}
