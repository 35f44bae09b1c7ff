// Validates a SARIF file against the OASIS schema: node .ci/sarif-is-valid.mjs file.sarif
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
); // a draft that ajv no longer includes
const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  schema,
);
const log = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (!isValid(log) || log.runs[0].results.length === 0) {
  process.stderr.write(`${JSON.stringify(isValid.errors?.slice(0, 10) ?? 'no results', null, 2)}\n`);
  process.exitCode = 1;
}
