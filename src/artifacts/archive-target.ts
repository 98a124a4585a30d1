/** An archive of RPMs: a directory, or a server that accepts PUT. Files are addressed by sha256, in the format of `fallbacks`. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { joinUrl } from '../base/urls.ts';
import { DigestCheck, DigestMismatchError } from '../io/digest.ts';
import { digestFile } from '../io/file-digest.ts';
import { networkError, statusOf } from '../net/failures.ts';
import type { HttpClient } from '../net/http-client.ts';
import { ByteReader } from '../rpm/byte-reader.ts';
import { identityFrom, type RpmIdentity } from '../rpm/rpm-identity.ts';
import type { ExpectedIdentity, IdentifiedFile } from './check-identity.ts';
import { placeFile } from './lay-out.ts';
import { GONE, isPresent } from './remote-presence.ts';

interface ArchivedRpm {
  readonly sha256: string;
  readonly filename: string;
  readonly size: number | undefined;
  /** Its identity in lockfiles. */
  readonly expected?: readonly ExpectedIdentity[];
}

export interface ArchiveTarget {
  /** For messages, without password. */
  readonly name: string;
  /** Reads the beginning of the stored file, enough to identify the package. */
  file(rpm: ArchivedRpm): Pick<IdentifiedFile, 'path' | 'read'>;
  /** Whether the archive has the file. */
  has(rpm: ArchivedRpm): Promise<boolean>;
  /** Copies the file to the archive and reads it back. Throws DIGEST_MISMATCH if the content differs. */
  put(rpm: ArchivedRpm, path: string): Promise<void>;
}

/** A content-addressed directory: `<directory>/<sha256>`. */
export function directoryTarget(directory: string): ArchiveTarget {
  const placeOf = ({ sha256 }: ArchivedRpm): string => join(directory, sha256);
  return {
    name: printable(directory),
    file: (rpm) => ({ path: placeOf(rpm) }),
    has: async (rpm) => (await digestFile(placeOf(rpm)))?.sha256 === rpm.sha256,
    async put(rpm, path) {
      const place = placeOf(rpm);
      // Copy: a hard link would change together with the file in the store.
      await placeFile(path, place, { copy: true });
      const written = await digestFile(place);
      if (written?.sha256 === rpm.sha256) return;
      throw new RpmDepsError('DIGEST_MISMATCH', `${printable(place)} is not the file that was written`, {
        hint: 'check the disk, remove the file, and run the command again',
      });
    },
  };
}

/** `<base>/<sha256>`, or a template with `{sha256}` or `{filename}`. The token goes to this server only. */
export function httpTarget(
  base: string,
  { http, token, isThorough }: { http: HttpClient; token: string | undefined; isThorough: boolean },
): ArchiveTarget {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const urlOf = ({ sha256, filename }: ArchivedRpm): string =>
    /\{(?:sha256|filename)\}/.test(base)
      ? base.replaceAll('{sha256}', sha256).replaceAll('{filename}', encodeURIComponent(filename))
      : joinUrl(base, sha256);
  const readBack = async (rpm: ArchivedRpm, { url, size, answered }: { url: string; size: number; answered: number }): Promise<void> => {
    const shown = printable(redact(url));
    const response = await asked(() => http.request(url, { headers, accept: GONE }));
    if (GONE.includes(response.status)) {
      for await (const _ of response.body) break;
      throw answered >= 400
        ? networkError(url, `answered ${answered}`, { status: answered })
        : storesOtherContent(`the archive accepted ${shown}, and does not have it`);
    }
    const check = new DigestCheck(shown, { checksum: { type: 'sha256', value: rpm.sha256 }, size });
    try {
      for await (const chunk of response.body) check.update(chunk);
      check.finish();
    } catch (error) {
      throw error instanceof DigestMismatchError ? storesOtherContent(error.message, error) : error;
    }
  };
  // The header is at the beginning: stop reading after it.
  const readIdentity = async (url: string, name: string): Promise<RpmIdentity> => {
    const { body } = await asked(() => http.request(url, { headers }));
    const reader = new ByteReader(body);
    try {
      return await identityFrom(reader, name);
    } finally {
      await reader.close();
    }
  };
  return {
    name: printable(redact(base)),
    async has(rpm) {
      return asked(() => isPresent(urlOf(rpm), rpm, { http, headers, isThorough }));
    },
    file(rpm) {
      const url = urlOf(rpm);
      return { path: url, read: (name) => readIdentity(url, name) };
    },
    async put(rpm, path) {
      const url = urlOf(rpm);
      const { size } = await stat(path);
      const upload = { ...headers, 'content-length': String(size), 'content-type': 'application/x-rpm' };
      const body = (): AsyncIterable<Uint8Array> => createReadStream(path);
      const answer = await asked(() => http.request(url, { method: 'PUT', headers: upload, body, accept: EXISTS }));
      for await (const _ of answer.body) break;
      await readBack(rpm, { url, size, answered: answer.status });
    },
  };
}

/** Another client uploaded it meanwhile, and the server does not replace files: read back the existing file. */
const EXISTS = [409, 412];

function storesOtherContent(message: string, cause?: DigestMismatchError): RpmDepsError {
  return new RpmDepsError('DIGEST_MISMATCH', message, {
    ...(cause === undefined ? {} : { details: cause.details, cause }),
    hint: 'the archive stored a different file: remove it there, since a later run could use it',
  });
}

async function asked<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code !== 'NETWORK') throw error;
    const status = statusOf(error);
    const hint = status === 401 || status === 403 ? 'set RPM_DEPS_ARCHIVE_TOKEN to a token with write access' : HINT;
    throw new RpmDepsError('NETWORK', error.message, { hint, ...(error.data === undefined ? {} : { data: error.data }), cause: error });
  }
}

const HINT = 'check the server of --to; the next run skips the files that were copied';
