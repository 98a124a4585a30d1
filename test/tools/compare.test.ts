import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('a folder that is no mirror is not compared, and that is no success', () => {
  const root = resolve(import.meta.dirname, '../..');
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/compare.ts', '--mirror', 'fixtures'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout).toBe(
    `nothing compared: there is no mirror with 9-stream/REPO/ARCH/os in ${root}/fixtures (give --mirror, or set RPM_DEPS_CORPUS)\n`,
  );
  expect(status).toBe(2);
});
