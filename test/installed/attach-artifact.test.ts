import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { attachArtifact } from '../../src/installed/attach-artifact.ts';
import { RegistryRepository } from '../../src/installed/registry.ts';
import { startRun } from '../../src/run/start-run.ts';

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const IMAGE = Buffer.from('{"schemaVersion":2}');
const SBOM = { mediaType: 'application/vnd.cyclonedx+json', bytes: Buffer.from('{"bomFormat":"CycloneDX"}'), annotations: { a: 'b' } };

/** A registry that keeps what is pushed; `knowsSubjects` as one of OCI 1.1 does. */
async function openRegistry({ knowsSubjects = false, refuses = 0 }: { knowsSubjects?: boolean; refuses?: number } = {}) {
  const kept = new Map<string, Buffer>([['manifests/v1', IMAGE]]);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://registry');
    const path = url.pathname.replace('/v2/me/app/', '');
    if (request.method === 'POST') return void response.writeHead(202, { location: '/v2/me/app/blobs/uploads/1?state=x' }).end();
    if (request.method === 'PUT' && path.startsWith('blobs/')) {
      kept.set(`blobs/${url.searchParams.get('digest')}`, body);
      return void response.writeHead(url.searchParams.get('state') === 'x' ? 201 : 400).end();
    }
    if (request.method === 'PUT') {
      if (refuses > 0) return void response.writeHead(refuses).end();
      kept.set(path, body);
      const { subject } = JSON.parse(body.toString()) as { subject?: { digest: string } };
      const headers = knowsSubjects && subject !== undefined ? { 'oci-subject': subject.digest } : {};
      return void response.writeHead(201, headers).end();
    }
    const found = kept.get(path);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end(found);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const run = startRun({ env: {}, cacheDir: '/nonexistent' });
  onTestFinished(async () => {
    await run.end();
    server.close();
  });
  const source = { registry: `127.0.0.1:${(server.address() as AddressInfo).port}`, repository: 'me/app', insecure: true };
  return { repository: new RegistryRepository(source, { ...run, env: {} }, 'pull,push'), kept };
}

const parse = (bytes: Buffer | undefined): Record<string, unknown> => JSON.parse(bytes!.toString()) as Record<string, unknown>;

test('a file becomes an artifact whose subject is the image', async () => {
  const { repository, kept } = await openRegistry({ knowsSubjects: true });
  const attached = await attachArtifact(repository, await repository.manifest('v1'), SBOM);
  expect(attached).toMatchObject({ found_by: 'referrers' });
  expect(kept.get(`blobs/${digestOf(SBOM.bytes)}`)).toEqual(SBOM.bytes);
  expect(kept.get(`blobs/${digestOf(Buffer.from('{}'))}`)?.toString()).toBe('{}');
  expect(parse(kept.get(`manifests/${attached!.digest}`))).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: SBOM.mediaType,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 },
    layers: [{ mediaType: SBOM.mediaType, digest: digestOf(SBOM.bytes), size: SBOM.bytes.length }],
    subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestOf(IMAGE), size: IMAGE.length },
    annotations: { a: 'b' },
  });
  expect([...kept.keys()].filter((path) => path.startsWith('manifests/sha256-'))).toEqual([]);
});

test('a registry that knows no subjects gets an index under the tag of the digest, once for each file', async () => {
  const { repository, kept } = await openRegistry();
  const image = await repository.manifest('v1');
  const first = await attachArtifact(repository, image, SBOM);
  await attachArtifact(repository, image, SBOM);
  const second = await attachArtifact(repository, image, { ...SBOM, bytes: Buffer.from('{}\n') });
  expect(first).toMatchObject({ found_by: 'tag' });
  const index = parse(kept.get(`manifests/${digestOf(IMAGE).replace(':', '-')}`));
  expect(index).toMatchObject({ mediaType: 'application/vnd.oci.image.index.v1+json' });
  expect(
    (index['manifests'] as { digest: string; artifactType: string }[]).map(({ digest, artifactType }) => [digest, artifactType]),
  ).toEqual([
    [first!.digest, SBOM.mediaType],
    [second!.digest, SBOM.mediaType],
  ]);
});

test('a registry that takes no such manifest is no failure, and one that fails is', async () => {
  const { repository } = await openRegistry({ refuses: 415 });
  expect(await attachArtifact(repository, await repository.manifest('v1'), SBOM)).toBeUndefined();
  const { repository: other } = await openRegistry({ refuses: 403 });
  await expect(attachArtifact(other, await other.manifest('v1'), SBOM)).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
    message: expect.stringContaining('no permission to push') as string,
  });
});
