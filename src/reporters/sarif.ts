import { shownFix } from './shown-fix.ts';
import type { Location, Position } from '#syntax/tree.ts';
import { findFramework, frameworkNames } from '#model/frameworks.ts';
import { type Finding, qualifiedName, type Report, type RuleInfo, type Severity } from '#model/finding.ts';
import { cut, jsonText, plain } from './escape.ts';
import {
  groupUndetermined,
  keepWorst,
  pageOf,
  type Reporter,
  type ReporterOptions,
  selectFindings,
} from './reporter.ts';

/*
 * SARIF 2.1.0 as GitHub code scanning accepts it
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning): one
 * run, at most 25,000 results of which the worst 5,000 are stored, 255 and 1,024 characters in the strings of a rule,
 * 10 tags shown.
 */
const most = {
  results: 25_000,
  stored: 5_000,
  related: 100,
  tags: 10,
  text: 1024,
  message: 10_000,
  notifications: 500,
  reasons: 20,
};

const home = 'https://github.com/ekslint/ekslint';

/** Categories whose defects an attacker can exploit: their rules carry the tag `security` and a score. */
const securityCategories: ReadonlySet<string> = new Set([
  'iam',
  'rbac',
  'pod-security',
  'secrets',
  'encryption',
  'images',
  'cluster',
  'nodes',
  'networking',
  'load-balancing',
]);
/** GitHub reads over 9.0 as critical, 7.0 to 8.9 as high, 4.0 to 6.9 as medium, 0.1 to 3.9 as low. */
const scores: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: undefined,
};
const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
const problems: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'recommendation',
  info: 'recommendation',
};
/**
 * The precision of a rule follows from its preset: the rules that almost everyone wants have the fewest false
 * positives.
 */
const precisions: Readonly<Record<RuleInfo['preset'], string>> = {
  recommended: 'very-high',
  strict: 'high',
  'opt-in': 'medium',
};

const sourceRoot = '%SRCROOT%';

/**
 * A relative URI reference: each segment percent-encoded, `..` kept, no leading `./` or `/`, which code scanning
 * rejects.
 */
export function uriOf(file: string): string {
  const segments = file.split('/').filter((segment) => segment !== '' && segment !== '.');
  // A lone surrogate has no UTF-8 form, so it cannot be percent-encoded.
  return segments.map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'))).join('/') || '-';
}

const artifact = (file: string): object => ({ uri: uriOf(file), uriBaseId: sourceRoot });

const before = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);

function region(start: Position, end: Position | undefined): object {
  const last = end && !before(end, start) ? end : { line: start.line, column: start.column + 1 };
  return { startLine: start.line, startColumn: start.column, endLine: last.line, endColumn: last.column };
}

/** If no line is known, the start of the file stands for the whole: code scanning drops a result without a region. */
const physical = (at: Location): object => ({
  artifactLocation: artifact(at.source),
  region: region(at.start ?? { line: 1, column: 1 }, at.start ? at.end : undefined),
});

/** `[words](target)` would be a link in SARIF messages (section 3.11.6); untrusted text must not create one. */
const sayable = (text: string): string => plain(cut(text, most.message)).replaceAll('](', '] (');

/** Findings may come from checks that are not rules of the catalog, e.g. unused ignores: they need a descriptor too. */
function withUnlisted(rules: readonly RuleInfo[], findings: readonly Finding[]): readonly RuleInfo[] {
  const known = new Set(rules.map(({ id }) => id));
  const unlisted = new Map<string, RuleInfo>();
  for (const { rule: id, severity } of findings) {
    if (known.has(id) || unlisted.has(id)) continue;
    unlisted.set(id, {
      id,
      title: id,
      category: id.split('/')[0] ?? id,
      severity,
      preset: 'strict',
      equivalents: [],
      sources: [],
    });
  }
  return [...rules, ...[...unlisted.values()].sort((a, b) => (a.id < b.id ? -1 : 1))];
}

function properties({ category, severity, preset }: RuleInfo): object {
  const isSecurity = securityCategories.has(category);
  const score = isSecurity ? scores[severity] : undefined;
  return {
    tags: [...(isSecurity ? ['security'] : []), category, preset].slice(0, most.tags),
    precision: precisions[preset],
    ...(score === undefined ? { 'problem.severity': problems[severity] } : { 'security-severity': score }),
  };
}

/**
 * The frameworks that require what the active rules check, one taxonomy per version, and how a rule refers to its
 * controls.
 */
function taxonomies(rules: readonly RuleInfo[]): {
  readonly all: readonly object[];
  readonly references: readonly object[];
  relationships(rule: RuleInfo): readonly object[];
} {
  const active = new Set(rules.map(({ id }) => id));
  const used = frameworkNames.map(findFramework).flatMap((framework) => {
    const versions = new Set(framework.controls.map(({ version }) => version));
    return [...versions].flatMap((version) => {
      const controls = framework.controls.filter(
        (control) => control.version === version && control.rules.some((rule) => active.has(rule)),
      );
      return controls.length > 0 ? [{ ...framework, version, controls }] : [];
    });
  });
  return {
    all: used.map(({ title, version, organization, controls }) => ({
      name: title,
      ...(version === '' ? {} : { version }),
      organization,
      shortDescription: { text: `${title} ${version}`.trim() },
      taxa: controls.map((control) => ({ id: control.id, shortDescription: { text: control.title } })),
    })),
    references: used.map(({ title }, index) => ({ name: title, index })),
    relationships: ({ id: rule }) =>
      used.flatMap(({ title, controls }, index) =>
        controls.flatMap(({ id, rules: checking }, place) =>
          checking.includes(rule)
            ? [{ target: { id, index: place, toolComponent: { name: title, index } }, kinds: ['relevant'] }]
            : [],
        ),
      ),
  };
}

function descriptor(rule: RuleInfo, relationships: readonly object[]): object {
  const { id, category, severity, sources } = rule;
  const title = plain(rule.title) || id;
  const advice = (rule.help ?? []).map((line) => `Fix: ${plain(cut(line, most.text))}\n`).join('');
  const demanded = sources.length === 0 ? '' : ` Demanded by: ${sources.map(plain).join('; ')}.`;
  return {
    id,
    shortDescription: { text: cut(title, most.text) },
    fullDescription: { text: cut(`${title}${/[.!?]$/.test(title) ? '' : '.'}${demanded}`, most.text) },
    help: { text: `${title}\n${advice}Why, examples and the fix: ekslint explain ${id}` },
    // A rule that a user writes is only explained in the user's config.
    helpUri: category === 'ekslint' ? `${home}#ignoring-a-finding` : (pageOf(id) ?? `${home}#custom-rules`),
    defaultConfiguration: { level: levels[severity] },
    properties: properties(rule),
    ...(relationships.length > 0 ? { relationships } : {}),
  };
}

function fixes(finding: Finding): object {
  const fix = shownFix(finding);
  if (!fix || fix.edits.length === 0) return {};
  const changes = new Map<string, object[]>();
  for (const { source, from, to, text } of fix.edits) {
    const replacements = changes.get(source) ?? [];
    // An empty region deletes nothing: the text is inserted before it (SARIF 2.1.0, section 3.57.3).
    replacements.push({
      deletedRegion: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
      insertedContent: { text },
    });
    changes.set(source, replacements);
  }
  return {
    fixes: [
      {
        description: {
          text: fix.safe ? 'Safe to apply: ekslint --fix' : 'A suggestion to review: ekslint --fix=suggestions',
        },
        artifactChanges: [...changes].map(([file, replacements]) => ({
          artifactLocation: artifact(file),
          replacements,
        })),
      },
    ],
  };
}

function suppressions({ hidden }: Finding): object {
  if (!hidden) return {};
  const inSource = hidden.by === 'comment' || hidden.by === 'annotation';
  const until = hidden.expires === undefined ? '' : ` (until ${plain(hidden.expires)})`;
  return {
    suppressions: [
      {
        kind: inSource ? 'inSource' : 'external',
        status: 'accepted',
        justification: `${sayable(hidden.reason) || `ignored by ${hidden.by}`}${until}`,
      },
    ],
    ...(hidden.by === 'baseline' ? { baselineState: 'unchanged' } : {}),
  };
}

function result(finding: Finding, ruleIndex: number, repeat: number): object {
  const { rule, severity, at, subject, fingerprint, related } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: sayable(finding.message) || plain(rule) },
    locations: [
      {
        physicalLocation: physical(at),
        logicalLocations: [
          { name: plain(subject.name), fullyQualifiedName: plain(qualifiedName(subject)), kind: 'resource' },
        ],
      },
    ],
    ...(related.length > 0
      ? {
          relatedLocations: related
            .slice(0, most.related)
            .map((place, index) => ({ id: index + 1, physicalLocation: physical(place) })),
        }
      : {}),
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:${repeat}`, 'ekslint/v1': fingerprint },
    properties: { severity },
    ...fixes(finding),
    ...suppressions(finding),
  };
}

/** What the rules could not judge, in the property where programs look for it. */
function notifications(
  report: Report,
  indexes: ReadonlyMap<string, number>,
  dropped: number,
  left: number,
): readonly object[] {
  const told: object[] = [];
  const located = (at: Location | undefined): object =>
    at
      ? {
          locations: [
            {
              physicalLocation: {
                artifactLocation: artifact(at.source),
                ...(at.start ? { region: region(at.start, at.end) } : {}),
              },
            },
          ],
        }
      : {};
  if (dropped > 0) {
    told.push({
      level: 'warning',
      descriptor: { id: 'results-cut' },
      message: {
        text: `${dropped} less severe findings are left out: code scanning takes ${most.results} results and stores ${most.stored}, so the worst ${left} are here.`,
      },
    });
  }
  for (const { rule, subject, at, error } of report.crashes) {
    const index = indexes.get(rule);
    told.push({
      level: 'error',
      descriptor: { id: 'crash' },
      associatedRule: { id: rule, ...(index === undefined ? {} : { index }) },
      message: { text: sayable(`Rule ${rule} crashed on ${qualifiedName(subject)}: ${error.message}`) },
      ...located(at),
    });
  }
  const isGrave = (kind: string): boolean => kind === 'incomplete' || kind === 'problem';
  const notes = [
    ...report.notes.filter(({ kind }) => isGrave(kind)),
    ...report.notes.filter(({ kind }) => !isGrave(kind)),
  ];
  for (const { kind, message, at, count } of notes) {
    told.push({
      level: isGrave(kind) ? 'warning' : 'note',
      descriptor: { id: kind },
      message: { text: `${sayable(message) || kind}${count !== undefined && count > 1 ? ` (${count})` : ''}` },
      ...located(at),
    });
  }
  const reasons = groupUndetermined(report);
  if (reasons.length > 0) {
    const listed = reasons.slice(0, most.reasons).map(({ why, count }) => `${sayable(why)} (${count})`);
    const more = reasons.length > listed.length ? `; and ${reasons.length - listed.length} more reasons` : '';
    // Listed first: the cut below must not hide that the result is incomplete.
    told.unshift({
      level: 'note',
      descriptor: { id: 'not-judged' },
      message: {
        text: `${report.undetermined.length} checks could not be judged for ${reasons.length} reason${reasons.length === 1 ? '' : 's'}: ${listed.join('; ')}${more}`,
      },
    });
  }
  if (told.length <= most.notifications) return told;
  const rest = told.length - most.notifications + 1;
  return [
    ...told.slice(0, most.notifications - 1),
    { level: 'note', descriptor: { id: 'notes-cut' }, message: { text: `${rest} more notes are left out.` } },
  ];
}

/** File names relative to the root of the repository, whatever folder the run started in. */
export function namesFromRoot({ folder }: Report): (source: string) => string {
  if (folder === undefined || folder === '') return (source) => source;
  return (source) => {
    const steps = folder.split('/');
    for (const step of source.split('/')) {
      if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
      else if (step !== '.') steps.push(step);
    }
    return steps.join('/');
  };
}

/** Code scanning uses paths from the repository's root. */
export function fromRoot(report: Report): Report {
  const rename = namesFromRoot(report);
  const moved = (at: Location): Location => ({ ...at, source: rename(at.source) });
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      at: moved(finding.at),
      related: finding.related.map(moved),
      ...(finding.fix
        ? {
            fix: { ...finding.fix, edits: finding.fix.edits.map((edit) => ({ ...edit, source: rename(edit.source) })) },
          }
        : {}),
    })),
    notes: report.notes.map((note) => (note.at ? { ...note, at: moved(note.at) } : note)),
    crashes: report.crashes.map((crash) => ({ ...crash, at: moved(crash.at) })),
  };
}

/** The findings that fit: if there are more than code scanning accepts, the worst of them. */
function keep(
  report: Report,
  options: Pick<ReporterOptions, 'showIgnored' | 'quiet' | 'failOn' | 'maxFindings'>,
): { readonly results: readonly Finding[]; readonly dropped: number } {
  const findings = selectFindings(report, options);
  const limit =
    findings.length > most.results
      ? Math.min(most.results, Math.max(most.stored, options.maxFindings ?? 0))
      : most.results;
  const results = keepWorst(findings, limit);
  return { results, dropped: findings.length - results.length };
}

function format(given: Report, options: ReporterOptions): string {
  const report = fromRoot(given);
  const { results: worst, dropped } = keep(report, options);
  const rules = withUnlisted(report.rules, worst);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const benchmarks = taxonomies(rules);
  const repeats = new Map<string, number>();
  const results = worst.map((finding) => {
    const repeat = (repeats.get(finding.fingerprint) ?? 0) + 1;
    repeats.set(finding.fingerprint, repeat);
    return result(finding, indexes.get(finding.rule) ?? -1, repeat);
  });
  const told = notifications(report, indexes, dropped, worst.length);
  return jsonText(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'ekslint',
              semanticVersion: report.version,
              informationUri: home,
              rules: rules.map((rule) => descriptor(rule, benchmarks.relationships(rule))),
              ...(benchmarks.references.length > 0 ? { supportedTaxonomies: benchmarks.references } : {}),
            },
          },
          invocations: [
            {
              executionSuccessful: report.complete && report.exitCode !== 2,
              exitCode: report.exitCode,
              ...(told.length > 0 ? { toolExecutionNotifications: told } : {}),
            },
          ],
          automationDetails: { id: `ekslint/${report.command}/` },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: {
            [sourceRoot]: {
              description: {
                text: 'The root of the repository, or where there is none the folder that ekslint ran in.',
              },
            },
          },
          results,
          ...(benchmarks.all.length > 0 ? { taxonomies: benchmarks.all } : {}),
        },
      ],
    },
    4,
  );
}

const sarif: Reporter = {
  id: 'sarif',
  format,
  countDropped: (report, options) => keep(report, options).dropped,
};
export default sarif;
