import { PrimaryReader } from '../pool/primary-reader.ts';
import type { RepoData } from '../pool/repo-data.ts';

/** primary.xml, already opened, to columns. `url` is for messages. */
export async function scanPrimary(bytes: AsyncIterable<Uint8Array>, url: string): Promise<RepoData> {
  const reader = new PrimaryReader(url);
  for await (const chunk of bytes) reader.write(chunk);
  return reader.end();
}
