import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/images/engine.ts';
import { parseImageOutput, writeImageOutput } from '../../src/images/image-output.ts';
import type { RunProgram } from '../../src/io/run-program.ts';

test.each([true, false])('half of an OCI image is removed, and a directory that was there before stays (%s)', async (isThere) => {
  const scratch = mkdtempSync(join(tmpdir(), 'rpm-deps-output-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  const path = join(scratch, 'image');
  if (isThere) mkdirSync(path);
  const run: RunProgram = (_, args) => {
    if (args[0] === 'push') mkdirSync(join(path, 'blobs'), { recursive: true });
    return Promise.resolve({ exitCode: args[0] === 'push' ? 125 : 0, stdout: '', stderr: 'no space left on device' });
  };
  const { signal } = new AbortController();
  const engine = await openEngine({ name: 'podman', dryRun: false, cwd: '/', env: {}, signal, onLine: () => undefined, run });
  const written = writeImageOutput(engine, { reference: 'localhost/a:b', output: { kind: 'oci', path }, scratch });
  await expect(written).rejects.toMatchObject({ code: 'PODMAN', message: `cannot write localhost/a:b to ${path}: the disk is full` });
  expect(existsSync(path)).toBe(isThere);
});

test('what is written replaces no device, no directory by a file, and no file by a directory', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-output-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, 'file'), '');
  for (const output of ['tar:/dev/null', 'oci-archive:/dev/null', 'oci:/dev/null', 'tar:.', 'oci:file'])
    expect(() => parseImageOutput(output, { cwd, engine: 'podman' })).toThrow(/exists and is not a (?:regular file|directory)$/);
  for (const output of ['tar:file', 'oci-archive:file', 'oci:.', 'tar:new', 'oci:new/er'])
    expect(parseImageOutput(output, { cwd, engine: 'podman' }).path).toContain(cwd);
});
