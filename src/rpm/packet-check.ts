import type { KeyRing, RingKey } from './key-ring.ts';
import { type RunningVerification, startVerification } from './public-key.ts';
import type { SignatureResult } from './signature.ts';
import { parseSignaturePacket } from './signature-packet.ts';

/** What the bytes under a signature protect: a header without a payload digest leaves the payload open. */
export type Coverage = 'header' | 'header-and-digest' | 'everything';

/** One signature under examination; `update` takes the bytes that it covers, `result` is asked once at the end. */
export interface PacketCheck {
  readonly covers: Coverage;
  update(bytes: Uint8Array): void;
  result(): SignatureResult;
}

export function checkPacket(bytes: Uint8Array, { keyRing, covers }: { keyRing: KeyRing; covers: Coverage }): PacketCheck {
  const fixed = (result: SignatureResult): PacketCheck => ({ covers, update: () => undefined, result: () => result });
  const packet = parseSignaturePacket(bytes);
  if (typeof packet === 'string') return fixed({ kind: 'bad', reason: packet });
  const keys = keyRing.find(packet.issuerKeyId);
  if (keys.length === 0) return fixed({ kind: 'unknown-key', keyId: packet.issuerKeyId });
  if (packet.hash === undefined) return fixed({ kind: 'bad', reason: 'it uses a hash that is too weak or not known' });
  const running: { key: RingKey; verification: RunningVerification }[] = [];
  for (const key of keys) {
    const verification = startVerification(packet, key);
    if (verification !== undefined) running.push({ key, verification });
  }
  return {
    covers,
    update: (chunk) => {
      for (const { verification } of running) verification.update(chunk);
    },
    result: () => {
      const fitting = running.find(({ verification }) => verification.finish());
      return fitting === undefined ? { kind: 'bad', reason: 'it does not fit the file' } : judgeKey(fitting.key, packet.createdAt);
    },
  };
}

/** The answer of several signatures together: any that is not good is the answer, and the payload must be covered. Undefined where there is none. */
export function decidePackets(checks: readonly PacketCheck[]): SignatureResult | undefined {
  const results = checks.map((check) => check.result());
  const failed = results.find((result) => result.kind !== 'good');
  if (failed !== undefined) return failed;
  if (checks.length > 0 && checks.every((check) => check.covers === 'header'))
    return { kind: 'bad', reason: 'it covers the header only, and the header has no digest of the payload' };
  return results[0];
}

function judgeKey(key: RingKey, signedAt: Date): SignatureResult {
  const { fingerprint, expiresAt } = key;
  if (key.isRevoked) return { kind: 'bad', reason: `key ${fingerprint} was revoked by its owner` };
  if (signedAt < key.createdAt) return { kind: 'bad', reason: 'it is older than its key' };
  if (expiresAt === undefined) return { kind: 'good', fingerprint, signedAt };
  if (signedAt >= expiresAt) return { kind: 'expired', fingerprint, signedAt, expiredAt: expiresAt };
  return { kind: 'good', fingerprint, signedAt, keyExpiresAt: expiresAt };
}
