import type { Location } from '#syntax/tree.ts';
import { qualifiedName, type Report } from '#model/finding.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { type Reporter, type ReporterOptions, selectFindings } from './reporter.ts';
import { fromRoot } from './sarif.ts';

/*
 * JUnit XML as CI servers read it: a suite for each file, a test case for each finding. What could not be judged is an
 * error, what is ignored is skipped. The suite `ekslint` contains one case for the run itself, so that a clean run has
 * a passed test.
 */

const longest = 1000;

/** Text of an attribute or an element. Characters that XML 1.0 does not allow are escaped by `plain`. */
const xml = (text: string): string =>
  plain(cut(text, longest)).replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '&quot;',
  );

type Outcome = 'failure' | 'error' | 'skipped';

interface Case {
  readonly rule: string;
  readonly name: string;
  readonly at: Location | undefined;
  readonly outcome: Outcome | undefined;
  /** The severity of a failure. */
  readonly type?: string;
  readonly message: string;
}

function write({ rule, name, at, outcome, type, message }: Case): string {
  const attributes = [
    ['classname', rule],
    ['name', name],
    ['file', at?.source],
    ['line', at?.start?.line.toString()],
    ['time', '0'],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`${key}="${xml(value)}"`]));
  if (outcome === undefined) return `    <testcase ${attributes.join(' ')}/>`;
  const kind = type === undefined ? '' : ` type="${xml(type)}"`;
  return `    <testcase ${attributes.join(' ')}>\n      <${outcome}${kind} message="${xml(message)}"/>\n    </testcase>`;
}

const suite = (name: string, cases: readonly Case[]): string => {
  const count = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length;
  return [
    `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">`,
    ...cases.map(write),
    '  </testsuite>',
  ].join('\n');
};

function format(given: Report, options: ReporterOptions): string {
  const report = fromRoot(given);
  const cases: Case[] = [
    ...selectFindings(report, { ...options, showIgnored: true }).map(
      ({ rule, severity, message, help, subject, at, hidden }): Case => ({
        rule,
        name: qualifiedName(subject),
        at,
        outcome: hidden ? 'skipped' : 'failure',
        ...(hidden ? {} : { type: severity }),
        message: hidden
          ? `${message} (ignored: ${hidden.reason})`
          : help === undefined
            ? message
            : `${message}. ${help}`,
      }),
    ),
    ...report.undetermined.map(({ rule, subject, why, at }): Case => ({
      rule,
      name: qualifiedName(subject),
      at,
      outcome: 'error',
      message: `not judged: ${why}`,
    })),
    ...report.crashes.map(({ rule, subject, at, error }): Case => ({
      rule,
      name: qualifiedName(subject),
      at,
      outcome: 'error',
      message: `rule ${rule} crashed: ${error.message}`,
    })),
  ];
  const files = new Map<string, Case[]>();
  for (const one of cases) {
    const name = one.at?.source ?? 'ekslint';
    const same = files.get(name);
    if (same) same.push(one);
    else files.set(name, [one]);
  }
  const holes = report.notes
    .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
    .map(({ message, at }): Case => ({ rule: 'ekslint', name: 'complete', at, outcome: 'error', message }));
  const { objects, clusters, rules } = report.checked;
  const own: Case[] = [
    {
      rule: 'ekslint',
      name: `judged ${objects} objects and ${clusters} clusters with ${rules} rules`,
      at: undefined,
      outcome: undefined,
      message: '',
    },
    ...holes,
  ];
  const all = [...cases, ...own];
  const count = (outcome: Outcome): number => all.filter((one) => one.outcome === outcome).length;
  const text = `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ekslint" tests="${all.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">`,
    suite('ekslint', own),
    ...[...files].map(([name, same]) => suite(name, same)),
    '</testsuites>',
  ].join('\n')}\n`;
  return options.githubActions ? runnerSafe(text) : text;
}

const junit: Reporter = { id: 'junit', format };
export default junit;
