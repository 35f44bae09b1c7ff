import fc from 'fast-check';
import { clusters } from './clusters.ts';
import { formats } from './formats.ts';
import { check } from './invariants.ts';
import { kustomize } from './kustomize.ts';
import { kubernetes } from './objects.ts';
import { workspace } from './mutate.ts';
import { readSeeds } from './seeds.ts';
import { snapshots } from './snapshots.ts';

/*
 * `npm run fuzz`: random inputs for FUZZ_SECONDS (60), starting at FUZZ_SEED, of all kinds or of FUZZ_ONLY. Prints
 * figures and, for each kind of failure, the smallest input that was found; fails if there is one.
 */

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 60);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);
const mostMemory = 1_500; // MB

/** Random inputs of one kind, and what must hold of them. */
interface Family<T> {
  readonly arbitrary: fc.Arbitrary<T>;
  readonly check: (input: T) => Promise<{ readonly documents: number; readonly findings: number }>;
  /** Inputs for each seed. */
  readonly runs: number;
}
interface Sums {
  inputs: number;
  files: number;
  findings: number;
}

const end = Date.now() + seconds * 1000;
const failures = new Map<string, string>();

async function fuzz<T>({ arbitrary, check: holds, runs }: Family<T>, seed: number, sums: Sums): Promise<void> {
  const outcome = await fc.check(
    fc.asyncProperty(arbitrary, async (input) => {
      const { documents, findings } = await holds(input);
      sums.inputs++;
      sums.files += documents;
      sums.findings += findings;
    }),
    {
      seed,
      numRuns: runs,
      interruptAfterTimeLimit: Math.max(1, end - Date.now()),
      markInterruptAsFailure: false,
      endOnFailure: false,
    },
  );
  // Time was up before the first input, which fast-check reports as a failure.
  if (!outcome.failed || (outcome.interrupted && outcome.numRuns === 0)) return;
  const error =
    outcome.errorInstance instanceof Error ? outcome.errorInstance : new Error(String(outcome.errorInstance));
  // Failures of one kind fail in the same way: numbers and names differ.
  const kind = error.message.slice(0, 160).replace(/\d+/g, 'N');
  if (failures.has(kind)) return;
  failures.set(kind, JSON.stringify(outcome.counterexample));
  console.log(
    `FAILED (seed ${seed}) ${error.message.slice(0, 600)}\n${error.stack?.split('\n').slice(1, 4).join('\n')}\n  ${failures.get(kind)}`,
  );
}

const families: Readonly<Record<string, (seed: number, sums: Sums) => Promise<void>>> = {
  workspaces: (seed, sums) => fuzz({ arbitrary: mutations, check, runs: 100 }, seed, sums),
  kustomizations: (seed, sums) => fuzz({ ...kustomize, runs: 20 }, seed, sums),
  clusters: (seed, sums) => fuzz({ ...clusters, runs: 20 }, seed, sums),
  kubernetes: (seed, sums) => fuzz({ ...kubernetes, runs: 20 }, seed, sums),
  snapshots: (seed, sums) => fuzz({ ...snapshots, runs: 20 }, seed, sums),
  ...Object.fromEntries(
    Object.entries(formats).map(([name, family]) => [
      name,
      (seed: number, sums: Sums) => fuzz({ ...family, runs: 20 }, seed, sums),
    ]),
  ),
};
const mutations = workspace(readSeeds());
const asked = process.env['FUZZ_ONLY'];
const figures = new Map<string, Sums>(
  Object.keys(families)
    .filter((name) => asked === undefined || asked === name)
    .map((name) => [name, { inputs: 0, files: 0, findings: 0 }]),
);

for (let seed = firstSeed; Date.now() < end; seed++)
  for (const [name, sums] of figures) if (Date.now() < end) await families[name]?.(seed, sums);

const memory = Math.round(process.resourceUsage().maxRSS / 1024);
if (memory > mostMemory) failures.set('memory', `${memory} MB`);
for (const [name, sums] of figures)
  console.log(`${sums.inputs} ${name}, ${sums.files} files, ${sums.findings} findings`);
console.log(`${seconds} s, at most ${memory} MB; ${failures.size} kinds of failures (seeds from ${firstSeed})`);
process.exitCode = failures.size > 0 ? 1 : 0;
