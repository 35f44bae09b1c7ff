// `npm run bench:audit [folder]`: the time of an audit with every rule against that of HardenEKS and Polaris, in one
// run on one cluster: one with the objects of the audit tests, and a small one; or one with the objects of a folder.
// HARDENEKS and POLARIS name the programs (`pip install hardeneks`, `.ci/polaris`); a missing one is skipped and
// listed. `--strict` fails if a goal is missed or a program is missing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { isRecord } from '#model/shape.ts';
import { type Rig, startRig } from './audit-rig.mts';

const folder = process.argv.slice(2).find((one) => !one.startsWith('-'));
const demo = '../shared/corpus/microservices-demo/release';
/** A cluster of a few objects, where the time before judging dominates. */
const small = existsSync(demo) ? demo : 'fixtures/scenarios/shop';
const runs = Number(process.env['BENCH_RUNS'] ?? 5);
/**
 * Milliseconds of all runs of one program, after which it is not run again: HardenEKS asks for each namespace
 * separately.
 */
const patience = 45_000;
const cli = resolve(process.env['EKSLINT_BIN'] ?? 'bin/ekslint.cjs');
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

interface Time {
  readonly wall: number;
  readonly cpu: number;
}

/** Run time of a program in milliseconds. Not synchronous: the servers answer from this process. */
const time = async (command: readonly string[], cwd: string, most: number): Promise<Time> =>
  await new Promise((done, fail) => {
    // The shell reports the processor time of its children, which Node does not.
    const timed = `TIMEFORMAT='%R %U %S'; time "$@" 2>&3`;
    const child = spawn('bash', ['-c', timed, '-', ...command], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], cwd });
    let [said, spent] = ['', ''];
    child.stdio[3]?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.stderr?.on('data', (chunk: Buffer) => (spent += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => {
      const [wall = NaN, user = NaN, system = NaN] = spent
        .trim()
        .split(' ')
        .map((one) => Number(one) * 1000);
      if (code === null || code > most) fail(new Error(`it ended with ${code}: ${said || spent}`));
      else done({ wall, cpu: user + system });
    });
  });

interface Measured {
  readonly name: string;
  readonly command: readonly string[];
  /** The highest exit code with which the program has completed. */
  readonly most: number;
  /** The ratio that an audit should stay below; none for our own runs. */
  readonly goal?: number;
  /** The part of an audit that reads the same as this program. */
  readonly likewise?: string;
  version(): string;
  /** What it has judged, according to its report. */
  judged(): string;
}

const said = (...command: readonly string[]): string => {
  const [program = '', ...args] = command;
  return spawnSync(program, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
};
const json = (file: string): Record<string, unknown> => {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(read)) throw new Error(`${file} is not a report`);
  return read;
};
const sizeOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
/** The verdicts in the report of HardenEKS: lists in maps of maps. */
const verdictsIn = (value: unknown): number =>
  isRecord(value) ? Object.values(value).reduce<number>((sum, one) => sum + verdictsIn(one), 0) : sizeOf(value);

function programs({ scratch, cluster, region }: Rig): readonly Measured[] {
  const fileOf = (name: string): string => join(scratch, `${name}.json`);
  const [ekslint, objects, hardeneks, polaris] = [
    fileOf('ekslint'),
    fileOf('objects'),
    fileOf('hardeneks'),
    fileOf('polaris'),
  ];
  const [HARDENEKS = 'hardeneks', POLARIS = 'polaris'] = [process.env['HARDENEKS'], process.env['POLARIS']];
  const every = ['--no-config', '--preset', 'all', '--fail-on', 'never', '--allow-incomplete', '--no-progress'];
  const audit = (name: string, file: string, ...flags: readonly string[]): Measured => ({
    name,
    command: [process.execPath, cli, 'audit', ...flags, '--context', cluster, ...every, '-f', `json=${file}`],
    most: 0,
    version: () => `${said(process.execPath, cli, '--version')} on Node ${process.version}`,
    judged: () => `${sizeOf(json(file)['findings'])} findings`,
  });
  return [
    audit('ekslint', ekslint, cluster),
    audit('ekslint --no-aws', objects, '--no-aws'),
    {
      name: 'HardenEKS',
      command: [HARDENEKS, '--region', region, '--context', cluster, '--cluster', cluster, '--export-json', hardeneks],
      most: 1,
      goal: 0.3,
      version: () => {
        const [, python = ''] = /^#!(.+)/.exec(readFileSync(said('which', HARDENEKS), 'utf8')) ?? [];
        return said(python, '-c', 'from importlib.metadata import version; print(version("hardeneks"))');
      },
      judged: () => `${verdictsIn(json(hardeneks))} verdicts`,
    },
    {
      name: 'Polaris',
      command: [POLARIS, 'audit', '--format', 'json', '--output-file', polaris],
      most: 0,
      goal: 0.7,
      likewise: 'ekslint --no-aws',
      version: () => said(POLARIS, 'version').replace(/^.*:/, ''),
      judged: () => {
        const { Results, ClusterInfo } = json(polaris);
        const workloads = isRecord(ClusterInfo) ? Number(ClusterInfo['Controllers']) : 0;
        if (workloads === 0) throw new Error('Polaris has judged no workload');
        return `${sizeOf(Results)} objects, ${workloads} of them workloads`;
      },
    },
  ];
}

/** Measures all programs on one cluster. Returns the number of missed goals. */
async function measure(rig: Rig): Promise<number> {
  const kinds = new Map<unknown, number>();
  for (const { kind } of rig.objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const most = [...kinds].sort(([, one], [, other]) => other - one).slice(0, 5);
  console.log(
    `${rig.objects.length} objects (${most.map(([kind, n]) => `${n} ${String(kind)}`).join(', ')}, ...) in Kubernetes ${rig.version}`,
  );
  const all = programs(rig);
  const times = new Map<string, Time[]>();
  let missed = 0;
  // Alternating, so that a machine that slows down slows all of them. The first run of each warms caches.
  for (let run = 0; run <= runs; run++)
    for (const { name, command, most: worst, goal } of all) {
      const known = times.get(name) ?? [];
      const spent = known.reduce((sum, { wall }) => sum + wall, 0);
      if (run > 0 && (known.length === 0 || (known.length > 1 && spent > patience))) continue;
      try {
        known.push(await time(command, rig.scratch, worst));
        times.set(name, known);
      } catch (error) {
        if (goal === undefined) throw error;
        console.log(`${name}: not measured: ${(error as Error).message.trim().slice(0, 500)}`);
        missed++;
      }
    }
  const measured = all.filter(({ name }) => times.has(name));
  const runsOf = (name: string): readonly Time[] => (times.get(name) ?? []).slice(1);
  const of = (name: string, what: keyof Time): number => median(runsOf(name).map((one) => one[what]));
  for (const { name, version, judged } of measured)
    console.log(
      `       ${of(name, 'wall').toFixed(0)} ms, processor ${of(name, 'cpu').toFixed(0)} ms  ${name} ${version()}: ${judged()} (median of ${runsOf(name).length})`,
    );
  for (const { name, goal, likewise } of measured) {
    if (goal === undefined) continue;
    // Compared within each round, so that other load on the machine affects both.
    const ratioOf = (what: keyof Time, ours = 'ekslint'): number =>
      median(runsOf(name).map((one, round) => (runsOf(ours)[round]?.[what] ?? NaN) / one[what]));
    const ratio = ratioOf('wall');
    if (ratio > goal) missed++;
    console.log(
      `${ratio <= goal ? 'ok    ' : 'missed'} ${ratio.toFixed(2)} (goal ${goal})  an audit with every rule / ${name}; processor ${ratioOf('cpu').toFixed(2)}`,
    );
    if (likewise !== undefined)
      console.log(
        `       ${ratioOf('wall', likewise).toFixed(2)}  ${likewise} / ${name}, which does not ask AWS; processor ${ratioOf('cpu', likewise).toFixed(2)}`,
      );
  }
  return missed;
}

let missed = 0;
for (const one of folder === undefined ? [undefined, small] : [folder]) {
  const rig = await startRig(one);
  try {
    missed += await measure(rig);
  } finally {
    await rig.stop();
  }
}
console.log(
  `${cpus().length} cores, load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`,
);
process.exitCode = missed > 0 && process.argv.includes('--strict') ? 1 : 0;
