// `npm run bench [folder]`: ratios of one run, because timings of different runs are not comparable. The folder
// defaults to ../shared/corpus if it exists, otherwise to the example repository.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurn, median } from './in-turn.mjs';

const folder = process.argv[2] ?? (existsSync('../shared/corpus') ? '../shared/corpus' : 'fixtures/scenarios/shop');
const runs = Number(process.env.BENCH_RUNS ?? 5);
/** Short programs are run more often, because other load on the machine affects them more. */
const shortRuns = Number(process.env.BENCH_RUNS ?? 25);
const scratch = mkdtempSync(join(tmpdir(), 'ekslint-bench-'));
const oneFile = join(scratch, 'one.yaml');
writeFileSync(oneFile, readFileSync('bench/deployment.yaml'));

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
