/** Keys of repositories: verification of repomd.xml, and fingerprints that lockfiles record. */
import { RpmDepsError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { joinUrl } from '../base/urls.ts';
import { collectBytes } from '../io/bytes.ts';
import { cachePath } from '../io/cache-dir.ts';
import type { RepomdCheck } from '../repositories/load-repo.ts';
import { readCacheFile, writeCacheFile } from '../repositories/metadata-cache.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import { signatureError, verifyDetached } from '../rpm/signature.ts';
import type { Run } from '../run/run.ts';
import { KeyRings } from './key-rings.ts';

const MAX_SIGNATURE = 64 << 10;

/** `repo_gpgcheck`: repomd.xml must be signed by a key of its repository. The signature is kept for --offline. */
export function repomdCheck(context: Run): RepomdCheck {
  const rings = new KeyRings(context);
  return async (repository, { bytes, sha256, baseurls }) => {
    const url = joinUrl(baseurls[0]!, 'repodata/repomd.xml.asc');
    const signature = await readSignature(url, cachePath(context.cacheDir, 'keys-v1', `${sha256}.asc`), context);
    const result = await verifyDetached(bytes, { signature, keyRing: await rings.of(repository.gpgkey), now: context.now() });
    if (result.kind !== 'good') throw signatureError(redact(url), result);
  };
}

async function readSignature(url: string, kept: string, { http, offline, emit }: Run): Promise<Uint8Array> {
  if (offline && !url.startsWith('file:')) {
    const bytes = await readCacheFile(kept, emit);
    if (bytes !== undefined) return bytes;
  }
  const { status, body } = await http.request(url, { accept: [404] });
  const bytes = await collectBytes(body, MAX_SIGNATURE).catch(() => new Uint8Array());
  if (status === 404) throw signatureError(redact(url), { kind: 'unsigned' });
  if (!url.startsWith('file:')) await writeCacheFile(kept, [bytes]);
  return bytes;
}

/**
 * Fingerprints by repository, for the lockfile. Only keys from the host or site of the packages, or from this machine, are read: a run with a
 * private mirror must not wait for another server, and its output must not depend on it.
 */
export async function readFingerprints(repositories: readonly ResolvedRepository[], context: Run): Promise<Map<string, readonly string[]>> {
  const rings = new KeyRings(context);
  const found = new Map<string, readonly string[]>();
  for (const { id, gpgkey, baseurls } of repositories) {
    if (gpgkey.length === 0 || !gpgkey.every((key) => baseurls.some((base) => isNear(key, base)))) continue;
    try {
      found.set(id, (await rings.of(gpgkey)).fingerprints);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      context.emit({ kind: 'warning', code: 'KEY_UNREAD', text: `the keys of repository ${id} are not recorded: ${error.message}` });
    }
  }
  return found;
}

function isNear(key: string, base: string): boolean {
  if (/^(?:file:|https?:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$))/i.test(key)) return true;
  const [a, b] = [key, base].map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  return a !== undefined && b !== undefined && a.hostname !== '' && siteOf(a.hostname) === siteOf(b.hostname);
}

/** The last two labels of a host name; an IP address as it is. */
const siteOf = (host: string): string => (/^[\d.]+$|:/.test(host) ? host : host.split('.').slice(-2).join('.'));
