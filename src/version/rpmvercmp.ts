/**
 * rpm's comparison of version strings (rpmio/rpmvercmp.c, docs of rpm 4.18): segments of digits or letters, everything else
 * separates; a tilde sorts before the end of the string, a caret after it but before anything longer; digits beat letters.
 * Works on ranges of UTF-8 bytes and allocates nothing; bytes above 127 separate, as in rpm's C locale.
 */

const TILDE = 0x7e;
const CARET = 0x5e;
const ZERO = 0x30;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39;
const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
const isSegment = (byte: number): boolean => isDigit(byte) || isLetter(byte);

/** -1, 0 or 1 for two ranges, which may be of different buffers. */
export function rpmvercmpBytes(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): -1 | 0 | 1 {
  let i = aStart;
  let j = bStart;
  while (i < aEnd || j < bEnd) {
    while (i < aEnd && !isSegment(a[i]!) && a[i] !== TILDE && a[i] !== CARET) i++;
    while (j < bEnd && !isSegment(b[j]!) && b[j] !== TILDE && b[j] !== CARET) j++;

    const aByte = i < aEnd ? a[i]! : 0;
    const bByte = j < bEnd ? b[j]! : 0;
    if (aByte === TILDE || bByte === TILDE) {
      if (aByte !== TILDE) return 1;
      if (bByte !== TILDE) return -1;
      i++;
      j++;
      continue;
    }
    if (aByte === CARET || bByte === CARET) {
      if (i >= aEnd) return -1;
      if (j >= bEnd) return 1;
      if (aByte !== CARET) return 1;
      if (bByte !== CARET) return -1;
      i++;
      j++;
      continue;
    }
    if (i >= aEnd || j >= bEnd) break;

    const isNumber = isDigit(aByte);
    let x = i;
    let y = j;
    if (isNumber) {
      while (x < aEnd && isDigit(a[x]!)) x++;
      while (y < bEnd && isDigit(b[y]!)) y++;
    } else {
      while (x < aEnd && isLetter(a[x]!)) x++;
      while (y < bEnd && isLetter(b[y]!)) y++;
    }
    // Segments of different kinds: the number is newer.
    if (y === j) return isNumber ? 1 : -1;
    if (isNumber) {
      while (i < x && a[i] === ZERO) i++;
      while (j < y && b[j] === ZERO) j++;
      if (x - i !== y - j) return x - i > y - j ? 1 : -1;
    }
    while (i < x && j < y) {
      if (a[i] !== b[j]) return a[i]! < b[j]! ? -1 : 1;
      i++;
      j++;
    }
    if (x - i !== y - j) return x - i > y - j ? 1 : -1;
    i = x;
    j = y;
  }
  if (i >= aEnd && j >= bEnd) return 0;
  return i < aEnd ? 1 : -1;
}

const ENCODER = new TextEncoder();

/** -1, 0 or 1: whether `a` is older than, as old as, or newer than `b`. */
export function rpmvercmp(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  const first = ENCODER.encode(a);
  const second = ENCODER.encode(b);
  return rpmvercmpBytes(first, 0, first.length, second, 0, second.length);
}
