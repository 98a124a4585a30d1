import { SIGNATURE_TAG, TAG } from '../../src/rpm/rpm-tags.ts';

/** What a test wants in a package without payload. */
export interface SmallRpm {
  readonly name: string;
  readonly epoch?: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly files?: readonly SmallFile[];
  /** By tag: what a header has beside, such as the text of a scriptlet. */
  readonly texts?: Readonly<Record<number, string>>;
}

export interface SmallFile {
  readonly path: string;
  readonly mode?: number;
  readonly size?: number;
  /** sha256 */
  readonly digest?: string;
  readonly link?: string;
  readonly user?: string;
  readonly group?: string;
  readonly flags?: number;
  readonly capabilities?: string;
}

type Value = { readonly type: 'text' | 'texts' | 'int16' | 'int32'; readonly value: string | readonly string[] | readonly number[] };
const TYPES = { int16: 3, int32: 4, text: 6, binary: 7, texts: 8 };

/** The bytes of an RPM file as far as headers go. */
export function smallRpm(rpm: SmallRpm): Buffer {
  const text = (value: string): Value => ({ type: 'text', value });
  const entries = new Map<number, Value>([
    [TAG.NAME, text(rpm.name)],
    [TAG.VERSION, text(rpm.version)],
    [TAG.RELEASE, text(rpm.release)],
    [TAG.ARCH, text(rpm.arch)],
    [TAG.SOURCE_RPM, text('x.src.rpm')],
  ]);
  if (rpm.epoch !== undefined && rpm.epoch !== '0') entries.set(TAG.EPOCH, { type: 'int32', value: [Number(rpm.epoch)] });
  for (const [tag, value] of Object.entries(rpm.texts ?? {})) entries.set(Number(tag), text(value));
  const { files = [] } = rpm;
  if (files.length > 0) {
    const folders = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1)))];
    const put = (tag: number, type: Value['type'], value: readonly string[] | readonly number[]): void =>
      void entries.set(tag, { type, value });
    put(TAG.DIR_NAMES, 'texts', folders);
    put(
      TAG.BASE_NAMES,
      'texts',
      files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
    );
    put(
      TAG.DIR_INDEXES,
      'int32',
      files.map(({ path }) => folders.indexOf(path.slice(0, path.lastIndexOf('/') + 1))),
    );
    put(
      TAG.FILE_MODES,
      'int16',
      files.map(({ mode }) => mode ?? 0o100644),
    );
    put(
      TAG.FILE_SIZES,
      'int32',
      files.map(({ size }) => size ?? 0),
    );
    put(
      TAG.FILE_DIGESTS,
      'texts',
      files.map(({ digest }) => digest ?? ''),
    );
    put(
      TAG.FILE_LINKS,
      'texts',
      files.map(({ link }) => link ?? ''),
    );
    put(
      TAG.FILE_USERS,
      'texts',
      files.map(({ user }) => user ?? 'root'),
    );
    put(
      TAG.FILE_GROUPS,
      'texts',
      files.map(({ group }) => group ?? 'root'),
    );
    put(
      TAG.FILE_FLAGS,
      'int32',
      files.map(({ flags }) => flags ?? 0),
    );
    put(
      TAG.FILE_CAPABILITIES,
      'texts',
      files.map(({ capabilities }) => capabilities ?? ''),
    );
    put(TAG.FILE_DIGEST_ALGORITHM, 'int32', [8]);
  }
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  lead[79] = 5;
  const signature = header(TAG.HEADER_SIGNATURES, new Map([[SIGNATURE_TAG.SIZE, { type: 'int32', value: [0] }]]));
  return Buffer.concat([lead, signature, Buffer.alloc((8 - (signature.length % 8)) % 8), header(TAG.HEADER_IMMUTABLE, entries)]);
}

function header(region: number, entries: ReadonlyMap<number, Value>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let length = 0;
  const entry = (tag: number, type: number, offset: number, count: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeInt32BE(tag, 0);
    bytes.writeUInt32BE(type, 4);
    bytes.writeInt32BE(offset, 8);
    bytes.writeUInt32BE(count, 12);
    return bytes;
  };
  const append = (bytes: Buffer, align: number): number => {
    const padding = (align - (length % align)) % align;
    parts.push(Buffer.alloc(padding), bytes);
    length += padding + bytes.length;
    return length - bytes.length;
  };
  for (const [tag, { type, value }] of [...entries].sort(([a], [b]) => a - b)) {
    const values = typeof value === 'string' ? [value] : value;
    const size = type === 'int16' ? 2 : type === 'int32' ? 4 : 1;
    const bytes = Buffer.concat(
      values.map((one) => {
        if (typeof one === 'string') return Buffer.from(`${one}\0`);
        const number = Buffer.alloc(size);
        if (size === 2) number.writeUInt16BE(one);
        else number.writeUInt32BE(one);
        return number;
      }),
    );
    index.push(entry(tag, TYPES[type], append(bytes, size), values.length));
  }
  const count = index.length + 1;
  const trailer = entry(region, TYPES.binary, -count * 16, 16);
  index.unshift(entry(region, TYPES.binary, append(trailer, 1), 16));
  const intro = Buffer.alloc(16);
  intro.set([0x8e, 0xad, 0xe8, 1]);
  intro.writeUInt32BE(count, 8);
  intro.writeUInt32BE(length, 12);
  return Buffer.concat([intro, ...index, ...parts]);
}
