import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { commitNumber, linesSince } from './changed.ts';
import { openModules } from './modules.ts';
import { filesOfNames, type Name, Names } from './names.ts';
import { collectTests, type Test } from './tests.ts';
import { heldAlone, heldByTypes } from './types.ts';

/*
 * `npm run mutate`: misspells each name of the adapters (MUTATE_FILES: of the files whose path it matches; MUTATE_COUNT and MUTATE_SEED:
 * that many, drawn), and runs the tests that must notice. The sources are changed once: each name is looked up while it runs, so the
 * tests of `npm test` run in this process, again and again. Only tests that reach a name run for it, those first whose input holds its
 * word. Prints each name that no test and no type holds, and fails if there is one that `alive.txt` does not list.
 *
 * MUTATE_SECONDS: names in lines that differ from the parent of the commit come first, then drawn ones, as many as there is
 * time for. What was drawn is asked to the end, so that a name held by nothing fails the run, even if that takes longer.
 *
 * A test that fails for another reason would seem to check every name. So each test runs before anything is changed,
 * and those that fail are skipped and listed; at the end each test that detected a name runs again, unchanged.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? Infinity);
const time = Number(process.env['MUTATE_SECONDS'] ?? Infinity);
/** A run with a time box draws other names for each commit. */
const seed = Number(process.env['MUTATE_SEED'] ?? (time < Infinity ? commitNumber() : 1));
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
const first = ofInputs.filter((file) => /written-|asked-keys|kustomize-built/.test(file));
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
  if (some >= all.length && time === Infinity) return all;
  let state = seed >>> 0;
  return all
    .map((item) => ({ item, rank: (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, some)
    .map(({ item }) => item);
}

/** The milliseconds that this process has worked: other programs of the machine do not change them. */
const worked = (): number => process.cpuUsage().user / 1000;

const names = new Names();
const texts = new Map(filesOfNames().map((file) => [file, names.instrument(file, readFileSync(file, 'utf8'))]));
/** The words of a text, in one normalized form for all formats: `launch_template_id` is `LaunchTemplateId`. */
const wordsOf = (text: string): string[] =>
  (text.match(/[\w.:/-]+/g) ?? []).map((word) => word.toLowerCase().replaceAll(/[_-]/g, ''));

/** The currently misspelled name, if any. */
let active = -1;
/** How often a test looks up names, and how often it may: a misspelled name can make a loop endless. */
let lookups = 0;
const mostLookups = 2e7;
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
    if (active !== -1 && ++lookups > mostLookups) throw new Error('the test does not come to an end');
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
  /** Tests by the file of which they reach a name while they run. */
  readonly near: ReadonlyMap<string, ReadonlySet<Known>>;
}

async function learn(files: readonly string[]): Promise<Round> {
  const tests: Known[] = [];
  const of = new Map<number, Known[]>();
  const atLoad = new Map<number, Set<string>>();
  const near = new Map<string, Set<Known>>();
  for (const file of files) {
    await modules.forget();
    heardTexts.clear();
    for (const id of await reachedBy(() => modules.load(file))) atLoad.set(id, (atLoad.get(id) ?? new Set()).add(file));
    const shared = [...heardTexts].flatMap(wordsOf);
    for (const [index, { title, run }] of take().entries()) {
      if (slow.test(title)) continue;
      heardTexts.clear();
      const begun = worked();
      try {
        const ids = await reachedBy(run);
        const words = new Set([...shared, ...[...heardTexts].flatMap(wordsOf)]);
        const known = { file, index, title, ms: worked() - begun, words };
        tests.push(known);
        for (const id of ids) {
          const list = of.get(id);
          if (list) list.push(known);
          else of.set(id, [known]);
          const source = names.all[id]?.file ?? '';
          near.set(source, (near.get(source) ?? new Set()).add(known));
        }
      } catch (error) {
        failing.push(`${file} ${title}: ${String(error).split('\n', 1)[0] ?? ''}`);
      }
    }
  }
  return { tests, of, atLoad, near };
}

let loaded = new Map<string, readonly Test[]>();
const forget = async (file?: string): Promise<void> => {
  await modules.forget(file);
  loaded = new Map();
};
/** Why a test currently fails, if it does. */
async function failureOf({ file, index }: Known): Promise<string | undefined> {
  lookups = 0;
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
  const isDirect = new Set([...direct, ...(round.near.get(name.file) ?? [])]);
  const own = `${basename(name.file, '.ts')}.test.ts`;
  const rank = (test: Known): number =>
    (isDirect.has(test) || basename(test.file) === own ? 0 : 2) + (test.words.has(word) ? 0 : 1);
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

/** Whether a part of the time box is over. */
const isOver = (part: number): boolean => worked() > time * 1000 * part;
/** Words of a path, to find the tests of a folder: `policies.test.ts` are those of `policy.ts`. */
const stemsOf = (path: string): readonly string[] =>
  path.split(/[^a-z]+/).map((word) => word.replace(/(?:y|ies|s)$/, ''));
/** So many names are worth looking at one by one. */
const few = 40;
/** A round at once, or for few names the files one by one, those first that sound like them: most are then never loaded. */
function partsOf(files: readonly string[], names: readonly Name[]): readonly (readonly string[])[] {
  if (names.length > few || files === rounds[0]) return [files];
  const stems = new Set(names.flatMap(({ file }) => stemsOf(file)));
  const score = (file: string): number => stemsOf(file).filter((stem) => stem !== '' && stems.has(stem)).length;
  return files.toSorted((a, b) => score(b) - score(a)).map((file) => [file]);
}
const seconds = (): string => `${Math.round(worked() / 1000)} s of a core`;
const told = ({ file, line, text }: Name): string => `${file}:${line} ${text}`;
/** Names that are known to be checked by nothing, each with the reason, by file and text. */
const listed = new Set(
  readFileSync('test/mutate/alive.txt', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' # ', 1)[0] ?? ''),
);
const keyOf = ({ file, text }: Name): string => `${file} ${text}`;
const changed = time < Infinity ? linesSince('HEAD^') : undefined;
const isChanged = ({ file, line }: Name): boolean => changed?.get(file)?.has(line) === true;
const among = draw(
  // A name that is known to be checked by nothing would ask every test.
  names.all.filter((name) => wanted.test(name.file) && (time === Infinity || !listed.has(keyOf(name)))),
  count,
).toSorted((a, b) => Number(isChanged(b)) - Number(isChanged(a)));
/** The names that were tried: all of them if there is time. */
let drawn = among;
const holders = new Map<Known, Name[]>();
let alive: readonly Name[] = drawn;
const dropHeld = (byTypes: (names: readonly Name[]) => ReadonlySet<Name>): void => {
  if (alive.length === 0) return;
  const held = byTypes(alive);
  alive = alive.filter((name) => !held.has(name));
  console.error(`${seconds()}: ${held.size} held by the types, ${alive.length} left`);
};
for (const [index, files] of rounds.entries()) {
  for (const part of partsOf(files, alive)) {
    if (alive.length === 0) break;
    const round = await learn(part);
    await forget();
    console.error(
      `${seconds()}: ${round.tests.length} tests for ${alive.length <= 10 ? alive.map(told).join(', ') : `${alive.length} names`}`,
    );
    // A name that is looked up while modules are loaded takes longer, because they are loaded again.
    const order =
      time < Infinity
        ? alive
        : alive.toSorted((a, b) => Number(round.atLoad.has(a.id)) - Number(round.atLoad.has(b.id)) || a.id - b.id);
    const left: Name[] = [];
    for (const [done, name] of order.entries()) {
      if (index === 0 && isOver(0.6)) {
        drawn = order.slice(0, done);
        break;
      }
      if (done % 500 === 499) console.error(`${seconds()}: ${done + 1} names, ${left.length} not held yet`);
      const holder = await holderOf(name, round);
      if (holder) holders.set(holder, [...(holders.get(holder) ?? []), name]);
      else left.push(name);
    }
    alive = left;
  }
  if (index > 0) continue;
  dropHeld(heldByTypes);
  if (alive.length <= few) dropHeld(heldAlone);
}
dropHeld(heldAlone);
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
const unlisted = alive.filter((name) => !listed.has(keyOf(name)));
for (const name of unlisted) console.log(`ALIVE ${told(name)}`);
if (count === Infinity && time === Infinity) {
  const still = new Set(alive.map(keyOf));
  for (const key of listed)
    if (wanted.test(key.split(' ', 1)[0] ?? '') && !still.has(key)) {
      failed = true;
      console.log(`HELD NOW, take it off the list: ${key}`);
    }
}
if (drawn.length === 0) {
  failed = true;
  console.log('NO NAME was tried');
}
const untried = among.slice(drawn.length).filter(isChanged).length;
if (untried > 0)
  console.log(`${untried} names in changed lines were not tried: MUTATE_SECONDS=${time} is too short for them`);
const sample = [
  ...(drawn.length < names.all.length ? [`seed ${seed}`] : []),
  ...(changed ? [`${drawn.filter(isChanged).length} in lines changed since the parent of the commit`] : []),
];
console.log(
  `${drawn.length} names${sample.length > 0 ? ` (${sample.join(', ')})` : ''}, ${alive.length} held by nothing, ${unlisted.length} of them not listed (${seconds()})`,
);
await modules.close();
process.exit(unlisted.length > 0 || failed ? 1 : 0);
