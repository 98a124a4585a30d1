/** Real documents to make mutants of: those of fixtures/, and of the corpus where there is one. */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStream } from '../../src/io/decompress.ts';
import { parseRepomd } from '../../src/repodata/repomd.ts';
import { corpus } from './corpus.ts';
import { fixture } from './fixtures.ts';

/** Of every file so much is enough. */
const MAX_BYTES = 1_000_000;
/** Larger elements make mutants slow and not better. */
const MAX_ELEMENT = 20_000;

/** A document in parts that can be put together anew. */
export interface Pieces {
  readonly head: string;
  readonly elements: readonly string[];
  readonly tail: string;
}

/** Folders with `repodata` in them. */
export function repositories(): string[] {
  const real = corpus();
  return [fixture('mirror'), fixture('mirror-next'), ...(real === undefined ? [] : [join(real, 'mirror')])].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('x86_64/os/repodata/repomd.xml'))
      .map((name) => join(folder, name, '../..'))
      .sort(),
  );
}

/** The beginning of the opened file of a type, from every repository that has one. */
export async function realFiles(type: string): Promise<string[]> {
  const texts: string[] = [];
  for (const repository of repositories()) {
    const { records } = parseRepomd(readFileSync(join(repository, 'repodata/repomd.xml')), repository);
    const record = records.get(type);
    if (record === undefined) continue;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of openStream(createReadStream(join(repository, record.href)), { what: repository })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_BYTES) break;
    }
    texts.push(Buffer.concat(chunks).toString('utf8'));
  }
  return texts;
}

/** Cuts a document into the elements of a name directly below its root. The end of the document need not be there. */
export function piecesOf(document: string, name: string): Pieces {
  const element = new RegExp(`<${name}[\\s>][^]*?</${name}>\\s*`, 'g');
  const found = [...document.matchAll(element)];
  const head = document.slice(0, found[0]?.index ?? document.length);
  const root = [...head.matchAll(/<([a-z]+)[\s>]/g)].at(-1)?.[1] ?? '';
  return { head, elements: found.map(([text]) => text).filter((text) => text.length <= MAX_ELEMENT), tail: `</${root}>\n` };
}

/** A document of a few of the elements. */
export function excerpt({ head, elements, tail }: Pieces, random: (below: number) => number): string {
  return head + Array.from({ length: 1 + random(4) }, () => elements[random(elements.length)] ?? '').join('') + tail;
}
