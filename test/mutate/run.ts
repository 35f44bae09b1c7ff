import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/*
 * `npm run mutate`: misspells one name after another in the adapters, and runs the tests that must notice: MUTATE_COUNT (60) names, drawn
 * by MUTATE_SEED, of the files whose path holds MUTATE_FILES. Works in a copy. Prints if a test holds each; fails if
 * none holds one.
 */

const count = Number(process.env['MUTATE_COUNT'] ?? 60);
const seed = Number(process.env['MUTATE_SEED'] ?? 1);
const wanted = process.env['MUTATE_FILES'] ?? '';
const folders = ['src/aws', 'src/inputs/cloudformation', 'src/inputs/eksctl', 'src/inputs/terraform'];
const tests = readdirSync('test/inputs')
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('kustomize'))
  .map((name) => `test/inputs/${name}`);

interface Mutant {
  readonly file: string;
  readonly at: number;
  readonly line: number;
  readonly name: string;
}

/** A quoted name, and the name of an entry of a table. */
const names = /'([A-Za-z][\w.:[\]-]*)'|^ +([A-Za-z]\w+)(?=[:(] ?(?:['[{(]|none))/gm;
/** Lines that name no key of a format. */
const passed = /^\s*(?:\/\/|\*|\/\*\*|import |export type |type |readonly |case '[?"])|typeof|^\s*\| '/;

/** Every name, in the order of a draw. */
function mutants(): Mutant[] {
  const all: Mutant[] = [];
  for (const folder of folders)
    for (const name of readdirSync(folder).filter((one) => one.includes(wanted) || folder.includes(wanted))) {
      const file = `${folder}/${name}`;
      const text = readFileSync(file, 'utf8');
      for (const match of text.matchAll(names)) {
        const start = text.lastIndexOf('\n', match.index) + 1;
        const end = text.indexOf('\n', match.index);
        if (match.index > start - 1 && passed.test(text.slice(start, end))) continue;
        const word = match[1] ?? match[2] ?? '';
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
for (const name of ['src', 'rules', 'test', 'schemas', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
  cpSync(name, join(copy, name), { recursive: true });
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

const succeeds = (args: readonly string[]): boolean =>
  spawnSync('npx', args, { cwd: copy, stdio: 'ignore' }).status === 0;
const vitest = (...args: readonly string[]): boolean =>
  succeeds(['vitest', 'run', '--project', 'unit', '--bail', '1', ...args]);
/** Whether everything is still well although a name is wrong. */
const survives = (): boolean => vitest(...tests) && vitest('test/rules.test.ts') && succeeds(['tsc', '--noEmit']);

try {
  if (!survives()) throw new Error('the tests fail before anything is changed');
  const all = mutants();
  const drawn = all.slice(0, count);
  let alive = 0;
  for (const { file, at, line, name } of drawn) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(join(copy, file), `${text.slice(0, at)}Zz${text.slice(at)}`);
    const isAlive = survives();
    if (isAlive) alive++;
    console.log(`${isAlive ? 'ALIVE' : 'held '} ${file}:${line} ${name}`);
    writeFileSync(join(copy, file), text);
  }
  console.log(`${drawn.length} of ${all.length} names, ${alive} held by no test (seed ${seed})`);
  process.exitCode = alive > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
