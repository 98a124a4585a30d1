import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { RegistryRepository } from '../../src/installed/registry.ts';
import { startRun } from '../../src/run/start-run.ts';
import { makeAuthority } from '../helpers/tls.ts';

async function openRegistry({ asksForCertificate = false } = {}) {
  const authority = makeAuthority();
  const { certificate, key } = authority.issue('localhost');
  const client = authority.issue('client');
  const server = createServer(
    { cert: certificate, key, ca: authority.certificate, requestCert: asksForCertificate },
    (request, response) => {
      const isKnown = !asksForCertificate || (request.socket as TLSSocket).authorized;
      response.writeHead(isKnown ? 200 : 403, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end('{"schemaVersion":2}');
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const home = mkdtempSync(join(tmpdir(), 'certs-'));
  const env = { HOME: home };
  const run = startRun({ env, cacheDir: '/nonexistent', limits: { retries: 0 } });
  onTestFinished(async () => {
    await run.end();
    server.closeAllConnections();
    server.close();
    rmSync(home, { recursive: true, force: true });
  });
  const registry = `localhost:${(server.address() as AddressInfo).port}`;
  const put = (name: string, text: string): void => {
    const folder = join(home, '.config/containers/certs.d', registry);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const read = () => new RegistryRepository({ registry, repository: 'me/app', insecure: false }, { ...run, env }).manifest('v1');
  return { put, read, authority, client };
}

test('a registry with a certificate of an authority in certs.d is trusted, and no other', async () => {
  const { put, read, authority } = await openRegistry();
  await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/MIRROR|DOWNLOAD|NET/) });
  put('ca.crt', authority.certificate);
  expect((await read()).content).toEqual({ schemaVersion: 2 });
});

test('a client certificate in certs.d is shown to the registry', async () => {
  const { put, read, authority, client } = await openRegistry({ asksForCertificate: true });
  put('ca.crt', authority.certificate);
  put('client.cert', client.certificate);
  put('client.key', client.key);
  expect((await read()).content).toEqual({ schemaVersion: 2 });
});
