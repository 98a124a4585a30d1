import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** Files that take long: `npm test` leaves them out, `.ci/run` runs all. */
const slow = readFileSync(resolve(import.meta.dirname, 'test/slow-tests.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.endsWith('.test.ts'));

export default defineConfig({
  // The service imports the library by its name: tests run both from source.
  resolve: {
    alias: [
      { find: /^rpm-deps$/, replacement: resolve(import.meta.dirname, 'src/index.ts') },
      { find: /^rpm-deps\/vercmp$/, replacement: resolve(import.meta.dirname, 'src/rpm/vercmp.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'service/test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['RPM_DEPS_SLOW'] === '1' ? [] : slow)],
    // vitest leaves one processor idle by default, which is half of a small machine.
    maxWorkers: '100%',
    globalSetup: ['test/helpers/generated-sources.ts'],
    // Any order that depends on the locale or the time zone fails here and not on a user's machine.
    env: { LC_ALL: 'sk_SK.UTF-8', TZ: 'Pacific/Chatham' },
    // Nothing here is about speed: a test ends when it hangs, not because a machine is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
