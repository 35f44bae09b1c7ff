import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    passWithNoTests: false,
    // One rule out of all is asked for with `-t`; the names of the others would bury what it says.
    hideSkippedTests: true,
    // Pages are read, not imported, so the watcher does not know that tests hang on them.
    watchTriggerPatterns: [{ pattern: /rules\/.*\.md$/, testsToRun: () => 'test/rules.test.ts' }],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**', 'test/install/**'] },
      },
      // Starts what users start: the package is built, packed and installed once.
      { extends: true, test: { name: 'e2e', include: ['test/e2e/*.test.ts'], globalSetup: ['test/e2e/install.ts'] } },
    ],
  },
});
