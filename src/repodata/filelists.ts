import { RpmDepsError } from '../base/errors.ts';
import { FileGlob, isGlobKey } from './file-globs.ts';

const CLOSE_PACKAGE = Buffer.from('</package>');
/** Followed by a space; `<packages>` is another element. */
const OPEN_PACKAGE = Buffer.from('<package');
/** A larger package is refused, so that a hostile file cannot use up all memory. No real package has so many files. */
const MAX_PACKAGE_BYTES = 64 * 1024 * 1024;
/** Up to this number of paths, the text is searched once for each path. */
const MAX_NEEDLES = 500;
const SLASH = 0x2f;
/** Maximum bytes read of one tag. */
const MAX_TAG_BYTES = 4096;
/** Matches Latin-1 text, with the byte order mark that some editors add. */
const ROOT = /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?filelists[\s/>]/;

/**
 * Finds the packages that own certain paths, from a stream of filelists.xml. Searches the text for the paths themselves, which is many times faster
 * than parsing every file of every package; parses only the tag of the package around a match.
 */
export class FilelistsReader {
  /** Path or glob key -> checksums (pkgid) of the packages that own it, in document order. */
  readonly owners = new Map<string, string[]>();
  readonly #url: string;
  readonly #globs: readonly FileGlob[];
  readonly #needles: readonly { readonly path: string; readonly bytes: Buffer }[];
  /** Bytes after the last complete package, in pieces; joined when the next end of a package arrives. */
  #pieces: Buffer[] = [];
  #length = 0;
  /** The last bytes received, in which the end tag of a package may begin. */
  #tail: Buffer = Buffer.alloc(0);
  #byText: Map<string, string> | undefined;
  #sawRoot = false;

  /** `paths` may contain glob keys. `url` is only for messages. */
  constructor(paths: readonly string[], url: string) {
    this.#url = url;
    this.#globs = paths.filter(isGlobKey).map((key) => new FileGlob(key));
    const needles = paths.filter((path) => !isGlobKey(path));
    this.#needles = needles.map((path) => ({ path, bytes: Buffer.from(`>${escapeText(path)}</`) }));
    for (const path of paths) this.owners.set(path, []);
  }

  write(chunk: Uint8Array): void {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const seam = Buffer.concat([this.#tail, piece.subarray(0, CLOSE_PACKAGE.length)]);
    this.#tail = Buffer.concat([this.#tail, piece.subarray(-CLOSE_PACKAGE.length)]).subarray(-CLOSE_PACKAGE.length);
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (seam.includes(CLOSE_PACKAGE) || piece.includes(CLOSE_PACKAGE)) this.#read();
    if (this.#length > MAX_PACKAGE_BYTES) throw this.#wrong('has a package of more than 64 MiB');
  }

  end(): void {
    this.#read();
    const rest = this.#pieces[0] ?? Buffer.alloc(0);
    if (!this.#sawRoot) this.#checkRoot(rest);
    const tail = rest.toString('latin1', Math.max(0, rest.length - MAX_TAG_BYTES));
    if (!/<\/(?:[\w.-]+:)?filelists\s*>\s*$|<(?:[\w.-]+:)?filelists\b[^<>]*\/>\s*$/.test(tail)) {
      throw this.#wrong('ends before </filelists>');
    }
  }

  #read(): void {
    const data = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const last = data.lastIndexOf(CLOSE_PACKAGE);
    const end = last < 0 ? 0 : last + CLOSE_PACKAGE.length;
    if (!this.#sawRoot && end > 0) this.#checkRoot(data);
    this.#search(data.subarray(0, end));
    const rest = end === 0 ? data : Buffer.from(data.subarray(end));
    this.#pieces = [rest];
    this.#length = rest.length;
  }

  #search(data: Buffer): void {
    for (const glob of this.#globs) {
      for (let at = glob.find(data, 0); at >= 0; at = glob.find(data, at)) {
        this.#addOwner(glob.key, data, at);
        at = data.indexOf(CLOSE_PACKAGE, at);
      }
    }
    if (this.#needles.length > MAX_NEEDLES) {
      this.#searchMany(data);
      return;
    }
    for (const { path, bytes } of this.#needles) {
      for (let at = data.indexOf(bytes); at >= 0; at = data.indexOf(bytes, at)) {
        this.#addOwner(path, data, at);
        // Continue with the next package; this keeps the backward search for the package short.
        at = data.indexOf(CLOSE_PACKAGE, at);
      }
    }
  }

  /** Looks up each listed path once, instead of searching for each wanted path. */
  #searchMany(data: Buffer): void {
    this.#byText ??= new Map(this.#needles.map(({ path, bytes }) => [bytes.toString('utf8', 1, bytes.length - 2), path]));
    for (let at = data.indexOf('>/'); at >= 0; at = data.indexOf('>/', at + 2)) {
      const end = data.indexOf('<', at);
      if (end < 0) return;
      const path = this.#byText.get(data.toString('utf8', at + 1, end));
      if (path === undefined || data[end + 1] !== SLASH) continue;
      this.#addOwner(path, data, at);
    }
  }

  #addOwner(path: string, data: Buffer, at: number): void {
    const owners = this.owners.get(path)!;
    const pkgid = this.#packageAround(data, at);
    if (owners.at(-1) !== pkgid) owners.push(pkgid);
  }

  #packageAround(data: Buffer, at: number): string {
    let start = data.lastIndexOf(OPEN_PACKAGE, at);
    while (start > 0 && data[start + OPEN_PACKAGE.length]! > 0x20) start = data.lastIndexOf(OPEN_PACKAGE, start - 1);
    // Earlier text belongs to closed packages, and may be dropped already.
    const over = data.lastIndexOf(CLOSE_PACKAGE, at);
    const tag = start < 0 || start < over ? '' : data.toString('utf8', start, start + MAX_TAG_BYTES);
    const pkgid = /^<package(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*?\s+pkgid\s*=\s*(?:"([^"<\s]*)"|'([^'<\s]*)')/.exec(tag);
    if (pkgid === null) throw this.#wrong('lists files outside of a package');
    return pkgid[1] ?? pkgid[2]!;
  }

  #checkRoot(data: Buffer): void {
    if (!ROOT.test(data.toString('latin1', 0, MAX_TAG_BYTES))) throw this.#wrong('is not filelists.xml');
    this.#sawRoot = true;
  }

  #wrong(what: string): RpmDepsError {
    return new RpmDepsError('METADATA_INVALID', `${this.#url} ${what}`, { hint: 'try again, or use another mirror' });
  }
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
