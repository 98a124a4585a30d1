/**
 * The first module of the built program: it configures V8 for short runs, and caches the bytecode of the program's files in a directory
 * beside them, as Python does. V8 compiles a function at its first call, which takes a tenth of a whole update (docs/performance.md); the
 * next run loads the bytecode.
 *
 * A user who can write to that directory could also change the program. A cached file is used if it is complete and belongs to this source; V8
 * refuses bytecode of another version or with other flags. If the directory is not writable, nothing is cached.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { makeFolders } from '../io/make-folders.ts';

/** Properties of node's modules that are missing in its types. */
interface Compilable {
  exports: unknown;
  _compile(source: string, filename: string): unknown;
}
interface Internals {
  readonly prototype: Compilable;
  /** The source as a function of `exports`, `require`, `module`, `__filename` and `__dirname`. */
  wrap(source: string): string;
  /** Since Node 22.8, which caches by itself. */
  enableCompileCache?(folder: string): unknown;
}
type ModuleFunction = (exports: unknown, require: NodeJS.Require, module: Compilable, filename: string, folder: string) => unknown;

/** Shorter runs use too little of the program for its bytecode to be worth caching. */
const MIN_SECONDS = 0.25;
const CHECKSUM_BYTES = 4;

/** Besides the program's files: single-file packages that are loaded during a run. Packages that use `import` cannot be cached. */
const KEPT_PACKAGES = /[\\/]node_modules[\\/](?:fast-xml-parser|xz-decompress)[\\/]/;

const internals = Module as unknown as Internals;
const folder = join(__dirname, 'code-cache');

// Most functions run too briefly to benefit from optimization, so fewer are optimized, with less inlining. WebAssembly functions run for a
// long time, so they are optimized sooner. V8 warns about unknown flags, so each is set only where a measurement showed a gain: the first on
// Node 20, 22 and 24, the others on Node 20.
const v8Version = Number.parseInt(process.versions.v8, 10);
if (v8Version >= 11 && v8Version <= 13) setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
if (v8Version === 11) {
  setFlagsFromString('--interrupt-budget=200000');
  setFlagsFromString('--wasm-tiering-budget=500000');
}

if (internals.enableCompileCache !== undefined) internals.enableCompileCache(folder);
else keepBytecode();

function keepBytecode(): void {
  const { prototype } = internals;
  const compile = prototype._compile;
  const fresh: { readonly path: string; readonly source: string; readonly script: Script }[] = [];
  prototype._compile = function (this: Compilable, source: string, filename: string): unknown {
    if (!filename.startsWith(__dirname) && !KEPT_PACKAGES.test(filename)) return compile.call(this, source, filename);
    const path = join(folder, `${basename(filename)}.${process.version}`);
    const cachedData = readBytecode(path, source);
    const script = new Script(internals.wrap(source), { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ path, source, script });
    const run = script.runInThisContext() as ModuleFunction;
    return run.call(this.exports, this.exports, createRequire(filename), this, filename, dirname(filename));
  };
  process.once('exit', () => {
    if (process.uptime() < MIN_SECONDS) return;
    for (const { path, source, script } of fresh) writeBytecode(path, source, script);
  });
}

function readBytecode(path: string, source: string): Buffer | undefined {
  try {
    const file = readFileSync(path);
    const bytecode = file.subarray(CHECKSUM_BYTES);
    return checksumOf(source, bytecode).equals(file.subarray(0, CHECKSUM_BYTES)) ? bytecode : undefined;
  } catch {
    return undefined;
  }
}

function writeBytecode(path: string, source: string, script: Script): void {
  const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  try {
    makeFolders(folder);
    const bytecode = script.createCachedData();
    writeFileSync(temporary, Buffer.concat([checksumOf(source, bytecode), bytecode]), { flag: 'wx' });
    renameSync(temporary, path);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // If the directory is not writable, the next run compiles again.
    }
  }
}

/** Detects files that are damaged or of another source. It need not prevent forgery: see above. */
function checksumOf(source: string, bytecode: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(bytecode, crc32(source)));
  return checksum;
}
