import { rpmvercmpBytes } from './rpmvercmp.ts';

/** `epoch:version-release`. A missing epoch is '0'; a missing release is ''. */
export interface Evr {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
}

/** Splits `[epoch:]version[-release]`; the release begins at the last hyphen. */
export function parseEvr(text: string): Evr {
  const colon = /^\d*:/.exec(text)?.[0].length ?? 0;
  const dash = text.lastIndexOf('-');
  const end = dash < colon ? text.length : dash;
  return { epoch: text.slice(0, Math.max(0, colon - 1)) || '0', version: text.slice(colon, end), release: text.slice(end + 1) };
}

/** Omits an epoch of 0. */
export function formatEvr({ epoch, version, release }: Evr): string {
  return `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`;
}

/**
 * How to compare a missing release. exact: a missing release is older than any release. match: the result is ±2, so that callers can
 * treat it as equal (libsolv's EVRCMP_DEPCMP and EVRCMP_MATCH_RELEASE).
 */
export type ReleaseMode = 'exact' | 'match';

const ZERO = 0x30;
const COLON = 0x3a;
const DASH = 0x2d;

/**
 * Compares two EVRs as byte ranges: -1, 0, 1; in mode `match` -2 where only `b` has a release and 2 where only `a` has one.
 * As libsolv's pool_evrcmp_str for rpm.
 */
export function compareEvrBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
  mode: ReleaseMode,
): number {
  const aVersion = versionStart(a, aStart, aEnd);
  const bVersion = versionStart(b, bStart, bEnd);
  if (aVersion !== aStart || bVersion !== bStart) {
    const epochs = compareEpochs(a, aStart, aVersion, b, bStart, bVersion);
    if (epochs !== 0) return epochs;
  }
  const aDash = releaseDash(a, aVersion, aEnd);
  const bDash = releaseDash(b, bVersion, bEnd);
  const versions = rpmvercmpBytes(a, aVersion, aDash, b, bVersion, bDash);
  if (versions !== 0) return versions;
  // In mode `match` an empty release is a missing one: `= 4-` is `= 4`. In the order of versions rpm sorts `4` before `4-`.
  const least = mode === 'match' ? 1 : 0;
  const aHas = aDash + least < aEnd;
  const bHas = bDash + least < bEnd;
  if (!aHas || !bHas) {
    if (aHas === bHas) return 0;
    if (mode === 'match') return aHas ? 2 : -2;
    return aHas ? 1 : -1;
  }
  return rpmvercmpBytes(a, aDash + 1, aEnd, b, bDash + 1, bEnd);
}

/** Compares the epochs, each with its colon; a missing epoch equals `0:`. */
function compareEpochs(a: Uint8Array, aStart: number, aVersion: number, b: Uint8Array, bStart: number, bVersion: number): number {
  if (aVersion === aStart) return isZero(b, bStart, bVersion - 1) ? 0 : -1;
  if (bVersion === bStart) return isZero(a, aStart, aVersion - 1) ? 0 : 1;
  return rpmvercmpBytes(a, aStart, aVersion - 1, b, bStart, bVersion - 1);
}

function isZero(text: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text[i] !== ZERO) return false;
  return true;
}

/** Start of the version: after `digits:`, else `start`. */
function versionStart(text: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && text[i]! >= 0x30 && text[i]! <= 0x39) i++;
  return i > start && i < end && text[i] === COLON ? i + 1 : start;
}

function releaseDash(text: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) if (text[i] === DASH) return i;
  return end;
}

const ENCODER = new TextEncoder();

/** -1, 0 or 1; ±2 in mode `match` if only one side has a release. */
export function compareEvr(a: string, b: string, mode: ReleaseMode = 'exact'): number {
  if (a === b) return 0;
  const first = ENCODER.encode(a);
  const second = ENCODER.encode(b);
  return compareEvrBytes(first, 0, first.length, second, 0, second.length, mode);
}
