import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVitest, type TestSpecification } from 'vitest/node';

/*
 * `npm run mutate`: misspells one name after another in the adapters, and runs the tests that must notice: MUTATE_COUNT (60) names, drawn
 * by MUTATE_SEED, of the files whose path holds MUTATE_FILES. MUTATE_UNCHECKED leaves out the run of all tests before. Works in a copy, in one process that reads again only what was changed, and
 * runs the tests that find most of them first. Prints which file of tests holds each; fails if none holds one.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? 60);
const seed = Number(process.env['MUTATE_SEED'] ?? 1);
const wanted = process.env['MUTATE_FILES'] ?? '';
const folders = ['src/aws', 'src/inputs', 'src/spelling'];
/** Tests that take seconds, and tests that try what any key may hold; neither tells of a misspelled one. */
const slow = /survive any damage|never make an input throw|flips no verdict|range\(2000\)/;
/** In this order. Those of kustomize are run only for a name in it. */
const rounds: readonly (readonly string[] | 'types')[] = [
  namesIn('test/inputs').filter((name) => !/generated-facts|kustomize|odd-values/.test(name)),
  [...namesIn('test/inputs').filter((name) => /generated-facts/.test(name)), ...namesIn('test/aws')],
  'types',
  ['test/rules.test.ts'],
  namesIn('test/engine'),
];
const ofKustomize = namesIn('test/inputs').filter((name) => name.includes('kustomize'));

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

/** The file of tests that fails, if one does. */
async function failing(tests: readonly string[]): Promise<string | undefined> {
  const chosen = specifications.filter(({ moduleId }: TestSpecification) =>
    tests.some((name) => moduleId.endsWith(`/${name}`)),
  );
  if (chosen.length < tests.length) throw new Error(`no tests in one of ${tests.join(', ')}`);
  const { testModules } = await vitest.runTestSpecifications(chosen);
  return testModules.find((one) => !one.ok() && one.state() !== 'skipped')?.relativeModuleId;
}
const failingTypes = (): string | undefined =>
  spawnSync('npx', ['tsc', '--noEmit'], { stdio: 'ignore' }).status === 0 ? undefined : 'the types';
/** What tells that a name of a file is wrong. */
async function heldBy(file: string): Promise<string | undefined> {
  const own = file.includes('kustomize') || file.includes('json-patch') ? [ofKustomize] : [];
  for (const tests of [...own, ...rounds]) {
    const held = tests === 'types' ? failingTypes() : await failing(tests);
    if (held !== undefined) return held;
  }
  return undefined;
}

try {
  const broken = process.env['MUTATE_UNCHECKED'] === undefined ? await heldBy('kustomize') : undefined;
  if (broken !== undefined) throw new Error(`${broken} fails before anything is changed`);
  const all = mutants();
  const drawn = all.slice(0, count);
  let alive = 0;
  for (const { file, at, line, name } of drawn) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text.slice(0, at)}Zz${text.slice(at)}`);
    vitest.invalidateFile(join(copy, file));
    const held = await heldBy(file);
    if (held === undefined) alive++;
    console.log(`${held === undefined ? 'ALIVE' : 'held '} ${file}:${line} ${name} ${held ?? ''}`);
    writeFileSync(file, text);
    vitest.invalidateFile(join(copy, file));
  }
  console.log(`${drawn.length} of ${all.length} names, ${alive} held by no test (seed ${seed})`);
  process.exitCode = alive > 0 ? 1 : 0;
} finally {
  await vitest.close();
  process.chdir('/');
  rmSync(copy, { recursive: true, force: true });
}
