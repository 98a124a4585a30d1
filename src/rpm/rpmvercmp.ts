/**
 * rpm's comparison of version strings (rpmio/rpmvercmp.c, docs of rpm 4.18): compares segments of digits or letters; everything else
 * separates segments. A tilde sorts before the end of the string, a caret after it but before anything longer; digits are newer than letters.
 * Works on ranges of UTF-8 bytes without allocating; bytes above 127 are separators, as in rpm's C locale.
 */

const SEPARATOR = 0;
const DIGIT = 1;
const LETTER = 2;
const TILDE = 3;
const CARET = 4;
const ZERO = 0x30;

/** Class of each byte. A table lookup is faster than comparisons, especially before the code is compiled. */
const KINDS = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const text = String.fromCharCode(byte);
  if (/[0-9]/.test(text)) KINDS[byte] = DIGIT;
  else if (/[A-Za-z]/.test(text)) KINDS[byte] = LETTER;
  else if (text === '~') KINDS[byte] = TILDE;
  else if (text === '^') KINDS[byte] = CARET;
}

/** -1, 0 or 1 for two ranges, which may be in different buffers. */
export function rpmvercmpBytes(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): -1 | 0 | 1 {
  let i = aStart;
  let j = bStart;
  // Skip the common prefix, up to the segment in which the strings differ.
  while (i < aEnd && j < bEnd && a[i] === b[j]) {
    i++;
    j++;
  }
  if (i > aStart) {
    const kind = KINDS[a[i - 1]!]!;
    if (kind === DIGIT || kind === LETTER) {
      while (i > aStart && KINDS[a[i - 1]!] === kind) {
        i--;
        j--;
      }
    }
  }
  while (i < aEnd || j < bEnd) {
    while (i < aEnd && KINDS[a[i]!] === SEPARATOR) i++;
    while (j < bEnd && KINDS[b[j]!] === SEPARATOR) j++;

    const aKind = i < aEnd ? KINDS[a[i]!]! : SEPARATOR;
    const bKind = j < bEnd ? KINDS[b[j]!]! : SEPARATOR;
    if (aKind === TILDE || bKind === TILDE) {
      if (aKind !== TILDE) return 1;
      if (bKind !== TILDE) return -1;
      i++;
      j++;
      continue;
    }
    if (aKind === CARET || bKind === CARET) {
      if (i >= aEnd) return -1;
      if (j >= bEnd) return 1;
      if (aKind !== CARET) return 1;
      if (bKind !== CARET) return -1;
      i++;
      j++;
      continue;
    }
    if (i >= aEnd || j >= bEnd) break;

    // Segments of different kinds: digits are newer.
    if (aKind !== bKind) return aKind === DIGIT ? 1 : -1;
    let x = i + 1;
    let y = j + 1;
    while (x < aEnd && KINDS[a[x]!] === aKind) x++;
    while (y < bEnd && KINDS[b[y]!] === aKind) y++;
    if (aKind === DIGIT) {
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
