// `npm run bench [folder]`: ratios of one run, since timings of different runs do not compare. The folder defaults to ../shared/corpus
// where it exists, else to the example repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = process.argv[2] ?? (existsSync('../shared/corpus') ? '../shared/corpus' : 'fixtures/scenarios/shop');
const runs = Number(process.env.BENCH_RUNS ?? 5);
const scratch = mkdtempSync(join(tmpdir(), 'ekslint-bench-'));
const oneFile = join(scratch, 'one.yaml');
writeFileSync(oneFile, readFileSync('bench/deployment.yaml'));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const time = (args) => {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 2 || status === null) throw new Error(`${args.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
};
// In turn, so that a machine that slows down slows all of them.
const inTurn = (commands) => {
  const times = commands.map(() => []);
  for (let i = 0; i <= runs; i++)
    for (const [at, args] of commands.entries()) {
      const ms = time(args);
      if (i > 0) times[at].push(ms);
    }
  return times.map(median);
};

const files = readdirSync(folder, { recursive: true })
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => join(folder, name));
const parse = join(scratch, 'parse.mjs');
writeFileSync(
  parse,
  `import { parseAllDocuments } from ${JSON.stringify(import.meta.resolve('yaml'))};
import { readFileSync } from 'node:fs';
for (const file of ${JSON.stringify(files.map((file) => join(process.cwd(), file)))}) try { parseAllDocuments(readFileSync(file, 'utf8')); } catch {}`,
);

const cli = resolve(process.env.EKSLINT_BIN ?? 'bin/ekslint.cjs'); // an installed package is named by EKSLINT_BIN
const [node, one, version] = inTurn([
  ['-e', '0'],
  [cli, '--no-config', '--fail-on', 'never', oneFile],
  [cli, '--version'],
]);
const [yaml, corpus] = inTurn([
  [parse],
  [cli, '--no-config', '--preset', 'all', '--fail-on', 'never', '--allow-incomplete', '--format', 'sarif', folder],
]);
const rows = [
  ['one file / node -e 0', one, node, 1.5],
  ['--version / node -e 0', version, node, 1.15],
  [`all rules, SARIF, ${folder} / yaml over the same files`, corpus, yaml, 0.5],
];
let missed = 0;
for (const [what, a, b, goal] of rows) {
  const ok = a / b <= goal;
  if (!ok) missed++;
  console.log(
    `${ok ? 'ok    ' : 'missed'} ${(a / b).toFixed(2)} (goal ${goal})  ${a.toFixed(0)} / ${b.toFixed(0)} ms  ${what}`,
  );
}
process.exitCode = missed > 0 && process.argv.includes('--strict') ? 1 : 0;
rmSync(scratch, { recursive: true });
