import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar, unpackTar } from 'modern-tar';
import { expect, onTestFinished, test } from 'vitest';
import { withoutContainerFiles } from '../../src/images/container-files.ts';

const file = (name: string, text: string, mode: number) => ({
  header: { name, size: text.length, type: 'file' as const, mode },
  body: text,
});
const folder = (name: string) => ({ header: { name, size: 0, type: 'directory' as const, mode: 0o755 } });
const link = (name: string, linkname: string) => ({ header: { name, size: 0, type: 'symlink' as const, linkname } });

test('files that docker adds to a container are taken out of its export, and files of the image with these names stay', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'container-files-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const long = `usr/share/${'long/'.repeat(40)}file`;
  const entries = [
    ...[file('.dockerenv', '', 0o755), folder('dev/'), file('dev/console', '', 0o755), folder('dev/pts/'), folder('dev/shm/')],
    ...[folder('etc/'), file('etc/hostname', '', 0o755), file('etc/hosts', '127.0.0.1 localhost\n', 0o644)],
    ...[file('etc/resolv.conf', '', 0o644), link('etc/mtab', '../proc/self/mounts'), file(long, 'text', 0o644)],
  ];
  const [from, to] = [join(directory, 'from.tar'), join(directory, 'to.tar')];
  writeFileSync(from, await packTar(entries));
  await withoutContainerFiles(from, to);
  const rest = await unpackTar(readFileSync(to));
  expect(rest.map(({ header }) => header.name)).toEqual([...['dev/', 'etc/', 'etc/hosts', 'etc/resolv.conf', 'etc/mtab', long]]);
  expect(Buffer.from(rest.at(-1)!.data!).toString()).toBe('text');
});
