/**
 * One repository as columns with ids of its own: what a scan of primary.xml gives, what travels between threads, and what a
 * snapshot file holds. Row 0 of every column is unused.
 */
import { DEPENDENCY_KINDS, type DependencyKind, type DependencyText, type PackageSink } from '../metadata/package-sink.ts';
import { type DepId, REL, type StringId } from './ids.ts';
import { IntList } from './int-list.ts';
import { internRich } from './intern-rich.ts';
import { ListBuilder, TextBuffer } from './list-builder.ts';
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

/** All that is to be handed over when the data goes to another thread. */
export function buffersOf(data: RepoData): ArrayBuffer[] {
  const columns: { readonly buffer: ArrayBufferLike }[] = [
    ...Object.values(data.strings),
    ...Object.values(data.relations),
    ...[data.name, data.evr, data.arch, data.size, data.buildTime, data.cold, data.coldEnds],
    ...[...Object.values(data.dependencies), data.files].flatMap(({ start, ids }) => [start, ids]),
  ];
  return columns.map(({ buffer }) => buffer as ArrayBuffer);
}

export const COLD_FIELDS = 4;

const PROVIDES = DEPENDENCY_KINDS.indexOf('provides');
const REQUIRES = DEPENDENCY_KINDS.indexOf('requires');
const OPEN_PARENTHESIS = 0x28;

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
  /** Location, source RPM, checksum type and value of the open package. */
  readonly #texts = [new TextBuffer(), new TextBuffer(), new TextBuffer(), new TextBuffer()] as const;
  /** Requirements of the open package before which it must be installed (`pre="1"`). */
  readonly #pre = new IntList(64);
  /** Number of the open list and whether `pre`, for each dependency: what is there already is not added again. */
  #seenNames = new Int32Array(1 << 12);
  #seenRelations = new Int32Array(1 << 12);
  #openList = DEPENDENCY_KINDS.length;
  readonly #src = this.#strings.intern('src');
  readonly #nosrc = this.#strings.intern('nosrc');
  /** Whether something was required both ways: it counts as `pre` only. */
  #hasMoved = false;

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

  location(bytes: Uint8Array, start: number, end: number): void {
    this.#texts[0].set(bytes, start, end);
  }

  sourceRpm(bytes: Uint8Array, start: number, end: number): void {
    this.#texts[1].set(bytes, start, end);
  }

  checksumType(bytes: Uint8Array, start: number, end: number): void {
    this.#texts[2].set(bytes, start, end);
  }

  checksum(bytes: Uint8Array, start: number, end: number): void {
    this.#texts[3].set(bytes, start, end);
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

  dependencyId({ bytes, start, end, flags, evr, evrEnd }: DependencyText): DepId {
    if (bytes[start] === OPEN_PARENTHESIS && flags === 0) {
      // libsolv drops a rich dependency that it cannot read.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
      return internRich(this.#strings, this.#relations, text) ?? (0 as DepId);
    }
    const name = this.#strings.internBytes(bytes, start, end);
    return flags === 0 ? name : this.#relations.intern(name, flags, this.#strings.internBytes(evr, 0, evrEnd));
  }

  /** What is there already is not added again. Requirements marked `pre` come behind the others, as libsolv has them. */
  dependency(kind: number, id: number, isPre: boolean): void {
    const mark = 2 * (this.#openList + kind);
    const seen = this.#seen(id);
    const at = id < 0 ? -id : id;
    if (kind !== REQUIRES || !isPre) {
      if (seen[at]! >> 1 === mark >> 1) return;
      seen[at] = mark;
      this.#lists[kind]!.ids.push(id);
      return;
    }
    if (seen[at] === mark + 1) return;
    if (seen[at] === mark) this.#hasMoved = true;
    seen[at] = mark + 1;
    this.#pre.push(id);
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
    this.#addPre();
    for (const list of this.#lists) list.closeRow();
    this.#files.closeRow();
    for (const text of this.#texts) this.#addCold(text);
    this.#openNext();
  }

  abandonPackage(): void {
    for (const list of this.#lists) list.clearRow();
    this.#files.clearRow();
    this.#openNext();
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

  #openNext(): void {
    this.#packageName = this.#packageEvr = this.#packageArch = this.#packageSize = this.#packageTime = 0;
    for (const text of this.#texts) text.length = 0;
    this.#pre.length = 0;
    this.#hasMoved = false;
    this.#openList += DEPENDENCY_KINDS.length;
  }

  /** Every package provides its own name and version, said or not, but for source packages (libsolv adds it as well). */
  #addSelfProvide(): void {
    if (this.#packageName === 0 || this.#packageArch === this.#src || this.#packageArch === this.#nosrc) return;
    this.dependency(PROVIDES, this.#relations.intern(this.#packageName as StringId, REL.EQ, this.#packageEvr as StringId), false);
  }

  #addPre(): void {
    const requires = this.#lists[REQUIRES]!;
    const pre = this.#pre;
    if (this.#hasMoved) {
      const { ids } = requires;
      let to = requires.rowStart();
      for (let i = to; i < ids.length; i++) {
        const id = ids.items[i]!;
        if ((this.#seen(id)[id < 0 ? -id : id]! & 1) === 0) ids.items[to++] = id;
      }
      ids.length = to;
    }
    for (let i = 0; i < pre.length; i++) requires.ids.push(pre.items[i]!);
  }

  #seen(id: number): Int32Array {
    if (id >= 0) {
      if (id >= this.#seenNames.length) this.#seenNames = grown(this.#seenNames, id);
      return this.#seenNames;
    }
    if (-id >= this.#seenRelations.length) this.#seenRelations = grown(this.#seenRelations, -id);
    return this.#seenRelations;
  }

  #addCold({ bytes, length }: TextBuffer): void {
    if (this.#coldLength + length > this.#cold.length) {
      const cold = new Uint8Array(Math.max(this.#cold.length * 2, this.#coldLength + length));
      cold.set(this.#cold);
      this.#cold = cold;
    }
    for (let i = 0; i < length; i++) this.#cold[this.#coldLength + i] = bytes[i]!;
    this.#coldLength += length;
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

function grown(column: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * column.length, index + 1));
  larger.set(column);
  return larger;
}
