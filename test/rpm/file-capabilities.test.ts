import { expect, test } from 'vitest';
import { equalCapabilities, parseFileCapabilities, readFileCapabilities } from '../../src/rpm/file-capabilities.ts';

/** What the kernel keeps for cap_net_admin,cap_net_raw=ep. */
const ATTRIBUTE = Buffer.from('0100000200300000000000000000000000000000', 'hex');

test('the text of a package and the attribute of a file mean the same', () => {
  for (const text of [
    'cap_net_admin,cap_net_raw=ep',
    'cap_net_raw,cap_net_admin+ep',
    '= cap_net_admin,cap_net_raw+ep',
    'CAP_NET_RAW=ep cap_net_admin=pe',
  ]) {
    expect(equalCapabilities(parseFileCapabilities(text), readFileCapabilities(ATTRIBUTE)), text).toBe(true);
  }
});

test('more, fewer, or not effective capabilities are others', () => {
  for (const text of [
    'cap_net_raw=ep',
    'cap_net_admin,cap_net_raw,cap_chown=ep',
    'cap_net_admin,cap_net_raw=p',
    'cap_net_admin,cap_net_raw=eip',
  ]) {
    expect(equalCapabilities(parseFileCapabilities(text), readFileCapabilities(ATTRIBUTE)), text).toBe(false);
  }
  expect(equalCapabilities(undefined, readFileCapabilities(ATTRIBUTE))).toBe(false);
  expect(equalCapabilities(undefined, undefined)).toBe(true);
  expect(equalCapabilities(parseFileCapabilities('='), undefined)).toBe(true);
});

test('what is no capability is none', () => {
  expect(parseFileCapabilities('cap_everything=ep')).toBeUndefined();
  expect(parseFileCapabilities('cap_net_raw')).toBeUndefined();
  expect(readFileCapabilities(Buffer.from('00'))).toBeUndefined();
});
