import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

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
    globalSetup: ['test/helpers/generated-sources.ts'],
    // Any order that depends on the locale or the time zone fails here and not on a user's machine.
    env: { LC_ALL: 'sk_SK.UTF-8', TZ: 'Pacific/Chatham' },
    testTimeout: 30_000,
  },
});
