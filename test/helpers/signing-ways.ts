/**
 * Ways of signing an RPM: usual ones, old ones, new ones and such as only an attacker makes. Each says what rpm-deps answers and, where that is not
 * the answer of rpm 4.18, in which row of the tables of docs/reliability.md the difference stands.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { armorBytes, type CertificateShape, certificate, certificateBytes, FLAGS, type MadeSubkey } from './certificate-maker.ts';
import { fixture } from './fixtures.ts';
import { binary, buildHeader, buildRpm, digestsOf, type HeaderEntry, type HeaderShape, splitRpm, text, texts } from './rpm-maker.ts';
import {
  created,
  framed,
  HASH_ID,
  issuer,
  issuerFingerprint,
  type MadeKey,
  makeKey,
  notation,
  type PacketShape,
  type SigningKey,
  signaturePacket,
  subpacket,
  uint,
} from './signature-maker.ts';

export interface SigningWay {
  readonly name: string;
  readonly rpm: Uint8Array;
  /** The key file that is trusted. */
  readonly keys: string | Uint8Array;
  readonly ours: 'good' | 'refused';
  /** Where rpm 4.18 has another answer: the row of the table that says why. */
  readonly row?: string;
}

export const RSA_HEADER = 268;
const DSA_HEADER = 267;
const OPENPGP = 278;
const PGP = 1002;
const GPG = 1005;

const STRICTER = {
  weak: 'MD5 or SHA-1',
  after: 'primary key of its subkey expired',
  before: 'before its key existed',
  certificate: 'self-signature or a binding',
  ended: 'after its own expiration time',
  ends: 'two expiration times',
  revoked: 'its owner has revoked',
  subkey: 'subkey that was revoked',
  newest: 'newest binding forbids',
  certify: 'not for signing',
  wrongExtra: 'wrong signature in tag 278',
  unpacked: 'unpacked payload',
  twice: 'twice in the main header',
} as const;
const MILDER = {
  several: 'tag 278 only',
  v6: 'version 6',
  curves: 'ECDSA, Ed25519 and Ed448',
  fingerprint: 'only a fingerprint',
  ownEnd: 'critical expiration time',
  sha3: 'SHA3-256',
  weakBeside: 'SHA-1 or MD5 beside a good one',
  subkeys: 'subkey whose first binding',
  later: 'only in a later copy',
  critical: 'openpgp.js',
  armor: 'whose armor',
} as const;
export const ROWS = { STRICTER, MILDER };

const armored = (...keys: readonly MadeKey[]): string => keys.map((key) => key.armored).join('\n');

/** Takes a second or two: it makes some twenty keys. */
export async function makeSigningWays(): Promise<SigningWay[]> {
  const parts = splitRpm(readFileSync(fixture('rpms/unsigned.rpm')));
  const other = { main: Buffer.concat([parts.main, Buffer.from('of another package')]) };
  const whole = Buffer.concat([parts.main, parts.payload]);
  const { sha1, sha256, md5 } = digestsOf(parts);
  const alice = await makeKey('alice');
  const mallory = await makeKey('mallory');
  const signer = alice.primary;
  const ways: SigningWay[] = [];

  const add = (
    name: string,
    ours: SigningWay['ours'],
    entries: readonly HeaderEntry[],
    more: Partial<SigningWay> & { shape?: HeaderShape; digests?: readonly HeaderEntry[] } = {},
  ): void => {
    const { shape, digests = [sha1, sha256], ...rest } = more;
    ways.push({ name, ours, keys: alice.armored, rpm: buildRpm(parts, [...digests, ...entries], shape), ...rest });
  };
  const onHeader = (tag: number, shape: PacketShape = {}, key: SigningKey = signer): HeaderEntry =>
    binary(tag, signaturePacket(key, parts.main, shape));
  const onAll = (tag: number, shape: PacketShape = {}, key: SigningKey = signer): HeaderEntry =>
    binary(tag, signaturePacket(key, whole, shape));
  const inList = (...packets: readonly Uint8Array[]): HeaderEntry =>
    texts(
      OPENPGP,
      packets.map((packet) => Buffer.from(packet).toString('base64')),
    );
  const packet = (shape: PacketShape = {}, key: SigningKey = signer): Buffer => signaturePacket(key, parts.main, shape);
  const GOOD = onHeader(RSA_HEADER);

  // Where a signature stands, and what it covers.
  add('nothing at all', 'refused', []);
  add('RSA in its tag', 'good', [GOOD]);
  add('RSA in the tag of DSA', 'good', [onHeader(DSA_HEADER)]);
  add('over header and payload in the old tag', 'good', [onAll(PGP), md5]);
  add('over header and payload in the other old tag', 'good', [onAll(GPG), md5]);
  add('in the tag for several', 'good', [inList(packet())], { row: MILDER.several });
  add('a header signature where one over all should be', 'refused', [onHeader(PGP), md5]);
  add('one over all where a header signature should be', 'refused', [onAll(RSA_HEADER)]);
  add('of another package', 'refused', [binary(RSA_HEADER, signaturePacket(signer, other.main))]);
  add('by a key that nobody trusts', 'refused', [onHeader(RSA_HEADER, {}, mallory.primary)]);
  add('by a trusted key, said to be by another', 'refused', [
    onHeader(RSA_HEADER, { hashed: [created(new Date('2024-06-01T00:00:00Z')), issuer(mallory.primary)] }),
  ]);
  add('by another key, said to be by a trusted one', 'refused', [
    onHeader(RSA_HEADER, { hashed: [created(new Date('2024-06-01T00:00:00Z')), issuer(signer)] }, mallory.primary),
  ]);

  // Hashes, versions and kinds.
  for (const hash of ['sha384', 'sha512', 'sha224'] as const) add(`with ${hash}`, 'good', [onHeader(RSA_HEADER, { hash })]);
  for (const hash of ['sha1', 'md5'] as const) add(`with ${hash}`, 'refused', [onHeader(RSA_HEADER, { hash })], { row: STRICTER.weak });
  add('with ripemd160', 'refused', [onHeader(RSA_HEADER, { hashId: HASH_ID.ripemd160 })]);
  add('with a hash that nobody knows', 'refused', [onHeader(RSA_HEADER, { hashId: 99 })]);
  add('that announces another hash than it has', 'refused', [onHeader(RSA_HEADER, { hashId: HASH_ID.sha512 })]);
  add('of version 3', 'good', [onHeader(RSA_HEADER, { version: 3 })]);
  add('of version 3 over all', 'good', [onAll(PGP, { version: 3 }), md5]);
  add('of version 3 with SHA-1', 'refused', [onHeader(RSA_HEADER, { version: 3, hash: 'sha1' })], { row: STRICTER.weak });
  for (const version of [2, 5] as const) add(`of version ${version}`, 'refused', [onHeader(RSA_HEADER, { version })]);
  for (const [type, name] of [
    [1, 'a text'],
    [2, 'nothing'],
    [0x10, 'a key'],
    [0x18, 'a subkey'],
  ] as const)
    add(`of the kind for ${name}`, 'refused', [onHeader(RSA_HEADER, { type })]);
  add('with an algorithm that nobody knows', 'refused', [onHeader(RSA_HEADER, { algorithm: 99 })]);

  // Kinds of keys.
  const strong = await makeKey('strong', { rsaBits: 4096 });
  add('RSA of 4096 bits', 'good', [onHeader(RSA_HEADER, {}, strong.primary)], { keys: strong.armored });
  for (const curve of ['nistP256', 'nistP384', 'nistP521'] as const) {
    const key = await makeKey(curve, { type: 'ecc', curve } as never);
    const hash = curve === 'nistP521' ? 'sha512' : 'sha256';
    add(`ECDSA ${curve}`, 'good', [onHeader(DSA_HEADER, { hash }, key.primary)], { keys: key.armored, row: MILDER.curves });
  }
  const edwards = await makeKey('edwards', { type: 'ecc', curve: 'ed25519Legacy' } as never);
  add('EdDSA in the tag of DSA', 'good', [onHeader(DSA_HEADER, {}, edwards.primary)], { keys: edwards.armored });
  add('EdDSA in the tag of RSA', 'good', [onHeader(RSA_HEADER, {}, edwards.primary)], { keys: edwards.armored });
  add('EdDSA with SHA-512', 'good', [onHeader(DSA_HEADER, { hash: 'sha512' }, edwards.primary)], { keys: edwards.armored });
  const native = await makeKey('native', { type: 'curve25519' });
  add('Ed25519 of version 4', 'good', [onHeader(DSA_HEADER, {}, native.primary)], { keys: native.armored, row: MILDER.curves });
  const v6: Record<string, MadeKey> = {};
  for (const [type, hash] of [
    ['curve25519', 'sha512'],
    ['curve448', 'sha512'],
    ['rsa', 'sha256'],
  ] as const) {
    const key = await makeKey(`v6-${type}`, { type, config: { v6Keys: true } } as never);
    v6[type] = key;
    add(`version 6 with ${type}`, 'good', [inList(packet({ hash }, key.primary))], { keys: key.armored, row: MILDER.v6 });
    add(`version 6 with ${type}, altered`, 'refused', [inList(signaturePacket(key.primary, other.main, { hash }))], { keys: key.armored });
  }
  add('version 6 by a key of version 4', 'refused', [inList(packet({ version: 6 }))]);
  add(
    'version 4 by a key of version 6',
    'refused',
    [inList(packet({ version: 4, hashed: [created(new Date('2024-06-01T00:00:00Z')), issuer(v6['rsa']!.primary)] }, v6['rsa']!.primary))],
    { keys: v6['rsa']!.armored },
  );

  // Several signatures.
  const unknownHash = onHeader(DSA_HEADER, { hashId: 99 });
  const stranger = packet({}, mallory.primary);
  const newer = packet({}, v6['curve25519']!.primary);
  const postQuantum = framed(Buffer.concat([Buffer.from([6, 0, 30, 12]), uint(0, 4), uint(0, 4), Buffer.from('abcd'), uint(0, 1)]));
  const wrong = signaturePacket(signer, other.main);
  add('a good one and a good one over all', 'good', [GOOD, onAll(PGP), md5]);
  add('a good one and a wrong one over all', 'refused', [GOOD, onHeader(PGP), md5]);
  add('a wrong one and a good one over all', 'refused', [binary(RSA_HEADER, wrong), onAll(PGP), md5]);
  add('a good one and one of an unknown key', 'refused', [onHeader(DSA_HEADER, {}, mallory.primary), GOOD]);
  add('a good one and one of an unknown key over all', 'refused', [GOOD, onAll(PGP, {}, mallory.primary), md5]);
  add('a good one and one with an unknown hash', 'good', [unknownHash, GOOD]);
  add('a good one and a good one with SHA-1', 'good', [onHeader(DSA_HEADER, { hash: 'sha1' }), GOOD]);
  add('a good one and a wrong one with SHA-1', 'good', [binary(DSA_HEADER, signaturePacket(signer, other.main, { hash: 'sha1' })), GOOD], {
    row: MILDER.weakBeside,
  });
  add('a good one and bytes that are none', 'refused', [binary(DSA_HEADER, Buffer.from('not a signature')), GOOD]);
  add('a good one and one of version 2', 'refused', [onHeader(DSA_HEADER, { version: 2 }), GOOD]);
  add('a good one and one of version 6 in an old tag', 'refused', [binary(DSA_HEADER, newer), GOOD]);
  add('a good one and one of version 6 by an unknown key', 'good', [GOOD, inList(newer)]);
  add('a good one and one of version 6 by a known key', 'good', [GOOD, inList(newer)], { keys: armored(alice, v6['curve25519']!) });
  add('a good one and a post-quantum one', 'good', [GOOD, inList(postQuantum)]);
  add('a good one and one of an unknown key among several', 'good', [GOOD, inList(stranger)]);
  add('a good one and something that is none among several', 'good', [GOOD, texts(OPENPGP, ['%%%'])]);
  add('a good one and a wrong one among several', 'refused', [GOOD, inList(wrong)], { row: STRICTER.wrongExtra });
  add('several: of version 6, and a good one', 'good', [inList(newer, packet())], { row: MILDER.several });
  add('several: post-quantum, of an unknown key, and a good one', 'good', [inList(postQuantum, stranger, packet())], {
    row: MILDER.several,
  });
  add('several: a good one and a wrong one', 'refused', [inList(packet(), wrong)]);
  add('several: none that can be read', 'refused', [inList(newer, postQuantum, stranger)]);
  add('two packets in one entry', 'refused', [binary(RSA_HEADER, Buffer.concat([packet(), packet()]))]);
  add('one byte behind the packet', 'refused', [binary(RSA_HEADER, Buffer.concat([packet(), Buffer.from([0])]))]);
  add('one byte short', 'refused', [binary(RSA_HEADER, packet().subarray(0, -1))]);
  add('the entry twice, the first is good', 'good', [GOOD, binary(RSA_HEADER, wrong)]);
  add('the entry twice, the second is good', 'refused', [binary(RSA_HEADER, wrong), GOOD]);

  // The header around it.
  const outside = { ...GOOD, isOutside: true };
  add('outside of the region', 'good', [outside]);
  add('outside of the region, wrong', 'refused', [{ ...binary(RSA_HEADER, wrong), isOutside: true }]);
  add('a good one, and a wrong one over all outside of the region', 'refused', [GOOD, { ...onHeader(PGP), isOutside: true }]);
  add('all entries outside of the region', 'good', [outside], { digests: [sha1, sha256].map((entry) => ({ ...entry, isOutside: true })) });
  add('a header without a region', 'good', [GOOD], { shape: { hasRegion: false } });
  add('a region that closes as an image', 'good', [GOOD], { shape: { closes: 61 } });
  add('a region that closes as another', 'refused', [GOOD], { shape: { closes: 63 } });
  add('an entry over the end of the region', 'refused', [GOOD], { shape: { overlaps: true } });
  add('as a text', 'refused', [text(RSA_HEADER, 'x')]);
  add('a good one, and bytes in the tag for several', 'good', [GOOD, binary(OPENPGP, packet())]);
  add('with more entries than rpm takes', 'refused', [GOOD, ...Array.from({ length: 32 }, (_, i) => binary(3000 + i, Buffer.from([1])))]);

  // Digests.
  add('without digests but md5', 'good', [GOOD, md5], { digests: [] });
  add('without a digest', 'refused', [GOOD], { digests: [] });
  add('with sha1 only', 'good', [GOOD], { digests: [sha1] });
  add('with sha256 only', 'good', [GOOD], { digests: [sha256] });
  add('with a wrong sha1', 'refused', [GOOD], { digests: [text(269, '0'.repeat(40)), sha256] });
  add('with a wrong sha256', 'refused', [GOOD], { digests: [sha1, text(273, '0'.repeat(64))] });
  add('with a wrong md5', 'refused', [GOOD, binary(1004, Buffer.alloc(16))]);
  add('with digests in capital letters', 'good', [GOOD], {
    digests: [text(273, Buffer.from(sha256.data).toString().replace('\0', '').toUpperCase())],
  });
  add('with a sha256 that is none', 'refused', [GOOD], { digests: [sha1, text(273, 'x'.repeat(64))] });
  add('a payload with one bit altered', 'refused', [GOOD], { rpm: flipped(buildRpm(parts, [sha1, sha256, GOOD]), -1) });
  add('a payload that goes on', 'refused', [GOOD], { rpm: Buffer.concat([buildRpm(parts, [sha1, sha256, GOOD]), Buffer.from('x')]) });
  add('a main header with one bit altered', 'refused', [GOOD], {
    rpm: flipped(buildRpm(parts, [sha1, sha256, GOOD]), -parts.payload.length - 40),
  });

  const name = [{ tag: 5093, type: 4, count: 1, data: uint(8, 4) }, text(1000, 'hello'), text(1001, '1.0'), text(1002, '1')];
  const payloadHash = createHash('sha256').update(parts.payload).digest('hex');
  const own = (title: string, ours: SigningWay['ours'], entries: readonly HeaderEntry[], more: Partial<SigningWay> = {}): void => {
    const made = { ...parts, main: buildHeader(entries, { region: 63 }) };
    const digests = digestsOf(made);
    const rpm = buildRpm(made, [digests.sha1, digests.sha256, binary(RSA_HEADER, signaturePacket(signer, made.main))]);
    ways.push({ name: title, ours, keys: alice.armored, rpm, ...more });
  };
  own('over a header of few entries', 'good', [...name, texts(5092, [payloadHash])]);
  own('over a header without a digest of the payload', 'refused', name);
  own('over a header with a wrong digest of the payload', 'refused', [...name, texts(5092, ['0'.repeat(64)])]);
  own('over a header that knows the payload unpacked', 'refused', [...name, texts(5092, ['0'.repeat(64)]), texts(5097, [payloadHash])], {
    row: STRICTER.unpacked,
  });
  own('over a header with two digests of the payload', 'refused', [...name, texts(5092, [payloadHash]), texts(5092, ['0'.repeat(64)])], {
    row: STRICTER.twice,
  });

  // What a packet says of itself.
  const DATE = new Date('2024-06-01T00:00:00Z');
  const says = (
    name: string,
    ours: SigningWay['ours'],
    hashed: readonly Uint8Array[],
    more: { unhashed?: readonly Uint8Array[]; row?: string } = {},
  ): void =>
    add(name, ours, [onHeader(RSA_HEADER, { hashed, unhashed: more.unhashed ?? [] })], more.row === undefined ? {} : { row: more.row });
  says('names its key outside of the hash', 'good', [created(DATE)], { unhashed: [issuer(signer)] });
  says('names its key by fingerprint and id', 'good', [issuerFingerprint(signer), created(DATE)], { unhashed: [issuer(signer)] });
  says('names its key by fingerprint', 'good', [created(DATE), issuerFingerprint(signer)], { row: MILDER.fingerprint });
  says('names its key twice, the second is another', 'good', [created(DATE), issuer(signer)], { unhashed: [issuer(mallory.primary)] });
  says('does not name its key', 'refused', [created(DATE)]);
  says('has no date', 'refused', [issuer(signer)]);
  says('has its date outside of the hash', 'refused', [issuer(signer)], { unhashed: [created(DATE)] });
  says('has two dates', 'refused', [created(DATE), created(new Date('2030-01-01T00:00:00Z')), issuer(signer)]);
  says('has a critical date', 'good', [created(DATE, { critical: true }), issuer(signer)]);
  says('has a notation', 'good', [created(DATE), issuer(signer), notation({ critical: false })]);
  says('has a critical notation', 'refused', [created(DATE), issuer(signer), notation({ critical: true })]);
  says('has a critical notation outside of the hash', 'refused', [created(DATE), issuer(signer)], {
    unhashed: [notation({ critical: true })],
  });
  says('has a critical subpacket that nobody knows', 'refused', [
    created(DATE),
    issuer(signer),
    subpacket(77, uint(1, 1), { critical: true }),
  ]);
  says('has a subpacket that nobody knows', 'good', [created(DATE), issuer(signer), subpacket(77, uint(1, 1))]);
  says('has a subpacket that is cut short', 'refused', [created(DATE), issuer(signer), Buffer.from([9, 77])]);
  says('ended a day after it was made', 'refused', [created(DATE), issuer(signer), subpacket(3, uint(86_400, 4))], { row: STRICTER.ended });
  says('ends in 2100', 'good', [created(DATE), issuer(signer), subpacket(3, uint(2_398_291_200, 4))]);
  says('never ends', 'good', [created(DATE), issuer(signer), subpacket(3, uint(0, 4))]);
  says('has a critical end in 2100', 'good', [created(DATE), issuer(signer), subpacket(3, uint(2_398_291_200, 4), { critical: true })], {
    row: MILDER.ownEnd,
  });
  says('had a critical end', 'refused', [created(DATE), issuer(signer), subpacket(3, uint(86_400, 4), { critical: true })]);
  says('is older than its key', 'refused', [created(new Date('2020-01-01T00:00:00Z')), issuer(signer)], { row: STRICTER.before });

  // Keys with an end, keys that were revoked, and subkeys.
  const DAY = 86_400;
  const before = { created: new Date('2024-01-10T00:00:00Z') };
  const short = certificate(alice, { lifeSeconds: 30 * DAY });
  add('before the end of its key', 'good', [onHeader(RSA_HEADER, before)], { keys: short });
  add('after the end of its key', 'refused', [GOOD], { keys: short, row: STRICTER.after });
  add('by a key that is for certificates only', 'refused', [GOOD], {
    keys: certificate(alice, { flags: FLAGS.CERTIFY }),
    row: STRICTER.certify,
  });
  for (const [revoked, why] of [
    [2, 'was stolen'],
    [1, 'was replaced'],
  ] as const) {
    const keys = certificate(alice, { revoked });
    add(`by a key that ${why}`, 'refused', [GOOD], { keys, row: STRICTER.revoked });
    add(`among several, by a key that ${why}`, 'refused', [GOOD, inList(packet())], { keys, row: STRICTER.revoked });
  }
  const child = await makeKey('child');
  const bySubkey = onHeader(RSA_HEADER, {}, child.primary);
  const withSubkey = (subkey: Omit<MadeSubkey, 'of'>, shape: CertificateShape = {}): string =>
    certificate(alice, { ...shape, subkeys: [{ of: child, ...subkey }] });
  add('by a subkey', 'good', [bySubkey], { keys: withSubkey({}) });
  add('by a subkey for secrets only', 'refused', [bySubkey], { keys: withSubkey({ flags: FLAGS.ENCRYPT }) });
  add('by a subkey that does not say what it is for', 'refused', [bySubkey], { keys: withSubkey({ flags: null }) });
  add('by a subkey whose key is not there', 'refused', [bySubkey]);
  add('by a subkey that another key bound', 'refused', [bySubkey], { keys: withSubkey({ boundBy: mallory.primary }) });
  add('by a subkey without its binding', 'refused', [bySubkey], { keys: withSubkey({ hasBinding: false }) });
  add('by the primary key of a subkey without its binding', 'good', [GOOD], {
    keys: withSubkey({ hasBinding: false }),
    row: MILDER.subkeys,
  });
  add('by a subkey with a revocation behind its binding', 'refused', [bySubkey], {
    keys: withSubkey({ revoked: 'after its binding' }),
    row: STRICTER.subkey,
  });
  add('by a subkey with a revocation before its binding', 'refused', [bySubkey], { keys: withSubkey({ revoked: 'before its binding' }) });
  add('by the primary key of a revoked subkey', 'good', [GOOD], { keys: withSubkey({ revoked: 'after its binding' }) });
  add('by the primary key of a subkey with a revocation before its binding', 'good', [GOOD], {
    keys: withSubkey({ revoked: 'before its binding' }),
    row: MILDER.subkeys,
  });
  add('by a subkey before its end', 'good', [onHeader(RSA_HEADER, before, child.primary)], { keys: withSubkey({ lifeSeconds: 30 * DAY }) });
  add('by a subkey after its end', 'refused', [bySubkey], { keys: withSubkey({ lifeSeconds: 30 * DAY }), row: STRICTER.after });
  add('by a subkey after the end of its primary key', 'refused', [bySubkey], {
    keys: withSubkey({}, { lifeSeconds: 30 * DAY }),
    row: STRICTER.after,
  });
  add('by a subkey of a key that was revoked', 'refused', [bySubkey], { keys: withSubkey({}, { revoked: 2 }), row: STRICTER.revoked });
  const byOpenpgp = await makeKey('openpgp', { subkeys: [{ sign: true }] });
  add('by a subkey, in a file that openpgp.js wrote', 'good', [onHeader(RSA_HEADER, {}, byOpenpgp.subkeys[0]!)], {
    keys: byOpenpgp.armored,
    row: MILDER.critical,
  });

  // Files with several keys.
  const ten = await Promise.all(Array.from({ length: 9 }, (_, i) => makeKey(`key-${i}`, { type: 'ecc', curve: 'ed25519Legacy' } as never)));
  add('by the last of ten keys of a file', 'good', [GOOD], { keys: `some text\n${armored(...ten)}\nmore text\n${alice.armored}` });
  add('by the first of ten keys of a file', 'good', [GOOD], { keys: armored(alice, ...ten) });
  add('by the second key of one block', 'good', [GOOD], {
    keys: armorBytes(Buffer.concat([mallory, alice].map((key) => certificateBytes(key)))),
  });
  add('by the old key after a change of keys', 'good', [GOOD], {
    keys: armored(mallory, alice),
  });
  add('by the new key after a change of keys', 'good', [onHeader(RSA_HEADER, {}, mallory.primary)], { keys: armored(alice, mallory) });
  // What people and web servers do to the text of a key file.
  const file = alice.armored.replaceAll('\r\n', '\n').trimEnd();
  // openpgp.js writes no checksum.
  const withChecksum = `${armorBytes(certificateBytes(alice)).replaceAll('\r\n', '\n').trimEnd()}\n`;
  add('by a key of a file with CRLF', 'good', [GOOD], { keys: file.replaceAll('\n', '\r\n') });
  add('by a key between other texts', 'good', [GOOD], { keys: `hello\n\nworld\n${file}\nmore\n` });
  add('by a key that is in its file twice', 'good', [GOOD], { keys: `${file}\n${file}\n` });
  add('by a key whose armor has a wrong checksum', 'good', [GOOD], {
    keys: withChecksum.replace(/^=.{4}$/m, '=AAAA'),
    row: MILDER.armor,
  });
  add('by a key whose armor has no checksum', 'good', [GOOD], { keys: withChecksum.replace(/^=.{4}\n/m, ''), row: MILDER.armor });
  add('by a key whose armor has spaces behind its first line', 'good', [GOOD], {
    keys: withChecksum.replace('BLOCK-----\n', 'BLOCK-----  \n'),
    row: MILDER.armor,
  });
  add('by a key beside one that cannot be read', 'good', [GOOD], { keys: `${unreadableKey()}\n${alice.armored}` });
  return ways;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = copy.length + at;
  copy[index] = copy[index]! ^ 1;
  return copy;
}

/** A key of version 6 with an algorithm that is not known yet. */
function unreadableKey(): string {
  const body = Buffer.concat([Buffer.from([6]), uint(1_704_067_200, 4), Buffer.from([30]), uint(4, 4), Buffer.from('abcd')]);
  return armorBytes(Buffer.concat([Buffer.from([0x99]), uint(body.length, 2), body]));
}
