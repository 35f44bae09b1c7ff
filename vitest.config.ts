import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/e2e/build.ts'],
    testTimeout: 30_000,
    passWithNoTests: false,
    // One rule out of all is asked for with `-t`; the names of the others would bury what it says.
    hideSkippedTests: true,
    // Pages are read, not imported, so the watcher does not know that tests hang on them.
    watchTriggerPatterns: [{ pattern: /rules\/.*\.md$/, testsToRun: () => 'test/rules.test.ts' }],
  },
});
