import { compareEvrBytes, type ReleaseMode } from '../rpm/evr.ts';
import type { FrozenStrings } from './frozen-strings.ts';
import { REL, type StringId } from './ids.ts';

const IS_HEXADECIMAL = new Uint8Array(256);
for (const digit of '0123456789abcdef') IS_HEXADECIMAL[digit.charCodeAt(0)] = 1;

/** Compares versions by their ids. */
export class VersionMatcher {
  readonly #strings: FrozenStrings;

  constructor(strings: FrozenStrings) {
    this.#strings = strings;
  }

  compare(a: number, b: number, mode: ReleaseMode): number {
    if (a === b) return 0;
    const strings = this.#strings;
    return compareEvrBytes(
      strings.bytesOf(a),
      strings.start(a),
      strings.end(a),
      strings.bytesOf(b),
      strings.start(b),
      strings.end(b),
      mode,
    );
  }

  /** Whether a version looks like a hash: four or more hexadecimal digits. */
  isHash(evr: number): boolean {
    const strings = this.#strings;
    const bytes = strings.bytesOf(evr);
    const start = strings.start(evr);
    const end = strings.end(evr);
    for (let i = start; i < end; i++) if (IS_HEXADECIMAL[bytes[i]!] === 0) return false;
    return end - start >= 4;
  }

  /** Whether a package of version `evr` is `flags wanted` (libsolv, pool_match_nevr_rel). */
  matches(evr: StringId, flags: number, wanted: StringId): boolean {
    if (evr === wanted) return (flags & REL.EQ) !== 0;
    if (flags === REL.ANY) return true;
    const order = this.compare(evr, wanted, 'match');
    if (order === -2) return true;
    if (order === 0 || order === 2) return (flags & REL.EQ) !== 0;
    return (flags & (order < 0 ? REL.LT : REL.GT)) !== 0;
  }

  /** Whether two version ranges overlap (libsolv, pool_match_flags_evr). */
  overlap(provided: number, providedEvr: number, wanted: number, wantedEvr: number): boolean {
    if (provided === 0 || wanted === 0 || provided > REL.ANY) return false;
    if (provided === REL.ANY || wanted === REL.ANY) return true;
    if ((provided & wanted & (REL.LT | REL.GT)) !== 0) return true;
    const bothEqual = (provided & wanted & REL.EQ) !== 0;
    if (providedEvr === wantedEvr) return bothEqual;
    const order = this.compare(providedEvr, wantedEvr, 'match');
    if (order === 0) return bothEqual;
    if (order === -2) return (provided & REL.EQ) !== 0;
    if (order === 2) return (wanted & REL.EQ) !== 0;
    return order < 0 ? (wanted & REL.LT) !== 0 || (provided & REL.GT) !== 0 : (wanted & REL.GT) !== 0 || (provided & REL.LT) !== 0;
  }
}
