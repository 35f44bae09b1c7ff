'use strict';
// `npm start` lints the example repository and `npm start -- <paths>` lints yours, in both cases with any flags; `npm
// start -- explain <rule>` runs that command. Findings are expected here, so they do not make npm fail unless --fail-on
// is given.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const program = join(__dirname, 'ekslint.cjs');
const ask = (...args) => execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' });
const args = process.argv.slice(2);

const commands = [...ask('--help').matchAll(/^  ([a-z]+) /gm)].map(([, name]) => name);
if (args[0] === 'lint' || !commands.includes(args[0])) {
  // The help shows which flags take a value: `--only <rules>`.
  const flags = [...ask('lint', '--help').matchAll(/^ +(?:(-\w), )?(--[\w-]+) </gm)].flatMap(([, short, long]) => [
    short,
    long,
  ]);
  const words = args[0] === 'lint' ? args.slice(1) : args;
  const end = words.indexOf('--');
  const hasPath = words.some(
    (word, i) =>
      (end >= 0 && i > end) || (i !== end && (word === '-' || !word.startsWith('-')) && !flags.includes(words[i - 1])),
  );
  process.argv = [
    ...process.argv.slice(0, 2),
    'lint',
    '--fail-on',
    'never',
    ...(hasPath ? [] : ['fixtures/scenarios/shop']),
    ...words,
  ];
}
require('./ekslint.cjs');
