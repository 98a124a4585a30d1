/**
 * Converts primary.xml to columns. A WebAssembly module (assembly/, compiled by `npm run wasm`) parses the bytes; it has full speed
 * from the start. This file passes it the bytes, has the texts of mistakes, and handles rare cases.
 */
import { endianness } from 'node:os';
import { RpmDepsError } from '../base/errors.ts';
import { isUrl } from '../base/urls.ts';
import { addressSpaceError } from '../io/address-space.ts';
import { decodeText, TEXT_KINDS } from '../repodata/decode-text.ts';
import { DEPENDENCY_KINDS, type DependencyKind } from '../repodata/dependency-kinds.ts';
import { filePlace } from '../repodata/file-place.ts';
import { headMistake, MISTAKES } from '../repodata/primary-mistakes.ts';
import { architectureRank } from './arch.ts';
import type { DepId, StringId } from './ids.ts';
import { internRich } from './intern-rich.ts';
import type { IdLists } from './pool.ts';
import { columnsOf, NUMBER_FIELDS, ofEachNumber, type PoolColumns, UNUSABLE } from './pool-columns.ts';
import * as at from './primary-columns.ts';
import { isListedByPrimary } from './primary-files.ts';
import { PRIMARY_MODULE } from './primary-module.generated.ts';
import { type CompiledModule, Instance, Memory, Module, RuntimeError, type WasmMemory } from './web-assembly.ts';

/** A larger package is refused, so that a hostile file cannot use up all memory. No real package is as large. */
const MAX_PACKAGE_BYTES = 64 * 1024 * 1024;
/** Parse the prolog when this number of bytes or the complete document has arrived. */
const PROLOG_BYTES = 4096;
const HEAD_BYTES = 2048;
const MIRROR_HINT = 'the mirror is broken or in the middle of an update: try again later, or use another mirror';
/** Maximum bytes of a location that are read: more than its maximum characters. */
const MAX_LOCATION_BYTES = 32 * 1024;

/** WebAssembly memory is always little-endian, typed arrays use the byte order of the machine: s390x is big-endian. */
const IS_LITTLE_ENDIAN = endianness() === 'LE';
/** In pages of 64 KiB, as in tools/wasm-module.ts: at most 2 GiB, so that addresses are positive numbers here. */
const MEMORY = { initial: 16, maximum: 32768, shared: true } as const;
/** Estimated bytes of memory that the module uses before it has read anything. */
const MIN_WEIGHT = 256 * 1024;
/** Maximum number of cached rich dependencies, and their maximum length. */
const MAX_RICH = 1 << 14;
const MAX_RICH_LENGTH = 1024;

/** Internal: the available bytes end in the middle of an element. */
const INCOMPLETE: unique symbol = Symbol('incomplete');

/** The exports of assembly/index.ts. Positions are addresses in its memory. */
interface PrimaryModule {
  expect(bytes: number): void;
  startDocument(): void;
  reserve(length: number): number;
  commit(length: number): void;
  position(): number;
  dataEnd(): number;
  offsetOf(at: number): number;
  isInProlog(): number;
  read(): number;
  rewind(): void;
  openBytes(): number;
  intern(from: number, to: number): StringId;
  place(from: number, to: number, isOdd: number): void;
  relate(name: number, flags: number, evr: number): DepId;
  allocate(length: number): number;
  release(block: number): void;
  columnStart(column: number): number;
  columnLength(column: number): number;
  index(): void;
}

let compiled: CompiledModule | undefined;

export class PrimaryReader {
  /** Shared with the user of the columns, which are views of it: nothing is copied, not even to another thread. */
  readonly #memory: WasmMemory = newMemory();
  /**
   * V8 does not count shared memory: it could keep hundreds of unused readers and pools before it collects garbage. These buffers have the size of
   * the used shared memory, to make V8 count it; they are never touched, so they use no memory.
   */
  readonly #weights: ArrayBuffer[] = [new ArrayBuffer(MIN_WEIGHT)];
  readonly #module: PrimaryModule;
  readonly #repoStarts: number[] = [1];
  /** Text -> id of rich dependencies: a few occur often, and parsing is slow. */
  readonly #rich = new Map<string, number>();
  #url = '';
  #architecture = '';
  /** Wait for this many bytes before the next attempt. */
  #retryAt = 0;

  /** `expectedBytes`: estimated total size of all documents, if known. */
  constructor(expectedBytes = 0) {
    compiled ??= new Module(Buffer.from(PRIMARY_MODULE, 'base64'));
    const env = { abort: outOfMemory, memory: this.#memory };
    this.#module = new Instance(compiled, { host: this.#host(), env }).exports as PrimaryModule;
    this.#module.expect(expectedBytes);
  }

  /** Starts the primary.xml of the next repository. `url` is for messages. */
  start(url: string): void {
    this.#url = url;
    this.#retryAt = 0;
    this.#module.startDocument();
  }

  /** Adds the next bytes of the document. Throws METADATA_INVALID. */
  write(chunk: Uint8Array): void {
    withinMemory(() => this.#write(chunk));
  }

  /** Ends the document. Throws METADATA_INVALID. */
  end(): void {
    const module = this.#module;
    if (!withinMemory(() => this.#read())) this.#fail('is cut off', module.dataEnd());
    this.#repoStarts.push(module.columnLength(at.NAME));
  }

  #write(chunk: Uint8Array): void {
    const module = this.#module;
    const place = module.reserve(chunk.length);
    new Uint8Array(this.#memory.buffer, place, chunk.length).set(chunk);
    module.commit(chunk.length);
    const atHand = module.dataEnd() - module.position();
    if (atHand >= this.#retryAt && (module.isInProlog() === 0 || atHand >= PROLOG_BYTES)) this.#read();
    if (module.openBytes() > MAX_PACKAGE_BYTES) this.#fail('has a package of more than 64 MiB', module.position());
  }

  /** The result with indexes for an architecture. Nothing can be read afterwards. */
  columns(architecture: string): PoolColumns {
    this.#architecture = architecture;
    withinMemory(() => this.#module.index());
    const int32 = (column: number): Int32Array => new Int32Array(...this.#column(column, 4));
    const uint32 = (column: number): Uint32Array => new Uint32Array(...this.#column(column, 4));
    const float64 = (column: number): Float64Array => new Float64Array(...this.#column(column, 8));
    const bytes = (column: number): Uint8Array => new Uint8Array(...this.#column(column, 1));
    const lists = (starts: number): IdLists => ({ start: uint32(starts), ids: int32(starts + 1) });
    const strings = { bytes: bytes(at.STRING_BYTES), starts: int32(at.STRING_STARTS), slots: int32(at.STRING_SLOTS) };
    const text = Buffer.from(strings.bytes.buffer, strings.bytes.byteOffset, strings.bytes.length);
    const isUnlisted = (id: number): boolean => !isListedByPrimary(text.toString('utf8', strings.starts[id], strings.starts[id + 1]));
    const columns = {
      repoStarts: Int32Array.from(this.#repoStarts),
      strings,
      relations: {
        names: int32(at.RELATION_NAMES),
        flags: bytes(at.RELATION_FLAGS),
        evrs: int32(at.RELATION_EVRS),
        slots: int32(at.RELATION_SLOTS),
      },
      name: int32(at.NAME),
      evr: int32(at.EVR),
      arch: int32(at.ARCH),
      archRank: bytes(at.ARCH_RANK),
      ...ofEachNumber((field) => float64(NUMBER_FIELDS[field])),
      cold: bytes(at.COLD),
      coldEnds: uint32(at.COLD_ENDS),
      files: lists(at.FILE_STARTS),
      dependencies: Object.fromEntries(DEPENDENCY_KINDS.map((kind, i) => [kind, lists(at.DEPENDENCIES + 2 * i)])) as Record<
        DependencyKind,
        IdLists
      >,
      providers: { ...lists(at.PROVIDER_STARTS), deps: int32(at.PROVIDER_DEPS) },
      byName: lists(at.NAME_STARTS),
      unlistedPaths: int32(at.WANTED_PATHS).filter(isUnlisted),
      odd: int32(at.ODD),
    };
    // Half of the used memory was needed only for reading.
    this.#weights.push(new ArrayBuffer(Object.values(columnsOf(columns)).reduce((sum, { byteLength }) => sum + 2 * byteLength, 0)));
    return columns;
  }

  /** Parses all complete elements so far; returns whether the document has ended. */
  #read(): boolean {
    const module = this.#module;
    try {
      return module.read() !== 0;
    } catch (error) {
      if (error !== INCOMPLETE) throw error;
      module.rewind();
      this.#retryAt = 2 * (module.dataEnd() - module.position());
      return false;
    }
  }

  #host(): Record<string, (...args: number[]) => unknown> {
    return {
      incomplete: () => {
        throw INCOMPLETE;
      },
      fail: (mistake: number, at: number, from: number, to: number) =>
        this.#fail(MISTAKES[mistake as keyof typeof MISTAKES](this.#text(from, Math.min(to, from + 40)).replace(/[^\x21-\x7e]/g, '?')), at),
      checkHead: (from: number, to: number) => {
        const mistake = headMistake(this.#text(from, Math.min(to, from + HEAD_BYTES), 'latin1'));
        if (mistake !== undefined) this.#fail(mistake.what, from, mistake.hint);
      },
      locate: (from: number, to: number, baseFrom: number, baseTo: number) => {
        const place = filePlace(
          this.#text(from, Math.min(to, from + MAX_LOCATION_BYTES)),
          this.#text(baseFrom, Math.min(baseTo, baseFrom + MAX_LOCATION_BYTES)),
        );
        const text = 'location' in place ? place.location : `${UNUSABLE}${place.mistake}`;
        this.#withBytes(text, (start, end) => this.#module.place(start, end, 'location' in place && !isUrl(place.location) ? 0 : 1));
      },
      decode: (from: number, to: number, target: number, kind: number) => {
        const bytes = new Uint8Array(this.#memory.buffer);
        return Math.max(0, decodeText(bytes, { start: from, end: to, kind: TEXT_KINDS[kind]! }, bytes, target));
      },
      rank: (from: number, to: number) => architectureRank(this.#architecture, this.#text(from, to)),
      rich: (from: number, to: number) => this.#richDependency(this.#text(from, to)),
    };
  }

  /** The id; 0 for a malformed dependency, which libsolv drops too. */
  #richDependency(text: string): number {
    const known = this.#rich.get(text);
    if (known !== undefined) return known;
    const relations = { intern: (name: DepId, flags: number, evr: DepId) => this.#module.relate(name, flags, evr) };
    const id = internRich(this.#strings, relations, text) ?? 0;
    if (this.#rich.size < MAX_RICH && text.length <= MAX_RICH_LENGTH) this.#rich.set(text, id);
    return id;
  }

  readonly #strings = {
    intern: (text: string): StringId => this.#withBytes(text, (start, end) => this.#module.intern(start, end)),
  };

  /** Copies a text into the memory of the module. */
  #withBytes<T>(text: string, work: (start: number, end: number) => T): T {
    const bytes = Buffer.from(text, 'utf8');
    const block = this.#module.allocate(bytes.length);
    new Uint8Array(this.#memory.buffer, block, bytes.length).set(bytes);
    const result = work(block, block + bytes.length);
    this.#module.release(block);
    return result;
  }

  #text(from: number, to: number, encoding: BufferEncoding = 'utf8'): string {
    return Buffer.from(this.#memory.buffer, from, to - from).toString(encoding);
  }

  /** `at` is an address in the module. */
  #fail(what: string, at: number, hint = MIRROR_HINT): never {
    throw new RpmDepsError('METADATA_INVALID', `${this.#url} ${what} (byte ${this.#module.offsetOf(at)})`, { hint });
  }

  /** Buffer, offset, length and element size of a column. */
  #column(column: number, width: 1 | 4 | 8): [ArrayBufferLike, number, number] {
    const { buffer } = this.#memory;
    const start = this.#module.columnStart(column);
    const length = this.#module.columnLength(column);
    if (IS_LITTLE_ENDIAN || width === 1) return [buffer, start, length];
    const copy = new Uint8Array(length * width);
    copy.set(new Uint8Array(buffer, start, copy.length));
    if (width === 4) Buffer.from(copy.buffer).swap32();
    else Buffer.from(copy.buffer).swap64();
    return [copy.buffer, 0, length];
  }
}

/** Throws WRITE_FAILED if there is no address space left. */
function newMemory(): WasmMemory {
  try {
    return new Memory(MEMORY);
  } catch (error) {
    throw addressSpaceError(error) ?? error;
  }
}

/** The module ends in `unreachable` if it cannot allocate more memory. */
function withinMemory<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RuntimeError && error.message.includes('unreachable')) outOfMemory();
    throw error;
  }
}

function outOfMemory(): never {
  throw new RpmDepsError('METADATA_INVALID', 'the packages of a repository need more memory than allowed', {
    hint: 'check that the URL is that of a repository: no real repository is that large',
  });
}
