import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openModules } from './modules.ts';
import { filesOfNames, folders, type Name, Names } from './names.ts';
import { collectTests, type Test } from './tests.ts';

/*
 * `npm run mutate`: misspells each name of the adapters (MUTATE_FILES: of the files whose path it matches; MUTATE_COUNT and MUTATE_SEED:
 * that many, drawn), and runs the tests that must notice. The sources are changed once: each name is looked up while it runs, so the
 * tests of `npm test` run in this process, again and again. Only tests that reach a name run for it, those first whose input holds its
 * word. Prints each name that no test and no type holds, and fails if there is one that `alive.txt` does not list.
 *
 * A test that fails for another reason would seem to check every name. So each test runs before anything is changed,
 * and those that fail are skipped and listed; at the end each test that detected a name runs again, unchanged.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? Infinity);
const seed = Number(process.env['MUTATE_SEED'] ?? 1);
const wanted = new RegExp(process.env['MUTATE_FILES'] ?? '');
/** The test files to run: a few of them show in seconds which names they hold. */
const asked = new RegExp(process.env['MUTATE_TESTS'] ?? '');
/** How long tests run for a name whose word their input does not hold; five times as long for others. */
const patience = Number(process.env['MUTATE_MS'] ?? 500);

/**
 * Tests that take seconds and detect no misspelled name: they try what any key may contain, or how long something
 * takes.
 */
const slow =
  /survive any damage|never make an input throw|flips no verdict|range\(2000\)|come to an end|lists every kind that rules look up|work grows/;
const folderOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
const ofInputs = folderOf('test/inputs').filter((file) => !/kubectl|odd-values/.test(file));
/** Tests of many files each. */
const long = ofInputs.filter((file) => /generated-facts|deciding-keys|live/.test(file));
/** The tests that hold most names; all of each file is run for each name. */
const first = ofInputs.filter((file) => /written-facts|asked-keys|kustomize-built/.test(file));
/** Files of tests in rounds: what one finds is not asked of the next. */
const rounds: readonly (readonly string[])[] = [
  first,
  [...ofInputs.filter((file) => !first.includes(file) && !long.includes(file)), ...folderOf('test/aws')],
  [
    ...long,
    'test/rules.test.ts',
    ...folderOf('test/engine').filter((file) => !file.includes('ignores')),
    ...folderOf('test/model'),
  ],
]
  .slice(0, Number(process.env['MUTATE_ROUNDS'] ?? 3))
  .map((files) => files.filter((file) => asked.test(file)));

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
/** The words of a text, in one normalized form for all formats: `launch_template_id` is `LaunchTemplateId`. */
const wordsOf = (text: string): string[] =>
  (text.match(/[\w.:/-]+/g) ?? []).map((word) => word.toLowerCase().replaceAll(/[_-]/g, ''));

/** The currently misspelled name, if any. */
let active = -1;
/** The names that a test reaches: `stamps` contains the number of the last test that reached each. */
let reached: number[] | undefined;
const stamps = new Int32Array(names.all.length).fill(-1);
let stamp = 0;
const heardTexts = new Set<string>();
/** A source, or files by their names. */
const hear = (given: unknown): void => {
  if (!reached || typeof given !== 'object' || given === null) return;
  for (const text of 'text' in given ? [given.text] : Object.values(given)) heardTexts.add(String(text));
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
  heard: {
    'src/syntax/answer.ts readAnswer': hear,
    'src/syntax/yaml.ts splitDocuments': hear,
    'test/inputs/read.ts read': hear,
    'test/inputs/written-facts.ts writtenFacts': hear,
  },
});

/** A test and what it reached. */
interface Known {
  readonly file: string;
  /** Its index among the tests of its file. */
  readonly index: number;
  readonly title: string;
  readonly ms: number;
  readonly words: ReadonlySet<string>;
}

/** The names that `run` reaches. */
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
/** Why a test currently fails, if it does. */
async function failureOf({ file, index }: Known): Promise<string | undefined> {
  try {
    let tests = loaded.get(file);
    if (!tests) {
      await modules.load(file);
      tests = take();
      loaded.set(file, tests);
    }
    // Titles may be names in adapters: a missing test is not a failure.
    await tests[index]?.run();
    return undefined;
  } catch (error) {
    take();
    return String(error).split('\n', 1)[0] ?? '';
  }
}

/** The tests that found the last names of a file. */
const lately = new Map<string, Known[]>();
async function holderOf(name: Name, round: Round): Promise<Known | undefined> {
  const [word = ''] = wordsOf(name.text);
  const files = round.atLoad.get(name.id);
  const direct = round.of.get(name.id) ?? [];
  const ofFiles = files ? round.tests.filter(({ file }) => files.has(file)) : [];
  const candidates = [...new Set([...direct, ...ofFiles])];
  const isDirect = new Set(direct);
  const rank = (test: Known): number => (test.words.has(word) ? 0 : 2) + (isDirect.has(test) ? 0 : 1);
  const ordered = candidates
    .map((test) => ({ test, rank: rank(test) }))
    .sort((a, b) => a.rank - b.rank || a.test.ms - b.test.ms)
    .map(({ test }) => test);
  const among = new Set(candidates);
  const recent = (lately.get(name.file) ?? []).filter((test) => among.has(test));
  // No state of the adapters outlives a test, except what is computed while a module is loaded.
  if (files) await forget(name.file);
  active = name.id;
  try {
    let spent = 0;
    for (const test of new Set([...recent, ...ordered])) {
      if (!first.includes(test.file)) spent += test.ms;
      if (spent > patience * (test.words.has(word) ? 5 : 1)) continue;
      if ((await failureOf(test)) === undefined) continue;
      lately.set(name.file, [test, ...recent.filter((one) => one !== test)].slice(0, 6));
      return test;
    }
    return undefined;
  } finally {
    active = -1;
    if (files) await forget(name.file);
  }
}

interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
/** What the compiler finds wrong where some names are misspelled; `check` is called with them again and again. */
function withTypes<T>(check: (faults: (misspelled: readonly Name[]) => readonly Fault[]) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'ekslint-mutate-'));
  try {
    for (const part of ['src', 'package.json', 'tsconfig.json']) cpSync(part, join(copy, part), { recursive: true });
    // The adapters alone take a fifth of the time.
    writeFileSync(join(copy, 'adapters.json'), JSON.stringify({ extends: './tsconfig.json', include: folders }));
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    let touched = new Set<string>();
    return check((misspelled) => {
      const now = new Set(misspelled.map(({ file }) => file));
      for (const file of new Set([...touched, ...now])) {
        let text = readFileSync(file, 'utf8');
        for (const { end, file: own } of misspelled.toSorted((a, b) => b.end - a.end))
          if (own === file) text = `${text.slice(0, end)}Zz${text.slice(end)}`;
        writeFileSync(join(copy, file), text);
      }
      touched = now;
      const { stdout } = spawnSync('npx', ['tsc', '--noEmit', '-p', 'adapters.json'], {
        cwd: copy,
        encoding: 'utf8',
        maxBuffer: 1e9,
      });
      return [...stdout.matchAll(/^(src\/[^(]+)\((\d+),(\d+)\): error/gm)].map(([, file = '', line, column]) => ({
        file,
        line: Number(line),
        column: Number(column),
      }));
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * Names that the types check: all are misspelled at once, and each causes an error. An error in a line belongs to the
 * only name there, or to the name at its column. If a name of the line is left over, it is tried again without the
 * others.
 */
const heldByTypes = (names: readonly Name[]): ReadonlySet<Name> =>
  withTypes((faults) => {
    const held = new Set<Name>();
    for (let before = -1; before < held.size;) {
      before = held.size;
      const left = names.filter((name) => !held.has(name));
      for (const { file, line, column } of faults(left)) {
        const there = left
          .filter((name) => name.file === file && name.line === line)
          .sort((a, b) => a.column - b.column)
          // Each earlier name in the line is longer by two.
          .map((name, index) => ({ name, from: name.column + 2 * index }));
        const at = there.findLast(({ from }) => from <= column);
        const isAt = at !== undefined && column <= at.from + at.name.text.length + 1;
        const one = there.length === 1 ? there[0] : isAt ? at : undefined;
        if (one) held.add(one.name);
      }
    }
    return held;
  });

/** The same for names whose errors stand elsewhere in their file: each is the only one that is misspelled there. */
const heldAlone = (names: readonly Name[]): ReadonlySet<Name> =>
  withTypes((faults) => {
    const held = new Set<Name>();
    for (let left = [...names]; left.length > 0;) {
      const byFile = new Map(left.map((name) => [name.file, name]));
      for (const { file } of faults([...byFile.values()])) {
        const name = byFile.get(file);
        if (name) held.add(name);
      }
      left = left.filter((name) => byFile.get(name.file) !== name);
    }
    return held;
  });

const seconds = (): string => `${Math.round(process.cpuUsage().user / 1e6)} s of a core`;
const told = ({ file, line, text }: Name): string => `${file}:${line} ${text}`;
const drawn = draw(
  names.all.filter(({ file }) => wanted.test(file)),
  count,
);
const holders = new Map<Known, Name[]>();
let alive: readonly Name[] = drawn;
for (const [index, files] of rounds.entries()) {
  const round = await learn(files);
  await forget();
  console.error(`${seconds()}: ${round.tests.length} tests for ${alive.length} names`);
  // A name that is looked up while modules are loaded takes longer, because they are loaded again.
  const order = alive.toSorted(
    (a, b) => Number(round.atLoad.has(a.id)) - Number(round.atLoad.has(b.id)) || a.id - b.id,
  );
  const left: Name[] = [];
  for (const [done, name] of order.entries()) {
    if (done % 500 === 499) console.error(`${seconds()}: ${done + 1} names, ${left.length} not held yet`);
    const holder = await holderOf(name, round);
    if (holder) holders.set(holder, [...(holders.get(holder) ?? []), name]);
    else left.push(name);
  }
  alive = left;
  if (index > 0) continue;
  const typed = heldByTypes(alive);
  alive = alive.filter((name) => !typed.has(name));
  console.error(`${seconds()}: ${typed.size} held by the types, ${alive.length} left`);
}
const typed = heldAlone(alive);
alive = alive.filter((name) => !typed.has(name));
console.error(`${seconds()}: ${typed.size} more held by the types, ${alive.length} left`);
let failed = failing.length > 0;
for (const why of failing) console.log(`FAILS UNCHANGED ${why}`);
await forget();
for (const [test, held] of holders) {
  if (count < Infinity) for (const name of held) console.log(`held ${told(name)} by ${test.file} ${test.title}`);
  const why = await failureOf(test);
  if (why === undefined) continue;
  failed = true;
  for (const name of held) console.log(`UNPROVEN ${told(name)}: ${test.file} ${test.title} fails unchanged: ${why}`);
}
/** Names that are known to be checked by nothing, each with the reason, by file and text. */
const listed = new Set(
  readFileSync('test/mutate/alive.txt', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' # ', 1)[0] ?? ''),
);
const keyOf = ({ file, text }: Name): string => `${file} ${text}`;
const unlisted = alive.filter((name) => !listed.has(keyOf(name)));
for (const name of unlisted) console.log(`ALIVE ${told(name)}`);
if (count === Infinity) {
  const still = new Set(alive.map(keyOf));
  for (const key of listed)
    if (wanted.test(key.split(' ', 1)[0] ?? '') && !still.has(key)) {
      failed = true;
      console.log(`HELD NOW, take it off the list: ${key}`);
    }
}
console.log(
  `${count < Infinity ? `seed ${seed}: ` : ''}${drawn.length} names, ${alive.length} held by nothing, ${unlisted.length} of them not listed (${seconds()})`,
);
await modules.close();
process.exit(unlisted.length > 0 || failed ? 1 : 0);
