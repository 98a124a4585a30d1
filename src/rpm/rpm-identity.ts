import { createReadStream } from 'node:fs';
import { ByteReader } from './byte-reader.ts';
import type { Nevra } from './nevra.ts';
import { notAnRpm, readRpmHeaders } from './rpm-header.ts';
import { TAG } from './rpm-tags.ts';

/** Identity of a package, from its own header. */
export interface RpmIdentity extends Nevra {
  /** File name of the source RPM; empty for a source package. */
  readonly source: string;
}

/** Reads the headers of a file without its payload. `name` is for messages. Throws RPM_INVALID. */
export async function readRpmIdentity(path: string, name: string): Promise<RpmIdentity> {
  const reader = new ByteReader(createReadStream(path));
  try {
    return await identityFrom(reader, name);
  } finally {
    await reader.close();
  }
}

/** Reads the identity from the beginning of a file. */
export async function identityFrom(reader: ByteReader, name: string): Promise<RpmIdentity> {
  const { main } = await readRpmHeaders(reader, name);
  const [packageName, version, release, arch] = [TAG.NAME, TAG.VERSION, TAG.RELEASE, TAG.ARCH].map((tag) => main.string(tag));
  if (packageName === undefined || version === undefined || release === undefined || arch === undefined)
    throw notAnRpm(name, 'its header does not name the package');
  const source = main.string(TAG.SOURCE_RPM) ?? '';
  // As in repodata: a source package is `src`, whatever the build machine.
  return {
    name: packageName,
    epoch: String(main.numbers(TAG.EPOCH)[0] ?? 0),
    version,
    release,
    arch: source === '' ? 'src' : arch,
    source,
  };
}
