import { createReadStream, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { readKeyRing } from '../../src/rpm/key-ring.ts';
import { describeSignature, signatureError, verifyDetached, verifyRpm } from '../../src/rpm/signature.ts';
import { fixture, fixtureKeyRing } from '../helpers/fixtures.ts';

const FIXTURE_KEY = '5D5998E5AD59378282EBDBE0A68B68959DDA8A20';
const rpm = (name: string): string => fixture(`rpms/${name}.rpm`);
const chunks = async function* (...parts: readonly Uint8Array[]) {
  yield* parts;
};

describe('an RPM that rpm itself has signed', () => {
  test('is good with the right key, and the key is named by its fingerprint', async () => {
    const result = await verifyRpm(rpm('right-key'), await fixtureKeyRing('second', 'fixture'));
    expect(result).toEqual({ kind: 'good', fingerprint: FIXTURE_KEY, signedAt: new Date('2025-01-07T00:00:00Z') });
  });
  test.each([
    ['ed25519-key', 'ed25519'],
    ['dsa-key', 'dsa'],
    ['right-key-v3', 'fixture'],
  ])('%s is good with the key %s', async (name, key) => {
    expect(await verifyRpm(rpm(name), await fixtureKeyRing(key))).toMatchObject({ kind: 'good' });
  });
  test('is of an unknown key where the ring has only another one', async () => {
    expect(await verifyRpm(rpm('wrong-key'), await fixtureKeyRing('fixture'))).toEqual({ kind: 'unknown-key', keyId: 'ECE4E5FE96362000' });
  });
  test('is unsigned where nobody has signed it', async () => {
    expect(await verifyRpm(rpm('unsigned'), await fixtureKeyRing('fixture'))).toEqual({ kind: 'unsigned' });
  });
  test('stays good after the end of its key when it was signed before', async () => {
    const result = await verifyRpm(rpm('expired-key'), await fixtureKeyRing('expired'));
    expect(result).toMatchObject({ kind: 'good', keyExpiresAt: new Date('2023-07-01T00:00:00Z') });
  });
  test('is refused when it was signed after the end of its key', async () => {
    const result = await verifyRpm(rpm('signed-after-expiry'), await fixtureKeyRing('expired'));
    expect(result).toMatchObject({ kind: 'expired', signedAt: new Date('2024-03-01T00:00:00Z') });
    expect(describeSignature(result)).toContain(
      'signed on 2024-03-01 by E06E307D0FB82BDA5D0B4D9D220E6171DD1F3C3B, which expired on 2023-07-01',
    );
  });
  test('is told apart where its header or its payload was altered', async () => {
    const ring = await fixtureKeyRing('fixture');
    expect((await verifyRpm(rpm('altered-header'), ring)).kind).toBe('altered-header');
    expect((await verifyRpm(rpm('altered-payload'), ring)).kind).toBe('altered-payload');
  });
  test('may come as a stream of chunks of any size', async () => {
    const ring = await fixtureKeyRing('fixture');
    expect(await verifyRpm(createReadStream(rpm('right-key'), { highWaterMark: 7 }), ring)).toMatchObject({ kind: 'good' });
  });
});

test('a changed byte anywhere after the signature header is never good', async () => {
  const ring = await fixtureKeyRing('fixture');
  const good = readFileSync(rpm('right-key'));
  const mainHeader = good.indexOf(Buffer.from('8eade801', 'hex'), 200);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: mainHeader, max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), async (offset, bits) => {
      const bytes = Buffer.from(good);
      bytes[offset] = bytes[offset]! ^ bits;
      const kind = await verifyRpm(chunks(bytes), ring).then((result) => result.kind, expectInvalid);
      expect(kind).not.toBe('good');
    }),
    { numRuns: 200 },
  );
});

test('whatever bytes come, the answer is a result or RPM_INVALID', async () => {
  const ring = await fixtureKeyRing('fixture');
  const good = readFileSync(rpm('right-key'));
  const change = fc.record({ offset: fc.nat(1500), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(good.length), async (changes, length) => {
      const bytes = Buffer.from(good);
      for (const { offset, value } of changes) bytes[offset] = value;
      await verifyRpm(chunks(bytes.subarray(0, length)), ring).catch(expectInvalid);
      await verifyRpm(chunks(bytes), ring).catch(expectInvalid);
    }),
    { numRuns: 200 },
  );
});

test('a truncated file and a file with something behind it are refused', async () => {
  const ring = await fixtureKeyRing('fixture');
  const good = readFileSync(rpm('right-key'));
  expect(await verifyRpm(chunks(good.subarray(0, -1)), ring)).toMatchObject({ kind: 'altered-payload' });
  expect(await verifyRpm(chunks(good, Buffer.from('x')), ring)).toMatchObject({ kind: 'altered-payload' });
});

test('the message for a person says what to do about it', () => {
  const error = signatureError('hello.rpm', { kind: 'unknown-key', keyId: 'ECE4E5FE96362000' });
  expect(error.message).toBe('`hello.rpm`: signed by key ECE4E5FE96362000, which is not among the keys of its repository');
  expect(error.hint).toContain('gpgkey');
});

describe('a detached signature on repomd.xml', () => {
  const path = fixture('mirror/9-stream/AppStream/s390x/os/repodata/repomd.xml');
  const signature = readFileSync(`${path}.asc`);
  test('is good on the bytes it was made for', async () => {
    const keyRing = await fixtureKeyRing('fixture');
    expect(await verifyDetached(readFileSync(path), { signature, keyRing })).toMatchObject({ kind: 'good', fingerprint: FIXTURE_KEY });
  });
  test('is bad on any other bytes, and of an unknown key with another ring', async () => {
    const altered = Buffer.concat([readFileSync(path), Buffer.from(' ')]);
    expect(await verifyDetached(altered, { signature, keyRing: await fixtureKeyRing('fixture') })).toMatchObject({ kind: 'bad' });
    expect(await verifyDetached(altered, { signature, keyRing: await fixtureKeyRing('second') })).toMatchObject({ kind: 'unknown-key' });
  });
  test('is bad where it is a web page', async () => {
    const keyRing = await fixtureKeyRing('fixture');
    expect(await verifyDetached(readFileSync(path), { signature: Buffer.from('<html>404</html>'), keyRing })).toMatchObject({
      kind: 'bad',
    });
  });
});

describe('a key ring', () => {
  test('reads several armored keys out of one file with text around them', async () => {
    const bytes = Buffer.concat(
      ['fixture', 'second'].map((name) => Buffer.concat([Buffer.from('some text\n'), readFileSync(fixture(`keys/RPM-GPG-KEY-${name}`))])),
    );
    const ring = await readKeyRing([{ name: 'keys', bytes }]);
    expect(ring.fingerprints).toEqual([FIXTURE_KEY, '71F6BB7767D2E5708C93D084ECE4E5FE96362000']);
  });
  test('reads binary keys', async () => {
    const armored = readFileSync(fixture('keys/RPM-GPG-KEY-second'), 'latin1');
    const body = armored.split('\n').filter((line) => line !== '' && !/^[-=]/.test(line));
    const ring = await readKeyRing([{ name: 'second.gpg', bytes: Buffer.from(body.join(''), 'base64') }]);
    expect(ring.find('ece4e5fe96362000')).toHaveLength(1);
  });
  test('refuses a file that is no key', async () => {
    const reading = readKeyRing([{ name: 'https://example.org/key', bytes: Buffer.from('<html>') }]);
    await expect(reading).rejects.toMatchObject({ code: 'SIGNATURE', message: '`https://example.org/key` is not an OpenPGP public key' });
  });
});

function expectInvalid(error: unknown): string {
  expect(error).toBeInstanceOf(RpmDepsError);
  expect((error as RpmDepsError).code).toBe('RPM_INVALID');
  return 'invalid';
}
