import { RpmDepsError } from '../base/errors.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { withFileLock } from '../io/file-lock.ts';
import { readWithin } from '../io/read-within.ts';

/** The record of built and pushed images, for the next steps and for scripts that need digests. One JSON file. */
export interface ImageRecord {
  readonly schema_version: '1.0';
  /** From QUAY_REPOSITORY and PACKAGE_NAME: operator packages need them besides the digests. */
  readonly quay_repository?: string;
  readonly package_name?: string;
  /** Sorted by reference. */
  readonly images: readonly RecordedImage[];
  readonly manifests: readonly RecordedManifest[];
  /** The version built last, by name without tag: the default of the next step. */
  readonly latest: Readonly<Record<string, string>>;
}

export interface RecordedImage {
  readonly reference: string;
  /** Container name. */
  readonly architecture: string;
  readonly image_id?: string;
  readonly set?: string;
  /** Digest of the lockfile that the image was built from. */
  readonly lock_digest?: string;
  /** Digest in the registry; absent until the image is pushed. */
  readonly digest?: string;
}

export interface RecordedManifest {
  readonly reference: string;
  readonly digest: string;
  readonly architectures: readonly string[];
}

const EMPTY: ImageRecord = { schema_version: '1.0', images: [], manifests: [], latest: {} };

const MAX_RECORD_BYTES = 16 << 20;

export async function readImageRecord(path: string): Promise<ImageRecord> {
  let text: string;
  try {
    text = (await readWithin(path, MAX_RECORD_BYTES)).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY;
    if (error instanceof Error && !('code' in error)) throw invalid(path, error);
    throw error;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(path, error);
  }
  if (!isRecord(parsed)) throw invalid(path);
  return parsed;
}

/** Adds an image, replacing the entry of the same reference. */
export function withImage(record: ImageRecord, image: RecordedImage): ImageRecord {
  const colon = image.reference.lastIndexOf(':');
  const suffix = `-${image.architecture}`;
  const version = image.reference.slice(colon + 1);
  return {
    ...record,
    images: byReference([...record.images.filter(({ reference }) => reference !== image.reference), image]),
    latest: { ...record.latest, [image.reference.slice(0, colon)]: version.endsWith(suffix) ? version.slice(0, -suffix.length) : version },
  };
}

export function withManifest(record: ImageRecord, manifest: RecordedManifest): ImageRecord {
  return { ...record, manifests: byReference([...record.manifests.filter(({ reference }) => reference !== manifest.reference), manifest]) };
}

/**
 * Changes the current record, which another process may have changed in the meantime; a lock allows one writer at a time. Returns the new record.
 */
export async function changeImageRecord(
  path: string,
  change: (record: ImageRecord) => ImageRecord,
  signal: AbortSignal,
): Promise<ImageRecord> {
  return withFileLock(`${path}.lock`, signal, async () => {
    const record = change(await readImageRecord(path));
    await writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
    return record;
  });
}

function byReference<T extends { readonly reference: string }>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
}

function isRecord(value: unknown): value is ImageRecord {
  if (!isObject(value) || value['schema_version'] !== '1.0' || !isObject(value['latest'])) return false;
  const { images, manifests, latest } = value;
  if (!Array.isArray(images) || !Array.isArray(manifests) || !Object.values(latest as object).every(isText)) return false;
  const optional = ['image_id', 'set', 'lock_digest', 'digest'];
  return (
    images.every(
      (image) =>
        isObject(image) &&
        isText(image['reference']) &&
        isText(image['architecture']) &&
        optional.every((key) => image[key] === undefined || isText(image[key])),
    ) &&
    manifests.every(
      (entry) => isObject(entry) && isText(entry['reference']) && isText(entry['digest']) && Array.isArray(entry['architectures']),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Rejects values that the engine could read as a flag. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_][\x21-\x7e]*$/.test(value);
}

function invalid(path: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('USAGE', `${path} is not a record of built images`, {
    hint: 'remove it; the next build writes a new one',
    cause,
  });
}
