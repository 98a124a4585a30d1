/**
 * One repository as columns with ids of its own: what a scan of primary.xml gives, what travels between threads, and what a
 * snapshot file holds. Row 0 of every column is unused.
 */
import { DEPENDENCY_KINDS, type DependencyKind, type PackageSink } from '../metadata/package-sink.ts';
import { type DepId, REL, type StringId } from './ids.ts';
import { IntList } from './int-list.ts';
import { internRich } from './intern-rich.ts';
import type { IdLists } from './pool.ts';
import { type RelationColumns, RelationTable } from './relation-table.ts';
import { type StringColumns, StringTable } from './string-table.ts';

export interface RepoData {
  /** Rows, with row 0. */
  readonly count: number;
  readonly strings: StringColumns;
  readonly relations: RelationColumns;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  readonly size: Float64Array;
  readonly buildTime: Float64Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly files: IdLists;
  /** Location, source RPM, checksum type and value of each package as one text each, in this order, in UTF-8. */
  readonly cold: Uint8Array;
  /** Four ends for every row, into `cold`. */
  readonly coldEnds: Uint32Array;
}

export const COLD_FIELDS = 4;

const ENCODER = new TextEncoder();
const OPEN_PARENTHESIS = 0x28;

/** Growing lists of one kind of dependency. */
class ListBuilder {
  readonly ids = new IntList(1 << 12);
  readonly #starts = new IntList(1 << 10);

  constructor() {
    this.#starts.push(0);
    this.#starts.push(0);
  }

  closeRow(): void {
    this.#starts.push(this.ids.length);
  }

  rowStart(): number {
    return this.#starts.items[this.#starts.length - 1]!;
  }

  freeze(): IdLists {
    return { start: new Uint32Array(this.#starts.toArray()), ids: this.ids.toArray() };
  }
}

export class RepoDataBuilder implements PackageSink {
  readonly #strings = new StringTable();
  readonly #relations = new RelationTable();
  readonly #lists = DEPENDENCY_KINDS.map(() => new ListBuilder());
  readonly #files = new ListBuilder();
  readonly #name = new IntList(1 << 10);
  readonly #evr = new IntList(1 << 10);
  readonly #arch = new IntList(1 << 10);
  #sizes = new Float64Array(1 << 10);
  #buildTimes = new Float64Array(1 << 10);
  #cold = new Uint8Array(1 << 16);
  #coldLength = 0;
  readonly #coldEnds = new IntList(1 << 12);
  #count = 1;
  #packageName = 0;
  #packageEvr = 0;
  #packageArch = 0;
  #packageSize = 0;
  #packageTime = 0;
  #location: Uint8Array = new Uint8Array(0);
  #source: Uint8Array = new Uint8Array(0);
  #checksumType: Uint8Array = new Uint8Array(0);
  #checksum: Uint8Array = new Uint8Array(0);

  constructor() {
    this.#name.push(0);
    this.#evr.push(0);
    this.#arch.push(0);
    for (let i = 0; i < COLD_FIELDS; i++) this.#coldEnds.push(0);
  }

  name(bytes: Uint8Array, start: number, end: number): void {
    this.#packageName = this.#strings.internBytes(bytes, start, end);
  }

  evr(bytes: Uint8Array, start: number, end: number): void {
    this.#packageEvr = this.#strings.internBytes(bytes, start, end);
  }

  arch(bytes: Uint8Array, start: number, end: number): void {
    this.#packageArch = this.#strings.internBytes(bytes, start, end);
  }

  checksum(type: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    this.#checksumType = type.slice();
    this.#checksum = bytes.slice(start, end);
  }

  location(bytes: Uint8Array, start: number, end: number): void {
    this.#location = bytes.slice(start, end);
  }

  sourceRpm(bytes: Uint8Array, start: number, end: number): void {
    this.#source = bytes.slice(start, end);
  }

  size(bytes: number): void {
    this.#packageSize = bytes;
  }

  buildTime(seconds: number): void {
    this.#packageTime = seconds;
  }

  file(bytes: Uint8Array, start: number, end: number): void {
    this.#files.ids.push(this.#strings.internBytes(bytes, start, end));
  }

  dependency(kind: number, bytes: Uint8Array, start: number, end: number, flags: number, evr: Uint8Array, evrEnd: number): void {
    if (bytes[start] === OPEN_PARENTHESIS) {
      // A malformed one stays a name that nothing provides.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
      const rich = internRich(this.#strings, this.#relations, text);
      if (rich !== undefined) {
        this.#lists[kind]!.ids.push(rich);
        return;
      }
    }
    let dep: DepId = this.#strings.internBytes(bytes, start, end);
    if (flags !== 0) dep = this.#relations.intern(dep, flags, this.#strings.internBytes(evr, 0, evrEnd));
    this.#lists[kind]!.ids.push(dep);
  }

  endPackage(): void {
    const row = this.#count++;
    if (row >= this.#sizes.length) this.#growNumbers();
    this.#name.push(this.#packageName);
    this.#evr.push(this.#packageEvr);
    this.#arch.push(this.#packageArch);
    this.#sizes[row] = this.#packageSize;
    this.#buildTimes[row] = this.#packageTime;
    this.#addSelfProvide();
    for (const list of this.#lists) list.closeRow();
    this.#files.closeRow();
    for (const part of [this.#location, this.#source, this.#checksumType, this.#checksum]) this.#addCold(part);
    this.#packageName = this.#packageEvr = this.#packageArch = this.#packageSize = this.#packageTime = 0;
    this.#location = this.#source = this.#checksumType = this.#checksum = NOTHING;
  }

  build(): RepoData {
    return {
      count: this.#count,
      strings: this.#strings.columns(),
      relations: this.#relations.columns(),
      name: this.#name.toArray(),
      evr: this.#evr.toArray(),
      arch: this.#arch.toArray(),
      size: this.#sizes.slice(0, this.#count),
      buildTime: this.#buildTimes.slice(0, this.#count),
      dependencies: Object.fromEntries(DEPENDENCY_KINDS.map((kind, i) => [kind, this.#lists[i]!.freeze()])) as Record<
        DependencyKind,
        IdLists
      >,
      files: this.#files.freeze(),
      cold: this.#cold.slice(0, this.#coldLength),
      coldEnds: new Uint32Array(this.#coldEnds.toArray()),
    };
  }

  /** Every package provides its own name and version, said or not (libsolv adds it as well). */
  #addSelfProvide(): void {
    const provides = this.#lists[0]!;
    const self = this.#relations.intern(this.#packageName as StringId, REL.EQ, this.#packageEvr as StringId);
    for (let i = provides.rowStart(); i < provides.ids.length; i++) if (provides.ids.items[i] === self) return;
    provides.ids.push(self);
  }

  #addCold(part: Uint8Array): void {
    if (this.#coldLength + part.length > this.#cold.length) {
      const grown = new Uint8Array(Math.max(this.#cold.length * 2, this.#coldLength + part.length));
      grown.set(this.#cold);
      this.#cold = grown;
    }
    this.#cold.set(part, this.#coldLength);
    this.#coldLength += part.length;
    this.#coldEnds.push(this.#coldLength);
  }

  #growNumbers(): void {
    const sizes = new Float64Array(this.#sizes.length * 2);
    sizes.set(this.#sizes);
    this.#sizes = sizes;
    const times = new Float64Array(sizes.length);
    times.set(this.#buildTimes);
    this.#buildTimes = times;
  }
}

const NOTHING: Uint8Array = ENCODER.encode('');
