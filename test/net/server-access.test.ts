import { expect, test } from 'vitest';
import { readTlsSettings } from '../../src/net/server-access.ts';

test.each([
  ['sslcacert', { authority: '/dev/zero' }],
  ['sslclientcert', { clientCertificate: '/dev/zero' }],
] as const)('`%s` may name a device that never ends: it is read up to a limit', async (option, access) => {
  await expect(readTlsSettings({ repository: 'r', access } as never)).rejects.toMatchObject({
    code: 'USAGE',
    message: `\`${option}\` of repository \`r\`: /dev/zero cannot be read: it is larger than 1 MiB`,
  });
});
