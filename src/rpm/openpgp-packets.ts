/** The outer layer of OpenPGP data (RFC 9580, 4.2): a sequence of packets, each with a tag, a length and a body. */
export interface OpenPgpPacket {
  readonly tag: number;
  readonly body: Uint8Array;
  /** Header and body. */
  readonly bytes: Uint8Array;
}

export const PACKET_TAG = { SIGNATURE: 2, PUBLIC_KEY: 6 } as const;

/** Reads numbers and bytes one after another; throws MalformedPacket if there are too few bytes. */
export class PacketCursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new MalformedPacket('the signature packet is cut short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  number(size: number): number {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }
}

export class MalformedPacket extends Error {}

/** All packets; throws MalformedPacket if bytes are left over. */
export function splitPackets(bytes: Uint8Array): OpenPgpPacket[] {
  const packets: OpenPgpPacket[] = [];
  const cursor = new PacketCursor(bytes);
  while (!cursor.isAtEnd) packets.push(nextPacket(cursor));
  return packets;
}

function nextPacket(cursor: PacketCursor): OpenPgpPacket {
  const start = cursor.at;
  const head = cursor.number(1);
  if ((head & 0x80) === 0) throw new MalformedPacket('there is no OpenPGP packet');
  const isNew = (head & 0x40) !== 0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  const body = cursor.take(isNew ? newLength(cursor) : cursor.number([1, 2, 4, 0][head & 3]!));
  return { tag, body, bytes: cursor.bytes.subarray(start, cursor.at) };
}

function newLength(cursor: PacketCursor): number {
  const first = cursor.number(1);
  if (first < 192) return first;
  if (first === 255) return cursor.number(4);
  if (first >= 224) throw new MalformedPacket('the signature packet has a partial length');
  return (first - 192) * 256 + cursor.number(1) + 192;
}
