import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isWhole = process.env['RPM_DEPS_SLOW'] === '1';
/** Files that take long: `npm test` leaves them out, `.ci/run` runs all. */
const slow = readFileSync(resolve(import.meta.dirname, 'test/slow-tests.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.endsWith('.test.ts'));

/** Files that start processes come first: that costs a process by its memory, and a worker that has run many files is large. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const starts = (file: TestSpecification): boolean =>
      /child_process|bot-project|fake-engine|git-project/.test(readFileSync(file.moduleId, 'utf8'));
    return [...sorted.filter(starts), ...sorted.filter((file) => !starts(file))];
  }
}

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
    exclude: [...configDefaults.exclude, ...(isWhole ? [] : slow)],
    // vitest leaves one processor idle by default, which is half of a small machine.
    maxWorkers: '100%',
    // Quick tests share their processes: a process of its own for each file costs as much as the tests themselves.
    isolate: isWhole,
    sequence: { sequencer: ProcessesFirst },
    // Files are transformed once for all runs, by their content, instead of in each run for each isolated test file.
    experimental: { fsModuleCache: true },
    globalSetup: ['test/helpers/before-all-tests.ts'],
    // Any order that depends on the locale or the time zone fails here and not on a user's machine.
    env: { LC_ALL: 'sk_SK.UTF-8', TZ: 'Pacific/Chatham' },
    // Nothing here is about speed: a test ends when it hangs, not because a machine is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
