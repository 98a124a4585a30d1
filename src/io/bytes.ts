import { RpmDepsError } from '../base/errors.ts';

/** All chunks as one array; a single chunk is not copied. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Reads a stream to its end; throws a RangeError beyond `limit` bytes. */
export async function collectBytes(source: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > limit) throw new RangeError(`more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

/** Like `collectBytes`, for a file of a repository; throws METADATA_INVALID beyond `limit` bytes. */
export async function collectMetadata(
  source: AsyncIterable<Uint8Array>,
  { limit, what }: { limit: number; what: string },
): Promise<Uint8Array> {
  return collectBytes(source, limit).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
    throw new RpmDepsError('METADATA_INVALID', `${what} is larger than the limit of ${limit} bytes`, {
      hint: 'the mirror is broken, or the URL is not that of a repository: try another mirror',
    });
  });
}
