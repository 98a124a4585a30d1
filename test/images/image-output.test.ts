import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/images/engine.ts';
import { writeImageOutput } from '../../src/images/image-output.ts';
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
