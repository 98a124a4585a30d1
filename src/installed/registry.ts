/**
 * Pulls manifests and layers from a registry, and pushes small ones (OCI distribution specification 1.1). Verifies all content by digest. Logs in with
 * the method that the registry requests: `Bearer` with a token from the named server, or `Basic`.
 */
import { Readable } from 'node:stream';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { sha256 } from '../base/sha256.ts';
import { collectBytes } from '../io/bytes.ts';
import { DigestCheck } from '../io/digest.ts';
import { statusOf } from '../net/failures.ts';
import type { HttpRequest, HttpResponse } from '../net/http-exchange.ts';
import type { Run } from '../run/run.ts';
import type { PullSource } from './registries-conf.ts';
import { registryAccess } from './registry-certificates.ts';
import { findLogin, type RegistryLogin } from './registry-login.ts';

export interface PulledManifest {
  readonly mediaType: string;
  /** `sha256:...` of the bytes. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly content: Readonly<Record<string, unknown>>;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** Docker Hub has two names in podman and docker, and a third one for its server. */
const DOCKER_HUB = /^(?:index\.)?docker\.io$/;
const DOCKER_HUB_API = 'registry-1.docker.io';
/** The limit of the specification. */
const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_TOKEN_BYTES = 1 << 20;

/** A request, without the path. */
interface Call {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Accepted statuses, besides 2xx. */
  readonly accept?: readonly number[];
}

/** The requested rights of a token, in the notation of the token protocol. */
type Actions = 'pull' | 'pull,push';

export type RegistryRun = Pick<Run, 'http' | 'signal'> & { readonly env: Readonly<Record<string, string | undefined>> };

/** One repository in one registry. */
export class RegistryRepository {
  readonly #source: PullSource;
  readonly #run: RegistryRun;
  readonly #actions: Actions;
  #authorization: string | undefined;
  #scheme: string;
  #isAccessKnown = false;

  constructor(source: PullSource, run: RegistryRun, actions: Actions = 'pull') {
    this.#source = source;
    this.#run = run;
    this.#actions = actions;
    this.#scheme = 'https';
  }

  get #isHub(): boolean {
    return DOCKER_HUB.test(this.#source.registry);
  }

  /** Name of the repository in the registry. */
  get #path(): string {
    const { repository } = this.#source;
    return this.#isHub && !repository.includes('/') ? `library/${repository}` : repository;
  }

  get name(): string {
    return `${this.#source.registry}/${this.#source.repository}`;
  }

  /** `reference`: tag or digest. Throws IMAGE_NOT_FOUND if the registry has no such image or refuses the login. */
  async manifest(reference: string): Promise<PulledManifest> {
    const response = await this.#call(`manifests/${reference}`, { headers: { accept: MANIFEST_TYPES.join(', ') } });
    const bytes = await collectBytes(response.body, MAX_MANIFEST_BYTES);
    const digest = `sha256:${sha256(bytes)}`;
    if (reference.startsWith('sha256:') && digest !== reference) {
      throw new RpmDepsError('DIGEST_MISMATCH', `${this.name}@${reference} does not match its digest`, {
        hint: 'the registry or a proxy serves a damaged image: try again, or another registry',
      });
    }
    const mediaType = response.headers['content-type']?.split(';')[0]?.trim() ?? '';
    return { mediaType, digest, sizeBytes: bytes.length, content: this.#json(bytes) };
  }

  /** Uploads a blob if the repository does not have it. Returns its digest. */
  async pushBlob(bytes: Uint8Array): Promise<string> {
    const digest = `sha256:${sha256(bytes)}`;
    const known = await this.#call(`blobs/${digest}`, { method: 'HEAD', accept: [404] });
    await drain(known);
    if (known.status !== 404) return digest;
    const begun = await this.#call('blobs/uploads/', { method: 'POST' });
    await drain(begun);
    const location = begun.headers['location'] ?? '';
    if (!URL.canParse(location, begun.url)) throw this.#invalid('returned no URL for an upload');
    const place = new URL(location, begun.url);
    place.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    await drain(await this.#call(place, { method: 'PUT', headers, body: bytes }));
    return digest;
  }

  /** Uploads a manifest under a tag or its digest. Returns the response headers. */
  async pushManifest(reference: string, mediaType: string, bytes: Uint8Array): Promise<HttpResponse['headers']> {
    const response = await this.#call(`manifests/${reference}`, { method: 'PUT', headers: { 'content-type': mediaType }, body: bytes });
    await drain(response);
    return response.headers;
  }

  /** The bytes of a blob; its digest is checked at the end. */
  async *blob(digest: string, sizeBytes: number | undefined): AsyncGenerator<Uint8Array> {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw this.#invalid(`has a layer with the digest \`${printable(digest.slice(0, 100))}\``);
    const response = await this.#call(`blobs/${digest}`);
    const check = new DigestCheck(`layer ${digest.slice(0, 19)} of ${this.name}`, {
      checksum: { type: 'sha256', value: digest.slice('sha256:'.length) },
      size: sizeBytes,
    });
    for await (const chunk of response.body) {
      check.update(chunk);
      yield chunk;
    }
    check.finish();
  }

  async json(digest: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#json(await collectBytes(this.blob(digest, undefined), MAX_MANIFEST_BYTES));
  }

  #json(bytes: Uint8Array): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Fall through to the error.
    }
    throw this.#invalid('has a manifest that is not valid JSON');
  }

  #invalid(what: string): RpmDepsError {
    return new RpmDepsError('IMAGE_NOT_FOUND', `the image ${this.name} ${what}`, { hint: 'push the image again, or use another one' });
  }

  /** `path`: relative to the repository, or a URL returned by the registry. */
  async #call(path: string | URL, call: Call = {}): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#send(path, call);
      if (response.status !== 401) return response;
      const challenge = response.headers['www-authenticate'] ?? '';
      for await (const _ of response.body) break;
      if (attempt > 0) throw this.#denied();
      this.#authorization = await this.#logIn(challenge);
    }
  }

  async #send(path: string | URL, call: Call): Promise<HttpResponse> {
    const { method = 'GET', headers = {}, body, accept = [] } = call;
    const host = this.#isHub ? DOCKER_HUB_API : this.#source.registry;
    const url = typeof path === 'string' ? `${this.#scheme}://${host}/v2/${this.#path}/${path}` : path.href;
    // An upload may go to another server, with a URL that already contains the permission.
    await this.#useCertificates(host);
    const isOwn = typeof path === 'string' || path.host === new URL(`https://${host}`).host;
    const login = isOwn && this.#authorization !== undefined ? { authorization: this.#authorization } : {};
    const request = {
      method,
      signal: this.#run.signal,
      accept: [401, ...accept],
      headers: { ...headers, ...login, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
      ...(body === undefined
        ? {}
        : {
            body: async function* () {
              yield body;
            },
          }),
    };
    try {
      return await this.#run.http.request(url, this.#source.insecure ? { ...request, retries: 0 } : request);
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined && this.#source.insecure && this.#scheme === 'https' && typeof path === 'string') {
        this.#scheme = 'http';
        return this.#send(path, call);
      }
      if (status === 403) throw this.#denied(error);
      if (status !== 404 || typeof path !== 'string' || method === 'PUT' || method === 'POST') throw error;
      throw new RpmDepsError('IMAGE_NOT_FOUND', `${this.name} has no ${path.replace(/^(manifest|blob)s\//, '$1 ')}`, {
        hint: 'check the name, the tag and the digest of the image',
        cause: error,
      });
    }
  }

  /** Uses the same certificates as podman and docker: without them, a registry with a private CA is not trusted. */
  async #useCertificates(host: string): Promise<void> {
    if (this.#isAccessKnown) return;
    this.#isAccessKnown = true;
    const access = await registryAccess(host, this.#run.env);
    if (access !== undefined) this.#run.http.useAccess?.([access]);
  }

  #denied(cause?: unknown): RpmDepsError {
    return new RpmDepsError(
      'IMAGE_NOT_FOUND',
      `${this.#source.registry} refuses ${this.#actions === 'pull' ? 'to show' : 'to change'} ${this.name}: there is no login, or it has no permission to ${this.#actions === 'pull' ? 'pull' : 'push'}`,
      {
        hint: `log in with \`podman login ${this.#source.registry}\`, or set REGISTRY_AUTH_FILE to a file with logins`,
        cause,
      },
    );
  }

  async #logIn(challenge: string): Promise<string> {
    const login = await findLogin(this.#source.registry, this.#source.repository, this.#run);
    const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(challenge) ?? [];
    if (scheme.toLowerCase() === 'basic') {
      if (login === undefined) throw this.#denied();
      return basic(login);
    }
    const asked = new Map(
      [...rest.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,"]+))/g)].map(([, key, quoted, plain]) => [key!.toLowerCase(), quoted ?? plain!]),
    );
    const realm = asked.get('realm');
    if (scheme.toLowerCase() !== 'bearer' || realm === undefined || !URL.canParse(realm)) throw this.#denied();
    return `Bearer ${await this.#token(new URL(realm), asked, login)}`;
  }

  async #token(realm: URL, asked: ReadonlyMap<string, string>, login: RegistryLogin | undefined): Promise<string> {
    const isSafe = realm.protocol === 'https:' || (realm.protocol === 'http:' && this.#scheme === 'http');
    if (!isSafe) throw this.#denied();
    const wanted = { service: asked.get('service'), scope: `repository:${this.#path}:${this.#actions}` };
    const answer = await this.#run.http.request(...this.#tokenRequest(realm, wanted, login)).catch((error: unknown) => {
      if (statusOf(error) === 401 || statusOf(error) === 403) throw this.#denied(error);
      throw error;
    });
    const content = this.#json(await collectBytes(answer.body, MAX_TOKEN_BYTES));
    const token = content['token'] ?? content['access_token'];
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw this.#denied();
    return token;
  }

  /** With name and password; or, if `docker login` stored a token instead, exchanges this token (distribution: token/oauth.md). */
  #tokenRequest(
    realm: URL,
    { service, scope }: { readonly service: string | undefined; readonly scope: string },
    login: RegistryLogin | undefined,
  ): [url: string, request: HttpRequest] {
    const { signal } = this.#run;
    const named = { ...(service === undefined ? {} : { service }), scope };
    if (login?.identityToken !== undefined) {
      const form = { grant_type: 'refresh_token', client_id: 'rpm-deps', refresh_token: login.identityToken, ...named };
      const body = Buffer.from(String(new URLSearchParams(form)));
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
      return [realm.href, { method: 'POST', signal, headers, body: () => Readable.from([body]) }];
    }
    for (const [key, value] of Object.entries(named)) realm.searchParams.set(key, value);
    return [realm.href, { signal, ...(login === undefined ? {} : { headers: { authorization: basic(login) } }) }];
  }
}

const basic = ({ user, password }: RegistryLogin): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Reads an unneeded response to its end, so that its connection can be reused. */
async function drain({ body }: HttpResponse): Promise<void> {
  for await (const _ of body);
}
