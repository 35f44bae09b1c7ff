import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { AuditedCluster, Finding } from '#model/finding.ts';
import openreports from '#reporters/openreports.ts';
import { finding, hostileReport, options, report, unseenIn } from './sample.ts';

const prod: AuditedCluster = {
  name: 'prod',
  arn: '',
  account: '',
  region: '',
  endpoint: 'https://x',
  version: 'v1.34.1',
  uid: '',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:00:09.000Z',
};
interface Written {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly summary: Readonly<Record<string, number>>;
  readonly results: readonly Readonly<Record<string, unknown>>[];
}
const written = (findings: readonly Finding[], more: Parameters<typeof report>[0] = {}): Written[] =>
  parseAllDocuments(openreports.format(report({ command: 'audit', audited: [prod], findings, ...more }), options)).map(
    (document) => document.toJS() as Written,
  );

describe('openreports', () => {
  test('a report for each namespace, and one for the cluster', () => {
    const all = written(
      [
        finding({ help: 'Do this' }),
        finding({ severity: 'info' }),
        finding({ subject: { kind: 'ClusterRole', namespace: '', name: 'a' } }),
      ],
      {
        undetermined: [
          {
            rule: 'networking/dangling-service',
            why: 'no permission to list pods',
            subject: { kind: 'Service', apiVersion: 'v1', namespace: 'shop', name: 'web' },
            at: { source: 'Service shop/web', path: '' },
          },
        ],
      },
    );
    expect(all.map(({ kind, metadata, summary }) => [kind, metadata.namespace, metadata.name, summary])).toEqual([
      ['ClusterReport', undefined, 'ekslint', { fail: 1, warn: 0, error: 0 }],
      ['Report', 'shop', 'ekslint', { fail: 1, warn: 1, error: 1 }],
    ]);
    expect(all[1]?.results).toEqual([
      {
        policy: 'iam/irsa-and-pod-identity',
        rule: 'both',
        category: 'iam',
        severity: 'high',
        result: 'fail',
        scored: true,
        message: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
        timestamp: { seconds: 1_767_225_609, nanos: 0 },
        resources: [{ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'web' }],
        properties: { id: '00112233445566aa', path: 'spec.replicas', fix: 'Do this' },
      },
      expect.objectContaining({ result: 'warn', scored: false, severity: 'info' }),
      expect.objectContaining({
        policy: 'networking/dangling-service',
        result: 'error',
        message: 'not judged: no permission to list pods',
      }),
    ]);
  });
  test('is split before it exceeds the size of an object', () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      finding({ fingerprint: String(i), message: 'x'.repeat(500), cluster: prod }),
    );
    const all = written(many).filter(({ kind }) => kind === 'Report');
    expect(all.map(({ metadata }) => metadata.name)).toEqual(['ekslint', 'ekslint-2', 'ekslint-3']);
    expect(all.reduce((sum, { results }) => sum + results.length, 0)).toBe(3000);
    for (const one of all) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(1_000_000);
  });
  test('untrusted text is text', () => {
    const page = openreports.format({ ...hostileReport(), audited: [prod] }, options);
    expect(unseenIn(page.replaceAll('\n', ''))).toEqual([]);
    expect(parseAllDocuments(page).flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
  });
  test('files and several clusters are rejected', () => {
    expect(() => written([], { audited: [] })).toThrow('is for running clusters');
    expect(() => written([], { audited: [prod, prod] })).toThrow('one cluster');
  });
});
