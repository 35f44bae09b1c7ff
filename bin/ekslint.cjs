#!/usr/bin/env node
'use strict';
// What users start. It can be parsed by old versions of Node, so that they get a message instead of a syntax error.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const args = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);

/** An error of the installation: nothing was linted. */
const fail = (message) => {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 2;
};

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`ekslint needs Node 20.19 or newer, and this is Node ${process.versions.node}`);
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.on('error', ({ code }) => {
    if (code !== 'EPIPE') process.exitCode = 2;
  });
  process.stdout.write(`${JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')).version}\n`);
} else {
  const { load, readBundle } = require('./code-cache.cjs');
  const filename = join(__dirname, '../dist/cli.cjs');
  let bundle;
  try {
    bundle = readBundle(filename);
  } catch (error) {
    fail(`cannot read ${filename} (${error.code})\n       In a clone, run: npm ci && npm run build`);
  }
  if (bundle !== undefined) {
    const end = args.indexOf('--');
    const cached = !(end === -1 ? args : args.slice(0, end)).includes('--no-cache');
    const { main, keep } = load(bundle, cached, args[0] === 'audit');
    // The report is already printed: a problem with the cache does not change the result.
    main(args)
      .then(keep)
      // Everything is written by now, and exiting is faster than freeing the heap.
      .then(() => process.exit())
      .catch((error) => process.stderr.write(`error: no code cache was written: ${error.message}\n`));
  }
}
