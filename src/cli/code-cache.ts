/**
 * The first thing that the built program loads: it sets V8 up for short runs, and keeps the bytecode that V8 makes of
 * the program's files in a folder beside them, as Python does. V8 compiles a function when it runs for the first time, which is a tenth of a
 * whole update (docs/performance.md); the next run finds it compiled.
 *
 * Whoever can write to that folder could as well change the program. A file of it is used when it is whole and of this source; V8 itself
 * refuses what another version or other flags made. Where the folder cannot be written, nothing is kept.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { makeFolders } from '../io/make-folders.ts';

/** What node's modules have and its types do not tell. */
interface Compilable {
  exports: unknown;
  _compile(source: string, filename: string): unknown;
}
interface Internals {
  readonly prototype: Compilable;
  /** The source as a function of `exports`, `require`, `module`, `__filename` and `__dirname`. */
  wrap(source: string): string;
  /** Since Node 22.8, which does all of this by itself. */
  enableCompileCache?(folder: string): unknown;
}
type ModuleFunction = (exports: unknown, require: NodeJS.Require, module: Compilable, filename: string, folder: string) => unknown;

/** Runs that are shorter use too little of the program for their bytecode to be worth keeping. */
const MIN_SECONDS = 0.25;
const CHECKSUM_BYTES = 4;

/** Besides the program's own files: packages of one file that are loaded in the middle of a run. What imports cannot be among them. */
const KEPT_PACKAGES = /[\\/]node_modules[\\/](?:fast-xml-parser|xz-decompress)[\\/]/;

const internals = Module as unknown as Internals;
const folder = join(__dirname, 'code-cache');

// A run is over before most functions would have paid for their optimization: fewer are optimized, with less inlining. Those of WebAssembly
// are all there is to do for a while, and optimized sooner. V8 prints a warning for a flag that it does not know, so each is set only where it
// was measured to pay: the first on Node 20, 22 and 24, the others on Node 20.
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
      // The folder cannot be written: the next run compiles again.
    }
  }
}

/** Against files that are damaged or of another source: who could forge one could change the program. */
function checksumOf(source: string, bytecode: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(bytecode, crc32(source)));
  return checksum;
}
