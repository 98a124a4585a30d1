import { createHash, createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';
import { KEY_ALGORITHM, type SignaturePacket } from './signature-packet.ts';

/** A public key to verify signatures with. */
export interface VerificationKey {
  readonly algorithm: number;
  readonly key: KeyObject;
}

/** Gets the signed bytes in order, then returns whether the signature is valid. */
export interface RunningVerification {
  update(bytes: Uint8Array): void;
  finish(): boolean;
}

const MIN_RSA_BITS = 1024;
/** Object identifiers of curves, as in OpenPGP. */
const CURVES: Readonly<Record<string, { name: string; bytes: number }>> = {
  '2a8648ce3d030107': { name: 'P-256', bytes: 32 },
  '2b81040022': { name: 'P-384', bytes: 48 },
  '2b81040023': { name: 'P-521', bytes: 66 },
};

/** `parameters` as stored by the openpgp library; undefined for kinds of keys that cannot sign or are too weak. */
export function verificationKey(algorithm: number, parameters: Readonly<Record<string, unknown>>): VerificationKey | undefined {
  const bytes = (name: string): Uint8Array => {
    const value = parameters[name];
    return value instanceof Uint8Array ? value : new Uint8Array(0);
  };
  switch (algorithm) {
    case KEY_ALGORITHM.RSA: {
      const n = withoutZeros(bytes('n'));
      if (n.length * 8 < MIN_RSA_BITS) return undefined;
      return jwk(algorithm, { kty: 'RSA', n: base64(n), e: base64(bytes('e')) });
    }
    case KEY_ALGORITHM.DSA: {
      const [p, q, g, y] = ['p', 'q', 'g', 'y'].map((name) => derInteger(bytes(name)));
      const dsa = der(0x30, Buffer.from('06072a8648ce380401', 'hex'), der(0x30, p!, q!, g!));
      const spki = der(0x30, dsa, der(0x03, Buffer.from([0]), y!));
      return { algorithm, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
    }
    case KEY_ALGORITHM.ECDSA: {
      const curve = curveOf(parameters['oid']);
      const point = bytes('Q');
      if (curve === undefined || point[0] !== 4 || point.length !== 1 + 2 * curve.bytes) return undefined;
      const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
      return jwk(algorithm, { kty: 'EC', crv: curve.name, x: base64(x), y: base64(y) });
    }
    case KEY_ALGORITHM.EDDSA: {
      const point = bytes('Q');
      return point.length === 33 && point[0] === 0x40 ? ed25519(algorithm, point.subarray(1)) : undefined;
    }
    case KEY_ALGORITHM.ED25519:
      return ed25519(algorithm, bytes('A'));
    case KEY_ALGORITHM.ED448:
      return bytes('A').length === 57 ? jwk(algorithm, { kty: 'OKP', crv: 'Ed448', x: base64(bytes('A')) }) : undefined;
    default:
      return undefined;
  }
}

/** Undefined if the hash of the signature is too weak, or if another kind of key made it. */
export function startVerification(packet: SignaturePacket, { algorithm, key }: VerificationKey): RunningVerification | undefined {
  const { hash, hashStart, trailer, salt } = packet;
  if (hash === undefined || packet.keyAlgorithm !== algorithm) return undefined;
  // rpm accepts leading zeros.
  const values = isNative(algorithm) ? packet.values : packet.values.map(withoutZeros);
  const size = valueSize({ algorithm, key });
  if (values.some((value) => value.length > size * (isNative(algorithm) ? 2 : 1))) return undefined;
  const signature = Buffer.concat(values.map((value) => Buffer.concat([Buffer.alloc(Math.max(size - value.length, 0)), value])));
  const digest = createHash(hash).update(salt);
  // EdDSA signs the hash, so the key verifies the hash instead of the data.
  const running = algorithm === KEY_ALGORITHM.EDDSA || isNative(algorithm) ? undefined : createVerify(hash).update(salt);
  return {
    update: (bytes) => {
      digest.update(bytes);
      running?.update(bytes);
    },
    finish: () => {
      const hashed = digest.update(trailer).digest();
      // Like rpm: the signature must start with the hash of this data.
      if (!hashed.subarray(0, 2).equals(hashStart)) return false;
      return running === undefined
        ? verify(null, hashed, key, signature)
        : running.update(trailer).verify({ key, dsaEncoding: 'ieee-p1363' }, signature);
    },
  };
}

/** Bytes of one number in a signature by this key. */
function valueSize({ algorithm, key }: VerificationKey): number {
  const details = key.asymmetricKeyDetails ?? {};
  if (algorithm === KEY_ALGORITHM.RSA) return Math.ceil((details.modulusLength ?? 0) / 8);
  if (algorithm === KEY_ALGORITHM.DSA) return Math.ceil((details.divisorLength ?? 0) / 8);
  if (algorithm === KEY_ALGORITHM.ECDSA) return { prime256v1: 32, secp384r1: 48, secp521r1: 66 }[details.namedCurve ?? ''] ?? 0;
  return algorithm === KEY_ALGORITHM.ED448 ? 57 : 32;
}

/** Both halves of such a signature are stored as one value. */
const isNative = (algorithm: number): boolean => algorithm === KEY_ALGORITHM.ED25519 || algorithm === KEY_ALGORITHM.ED448;

function ed25519(algorithm: number, point: Uint8Array): VerificationKey | undefined {
  return point.length === 32 ? jwk(algorithm, { kty: 'OKP', crv: 'Ed25519', x: base64(point) }) : undefined;
}

function jwk(algorithm: number, key: Readonly<Record<string, string>>): VerificationKey {
  return { algorithm, key: createPublicKey({ key, format: 'jwk' }) };
}

function curveOf(oid: unknown): { name: string; bytes: number } | undefined {
  const value = typeof oid === 'object' && oid !== null && 'oid' in oid ? oid.oid : undefined;
  return value instanceof Uint8Array ? CURVES[Buffer.from(value).toString('hex')] : undefined;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function derInteger(value: Uint8Array): Buffer {
  const digits = withoutZeros(value);
  return der(0x02, digits.length === 0 || digits[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

function withoutZeros(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array(0) : value.subarray(first);
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64url');
}
