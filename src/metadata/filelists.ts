import { RpmDepsError } from '../errors.ts';

const CLOSE_PACKAGE = Buffer.from('</package>');
const OPEN_PACKAGE = Buffer.from('<package ');
const MAX_PACKAGE_BYTES = 256 * 1024 * 1024;

/**
 * Who owns certain paths, from filelists.xml as it streams by. The text is searched for the paths themselves, which is many
 * times faster than reading every file of every package; only around a hit is anything looked at.
 */
export class FilelistsReader {
  /** By path: checksums (pkgid) of the packages that own it, in document order. */
  readonly owners = new Map<string, string[]>();
  readonly #url: string;
  readonly #needles: readonly { readonly path: string; readonly bytes: Buffer }[];
  #rest: Buffer = Buffer.alloc(0);
  #sawRoot = false;

  /** `url` is only for messages. */
  constructor(paths: readonly string[], url: string) {
    this.#url = url;
    this.#needles = paths.map((path) => ({ path, bytes: Buffer.from(`>${escapeText(path)}</`) }));
    for (const path of paths) this.owners.set(path, []);
  }

  write(chunk: Uint8Array): void {
    const data =
      this.#rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([this.#rest, chunk]);
    if (!this.#sawRoot && data.length > 1024) this.#checkRoot(data);
    const last = data.lastIndexOf(CLOSE_PACKAGE);
    if (last < 0 && data.length > MAX_PACKAGE_BYTES) throw this.#wrong('has a package of more than 256 MiB');
    const end = last < 0 ? 0 : last + CLOSE_PACKAGE.length;
    this.#search(data.subarray(0, end));
    this.#rest = Buffer.from(data.subarray(end));
  }

  end(): void {
    if (!this.#sawRoot) this.#checkRoot(this.#rest);
    if (!/<\/(?:[\w.-]+:)?filelists\s*>\s*$|<(?:[\w.-]+:)?filelists\b[^>]*\/>\s*$/.test(this.#rest.toString('latin1'))) {
      throw this.#wrong('ends before </filelists>');
    }
  }

  #search(data: Buffer): void {
    for (const { path, bytes } of this.#needles) {
      for (let at = data.indexOf(bytes); at >= 0; at = data.indexOf(bytes, at + 1)) {
        const start = data.lastIndexOf(OPEN_PACKAGE, at);
        const tagEnd = data.indexOf('>', start);
        const pkgid = /\bpkgid=(?:"([^"]*)"|'([^']*)')/.exec(data.toString('latin1', start, tagEnd));
        if (start < 0 || pkgid === null) throw this.#wrong('lists files outside of a package');
        this.owners.get(path)!.push(pkgid[1] ?? pkgid[2]!);
      }
    }
  }

  #checkRoot(data: Buffer): void {
    const head = data.toString('latin1', 0, 4096);
    if (!/<(?:[\w.-]+:)?filelists[\s/>]/.test(head)) throw this.#wrong('is not filelists.xml');
    this.#sawRoot = true;
  }

  #wrong(what: string): RpmDepsError {
    return new RpmDepsError('METADATA_INVALID', `${this.#url} ${what}`, { hint: 'try again, or use another mirror' });
  }
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
