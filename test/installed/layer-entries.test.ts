import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerEntries } from '../../src/installed/layer-entries.ts';

test.each([1 << 16, 700, 100])('a layer of GNU tar with a time before 1970 is read, in chunks of %i bytes', async (chunkBytes) => {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-layer-'));
  try {
    for (const [name, time] of [
      ['old', -86_400],
      ['new', 1],
    ] as const) {
      writeFileSync(join(folder, name), name.repeat(300));
      utimesSync(join(folder, name), time, time);
    }
    execFileSync('tar', ['--format=gnu', '-cf', 'layer.tar', 'old', 'new'], { cwd: folder });
    const tar = readFileSync(join(folder, 'layer.tar'));
    const chunks = async function* () {
      for (let at = 0; at < tar.length; at += chunkBytes) yield tar.subarray(at, at + chunkBytes);
    };
    const found: string[] = [];
    for await (const { path, content } of layerEntries(chunks(), 'a layer')) found.push(path, Buffer.from(await content()).toString());
    expect(found).toEqual(['old', 'old'.repeat(300), 'new', 'new'.repeat(300)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
