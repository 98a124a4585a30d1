/** An authority with certificates of its own (X.509, ECDSA), so that a test needs no program for it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

interface MadeCertificate {
  /** PEM */
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends MadeCertificate {
  issue(name: string, options?: { readonly validTo?: string }): MadeCertificate;
}

export function makeAuthority(name = 'test authority'): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const own = certificateOf({ subject: name, issuer: name, publicKey: keys.publicKey, signer: keys.privateKey, isAuthority: true });
  let serial = 1;
  return {
    ...pem(own, keys.privateKey),
    issue(subject, { validTo } = {}) {
      const mine = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const shape = { subject, issuer: name, publicKey: mine.publicKey, signer: keys.privateKey, isAuthority: false, serial: ++serial };
      return pem(certificateOf(validTo === undefined ? shape : { ...shape, validTo }), mine.privateKey);
    },
  };
}

const pem = (der: Buffer, key: KeyObject): MadeCertificate => ({
  certificate: `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')
    .trim()}\n-----END CERTIFICATE-----\n`,
  key: String(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ type: 'pkcs8', format: 'pem' })),
});

interface Shape {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly isAuthority: boolean;
  readonly serial?: number;
  /** YYYYMMDDHHMMSSZ */
  readonly validTo?: string;
}

function certificateOf({ subject, issuer, publicKey, signer, isAuthority, serial = 1, validTo = '20990101000000Z' }: Shape): Buffer {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const validity = sequence(der(0x18, Buffer.from('20240101000000Z')), der(0x18, Buffer.from(validTo)));
  const constraints = sequence(oid('2.5.29.19'), der(0x04, sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []))));
  const addresses = sequence(
    oid('2.5.29.17'),
    der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')))),
  );
  const body = sequence(
    der(0xa0, integer(2)),
    integer(serial),
    algorithm,
    nameOf(issuer),
    validity,
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(constraints, addresses)),
  );
  const signature = sign('sha256', body, signer);
  return sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(text)))));
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((value) => {
    const digits = [value & 127];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}
