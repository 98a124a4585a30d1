import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DigestCheck, DigestMismatchError } from '../../src/io/digest.ts';

const DATA = Buffer.from('some bytes');
const digest = (type: string): string => createHash(type).update(DATA).digest('hex');

describe('a digest', () => {
  test.each(['sha224', 'sha256', 'sha384', 'sha512', 'SHA256'])('of type %s is compared, in either case', (type) => {
    const check = new DigestCheck('f', { checksum: { type, value: digest(type.toLowerCase()).toUpperCase() }, size: DATA.length });
    for (const byte of DATA) check.update(Uint8Array.of(byte));
    expect(() => check.finish()).not.toThrow();
  });

  test.each(['md5', 'sha1', 'sha', 'crc32', 'constructor'])('of type %s proves nothing and is refused', (type) => {
    expect(() => new DigestCheck('f', { checksum: { type, value: '00' } })).toThrow(expect.objectContaining({ code: 'METADATA_INVALID' }));
  });

  test('that differs is an error with both', () => {
    const check = new DigestCheck('the file', { checksum: { type: 'sha256', value: '00' } });
    check.update(DATA);
    expect(() => check.finish()).toThrow(DigestMismatchError);
    expect(() => {
      const other = new DigestCheck('the file', { checksum: { type: 'sha256', value: '00' } });
      other.update(DATA);
      other.finish();
    }).toThrow(
      expect.objectContaining({ code: 'DIGEST_MISMATCH', details: ['expected: sha256 00', `got:      sha256 ${digest('sha256')}`] }),
    );
  });

  test('of a web page is called so', () => {
    for (const expected of [{ size: 5 }, { size: 500 }, { checksum: { type: 'sha256', value: '00' } }]) {
      const check = new DigestCheck('the file', expected);
      expect(() => {
        check.update(Buffer.from('\n<!doctype HTML><html>'));
        check.finish();
      }).toThrow(expect.objectContaining({ details: [expect.anything(), 'got:      a web page, perhaps of a proxy or a login'] }));
    }
  });

  test('is not even waited for when there are too many bytes', () => {
    const check = new DigestCheck('f', { size: 3 });
    expect(() => check.update(DATA)).toThrow('f does not match its size');
  });

  test('of too few bytes is an error', () => {
    const check = new DigestCheck('f', { size: 30 });
    check.update(DATA);
    expect(() => check.finish()).toThrow('f does not match its size');
  });
});
