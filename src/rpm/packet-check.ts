import type { KeyRing, RingKey } from './key-ring.ts';
import { type RunningVerification, startVerification } from './public-key.ts';
import { parseSignaturePacket, type SignaturePacket } from './signature-packet.ts';
import type { SignatureResult } from './signature-result.ts';

/** The data that a signature protects: without a payload digest in the header, a header signature does not protect the payload. */
type Coverage = 'header' | 'header-and-digest' | 'everything';

/** One signature during its check: pass the covered bytes to `update`, then call `result` once. */
export interface PacketCheck {
  readonly covers: Coverage;
  /** From a tag of unsigned extra signatures, to which anyone may add: ignored if it proves nothing. */
  readonly isOptional: boolean;
  update(bytes: Uint8Array): void;
  result(): SignatureResult;
}

export interface PacketOptions {
  readonly keyRing: KeyRing;
  readonly covers: Coverage;
  readonly isOptional?: boolean;
  /** Time of the check: decides whether a signature with an expiry is expired. */
  readonly now: Date;
}

export function checkPacket(bytes: Uint8Array, { keyRing, covers, isOptional = false, now }: PacketOptions): PacketCheck {
  const fixed = (result: SignatureResult): PacketCheck => ({ covers, isOptional, update: () => undefined, result: () => result });
  const packet = parseSignaturePacket(bytes);
  if ('kind' in packet)
    return fixed(packet.kind === 'unsupported' || isOptional ? unreadable(packet.reason) : { kind: 'bad', reason: packet.reason });
  const keys = keyRing.find(packet.issuerKeyId);
  if (packet.hash === undefined)
    return fixed({ kind: 'unsupported', reason: 'it uses a hash that is too weak or not known', what: 'hash' });
  if (keys.length === 0) return fixed({ kind: 'unknown-key', keyId: packet.issuerKeyId });
  const running: { key: RingKey; verification: RunningVerification }[] = [];
  for (const key of keys) {
    const verification = key.version === (packet.version === 3 ? 4 : packet.version) ? startVerification(packet, key) : undefined;
    if (verification !== undefined) running.push({ key, verification });
  }
  return {
    covers,
    isOptional,
    update: (chunk) => {
      for (const { verification } of running) verification.update(chunk);
    },
    result: () => {
      const fitting = running.find(({ verification }) => verification.finish());
      return fitting === undefined ? { kind: 'bad', reason: 'it does not fit the file' } : judge(fitting.key, packet, now);
    },
  };
}

const unreadable = (reason: string): SignatureResult => ({ kind: 'unsupported', reason, what: 'packet' });

/**
 * The combined result of several signatures. One bad signature makes the result bad, and one signature must cover the payload. If there is a good
 * signature, those that prove nothing are ignored: an attacker who could add one could also remove it. Undefined without signatures.
 */
export function decidePackets(checks: readonly PacketCheck[]): SignatureResult | undefined {
  const results = checks.map((check) => ({ check, result: check.result() }));
  const good = results.filter(({ result }) => result.kind === 'good');
  const counted = results.filter(({ check, result }) => good.length === 0 || !isPassedOver(check, result));
  const failed = counted.filter(({ result }) => result.kind !== 'good').map(({ result }) => result);
  if (failed.length > 0)
    return (
      failed.find(({ kind }) => kind !== 'unsupported' && kind !== 'unknown-key') ??
      failed.find(({ kind }) => kind === 'unknown-key') ??
      failed[0]
    );
  if (good.length > 0 && good.every(({ check }) => check.covers === 'header'))
    return { kind: 'bad', reason: 'it covers the header only, and the header has no digest of the payload' };
  return good[0]?.result;
}

/** rpm ignores signatures with unknown hashes, and anything unreadable in the tag for several signatures (newer kinds of signatures). */
function isPassedOver({ isOptional }: PacketCheck, result: SignatureResult): boolean {
  if (result.kind === 'unsupported') return isOptional || result.what === 'hash';
  return result.kind === 'unknown-key' && isOptional;
}

function judge(key: RingKey, { createdAt: signedAt, expiresAt: ended }: SignaturePacket, now: Date): SignatureResult {
  const { fingerprint, expiresAt } = key;
  if (key.isRevoked) return { kind: 'bad', reason: `key ${fingerprint} was revoked by its owner` };
  if (key.unusable !== undefined) return { kind: 'bad', reason: `it was made by a part of key ${fingerprint} that ${key.unusable}` };
  if (signedAt < key.createdAt) return { kind: 'bad', reason: 'it is older than its key' };
  if (ended !== undefined && ended <= now) return { kind: 'bad', reason: `it was valid only until ${ended.toISOString().slice(0, 10)}` };
  if (expiresAt === undefined) return { kind: 'good', fingerprint, signedAt };
  if (signedAt >= expiresAt) return { kind: 'expired', fingerprint, signedAt, expiredAt: expiresAt };
  return { kind: 'good', fingerprint, signedAt, keyExpiresAt: expiresAt };
}
