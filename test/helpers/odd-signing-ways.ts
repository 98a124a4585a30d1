/** More ways of signing an RPM: odd frames, numbers and armor, copies of one key, and keys with several signatures of a kind. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { armorBytes, type CertificateShape, certificate, certificateBytes, FLAGS, type MadeSubkey } from './certificate-maker.ts';
import { fixture } from './fixtures.ts';
import { binary, buildHeader, buildRpm, digestsOf, type HeaderEntry, splitRpm, text, texts } from './rpm-maker.ts';
import {
  created,
  framed,
  issuer,
  issuerFingerprint,
  makeKey,
  type PacketShape,
  type SigningKey,
  signaturePacket,
  subpacket,
  uint,
} from './signature-maker.ts';
import { ROWS, RSA_HEADER, type SigningWay } from './signing-ways.ts';

const { STRICTER, MILDER } = ROWS;
const DATE = new Date('2024-06-01T00:00:00Z');
const LATER = new Date('2025-01-01T00:00:00Z');
const END = subpacket(9, uint(86_400, 4));
const OWN_END = subpacket(3, uint(86_400, 4));

export async function makeOddSigningWays(): Promise<SigningWay[]> {
  const parts = splitRpm(readFileSync(fixture('rpms/unsigned.rpm')));
  const { sha1, sha256, md5 } = digestsOf(parts);
  const [alice, mallory, child] = await Promise.all(['alice', 'mallory', 'child'].map((name) => makeKey(name)));
  if (alice === undefined || mallory === undefined || child === undefined) throw new Error('no keys');
  const signer = alice.primary;
  const ways: SigningWay[] = [];
  const packet = (shape: PacketShape = {}, key: SigningKey = signer): Buffer => signaturePacket(key, parts.main, shape);
  const add = (
    name: string,
    ours: SigningWay['ours'],
    signature: Uint8Array | readonly HeaderEntry[],
    { digests = [sha1, sha256], ...more }: { keys?: string | Uint8Array; row?: string; digests?: readonly HeaderEntry[] } = {},
  ): void => {
    const entries = signature instanceof Uint8Array ? [binary(RSA_HEADER, signature)] : signature;
    ways.push({ name, ours, keys: alice.armored, rpm: buildRpm(parts, [...digests, ...entries]), ...more });
  };
  const GOOD = packet();
  const body = GOOD.subarray(3);

  // The frame of the packet.
  const newLength = Buffer.from([192 + ((body.length - 192) >> 8), (body.length - 192) & 255]);
  add('in a new frame', 'good', Buffer.concat([Buffer.from([0xc2]), newLength, body]));
  add('in a new frame with five bytes of length', 'good', Buffer.concat([Buffer.from([0xc2, 0xff]), uint(body.length, 4), body]));
  add('in an old frame with four bytes of length', 'good', Buffer.concat([Buffer.from([0x8a]), uint(body.length, 4), body]));
  add('in a frame without a length', 'refused', Buffer.concat([Buffer.from([0x8b]), body]));
  const partial = [Buffer.from([0xc2, 0xe8]), body.subarray(0, 256), Buffer.from([body.length - 256]), body.subarray(256)];
  add('in a frame in parts', 'refused', Buffer.concat(partial));
  add('behind a marker', 'refused', Buffer.concat([Buffer.from([0xca, 3]), Buffer.from('PGP'), GOOD]));
  add('before its key', 'refused', Buffer.concat([GOOD, certificateBytes(alice)]));
  add('in armor', 'refused', Buffer.from(`-----BEGIN PGP SIGNATURE-----\n\n${GOOD.toString('base64')}\n-----END PGP SIGNATURE-----\n`));
  add('of no bytes', 'refused', Buffer.from([0]));

  // Its subpackets.
  const says = (name: string, ours: SigningWay['ours'], hashed: Uint8Array[], unhashed: Uint8Array[] = [], row?: string): void =>
    add(name, ours, packet({ hashed, unhashed }), row === undefined ? {} : { row });
  const fingerprint = issuerFingerprint(signer);
  const longDate = Buffer.concat([Buffer.from([255]), uint(5, 4), Buffer.from([2]), uint(DATE.getTime() / 1000, 4)]);
  says('with a date whose length has five bytes', 'good', [longDate, issuer(signer)]);
  says('with two issuers, the first is right', 'good', [created(DATE), issuer(signer), issuer(mallory.primary)]);
  says('with two issuers, the second is right', 'refused', [created(DATE), issuer(mallory.primary), issuer(signer)]);
  says('with a fingerprint outside of the hash only', 'refused', [created(DATE)], [fingerprint]);
  says('with the fingerprint of another key', 'good', [created(DATE), issuerFingerprint(mallory.primary), issuer(signer)]);
  says('with its fingerprint and the id of another key', 'refused', [created(DATE), fingerprint, issuer(mallory.primary)]);
  says('with an issuer of nine bytes', 'refused', [created(DATE), subpacket(16, Buffer.alloc(9))]);
  says('with a date of eight bytes', 'refused', [subpacket(2, Buffer.alloc(8)), issuer(signer)]);
  says('with its date outside of the hash as well', 'good', [created(DATE), issuer(signer)], [created(DATE)]);
  says('with an empty subpacket', 'refused', [created(DATE), issuer(signer), Buffer.from([0])]);
  says('with critical flags of a key', 'good', [created(DATE), issuer(signer), subpacket(27, Buffer.from([2]), { critical: true })]);
  says('with a critical URL', 'refused', [created(DATE), issuer(signer), subpacket(26, Buffer.from('http://x'), { critical: true })]);
  says('with a critical user', 'refused', [created(DATE), issuer(signer), subpacket(28, Buffer.from('a@b'), { critical: true })]);
  const critical = (subpacketBytes: Buffer): Buffer => {
    const copy = Buffer.from(subpacketBytes);
    copy[1] = copy[1]! | 0x80;
    return copy;
  };
  says('with a critical issuer', 'good', [created(DATE), critical(issuer(signer))]);
  says('with a critical fingerprint', 'good', [created(DATE), issuer(signer), critical(fingerprint)], [], MILDER.ownEnd);
  says('with an end outside of the hash', 'good', [created(DATE), issuer(signer)], [OWN_END]);
  says('with two ends', 'refused', [created(DATE), issuer(signer), subpacket(3, uint(0, 4)), OWN_END], [], STRICTER.ends);
  says('with an end of two bytes', 'refused', [created(DATE), issuer(signer), subpacket(3, uint(0, 2))], [], STRICTER.ends);
  add('from the year 2090', 'good', packet({ created: new Date('2090-01-01T00:00:00Z') }));

  // Its algorithms and numbers.
  add('by RSA that says it is for signing only', 'refused', packet({ algorithm: 3 }));
  add('by RSA that says it is for encrypting only', 'refused', packet({ algorithm: 2 }));
  add('by RSA that says it is DSA', 'refused', packet({ algorithm: 17 }));
  for (const hash of ['sha3-256', 'sha3-512'] as const) add(`with ${hash}`, 'good', packet({ hash }), { row: MILDER.sha3 });
  // A signature whose first bytes are no zeros, so that its number begins where it should.
  const numberAt = GOOD.length - 258;
  const withNumber = (...numbers: readonly Uint8Array[]): Buffer => framed(Buffer.concat([GOOD.subarray(3, numberAt), ...numbers]));
  if (GOOD.readUInt16BE(numberAt) > 2040) {
    const digits = GOOD.subarray(numberAt + 2);
    add('with a zero before its number', 'good', withNumber(uint(2056, 2), Buffer.from([0]), digits));
    add('with a number of all its bits', 'good', withNumber(uint(2048, 2), digits));
    add('with a number of too few bits', 'good', withNumber(uint(2041, 2), digits));
    add('with the number zero', 'refused', withNumber(uint(0, 2)));
    add('with two numbers', 'refused', withNumber(uint(2048, 2), digits, uint(8, 2), Buffer.from([1])));
  }

  // The signature header.
  const list = (...packets: readonly Buffer[]): HeaderEntry =>
    texts(
      278,
      packets.map((one) => one.toString('base64')),
    );
  const inTag = binary(RSA_HEADER, GOOD);
  add('three times', 'good', [binary(267, GOOD), inTag, list(GOOD)]);
  add('in its tag, and in that for several as one text', 'good', [inTag, text(278, GOOD.toString('base64'))]);
  add('of version 3 in the tag for several', 'good', [list(packet({ version: 3 }))], { row: MILDER.several });
  add('of version 3 beside one of version 4', 'good', [binary(267, packet({ version: 3 })), inTag]);
  add('beside one of version 5 in the tag for several', 'good', [inTag, list(packet({ version: 5 }))]);
  add('with an empty sha256', 'refused', GOOD, { digests: [sha1, text(273, '')] });
  add('with a sha1 that is no text', 'refused', GOOD, { digests: [binary(269, Buffer.alloc(20)), sha256] });
  add('with half an md5', 'refused', GOOD, { digests: [sha1, sha256, binary(1004, Buffer.from(md5.data).subarray(0, 8))] });

  // Digests of the payload: for rpm that of tag 5092 is a SHA-256, whatever tag 5093 says.
  const own = (
    name: string,
    ours: SigningWay['ours'],
    entries: readonly HeaderEntry[],
    more: { hasMd5?: true; row?: string } = {},
  ): void => {
    const { hasMd5, ...row } = more;
    const made = { ...parts, main: buildHeader([...entries, text(1000, 'hello'), text(1001, '1.0'), text(1002, '1')], { region: 63 }) };
    const digests = digestsOf(made);
    const entry = binary(RSA_HEADER, signaturePacket(signer, made.main));
    const rpm = buildRpm(made, [digests.sha1, digests.sha256, ...(hasMd5 === true ? [digests.md5] : []), entry]);
    ways.push({ name, ours, keys: alice.armored, rpm, ...row });
  };
  const algorithm = (id: number): HeaderEntry => ({ tag: 5093, type: 4, count: 1, data: uint(id, 4) });
  const payload = (hash: string): string => createHash(hash).update(parts.payload).digest('hex');
  for (const [id, hash] of [
    [1, 'md5'],
    [2, 'sha1'],
    [10, 'sha512'],
    [12, 'sha3-256'],
  ] as const) {
    own(`over a header with a ${hash} of the payload`, 'refused', [algorithm(id), texts(5092, [payload(hash)])]);
    own(`over a header with a ${hash} of the payload, and md5`, 'refused', [algorithm(id), texts(5092, [payload(hash)])], { hasMd5: true });
  }
  own('over a header with an unknown algorithm', 'good', [algorithm(99), texts(5092, [payload('sha256')])]);
  own('over a header without the algorithm', 'good', [texts(5092, [payload('sha256')])]);
  own('over a header with the digest as one text', 'refused', [algorithm(8), text(5092, payload('sha256'))]);
  own('over a header with the digest in capital letters', 'good', [algorithm(8), texts(5092, [payload('sha256').toUpperCase()])]);
  own('over a header with a second digest', 'good', [algorithm(8), texts(5092, [payload('sha256'), '0'.repeat(64)])]);
  own('over a header with an empty digest', 'refused', [algorithm(8), texts(5092, [''])]);
  own('over a header with half a digest', 'refused', [algorithm(8), texts(5092, [payload('sha256').slice(0, 32)])]);
  own('over a header without a digest, with md5', 'refused', [algorithm(8)], { hasMd5: true });
  own('over a header that knows the payload unpacked only', 'refused', [algorithm(8), texts(5097, [payload('sha256')])], {
    row: STRICTER.unpacked,
  });

  // Text of a key file.
  const plain = certificate(alice);
  const file = (name: string, ours: SigningWay['ours'], keys: string, row?: string): void =>
    add(`by a key ${name}`, ours, GOOD, row === undefined ? { keys } : { keys, row });
  file('behind a byte order mark', 'good', `\ufeff${plain}`);
  file('with every line indented', 'refused', plain.replace(/^/gm, '  '));
  file('with the line ends of old Macs', 'refused', plain.replaceAll('\n', '\r'));
  file('with comments in its armor', 'good', plain.replace('BLOCK-----\n\n', 'BLOCK-----\nVersion: GnuPG v1\nComment: a: b\n\n'));
  file('without an empty line in its armor', 'refused', plain.replace('BLOCK-----\n\n', 'BLOCK-----\n'));
  file('with spaces in the empty line', 'good', plain.replace('BLOCK-----\n\n', 'BLOCK-----\n  \n'), MILDER.armor);
  file('in long lines', 'good', plain.replace(/([A-Za-z0-9+/]{64})\n/g, '$1'));
  const cut = armorBytes(certificateBytes(mallory)).slice(0, 300);
  file('behind a block that is cut short', 'good', `${cut}\n${plain}`);
  file('before a block that is cut short', 'good', `${plain}\n${cut}`);
  file('that is cut short', 'refused', plain.replace(/-----END.*\n/, ''));
  file('behind a private key', 'good', `${mallory.privateKey.armor()}\n${plain}`);
  file('that is a private key', 'refused', alice.privateKey.armor());
  file('that is a private key and says it is not', 'refused', alice.privateKey.armor().replaceAll('PRIVATE', 'PUBLIC'));
  file('behind a signature', 'good', `-----BEGIN PGP SIGNATURE-----\n\nwsAB\n-----END PGP SIGNATURE-----\n${plain}`);
  file('behind a block that is no base64', 'good', `${plain.replace(/\n\n.*\n-----END/s, '\n\n%%%%\n-----END')}${plain}`);
  const bytes = certificateBytes(alice);
  add('by a key of a file without armor', 'good', GOOD, { keys: bytes, row: MILDER.armor });
  const behind = (...more: readonly number[]): string => armorBytes(Buffer.concat([bytes, Buffer.from(more)]));
  file('with bytes behind it that are no packet', 'refused', behind(0x78, 0x78));
  file('with a packet of trust', 'good', behind(0xb0, 2, 0, 0));
  file('with an unknown packet', 'good', behind(0xfc, 2, 0, 0));
  file('with a photo', 'good', behind(0xd1, 4, 3, 1, 0, 0));

  // Parts of a certificate.
  const about = bytes.subarray(0, 3 + bytes.readUInt16BE(1));
  const userSize = 2 + bytes[about.length + 1]!;
  const head = bytes.subarray(0, about.length + userSize);
  const tail = bytes.subarray(about.length);
  const user = tail.subarray(2, userSize);
  const userData = Buffer.concat([about, Buffer.from([0xb4]), uint(user.length, 4), user]);
  const armor = (...packets: readonly Uint8Array[]): string => armorBytes(Buffer.concat(packets));
  const self = (date: string, more: readonly Uint8Array[] = [], shape: PacketShape = {}): Buffer => {
    const hashed = [created(new Date(date)), issuer(signer), subpacket(27, Buffer.from([3])), ...more];
    return signaturePacket(signer, userData, { type: 0x13, hashed, ...shape });
  };
  file('without a user', 'good', armor(about));
  file('with a user that nobody signed', 'good', armor(head));
  file('with a user that others signed', 'good', armor(bytes, signaturePacket(mallory.primary, userData, { type: 0x10 })));
  file('whose end was moved out', 'good', armor(head, self('2024-01-01', [END]), self('2024-01-02')));
  file('whose end was moved out, the newer first', 'good', armor(head, self('2024-01-02'), self('2024-01-01', [END])));
  file('whose end was moved in', 'refused', armor(head, self('2024-01-01'), self('2024-01-02', [END])), STRICTER.after);
  file('with a self-signature of SHA-1', 'good', armor(head, self('2024-01-01', [], { hash: 'sha1' })));
  file('with an end by a self-signature of SHA-1', 'refused', armor(head, self('2024-01-01', [END], { hash: 'sha1' })), STRICTER.after);
  file('whose self-signature ended', 'refused', armor(head, self('2024-01-01', [OWN_END])), STRICTER.certificate);
  const direct = signaturePacket(signer, about, { type: 0x1f, hashed: [created(DATE), issuer(signer), END] });
  file('whose end is in a direct signature', 'refused', armor(about, direct, tail), STRICTER.after);
  file('without any flag', 'refused', certificate(alice, { flags: 0 }), STRICTER.certify);

  // Revocations.
  const revocation = (key: SigningKey, more: readonly Uint8Array[] = [], shape: PacketShape = {}): Buffer =>
    signaturePacket(key, about, { type: 0x20, hashed: [created(LATER), issuer(key), ...more], ...shape });
  file('that another key revoked', 'good', armor(about, revocation(mallory.primary), tail));
  file('that was revoked without a reason', 'refused', armor(about, revocation(signer), tail), STRICTER.revoked);
  file('that was revoked behind its user', 'refused', armor(bytes, revocation(signer)), STRICTER.revoked);
  file('that was revoked with SHA-1', 'refused', armor(about, revocation(signer, [], { hash: 'sha1' }), tail), STRICTER.revoked);
  file('that was revoked for a time', 'refused', armor(about, revocation(signer, [OWN_END]), tail), STRICTER.revoked);
  file('that a later copy revokes', 'refused', plain + certificate(alice, { revoked: 2 }), STRICTER.revoked);
  file('that an earlier copy revokes', 'refused', certificate(alice, { revoked: 2 }) + plain, STRICTER.revoked);
  file('whose end a later copy moves out', 'good', certificate(alice, { lifeSeconds: 86_400 }) + armor(head, self('2024-02-01')));

  // Subkeys with several bindings and copies.
  const byChild = packet({}, child.primary);
  const certificateOf = (subkey: Omit<MadeSubkey, 'of'>): Buffer => {
    const shape: CertificateShape = { subkeys: [{ of: child, ...subkey }] };
    return certificateBytes(alice, shape);
  };
  const childBody = Buffer.from(child.privateKey.toPublic().keyPacket.write());
  const childPacket = Buffer.concat([Buffer.from([0xb9]), uint(childBody.length, 2), childBody]);
  const childData = Buffer.concat([about, Buffer.from([0x99]), uint(childBody.length, 2), childBody]);
  const bind = (more: readonly Uint8Array[] = [], shape: PacketShape & { date?: Date; flags?: number } = {}): Buffer => {
    const { date = new Date('2024-01-01T00:00:00Z'), flags = FLAGS.SIGN, ...rest } = shape;
    const hashed = [created(date), subpacket(27, Buffer.from([flags])), ...more];
    return signaturePacket(signer, childData, { type: 0x18, hashed, unhashed: [issuer(signer)], ...rest });
  };
  const revoke = (key: SigningKey): Buffer => signaturePacket(key, childData, { type: 0x28, hashed: [created(LATER), issuer(key)] });
  const subkey = (name: string, ours: SigningWay['ours'], keys: string, row?: string): void =>
    add(`by a subkey ${name}`, ours, byChild, row === undefined ? { keys } : { keys, row });
  const bound = (...more: readonly Uint8Array[]): string => armor(bytes, childPacket, ...more);
  const encrypts = { flags: FLAGS.ENCRYPT };
  subkey('that does not vouch back', 'good', bound(bind()));
  subkey('bound with SHA-1', 'good', bound(bind([], { hash: 'sha1' })));
  subkey('bound with MD5', 'refused', bound(bind([], { hash: 'md5' })), STRICTER.weak);
  subkey('whose binding ended', 'refused', bound(bind([OWN_END])), STRICTER.certificate);
  subkey('bound after it signed', 'good', bound(bind([], { date: LATER })));
  subkey('for signing and encrypting', 'good', bound(bind([], { flags: 14 })));
  subkey('for logins', 'refused', bound(bind([], { flags: 32 })));
  subkey('that first was for secrets', 'good', bound(bind([], encrypts), bind([], { date: DATE })), MILDER.later);
  subkey('that later is for secrets', 'refused', bound(bind(), bind([], { ...encrypts, date: DATE })), STRICTER.newest);
  subkey('whose end was moved out', 'good', bound(bind([END]), bind([], { date: DATE })));
  subkey('whose end was moved in', 'refused', bound(bind(), bind([END], { date: DATE })), STRICTER.after);
  subkey(
    'that another key bound first',
    'good',
    bound(signaturePacket(mallory.primary, childData, { type: 0x18 }), bind()),
    MILDER.subkeys,
  );
  subkey('that was revoked without a reason', 'refused', bound(revoke(signer), bind()));
  subkey('that another key revoked', 'good', bound(bind(), revoke(mallory.primary)));
  subkey('that was revoked and bound again', 'refused', bound(bind(), revoke(signer), bind([], { date: LATER })), STRICTER.subkey);
  subkey('that is there twice', 'good', bound(bind(), childPacket, bind()));
  subkey('that is there twice, once revoked', 'refused', bound(bind(), childPacket, bind(), revoke(signer)), STRICTER.subkey);
  subkey('of a later copy', 'good', plain + armorBytes(certificateOf({})), MILDER.later);
  subkey(
    'that a later copy revokes',
    'refused',
    armorBytes(certificateOf({})) + armorBytes(certificateOf({ revoked: 'after its binding' })),
    STRICTER.subkey,
  );
  subkey('that is a primary key in its file', 'good', certificate(child));
  const unknown = Buffer.concat([Buffer.from([4]), uint(1_704_067_200, 4), Buffer.from([35]), Buffer.alloc(40, 3)]);
  file(
    'with a subkey of an unknown kind',
    'good',
    armor(bytes, Buffer.from([0xb9]), uint(unknown.length, 2), unknown, bind()),
    MILDER.subkeys,
  );
  add('by a key and by its subkey', 'good', [inTag, binary(267, byChild)], { keys: bound(bind()) });
  add('by a key and by its subkey for secrets', 'refused', [inTag, binary(267, byChild)], { keys: bound(bind([], encrypts)) });
  return ways;
}
