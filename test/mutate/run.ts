import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openModules } from './modules.ts';
import { filesOfNames, type Name, Names } from './names.ts';
import { collectTests, type Test } from './tests.ts';

/*
 * `npm run mutate`: misspells each name of the adapters (MUTATE_FILES: of the files whose path holds it; MUTATE_COUNT and MUTATE_SEED:
 * that many, drawn), and runs the tests that must notice. The sources are changed once: each name is looked up while it runs, so the
 * tests of `npm test` run in this process, again and again. Only tests that reach a name run for it, those first whose input holds its
 * words. Prints each name that no test and no type holds, and fails if there is one.
 *
 * A test that fails for another reason would seem to hold every name. So each test runs before anything is changed, and those that fail
 * are left out and named; at the end each test that held a name runs again, unchanged.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? Infinity);
const seed = Number(process.env['MUTATE_SEED'] ?? 1);
const wanted = process.env['MUTATE_FILES'] ?? '';
/** Tests that take seconds and tell of no misspelled name: they try what any key may hold, or how long something takes. */
const slow =
  /survive any damage|never make an input throw|flips no verdict|range\(2000\)|come to an end|lists every kind that rules look up|work grows/;

const folderOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
/** Files of tests, in two rounds: what the first finds need not be asked of the second. */
const late = /generated-facts|deciding-keys|asked-keys|inputs.live/;
const near = [...folderOf('test/inputs'), ...folderOf('test/aws')].filter((file) => !/kubectl|odd-values/.test(file));
const rounds: readonly (readonly string[])[] = [
  near.filter((file) => file.includes('written-facts')),
  near.filter((file) => !late.test(file) && !file.includes('written-facts')),
  near.filter((file) => late.test(file)),
  [
    'test/rules.test.ts',
    ...folderOf('test/engine').filter((file) => !file.includes('ignores')),
    ...folderOf('test/model'),
  ],
].slice(Number(process.env['MUTATE_FROM'] ?? 0), Number(process.env['MUTATE_ROUNDS'] ?? 4));

/** `some` of a list, by a linear congruential generator (Numerical Recipes). */
function draw<T>(all: readonly T[], some: number): readonly T[] {
  if (some >= all.length) return all;
  let state = seed >>> 0;
  return all
    .map((item) => ({ item, rank: (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, some)
    .map(({ item }) => item);
}

const names = new Names();
const texts = new Map(filesOfNames().map((file) => [file, names.instrument(file, readFileSync(file, 'utf8'))]));
/** The words of a text, in one spelling for all formats: `launch_template_id` is `LaunchTemplateId`. */
const wordsOf = (text: string): string[] =>
  (text.match(/[\w.:/-]+/g) ?? []).map((word) => word.toLowerCase().replaceAll(/[_-]/g, ''));

/** The name that is misspelled now, if one is. */
let active = -1;
/** The names that a test reaches: `stamps` are the numbers of the test that reached each last. */
let reached: number[] | undefined;
const stamps = new Int32Array(names.all.length).fill(-1);
let stamp = 0;
const heardTexts = new Set<string>();
const hear = (source: unknown): void => {
  if (reached && typeof source === 'object' && source !== null && 'text' in source) heardTexts.add(String(source.text));
};
const { module: vitest, take } = collectTests();
const modules = await openModules({
  packages: { vitest },
  texts,
  name: (id, text) => {
    if (reached && stamps[id] !== stamp) {
      stamps[id] = stamp;
      reached.push(id);
    }
    return id === active ? `${text}Zz` : text;
  },
  heard: { 'src/syntax/answer.ts readAnswer': hear, 'src/syntax/yaml.ts splitDocuments': hear },
});

/** A test and what it reached. */
interface Known {
  readonly file: string;
  /** Its place among those of its file. */
  readonly index: number;
  readonly title: string;
  readonly ms: number;
  readonly words: ReadonlySet<string>;
}

/** What `run` reaches. */
async function reachedBy(run: () => Promise<unknown>): Promise<readonly number[]> {
  stamp++;
  reached = [];
  try {
    await run();
    return reached;
  } finally {
    reached = undefined;
  }
}

const failing: string[] = [];
interface Round {
  readonly tests: readonly Known[];
  /** Tests by the name that they reach. */
  readonly of: ReadonlyMap<number, readonly Known[]>;
  /** Names that a file reaches while it is loaded, so each of its tests may depend on them. */
  readonly atLoad: ReadonlyMap<number, ReadonlySet<string>>;
}

async function learn(files: readonly string[]): Promise<Round> {
  const tests: Known[] = [];
  const of = new Map<number, Known[]>();
  const atLoad = new Map<number, Set<string>>();
  for (const file of files) {
    await modules.forget();
    heardTexts.clear();
    for (const id of await reachedBy(() => modules.load(file))) atLoad.set(id, (atLoad.get(id) ?? new Set()).add(file));
    const shared = [...heardTexts].flatMap(wordsOf);
    for (const [index, { title, run }] of take().entries()) {
      if (slow.test(title)) continue;
      heardTexts.clear();
      const begun = performance.now();
      try {
        const ids = await reachedBy(run);
        const words = new Set([...shared, ...[...heardTexts].flatMap(wordsOf)]);
        const known = { file, index, title, ms: performance.now() - begun, words };
        tests.push(known);
        for (const id of ids) {
          const list = of.get(id);
          if (list) list.push(known);
          else of.set(id, [known]);
        }
      } catch (error) {
        failing.push(`${file} ${title}: ${String(error).split('\n', 1)[0] ?? ''}`);
      }
    }
  }
  return { tests, of, atLoad };
}

let loaded = new Map<string, readonly Test[]>();
const forget = async (file?: string): Promise<void> => {
  await modules.forget(file);
  loaded = new Map();
};
/** Why a test fails now, if it does. */
async function failureOf({ file, index, title }: Known): Promise<string | undefined> {
  try {
    let tests = loaded.get(file);
    if (!tests) {
      await modules.load(file);
      tests = take();
      loaded.set(file, tests);
    }
    const test = tests[index];
    // The titles of some tests are names that adapters hold.
    if (!test) return `${title} is gone`;
    await test.run();
    return undefined;
  } catch (error) {
    take();
    return String(error).split('\n', 1)[0] ?? '';
  }
}

/** The tests that found the last names of a file. */
const lately = new Map<string, Known[]>();
let ran = 0;
async function holderOf(name: Name, round: Round, budget: number): Promise<Known | undefined> {
  const [word = ''] = wordsOf(name.text);
  const files = round.atLoad.get(name.id);
  const direct = round.of.get(name.id) ?? [];
  const candidates = files ? round.tests.filter(({ file }) => files.has(file)) : direct;
  const isDirect = new Set(direct);
  const rank = (test: Known): number => (test.words.has(word) ? 0 : 2) + (isDirect.has(test) ? 0 : 1);
  const ordered = candidates
    .map((test) => ({ test, rank: rank(test) }))
    .sort((a, b) => a.rank - b.rank || a.test.ms - b.test.ms)
    .map(({ test }) => test);
  const among = new Set(candidates);
  const first = (lately.get(name.file) ?? []).filter((test) => among.has(test));
  // Nothing of the adapters outlives what it reads, except what is worked out while a module is loaded.
  if (files) await forget(name.file);
  active = name.id;
  try {
    const begun = performance.now();
    for (const test of new Set([...first, ...ordered])) {
      ran++;
      if ((await failureOf(test)) !== undefined) {
        lately.set(name.file, [test, ...first.filter((one) => one !== test)].slice(0, 6));
        return test;
      }
      if (performance.now() - begun > budget && !test.words.has(word)) return undefined;
    }
    return undefined;
  } finally {
    active = -1;
    if (files) await forget(name.file);
  }
}

/** The names that the types hold: all are misspelled at once, and an error stands at each. */
function heldByTypes(alive: readonly Name[]): ReadonlySet<Name> {
  const copy = mkdtempSync(join(tmpdir(), 'ekslint-mutate-'));
  try {
    for (const part of ['src', 'rules', 'test', 'bin', 'package.json', 'tsconfig.json'])
      cpSync(part, join(copy, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    for (const file of new Set(alive.map((name) => name.file))) {
      let text = readFileSync(file, 'utf8');
      for (const { end, file: own } of alive.toSorted((a, b) => b.end - a.end))
        if (own === file) text = `${text.slice(0, end)}Zz${text.slice(end)}`;
      writeFileSync(join(copy, file), text);
    }
    const { stdout } = spawnSync('npx', ['tsc', '--noEmit'], { cwd: copy, encoding: 'utf8', maxBuffer: 1e9 });
    const errors = [...stdout.matchAll(/^(src\/[^(]+)\((\d+),(\d+)\): error/gm)].map(
      (match) => `${match[1]}:${match[2]}`,
    );
    const lines = new Set(errors);
    return new Set(alive.filter(({ file, line }) => lines.has(`${file}:${line}`)));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const seconds = (): string => `${Math.round(process.cpuUsage().user / 1e6)} s of one core`;
const told = ({ file, line, text }: Name): string => `${file}:${line} ${text}`;
let alive: readonly Name[] = draw(
  names.all.filter(({ file }) => file.includes(wanted)),
  count,
);
const total = alive.length;
const holders = new Map<Known, Name[]>();
for (const files of rounds) {
  const round = await learn(files);
  console.error(`${seconds()}: ${round.tests.length} tests, ${alive.length} names`);
  const left: Name[] = [];
  alive = alive.toSorted((a, b) => Number(round.atLoad.has(a.id)) - Number(round.atLoad.has(b.id)) || a.id - b.id);
  let done = 0;
  for (const name of alive) {
    if (++done % 500 === 0) console.error(`${seconds()}: ${done} done, ${left.length} alive`);
    const holder = await holderOf(name, round, Number(process.env['MUTATE_BUDGET'] ?? 3000));
    if (holder) holders.set(holder, [...(holders.get(holder) ?? []), name]);
    else left.push(name);
  }
  alive = left;
  console.error(`${seconds()}: ${alive.length} alive, ${ran} runs of tests`);
  if (process.env['MUTATE_DUMP']) writeFileSync(process.env['MUTATE_DUMP'], alive.map(told).join('\n'));
}
const typed = heldByTypes(alive);
alive = alive.filter((name) => !typed.has(name));
console.error(`${seconds()}: ${typed.size} held by types`);
await forget();
for (const [test, held] of holders) {
  const why = await failureOf(test);
  if (why !== undefined)
    for (const name of held) console.log(`UNPROVEN ${told(name)}: ${test.file} ${test.title} fails unchanged: ${why}`);
}
for (const why of failing) console.log(`FAILS UNCHANGED ${why}`);
for (const name of alive) console.log(`ALIVE ${told(name)}`);
console.log(`${total} names, ${alive.length} held by no test (${seconds()})`);
if (process.env['MUTATE_HELD'])
  writeFileSync(
    process.env['MUTATE_HELD'],
    JSON.stringify(
      [...holders].flatMap(([test, held]) => held.map((name) => ({ ...name, test: test.file, title: test.title }))),
    ),
  );
await modules.close();
process.exit(alive.length > 0 || failing.length > 0 ? 1 : 0);
