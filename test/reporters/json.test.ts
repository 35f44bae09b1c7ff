import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { jsonText } from '#reporters/escape.ts';
import json, { reportSchema, toJson } from '#reporters/json.ts';
import { at, finding, hostile, hostileReport, options, report } from './sample.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/report.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;
const valid = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

function errorsOf(text: string): unknown {
  valid(JSON.parse(text));
  return valid.errors;
}

describe('json', () => {
  it('names its schema', () => {
    expect(reportSchema).toBe(schema['$id']);
  });

  it('prints what the Node API returns', () => {
    const given = report({ findings: [finding({}), finding({ severity: 'low', found: '1' })] });
    expect(json.format(given, options)).toBe(jsonText(toJson(given), 2));
  });

  it('has exactly the promised shape', () => {
    const edit = {
      source: 'a.yaml',
      start: 3,
      end: 4,
      text: 'x',
      from: { line: 1, column: 4 },
      to: { line: 1, column: 5 },
      judged: '',
    };
    expect(
      toJson(
        report({
          findings: [
            finding({
              related: [at('a.yaml', 2, 3, 4)],
              found: '1',
              wanted: 'at least 2 replicas',
              fix: { safe: true, edits: [edit] },
            }),
          ],
          undetermined: [
            {
              rule: 'nodes/x',
              why: 'var.size is unknown',
              subject: { kind: 'nodegroup', namespace: '', name: 'ng' },
              at: { source: 'main.tf', path: '' },
            },
          ],
          notes: [{ kind: 'unrendered', message: 'Helm charts not rendered', count: 2 }],
          crashes: [
            {
              rule: 'nodes/x',
              subject: { kind: 'Pod', namespace: 'a', name: 'b' },
              at: at('p.yaml', 7, 1),
              error: new Error('boom'),
            },
          ],
          exitCode: 2,
        }),
      ),
    ).toEqual({
      schema: 'https://unpkg.com/ekslint@1/schemas/report.json',
      tool: { name: 'ekslint', version: '0.1.0' },
      run: { command: 'lint', complete: true, exitCode: 2, config: 'ekslint.yaml' },
      clusters: [],
      findings: [
        {
          id: '00112233445566aa',
          rule: 'iam/irsa-and-pod-identity',
          severity: 'high',
          message: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
          resource: {
            apiVersion: 'v1',
            kind: 'ServiceAccount',
            namespace: 'shop',
            name: 'web',
            fullyQualifiedName: 'ServiceAccount/shop/web',
            cluster: null,
          },
          location: {
            file: 'deploy/web.yaml',
            line: 24,
            column: 11,
            endLine: 24,
            endColumn: 16,
            path: 'spec.replicas',
          },
          declared: null,
          related: [{ file: 'a.yaml', line: 2, column: 3, endLine: 2, endColumn: 7, path: 'spec.replicas' }],
          found: '1',
          wanted: 'at least 2 replicas',
          fix: {
            safe: true,
            edits: [{ file: 'a.yaml', startLine: 1, startColumn: 4, endLine: 1, endColumn: 5, text: 'x' }],
          },
          ignored: null,
          state: 'new',
          since: null,
        },
      ],
      compared: null,
      notJudged: [
        {
          rule: 'nodes/x',
          reason: 'var.size is unknown',
          resource: {
            apiVersion: null,
            kind: 'nodegroup',
            namespace: '',
            name: 'ng',
            fullyQualifiedName: 'nodegroup//ng',
            cluster: null,
          },
          location: { file: 'main.tf', line: null, column: null, endLine: null, endColumn: null, path: '' },
        },
      ],
      reasons: [{ reason: 'var.size is unknown', checks: 1, rules: ['nodes/x'], clusters: [] }],
      notes: [
        { kind: 'unrendered', message: 'Helm charts not rendered', count: 2 },
        { kind: 'crash', message: 'rule nodes/x crashed on Pod/a/b: boom', file: 'p.yaml', line: 7 },
      ],
      counts: { files: 18, objects: 61, rules: 143, clusters: 0, ignored: 0, known: 0 },
    });
  });

  it('counts ignored findings and lists them only when asked', () => {
    const some = report({
      findings: [
        finding({ hidden: { by: 'config', reason: 'known', expires: '2027-03-01' } }),
        finding({ hidden: { by: 'baseline', reason: '' } }),
      ],
    });
    expect(toJson(some)).toMatchObject({ findings: [], counts: { ignored: 2 } });
    expect(toJson(some, { showIgnored: true }).findings.map(({ ignored, state }) => ({ ignored, state }))).toEqual([
      { ignored: { by: 'config', reason: 'known', expires: '2027-03-01' }, state: 'new' },
      { ignored: { by: 'baseline', reason: '', expires: null }, state: 'unchanged' },
    ]);
  });

  it('drops what is below the threshold with quiet, and never cuts at a number', () => {
    const some = report({ findings: [finding(), finding({ severity: 'low' })] });
    expect(toJson(some, { quiet: true, failOn: 'medium' }).findings).toHaveLength(1);
    expect(JSON.parse(json.format(some, { ...options, maxFindings: 1 }))).toMatchObject({ findings: [{}, {}] });
  });

  it('is valid whatever the report contains, and keeps the data', () => {
    for (const one of [report(), report({ config: undefined }), hostileReport()])
      expect(errorsOf(json.format(one, { ...options, showIgnored: true }))).toBeNull();
    const data = JSON.parse(json.format(hostileReport(), options)) as { findings: { message: string }[] };
    expect(data.findings.map(({ message }) => message)).toEqual(hostile);
  });

  it('the schema rejects a wrong report', () => {
    const good = json.format(report({ findings: [finding()] }), options);
    expect(errorsOf(good)).toBeNull();
    expect(errorsOf(good.replace('"high"', '"severe"'))).not.toBeNull();
    expect(errorsOf(good.replace('"line":24', '"line":0'))).not.toBeNull();
  });

  it('prints one finding per line and the same bytes each time', () => {
    const some = report({ findings: [finding(), finding()] });
    expect(
      json
        .format(some, options)
        .split('\n')
        .filter((line) => line.startsWith('    {"id"')),
    ).toHaveLength(2);
    expect(json.format(some, options)).toBe(json.format(structuredClone(some), options));
  });
});
