import fc from 'fast-check';
import { check } from './invariants.ts';
import { workspace } from './mutate.ts';
import { readSeeds } from './seeds.ts';

/*
 * `npm run fuzz`: random inputs until FUZZ_SECONDS (60) are over, from FUZZ_SEED on. Prints figures and, for each kind of failure, the
 * smallest input that was found; fails if there is one.
 */

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 60);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);
const mostMemory = 1_500; // MB

const end = Date.now() + seconds * 1000;
const arbitrary = workspace(readSeeds());
const failures = new Map<string, string>();
const sums = { workspaces: 0, files: 0, findings: 0 };

for (let seed = firstSeed; Date.now() < end; seed++) {
  const outcome = await fc.check(
    fc.asyncProperty(arbitrary, async (files) => {
      sums.workspaces++;
      const { documents, findings } = await check(files);
      sums.files += documents;
      sums.findings += findings;
    }),
    {
      seed,
      numRuns: 200,
      interruptAfterTimeLimit: Math.max(1, end - Date.now()),
      markInterruptAsFailure: false,
      endOnFailure: false,
    },
  );
  if (!outcome.failed) continue;
  const error =
    outcome.errorInstance instanceof Error ? outcome.errorInstance : new Error(String(outcome.errorInstance));
  // Of one kind is what fails in the same way: numbers and names differ.
  const kind = error.message.slice(0, 160).replace(/\d+/g, 'N');
  if (failures.has(kind)) continue;
  failures.set(kind, JSON.stringify(outcome.counterexample));
  console.log(
    `FAILED (seed ${seed}) ${error.message.slice(0, 600)}\n${error.stack?.split('\n').slice(1, 4).join('\n')}\n  ${failures.get(kind)}`,
  );
}
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
if (memory > mostMemory) failures.set('memory', `${memory} MB`);
console.log(
  `${sums.workspaces} workspaces, ${sums.files} files, ${sums.findings} findings in ${seconds} s, at most ${memory} MB; ${failures.size} kinds of failures (seeds from ${firstSeed})`,
);
process.exitCode = failures.size > 0 ? 1 : 0;
