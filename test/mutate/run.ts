import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVitest, type TestSpecification } from 'vitest/node';

/*
 * `npm run mutate`: misspells one name after another in the adapters, and runs the tests that must notice: MUTATE_COUNT (60) names, drawn
 * by MUTATE_SEED, of the files whose path holds MUTATE_FILES. Works in a copy, in one process that reads again only what was changed, and
 * runs the tests that find most of them first. Prints which file of tests holds each; fails if none holds one.
 *
 * A test that fails for another reason would seem to hold every name. So each file of tests runs before anything is changed, and those that
 * fail are left out; a test that ran out of time holds nothing; and at the end each file that held a name runs again, unchanged. Whatever
 * this finds is printed, and the run fails.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? 60);
const seed = Number(process.env['MUTATE_SEED'] ?? 1);
const wanted = process.env['MUTATE_FILES'] ?? '';
const folders = ['src/aws', 'src/inputs', 'src/spelling'];
/** Tests that take seconds, and tests that try what any key may hold; neither tells of a misspelled one. */
const slow = /survive any damage|never make an input throw|flips no verdict|range\(2000\)/;
const ofInputs = namesIn('test/inputs').filter((name) => !name.includes('odd-values'));
const among = (pattern: RegExp): readonly string[] => ofInputs.filter((name) => pattern.test(name));
/** Files of tests that are about all formats, and those of one. */
const ofKeys = among(/asked-keys|deciding-keys/);
const ofFacts = among(/same-facts|part-facts|aws-facts|policies|nodes/);
const ofKustomize = among(/kustomize/);
const ofFormats = ['terraform', 'cloudformation', 'eksctl', 'kubernetes'];
/** Files of tests in the order in which they are tried: those that find most first. */
const roundsFor = (file: string): readonly (readonly string[] | 'types')[] => {
  const ofKustomizations = /kustomize/.test(file);
  const format = ofFormats.find((name) => file.includes(`/${name}`));
  const own = format === undefined ? [] : among(new RegExp(`/${format}`));
  const first = ofKustomizations
    ? [ofKustomize.filter((name) => !name.includes('kubectl')), ofKustomize.filter((name) => name.includes('kubectl'))]
    : [ofKeys, [...new Set([...own, ...ofFacts])]];
  const tried = new Set(first.flat());
  return [
    ...first,
    [...among(/generated-facts/), ...namesIn('test/aws')],
    'types',
    ['test/rules.test.ts'],
    [
      ...ofInputs.filter((name) => !tried.has(name) && !/generated-facts|kustomize/.test(name)),
      ...namesIn('test/engine'),
    ],
  ];
};

function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
}

interface Mutant {
  readonly file: string;
  readonly at: number;
  readonly line: number;
  readonly name: string;
}

/** A quoted name, and the name of an entry of a table. */
const names = /'([A-Za-z][\w.:[\]-]*)'|^ +([A-Za-z]\w+)(?=[:(] ?(?:['[{(]|none))/gm;
/** Lines that name no key of a format: those of comments, of types, of what is said, and of states and kinds of our own. */
const passed =
  /^\s*(?:\/\/|\*|\/\*\*|import |export type |type |readonly |case '[?"])|typeof|^\s*\| '|message|\b(?:kind|state|why|op|language|input|severity)\b(?::| ===) '|doubted\(|Refused\(|Error\(|unknown\(|note\(|partOf\(|subjectOf\(|once\(|includes\('|endsWith\('|startsWith\('|join\('|split\('/;
/** Values and words of our own. */
const ownWords = new Set(
  'true false null string number boolean list map yes no set default none here name why value'.split(' '),
);

/** Every name, in the order of a draw. */
function mutants(): Mutant[] {
  const all: Mutant[] = [];
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${name}`;
      if (!name.endsWith('.ts') || !file.includes(wanted)) continue;
      const text = readFileSync(file, 'utf8');
      for (const match of text.matchAll(names)) {
        const start = text.lastIndexOf('\n', match.index) + 1;
        const end = text.indexOf('\n', match.index);
        if (match.index > start - 1 && passed.test(text.slice(start, end))) continue;
        const word = match[1] ?? match[2] ?? '';
        if (ownWords.has(word) && match[1] !== undefined) continue;
        all.push({
          file,
          at: match.index + match[0].indexOf(word) + word.length,
          line: text.slice(0, match.index + 1).split('\n').length,
          name: word,
        });
      }
    }
  // A linear congruential generator (Numerical Recipes) is random enough for a draw, and the same everywhere.
  let state = seed >>> 0;
  const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  return all
    .map((mutant) => ({ mutant, rank: draw() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ mutant }) => mutant);
}

const copy = mkdtempSync(join(tmpdir(), 'ekslint-mutate-'));
for (const name of [
  'src',
  'rules',
  'test',
  'schemas',
  'fixtures',
  'docs',
  'bin',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
])
  cpSync(name, join(copy, name), { recursive: true });
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

process.chdir(copy);
const vitest = await createVitest('test', {
  root: copy,
  project: ['unit'],
  watch: false,
  isolate: false,
  fileParallelism: false,
  pool: 'threads',
  bail: 1,
  reporters: [{}],
  testNamePattern: new RegExp(`^(?!.*(?:${slow.source})).*$`),
});
const specifications = await vitest.globTestSpecifications();

/** A file of tests that fails, or `the types`, and why. */
interface Failure {
  readonly by: string;
  readonly why: string;
  /** It ran out of time, which tells nothing. */
  readonly late: boolean;
}

/** The first file of tests that fails, if one does. */
async function failureOf(tests: readonly string[]): Promise<Failure | undefined> {
  const chosen = specifications.filter(({ moduleId }: TestSpecification) =>
    tests.some((name) => moduleId.endsWith(`/${name}`)),
  );
  if (chosen.length < tests.length) throw new Error(`no tests in one of ${tests.join(', ')}`);
  // Vitest gives all that ever ran in this process: a file that failed for an earlier name would hold all later ones.
  for (const { project, moduleId } of chosen) vitest.state.clearFiles(project, [moduleId]);
  const { testModules } = await vitest.runTestSpecifications(chosen);
  const ran = new Set(chosen.map(({ moduleId }) => moduleId));
  const failed = testModules.find((one) => ran.has(one.moduleId) && one.state() === 'failed');
  if (!failed) return undefined;
  const errors = [failed, ...failed.children.allSuites(), ...failed.children.allTests('failed')].flatMap((one) =>
    one.type === 'test' ? (one.result().errors ?? []) : one.errors(),
  );
  const messages = errors.map(({ message }) => message.split('\n', 1)[0] ?? '');
  return {
    by: failed.relativeModuleId,
    why: messages[0] ?? 'no test ran',
    late: messages.length > 0 && messages.every((message) => message.includes('timed out')),
  };
}
const failureOfTypes = (): Failure | undefined => {
  const { status, stdout } = spawnSync('npx', ['tsc', '--noEmit'], { encoding: 'utf8' });
  return status === 0 ? undefined : { by: 'the types', why: stdout.split('\n', 1)[0] ?? '', late: false };
};
const runRound = (tests: readonly string[] | 'types'): Promise<Failure | undefined> | Failure | undefined =>
  tests === 'types' ? failureOfTypes() : failureOf(tests);

/** Files of tests that fail although nothing is changed, each with the reason. */
async function failingUnchanged(all: Iterable<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const told = (failure: Failure): void => {
    found.set(failure.by, failure.why);
    console.log(`FAILS UNCHANGED ${failure.by}: ${failure.why}`);
  };
  const names = [...all];
  for (;;) {
    const tests = names.filter((name) => name !== 'the types' && !found.has(name));
    const failure = tests.length === 0 ? undefined : await failureOf(tests);
    if (!failure) break;
    told(failure);
  }
  const failure = names.includes('the types') ? failureOfTypes() : undefined;
  if (failure) told(failure);
  return found;
}

let broken = new Map<string, string>();
/** What tells that a name of a file is wrong, and the files that ran out of time. */
async function heldBy(file: string): Promise<{ readonly by: string | undefined; readonly late: readonly string[] }> {
  const late: string[] = [];
  for (const round of roundsFor(file)) {
    let tests = round === 'types' ? round : round.filter((name) => !broken.has(name));
    for (;;) {
      if (tests === 'types' ? broken.has('the types') : tests.length === 0) break;
      const failure = await runRound(tests);
      if (failure && !failure.late) return { by: failure.by, late };
      if (!failure || tests === 'types') break;
      // The first failure ends a round, so the others run without it.
      late.push(failure.by);
      tests = tests.filter((name) => name !== failure.by);
    }
  }
  return { by: undefined, late };
}

try {
  const all = mutants();
  const drawn = all.slice(0, count);
  const needed = drawn.flatMap(({ file }) => roundsFor(file)).flatMap((one) => (one === 'types' ? 'the types' : one));
  broken = await failingUnchanged(new Set(needed));
  let alive = 0;
  const held = new Map<string, string[]>();
  for (const { file, at, line, name } of drawn) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text.slice(0, at)}Zz${text.slice(at)}`);
    vitest.invalidateFile(join(copy, file));
    const { by, late } = await heldBy(file);
    const place = `${file}:${line} ${name}`;
    if (by === undefined) alive++;
    else held.set(by, [...(held.get(by) ?? []), place]);
    const outOfTime = late.length > 0 ? ` (out of time: ${late.join(', ')})` : '';
    console.log(`${by === undefined ? 'ALIVE' : 'held '} ${place} ${by ?? ''}${outOfTime}`);
    writeFileSync(file, text);
    vitest.invalidateFile(join(copy, file));
  }
  const unproven = await failingUnchanged(held.keys());
  for (const by of unproven.keys())
    for (const place of held.get(by) ?? []) console.log(`UNPROVEN ${place}: ${by} fails unchanged as well`);
  console.log(
    `${drawn.length} of ${all.length} names, ${alive} held by no test (seed ${seed})${
      broken.size + unproven.size > 0
        ? `; NOT A VALID RUN: ${new Set([...broken.keys(), ...unproven.keys()]).size} files of tests fail unchanged`
        : ''
    }`,
  );
  process.exitCode = alive + broken.size + unproven.size > 0 ? 1 : 0;
} finally {
  await vitest.close();
  process.chdir('/');
  rmSync(copy, { recursive: true, force: true });
}
