// `npm run bench [folder]`: ratios of one run, because timings of different runs are not comparable. The folder
// defaults to ../shared/corpus if it exists, otherwise to the example repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = process.argv[2] ?? (existsSync('../shared/corpus') ? '../shared/corpus' : 'fixtures/scenarios/shop');
const runs = Number(process.env.BENCH_RUNS ?? 5);
/** Short programs are run more often, because other load on the machine affects them more. */
const shortRuns = Number(process.env.BENCH_RUNS ?? 25);
const scratch = mkdtempSync(join(tmpdir(), 'ekslint-bench-'));
const oneFile = join(scratch, 'one.yaml');
writeFileSync(oneFile, readFileSync('bench/deployment.yaml'));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const hook = resolve(import.meta.dirname, 'cpu.cjs');
const measure = (args) => {
  const start = process.hrtime.bigint();
  const stdio = ['ignore', 'ignore', 'inherit', 'pipe'];
  const { status, output } = spawnSync(process.execPath, ['--require', hook, ...args], { stdio });
  if (status === 2 || status === null) throw new Error(`${args.join(' ')} ended with ${status}`);
  return { wall: Number(process.hrtime.bigint() - start) / 1e6, cpu: Number.parseInt(output[3], 10) / 1e3 };
};
// Alternating, so that a machine that slows down slows all of them.
const inTurn = (commands, times) => {
  const figures = commands.map(() => []);
  for (let i = 0; i <= times; i++)
    for (const [at, args] of commands.entries()) {
      const one = measure(args);
      if (i > 0) figures[at].push(one);
    }
  return figures;
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

const cli = resolve(process.env.EKSLINT_BIN ?? 'bin/ekslint.cjs'); // an installed package is given as EKSLINT_BIN
const [node, one, version] = inTurn(
  [
    ['-e', '0'],
    [cli, '--no-config', '--fail-on', 'never', oneFile],
    [cli, '--version'],
  ],
  shortRuns,
);
const [yaml, corpus] = inTurn(
  [
    [parse],
    [cli, '--no-config', '--preset', 'all', '--fail-on', 'never', '--allow-incomplete', '--format', 'sarif', folder],
  ],
  runs,
);
const rows = [
  ['one file / node -e 0', one, node, 1.5],
  ['--version / node -e 0', version, node, 1.15],
  [`all rules, SARIF, ${folder} / yaml over the same files`, corpus, yaml, 0.5],
].flatMap(([what, a, b, goal]) => ['wall', 'cpu'].map((kind) => ({ what, a, b, goal, kind })));
let missed = 0;
for (const { what, a, b, goal, kind } of rows) {
  // Each run is compared with the adjacent one.
  const ratio = median(a.map((run, i) => run[kind] / b[i][kind]));
  const [of, to] = [a, b].map((runs) => median(runs.map((run) => run[kind])).toFixed(0));
  if (ratio > goal) missed++;
  console.log(
    `${ratio > goal ? 'missed' : 'ok    '} ${ratio.toFixed(2)} (goal ${goal})  ${of} / ${to} ms ${kind.padEnd(4)}  ${what}`,
  );
}
process.exitCode = missed > 0 && process.argv.includes('--strict') ? 1 : 0;
rmSync(scratch, { recursive: true });
