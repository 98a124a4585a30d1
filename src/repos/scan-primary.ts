import { PrimaryReader } from '../metadata/primary.ts';
import { type RepoData, RepoDataBuilder } from '../pool/repo-data.ts';

/** primary.xml, already opened, to columns. `url` is for messages. */
export async function scanPrimary(bytes: AsyncIterable<Uint8Array>, url: string): Promise<RepoData> {
  const builder = new RepoDataBuilder();
  const reader = new PrimaryReader(builder, url);
  for await (const chunk of bytes) reader.write(chunk);
  reader.end();
  return builder.build();
}
