/**
 * Reads a file that may be untrusted. A pull request can contain links, to an endless device or to a pipe without
 * a writer. Such files are read only if the path is an explicit one, such as `/dev/stdin` or `/dev/fd/63` of a shell.
 */
import { constants, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** Throws an error without `code` if the file is too large or not a regular file; otherwise the error of the system. */
export async function readWithin(path: string, maxBytes: number): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory() && !path.startsWith('/dev/')) throw new Error('it is not a regular file');
  if (found.size > maxBytes) throw tooLarge(maxBytes);
  // Without O_NONBLOCK, a thread would wait for a writer of the pipe and ignore signals.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  // Standard input may be a socket, which cannot be opened by its path.
  const isSocket = found.isSocket() && path === '/dev/stdin';
  if (found.isFIFO() || isSocket) {
    // Loaded on demand: pipes are rare, and loading it takes 5 percent of the time of `--help`.
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
