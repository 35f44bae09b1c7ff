import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start the program, wherever they are. */
const endToEnd = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.ts'))
  .filter(
    (name) =>
      name.startsWith('test/e2e/') ||
      /import \{[^}]*\b(?:bin|ekslint|shell)\b[^}]*\} from '[./\w]*e2e\/ekslint\.ts'/.test(readFileSync(name, 'utf8')),
  );

/** The file that waits longest is started first, so that the others run meanwhile; of these the largest come first. */
class LongestWaitFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFirst = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/audit-throttled.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isFirst), ...sorted.filter((one) => !isFirst(one))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestWaitFirst },
    testTimeout: 60_000,
    // Hooks build and start what tests need, on machines that are busy with other tests.
    hookTimeout: 120_000,
    passWithNoTests: false,
    // One rule out of all is selected with `-t`; the names of the others would bury its output.
    hideSkippedTests: true,
    // Pages are read, not imported, so the watcher does not know that tests depend on them.
    watchTriggerPatterns: [{ pattern: /rules\/.*\.md$/, testsToRun: () => 'test/rules.test.ts' }],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...endToEnd, 'test/install/**'] },
      },
      // Starts what users start: the package is built, packed and installed once.
      { extends: true, test: { name: 'e2e', include: endToEnd, globalSetup: ['test/e2e/install.ts'] } },
    ],
  },
});
