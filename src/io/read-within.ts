/**
 * Reads a file that others may have written. Links come with pull requests too: what they lead to may be a device that never ends, or a pipe that
 * nobody writes to. Such things are read only where their path says that they are meant, as `/dev/stdin` or `/dev/fd/63` of a shell do.
 */
import { constants, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** Throws an error without `code` where it is larger, or nothing that can be read to its end; else the error of the system. */
export async function readWithin(path: string, maxBytes: number): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory() && !path.startsWith('/dev/')) throw new Error('it is not a regular file');
  if (found.size > maxBytes) throw tooLarge(maxBytes);
  // Without O_NONBLOCK, a thread would wait for the writer of a pipe, whatever signals come.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  // A program may give another one a socket to read from, which no path opens.
  const isSocket = found.isSocket() && path === '/dev/stdin';
  if (found.isFIFO() || isSocket) {
    // Pipes are rare, and loading this takes a twentieth of the time of `--help`.
    const { Socket } = await import('node:net');
    return join(new Socket({ fd: isSocket ? 0 : openSync(path, flags), writable: false }), maxBytes);
  }
  const file = await open(path, flags);
  try {
    return await join(pieces(file), maxBytes);
  } finally {
    await file.close();
  }
}

const PIECE_BYTES = 256 * 1024;

async function* pieces(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function join(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    read.push(chunk);
  }
  return Buffer.concat(read);
}

const tooLarge = (maxBytes: number): Error => new Error(`it is larger than ${maxBytes >> 20} MiB`);
