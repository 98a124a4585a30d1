/** Files of a repository are what their bytes say, whatever they are called and however much repomd.xml tells of them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { openBytes } from '../../src/io/decompress.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { SolvableId } from '../../src/pool/ids.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { fixture } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const OS = fixture('mirror/9-stream/AppStream/s390x/os');
const http = createHttpClient({ env: {} });
const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-formats-'));
afterAll(async () => {
  await http.close();
  rmSync(directory, { recursive: true });
});

/** undefined where this machine does not have the program. */
function pack(program: string, input: Uint8Array): Uint8Array | undefined {
  if (program === 'plain') return input;
  if (program === 'gzip') return gzipSync(input);
  const { stdout, status } =
    program === 'lzma'
      ? spawnSync('xz', ['--format=lzma', '-c', '-'], { input, maxBuffer: 1e9 })
      : spawnSync(program, ['-c', '-'], { input, maxBuffer: 1e9 });
  return status === 0 ? stdout : undefined;
}

interface Writing {
  readonly program: string;
  readonly suffix: string;
  /** How the XML begins instead; `latin1` is its encoding then. */
  readonly head?: string;
  /** Whether repomd.xml tells size and checksum of what is opened. */
  readonly open: 'told' | 'not told' | 'wrong checksum';
}

/** The fixture's repository with its files packed anew; undefined where the program is missing. */
async function writeRepository({ program, suffix, head, open }: Writing): Promise<string | undefined> {
  const folder = join(directory, `${program}${suffix}-${open}${head === undefined ? '' : sha256(head).slice(0, 8)}`, 'repodata');
  mkdirSync(folder, { recursive: true });
  const records: string[] = [];
  for (const [, type, href] of readFileSync(join(OS, 'repodata/repomd.xml'), 'utf8').matchAll(/<data type="(\w+)">.*?href="([^"]+)"/gs)) {
    const opened = await openBytes(readFileSync(join(OS, href!)), { what: href! });
    const bytes = head === undefined ? opened : withHead(opened, head);
    const packed = pack(program, bytes);
    if (packed === undefined) return undefined;
    writeFileSync(join(folder, `${type}${suffix}`), packed);
    const checksum = open === 'wrong checksum' ? sha256('something else') : sha256(bytes);
    records.push(
      `<data type="${type}"><location href="repodata/${type}${suffix}"/><checksum type="sha256">${sha256(packed)}</checksum><size>${packed.length}</size>`,
      open === 'not told' ? '' : `<open-checksum type="sha256">${checksum}</open-checksum><open-size>${bytes.length}</open-size>`,
      '</data>',
    );
  }
  writeFileSync(join(folder, 'repomd.xml'), `<repomd>${records.join('')}</repomd>`);
  return join(folder, '..');
}

/** The XML with another head, and in the encoding that it names. */
function withHead(xml: Uint8Array, head: string): Uint8Array {
  const text = Buffer.from(xml)
    .toString('utf8')
    .replace(/<!DOCTYPE[^>]*>/, '')
    .replace('<?xml version="1.0" encoding="UTF-8"?>', head);
  if (head.includes('ISO-8859-1')) return Buffer.from(text, 'latin1');
  return head.includes('UTF-16') ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text);
}

/** What is known of packages, modules and groups, without what tells the repositories apart. */
async function load(path: string, cacheDir: string): Promise<string> {
  const repository = plainRepository('appstream', [pathToFileURL(path).href]);
  const pool = await loadPool({ architecture: 's390x', repositories: [repository], cacheDir, http, emit: () => {}, offline: false });
  const packages = Array.from({ length: pool.end - 1 }, (_, i) => pool.record((i + 1) as SolvableId));
  // Of comps.xml the text is kept; its head may be another one.
  return JSON.stringify([packages, pool.moduleIndex, pool.compsIndex]).replace(/<\?xml.*?(?=<comps>)/, '');
}

let wanted: string;
beforeAll(async () => {
  wanted = await load(OS, join(directory, 'cache'));
});

test.each<Writing>([
  { program: 'plain', suffix: '.xml', open: 'not told' },
  { program: 'plain', suffix: '.xml.gz', open: 'told' },
  { program: 'gzip', suffix: '.xml', open: 'told' },
  { program: 'gzip', suffix: '', open: 'not told' },
  { program: 'gzip', suffix: '.xml.gz', open: 'wrong checksum' },
  { program: 'xz', suffix: '.xml.gz', open: 'told' },
  { program: 'xz', suffix: '.xml', open: 'not told' },
  { program: 'zstd', suffix: '.xml.xz', open: 'told' },
  { program: 'zstd', suffix: '.xml', open: 'not told' },
  { program: 'bzip2', suffix: '.bin', open: 'told' },
  { program: 'lzma', suffix: '.xml.lzma', open: 'told' },
  { program: 'gzip', suffix: '.xml.gz', open: 'told', head: '<?xml version="1.0" encoding="ISO-8859-1"?>' },
  { program: 'plain', suffix: '.xml', open: 'not told', head: '<?xml version="1.0" encoding="UTF-16"?>' },
  { program: 'gzip', suffix: '.xml.gz', open: 'told', head: '<?xml version="1.0"?>\n<!-- made by hand -->\n<!DOCTYPE x SYSTEM "x.dtd">' },
])(
  'files in $program called `primary$suffix`, opened size and checksum $open, with the head $head, are read the first time and from the cache',
  async (writing) => {
    const path = await writeRepository(writing);
    if (path === undefined) return;
    expect(await load(path, join(path, 'cache'))).toBe(wanted);
    expect(await load(path, join(path, 'cache'))).toBe(wanted);
  },
);
