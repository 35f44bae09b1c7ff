import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '#model/finding.ts';
import type { ReporterOptions } from '#reporters/reporter.ts';
import sarif, { uriOf } from '#reporters/sarif.ts';
import { at, commandsIn, finding, hostile, hostileReport, options, report, rule, unseenIn } from './sample.ts';
import { countTime } from '../processor-time.ts';

interface Log {
  version: string;
  runs: {
    tool: {
      driver: {
        rules: {
          id: string;
          properties: Record<string, unknown>;
          fullDescription: { text: string };
          shortDescription: { text: string };
          relationships?: unknown[];
        }[];
        supportedTaxonomies?: unknown[];
      };
    };
    invocations: {
      executionSuccessful: boolean;
      exitCode: number;
      toolExecutionNotifications?: {
        level: string;
        descriptor: { id: string };
        message: { text: string };
        associatedRule?: { index?: number };
      }[];
    }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      partialFingerprints: Record<string, string>;
      fixes?: unknown[];
      suppressions?: unknown[];
      relatedLocations?: unknown[];
      locations: {
        physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; endColumn: number } };
        logicalLocations: { fullyQualifiedName: string }[];
      }[];
    }[];
    taxonomies?: { name: string; version: string; taxa: { id: string }[] }[];
  }[];
}

function logOf(one: Report, over: Partial<ReporterOptions> = {}): Log {
  return JSON.parse(sarif.format(one, { ...options, ...over })) as Log;
}
function runOf(one: Report, over: Partial<ReporterOptions> = {}): Log['runs'][number] {
  const { runs } = logOf(one, over);
  const [run] = runs;
  if (!run || runs.length !== 1) throw new Error(`${runs.length} runs`);
  return run;
}

/**
 * The OASIS schema, as included in @microsoft/jest-sarif. On CI its absence is an error, so that the check cannot fade
 * away.
 */
function schemaFile(): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    return existsSync(file) ? file : undefined;
  } catch (error) {
    if (process.env['CI']) throw error;
    return undefined;
  }
}
const file = schemaFile();

it('links to pages that exist', () => {
  const [listed, unlisted] = runOf(report({ findings: [finding(), finding({ rule: 'ekslint/unused-ignore' })] })).tool
    .driver.rules as unknown as { helpUri: string }[];
  expect(listed?.helpUri).toBe('https://github.com/ekslint/ekslint/blob/main/rules/iam/irsa-and-pod-identity.md');
  expect(unlisted?.helpUri).toBe('https://github.com/ekslint/ekslint#ignoring-a-finding');
});

describe.skipIf(file === undefined)('sarif against the OASIS schema', () => {
  // It says draft-04, and uses nothing of it that draft-07 reads differently.
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  const uri = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i;
  const formats = {
    uri: (text: string) => uri.test(text) && URL.canParse(text),
    'uri-reference': uri,
    'date-time': /^\d{4}-/,
  };
  const valid = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats }).compile(schema);
  const errorsOf = (log: unknown): unknown => (valid(log) ? null : valid.errors);

  it('is valid when empty, ordinary, hostile and audited', () => {
    expect(errorsOf(logOf(report()))).toBeNull();
    expect(errorsOf(logOf(hostileReport()))).toBeNull();
    expect(errorsOf(logOf(hostileReport(), { showIgnored: true }))).toBeNull();
    expect(
      errorsOf(
        logOf(
          report({
            command: 'audit',
            rules: [rule('rbac/wildcard-verb', 'high'), rule('rbac/nodes-proxy', 'high')],
            findings: [
              finding({ rule: 'rbac/wildcard-verb', at: { source: 'arn:aws:eks:eu-west-1:1:cluster/prod', path: '' } }),
              finding({ rule: 'not/listed', message: '' }),
            ],
          }),
        ),
      ),
    ).toBeNull();
  });

  it('would detect an invalid one', () => {
    const log = logOf(report({ findings: [finding()] }));
    const spoilt = JSON.parse(JSON.stringify(log).replace('"startLine":24', '"startLine":0')) as unknown;
    expect(errorsOf(log)).toBeNull();
    expect(errorsOf(spoilt)).not.toBeNull();
    expect(errorsOf(JSON.parse(JSON.stringify(log).replace('deploy/web.yaml', 'deploy/we b.yaml')))).not.toBeNull();
  });
});

describe('sarif', () => {
  it('contains what code scanning needs for a finding', () => {
    const edit = {
      source: 'b c.yaml',
      start: 0,
      end: 0,
      text: 'x: 1\n',
      from: { line: 3, column: 1 },
      to: { line: 3, column: 1 },
      judged: '',
    };
    const run = runOf(
      report({
        findings: [finding({ related: [at('clusters/prod.yaml', 58, 1)], fix: { safe: false, edits: [edit] } })],
        exitCode: 1,
      }),
    );
    expect(run.results).toEqual([
      {
        ruleId: 'iam/irsa-and-pod-identity',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'ServiceAccount "web" has an IRSA role and a Pod Identity association' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'deploy/web.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 24, startColumn: 11, endLine: 24, endColumn: 16 },
            },
            logicalLocations: [{ name: 'web', fullyQualifiedName: 'ServiceAccount/shop/web', kind: 'resource' }],
          },
        ],
        relatedLocations: [
          {
            id: 1,
            physicalLocation: {
              artifactLocation: { uri: 'clusters/prod.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 58, startColumn: 1, endLine: 58, endColumn: 6 },
            },
          },
        ],
        partialFingerprints: { primaryLocationLineHash: '00112233445566aa:1', 'ekslint/v1': '00112233445566aa' },
        properties: { severity: 'high' },
        fixes: [
          {
            description: { text: 'A suggestion to review: ekslint --fix=suggestions' },
            artifactChanges: [
              {
                artifactLocation: { uri: 'b%20c.yaml', uriBaseId: '%SRCROOT%' },
                replacements: [
                  {
                    deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 },
                    insertedContent: { text: 'x: 1\n' },
                  },
                ],
              },
            ],
          },
        ],
      },
    ]);
    expect(run.invocations).toEqual([{ executionSuccessful: true, exitCode: 1 }]);
    expect(run).toMatchObject({
      columnKind: 'utf16CodeUnits',
      automationDetails: { id: 'ekslint/lint/' },
      tool: { driver: { semanticVersion: '0.1.0' } },
    });
  });

  it('describes rules: score for security, problem severity for the rest', () => {
    const rules = [
      ...(['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => rule(`iam/${severity}`, severity)),
      rule('cost/x', 'medium', { preset: 'opt-in' }),
    ];
    const described = runOf(report({ rules })).tool.driver.rules;
    expect(described.map(({ properties }) => properties)).toEqual([
      { tags: ['security', 'iam', 'recommended'], precision: 'very-high', 'security-severity': '9.5' },
      { tags: ['security', 'iam', 'recommended'], precision: 'very-high', 'security-severity': '8.0' },
      { tags: ['security', 'iam', 'recommended'], precision: 'very-high', 'security-severity': '5.5' },
      { tags: ['security', 'iam', 'recommended'], precision: 'very-high', 'security-severity': '2.0' },
      { tags: ['security', 'iam', 'recommended'], precision: 'very-high', 'problem.severity': 'recommendation' },
      { tags: ['cost', 'opt-in'], precision: 'medium', 'problem.severity': 'warning' },
    ]);
    expect(described[0]).toMatchObject({
      id: 'iam/critical',
      shortDescription: { text: 'Title of iam/critical' },
      fullDescription: { text: 'Title of iam/critical. Demanded by: EKS User Guide.' },
      help: { text: 'Title of iam/critical\nWhy, examples and the fix: ekslint explain iam/critical' },
      helpUri: 'https://github.com/ekslint/ekslint/blob/main/rules/iam/critical.md',
      defaultConfiguration: { level: 'error' },
    });
  });

  it('gives the advice of a rule as its help', () => {
    const one = rule('iam/irsa-and-pod-identity', 'high', { help: ['set `a: <value>`', 'remove b'] });
    const [descriptor] = (
      JSON.parse(sarif.format(report({ rules: [one] }), options)) as {
        runs: [{ tool: { driver: { rules: [{ help: { text: string } }] } } }];
      }
    ).runs[0].tool.driver.rules;
    expect(descriptor.help.text.split('\n').slice(1, 3)).toEqual(['Fix: set `a: <value>`', 'Fix: remove b']);
  });

  it('limits the strings of rules', () => {
    const [long] = runOf(
      report({ rules: [rule('iam/x', 'high', { title: '😀'.repeat(2000), sources: ['y'.repeat(5000)] })] }),
    ).tool.driver.rules;
    expect(long?.shortDescription.text.length).toBeLessThanOrEqual(1024);
    expect(long?.fullDescription.text.length).toBeLessThanOrEqual(1024);
    expect(long?.shortDescription.text).not.toMatch(/\p{Cs}/u);
  });

  it('gives an unlisted rule a descriptor, and every result the index of its rule', () => {
    const run = runOf(
      report({
        rules: [rule('b/b'), rule('c/c')],
        findings: [finding({ rule: 'z/z' }), finding({ rule: 'c/c' }), finding({ rule: 'a/a' })],
      }),
    );
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['b/b', 'c/c', 'a/a', 'z/z']);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('writes frameworks as taxonomies that rules refer to', () => {
    const run = runOf(
      report({
        rules: [rule('rbac/nodes-proxy'), rule('pod-security/host-ipc'), rule('pod-security/host-pid'), rule('c/c')],
      }),
    );
    expect(run.taxonomies?.map(({ name, version, taxa }) => [name, version, taxa.map(({ id }) => id)])).toEqual([
      ['CIS Amazon EKS Benchmark', '1.7.0', ['4.2.2', '4.2.3']],
      ['CIS Amazon EKS Benchmark', '1.8.0', ['4.1.10']],
      ['NSA/CISA Kubernetes Hardening Guidance', '1.2', ['C-0038']],
      ['Pod Security Standards, baseline', '1.37', ['hostNamespaces']],
    ]);
    expect(run.taxonomies?.[0]).toMatchObject({
      organization: 'Center for Internet Security',
      taxa: [{ id: '4.2.2', shortDescription: { text: 'No host PID' } }, {}],
    });
    expect(run.tool.driver.supportedTaxonomies).toHaveLength(4);
    const cis = (id: string, index: number, taxonomy: number): object => ({
      target: { id, index, toolComponent: { name: 'CIS Amazon EKS Benchmark', index: taxonomy } },
      kinds: ['relevant'],
    });
    const [proxy, ipc, pid, none] = run.tool.driver.rules.map(({ relationships }) => relationships);
    expect(proxy).toEqual([cis('4.1.10', 0, 1)]);
    expect(ipc).toHaveLength(3);
    expect(ipc?.[0]).toEqual(cis('4.2.3', 1, 0));
    expect(pid?.[0]).toEqual(cis('4.2.2', 0, 0));
    expect(none).toBeUndefined();
  });

  it('encodes paths so that they can be decoded', () => {
    expect(uriOf('a b/#1/50%/é\\x?.yaml')).toBe('a%20b/%231/50%25/%C3%A9%5Cx%3F.yaml');
    expect(uriOf('../up/./x.yaml')).toBe('../up/x.yaml');
    expect(uriOf('./x.yaml')).toBe('x.yaml');
    expect(uriOf('/abs/x.yaml')).toBe('abs/x.yaml');
    expect(uriOf('C:/x.yaml')).toBe('C%3A/x.yaml');
    expect(uriOf('\ud800.yaml')).toBe('%EF%BF%BD.yaml');
    for (const text of hostile) {
      if (!/\p{Cs}/u.test(text))
        expect(decodeURIComponent(uriOf(`d/${text}`.replaceAll('//', '/')))).toBe(`d/${text}`.replaceAll('//', '/'));
    }
  });

  it('never writes a line below 1 or a region that ends before it starts', () => {
    const none = finding({ at: { source: 'a.yaml', path: '' } });
    const odd = finding({
      at: { source: 'a.yaml', path: '', start: { line: 5, column: 4 }, end: { line: 4, column: 9 } },
    });
    expect(
      runOf(report({ findings: [none, odd] })).results.map(({ locations }) => locations[0]?.physicalLocation.region),
    ).toEqual([
      { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
      { startLine: 5, startColumn: 4, endLine: 5, endColumn: 5 },
    ]);
  });

  it('numbers repeated fingerprints', () => {
    expect(
      runOf(report({ findings: [finding(), finding()] })).results.map(
        ({ partialFingerprints }) => partialFingerprints['primaryLocationLineHash'],
      ),
    ).toEqual(['00112233445566aa:1', '00112233445566aa:2']);
  });

  it('leaves ignored findings out unless asked, then with their suppression', () => {
    const some = report({
      findings: [
        finding({ hidden: { by: 'comment', reason: 'CNI agent' } }),
        finding({ hidden: { by: 'config', reason: 'known', expires: '2027-03-01' } }),
        finding({ hidden: { by: 'baseline', reason: '' } }),
      ],
    });
    expect(runOf(some).results).toEqual([]);
    expect(runOf(some, { showIgnored: true }).results.map(({ suppressions }) => suppressions?.[0])).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'CNI agent' },
      { kind: 'external', status: 'accepted', justification: 'known (until 2027-03-01)' },
      { kind: 'external', status: 'accepted', justification: 'ignored by baseline' },
    ]);
  });

  it('reports gaps in the result', () => {
    const [invocation] = runOf(
      report({
        complete: false,
        exitCode: 3,
        undetermined: [0, 1].map(() => ({
          rule: 'iam/x',
          why: 'var.a is unknown',
          subject: { kind: 'cluster', namespace: '', name: 'c' },
          at: at('m.tf', 1, 1),
        })),
        notes: [
          { kind: 'unrendered', message: 'Helm charts not rendered', count: 2 },
          { kind: 'incomplete', message: 'big.yaml: not read', at: { source: 'big.yaml', path: '' } },
        ],
        crashes: [
          {
            rule: 'iam/irsa-and-pod-identity',
            subject: { kind: 'Pod', namespace: '', name: 'p' },
            at: at('p.yaml', 1, 1),
            error: new Error('boom'),
          },
        ],
      }),
    ).invocations;
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 3 });
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, descriptor, message, associatedRule }) => [
        level,
        descriptor.id,
        message.text,
        associatedRule?.index,
      ]),
    ).toEqual([
      ['note', 'not-judged', '2 checks could not be judged for 1 reason: var.a is unknown (2)', undefined],
      ['error', 'crash', 'Rule iam/irsa-and-pod-identity crashed on Pod//p: boom', 0],
      ['warning', 'incomplete', 'big.yaml: not read', undefined],
      ['note', 'unrendered', 'Helm charts not rendered (2)', undefined],
    ]);
  });

  const many = (n: number): Finding[] =>
    Array.from({ length: n }, (_, index) =>
      finding({
        severity: index % 100 === 99 ? 'critical' : 'low',
        fingerprint: index.toString(16).padStart(16, '0'),
        at: at(`f${index}.yaml`, 1, 1),
      }),
    );

  it('keeps all results up to the limit of code scanning', () => {
    const run = runOf(report({ findings: many(25_000) }));
    expect(run.results).toHaveLength(25_000);
    expect(run.invocations[0]?.toolExecutionNotifications).toBeUndefined();
  });

  it('keeps the worst 5,000 above it and says so, quickly', () => {
    const findings = many(30_000);
    const spent = countTime();
    const run = runOf(report({ findings }));
    expect(spent()).toBeLessThan(5_000);
    expect(run.results).toHaveLength(5_000);
    expect(run.results.filter(({ level }) => level === 'error')).toHaveLength(300);
    expect(run.invocations[0]?.toolExecutionNotifications).toMatchObject([
      {
        level: 'warning',
        message: { text: expect.stringContaining('25000 less severe findings are left out') as string },
      },
    ]);
    expect(runOf(report({ findings }), { maxFindings: 40_000 }).results).toHaveLength(25_000);
  });

  it('lets nothing hostile through, and makes no links', () => {
    const text = sarif.format(hostileReport(), { ...options, showIgnored: true });
    expect(unseenIn(text)).toEqual([]);
    expect(commandsIn(text)).toEqual([]);
    expect(
      runOf(hostileReport())
        .results.map(({ message }) => message.text)
        .join('\n'),
    ).not.toContain('](');
  });

  it('is the same each time and contains no machine path or time', () => {
    const some = (): Report => report({ findings: many(50), notes: [{ kind: 'skipped', message: 'x' }] });
    const text = sarif.format(some(), options);
    expect(sarif.format(some(), options)).toBe(text);
    expect(text).not.toContain(process.cwd());
    expect(text).not.toMatch(/file:|TimeUtc/);
    expect(text.split('\n').filter((line) => line.includes('"ruleId"'))).toHaveLength(50);
  });
});

describe('paths of a run below the root of the repository', () => {
  it('are relative to the root', () => {
    const text = sarif.format(
      report({
        folder: 'deploy/prod',
        findings: [finding({ at: at('web.yaml', 1, 1), related: [at('../../infra/a.yaml', 1, 1)] })],
      }),
      options,
    );
    expect([...text.matchAll(/"uri":"([^"]*)"/g)].map((match) => match[1])).toEqual([
      'deploy/prod/web.yaml',
      'infra/a.yaml',
    ]);
  });
});
