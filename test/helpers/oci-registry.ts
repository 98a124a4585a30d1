import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';

type LayerFile = { readonly path: string; readonly bytes?: Uint8Array; readonly symlink?: string; readonly hardlink?: string };

/** A registry on this machine with images made of layers of a few files. It wants `user:secret`, and gives tokens. */
export interface OciRegistry {
  readonly host: string;
  /** `METHOD path` of each request, with the kind of its login. */
  readonly requests: string[];
  /** Adds an image; returns the digest of its index, or of its manifest where there is one architecture and no index. */
  push(
    name: string,
    tag: string,
    image: Readonly<Record<string, readonly (readonly LayerFile[])[]>>,
    options?: { readonly index?: boolean; readonly labels?: (architecture: string) => Readonly<Record<string, unknown>> },
  ): Promise<string>;
  /** Answers with these bytes instead, whatever the digest. */
  alter(digest: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}

export const USER = 'user';
export const PASSWORD = 'secret';
/** What `docker login` keeps for registries that give one. */
export const IDENTITY_TOKEN = 'identity-of-the-test';
const TOKEN = 'token-of-the-test';

export async function startOciRegistry({ auth = 'bearer' }: { auth?: 'bearer' | 'basic' | 'none' } = {}): Promise<OciRegistry> {
  const blobs = new Map<string, { readonly bytes: Uint8Array; readonly type: string }>();
  const tags = new Map<string, string>();
  const requests: string[] = [];
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const put = (bytes: Uint8Array, type: string): string => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(digest, { bytes, type });
    return digest;
  };
  const putJson = (value: unknown, type: string): { digest: string; size: number; mediaType: string } => {
    const bytes = Buffer.from(JSON.stringify(value));
    return { digest: put(bytes, type), size: bytes.length, mediaType: type };
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${host}`);
    const login = request.headers.authorization ?? '';
    requests.push(`${request.method} ${url.pathname} ${login.split(' ')[0] || 'anonymous'}`);
    const isKnown = login === `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    if (url.pathname === '/token' && request.method === 'POST') {
      request.setEncoding('utf8').on('data', (text: string) => {
        const isRight = new URLSearchParams(text).get('refresh_token') === IDENTITY_TOKEN;
        response.writeHead(isRight ? 200 : 401).end(JSON.stringify({ access_token: TOKEN }));
      });
      return;
    }
    if (url.pathname === '/token') {
      if (login !== '' && !isKnown) response.writeHead(401).end();
      else response.end(JSON.stringify({ token: isKnown ? TOKEN : 'anonymous' }));
      return;
    }
    const isIn = auth === 'none' || (auth === 'basic' ? isKnown : login === `Bearer ${TOKEN}`);
    if (!isIn) {
      const challenge = auth === 'basic' ? 'Basic realm="test"' : `Bearer realm="http://${host}/token",service="test"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
    const digest = reference.startsWith('sha256:') ? reference : tags.get(`${name}:${reference}`);
    const found = kind === undefined || digest === undefined ? undefined : blobs.get(digest);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found.type }).end(found.bytes);
  }

  return {
    host,
    requests,
    alter: (digest, bytes) => blobs.set(digest, { bytes, type: blobs.get(digest)?.type ?? '' }),
    async push(name, tag, image, { index = true, labels } = {}) {
      const manifests = [];
      for (const [architecture, layers] of Object.entries(image)) {
        const settings = labels === undefined ? {} : { config: { Labels: labels(architecture) } };
        const config = putJson({ architecture, os: 'linux', rootfs: {}, ...settings }, 'application/vnd.oci.image.config.v1+json');
        const described = [];
        for (const files of layers) {
          const bytes = gzipSync(await packTar(files.map(tarEntry)));
          described.push({
            digest: put(bytes, 'application/octet-stream'),
            size: bytes.length,
            mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          });
        }
        const type = 'application/vnd.oci.image.manifest.v1+json';
        manifests.push({
          ...putJson({ schemaVersion: 2, mediaType: type, config, layers: described }, type),
          platform: { os: 'linux', architecture },
        });
      }
      const type = 'application/vnd.oci.image.index.v1+json';
      const digest = index ? putJson({ schemaVersion: 2, mediaType: type, manifests }, type).digest : manifests[0]!.digest;
      tags.set(`${name}:${tag}`, digest);
      return digest;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

function tarEntry({ path, bytes, symlink, hardlink }: LayerFile) {
  if (symlink !== undefined) return { header: { name: path, size: 0, type: 'symlink' as const, linkname: symlink } };
  if (hardlink !== undefined) return { header: { name: path, size: 0, type: 'link' as const, linkname: hardlink } };
  if (path.endsWith('/')) return { header: { name: path, size: 0, type: 'directory' as const } };
  const body = bytes ?? new Uint8Array(0);
  return { header: { name: path, size: body.length, type: 'file' as const }, body };
}
