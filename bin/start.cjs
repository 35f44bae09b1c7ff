'use strict';
// `npm start` lints the example repository, `npm start -- <paths>` lints yours.
process.argv.push('--fail-on', 'never');
if (process.argv.slice(2).filter((word) => !word.startsWith('-') && word !== 'never').length === 0)
  process.argv.push('fixtures/scenarios/shop');
require('./ekslint.cjs');
