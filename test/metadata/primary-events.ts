import { DEPENDENCY_KINDS, type DependencyText, type PackageSink } from '../../src/metadata/package-sink.ts';
import { PrimaryReader } from '../../src/metadata/primary.ts';
import { noPackage, type ReadPackage } from './reference-primary.ts';

const DECODER = new TextDecoder();

/** Our reader's calls as plain data, to be compared with the reference. */
class EventSink implements PackageSink {
  readonly packages: ReadPackage[] = [];
  readonly #ids: string[] = [''];
  #open = noPackage();
  #checksumType = '';

  name(bytes: Uint8Array, start: number, end: number): void {
    this.#open.name = decode(bytes, start, end);
  }
  arch(bytes: Uint8Array, start: number, end: number): void {
    this.#open.arch = decode(bytes, start, end);
  }
  evr(bytes: Uint8Array, start: number, end: number): void {
    this.#open.evr = decode(bytes, start, end);
  }
  checksumType(bytes: Uint8Array, start: number, end: number): void {
    this.#checksumType = decode(bytes, start, end);
  }
  checksum(bytes: Uint8Array, start: number, end: number): void {
    this.#open.checksum = `${this.#checksumType} ${decode(bytes, start, end)}`;
  }
  location(bytes: Uint8Array, start: number, end: number): void {
    this.#open.location = decode(bytes, start, end);
  }
  sourceRpm(bytes: Uint8Array, start: number, end: number): void {
    this.#open.source = decode(bytes, start, end);
  }
  size(bytes: number): void {
    this.#open.size = bytes;
  }
  buildTime(seconds: number): void {
    this.#open.buildTime = seconds;
  }
  file(bytes: Uint8Array, start: number, end: number): void {
    this.#open.files.push(decode(bytes, start, end));
  }
  dependencyId({ bytes, start, end, flags, evr, evrEnd }: DependencyText): number {
    return this.#ids.push(`${decode(bytes, start, end)} ${flags} ${decode(evr, 0, evrEnd)}`) - 1;
  }
  dependency(kind: number, id: number, isPre: boolean): void {
    this.#open.dependencies.push(`${isPre ? '!' : ''}${DEPENDENCY_KINDS[kind]} ${this.#ids[id]}`);
  }
  endPackage(): void {
    this.packages.push(this.#open);
    this.#open = noPackage();
  }
  abandonPackage(): void {
    this.#open = noPackage();
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return DECODER.decode(bytes.subarray(start, end));
}

/** Reads a document cut at the given places; throws what the reader throws. */
export function readPackages(document: Uint8Array, cuts: readonly number[] = []): ReadPackage[] {
  const sink = new EventSink();
  const reader = new PrimaryReader(sink, 'primary.xml');
  const places = [0, ...[...cuts].sort((a, b) => a - b), document.length];
  for (let i = 1; i < places.length; i++) reader.write(document.slice(places[i - 1], places[i]));
  reader.end();
  return sink.packages;
}
