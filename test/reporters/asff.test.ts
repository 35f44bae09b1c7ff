import { describe, expect, test } from 'vitest';
import type { AuditedCluster, Finding } from '#model/finding.ts';
import asff, { mostOfCall } from '#reporters/asff.ts';
import { finding, options, report } from './sample.ts';

const prod: AuditedCluster = {
  name: 'prod',
  arn: 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod',
  account: '111122223333',
  region: 'cn-north-1',
  endpoint: 'https://x',
  version: 'v1.34.1',
  uid: '',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:00:09.000Z',
};
type Asff = Record<string, never> & {
  readonly Id: string;
  readonly Title: string;
  readonly AwsAccountId: string;
  readonly Resources: readonly { readonly Id: string }[];
};
const written = (findings: readonly Finding[], more: Parameters<typeof report>[0] = {}): Asff[] =>
  JSON.parse(asff.format(report({ command: 'audit', audited: [prod], findings, ...more }), options)) as Asff[];

describe('asff', () => {
  test('has what Security Hub requires', () => {
    expect(written([finding({ cluster: prod, help: 'Do this' })])).toEqual([
      {
        SchemaVersion: '2018-10-08',
        Id: 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod/ekslint/iam/irsa-and-pod-identity/00112233445566aa',
        ProductArn: 'arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default',
        ProductName: 'ekslint',
        GeneratorId: 'ekslint/iam/irsa-and-pod-identity',
        AwsAccountId: '111122223333',
        Region: 'cn-north-1',
        Types: ['Software and Configuration Checks/AWS Security Best Practices'],
        CreatedAt: '2026-01-01T00:00:00.000Z',
        UpdatedAt: '2026-01-01T00:00:09.000Z',
        Severity: { Label: 'HIGH' },
        Title: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
        Description: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
        Remediation: {
          Recommendation: {
            Text: 'Do this',
            Url: 'https://github.com/ekslint/ekslint/blob/main/rules/iam/irsa-and-pod-identity.md',
          },
        },
        ProductFields: { 'ekslint/rule': 'iam/irsa-and-pod-identity', 'ekslint/path': 'spec.replicas' },
        Resources: [
          {
            Type: 'Other',
            Id: 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod/shop/ServiceAccount/web',
            Partition: 'aws-cn',
            Region: 'cn-north-1',
            Details: { Other: { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'web' } },
          },
        ],
        Compliance: { Status: 'FAILED' },
        RecordState: 'ACTIVE',
      },
    ]);
  });
  test("a finding on the cluster is about the AWS resource, and severities have Security Hub's names", () => {
    const subject = { kind: 'cluster', namespace: '', name: 'prod' };
    const all = written(
      (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => finding({ severity, subject })),
    );
    expect(all.map((one) => one['Severity'])).toEqual(
      ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'].map((Label) => ({ Label })),
    );
    expect(all[0]?.Resources[0]).toMatchObject({ Type: 'AwsEksCluster', Id: prod.arn });
  });
  test('long strings are cut to what each field allows, and IDs stay distinct', () => {
    const long = 'ü'.repeat(5000);
    const all = written(
      ['1'.repeat(16), '2'.repeat(16)].map((fingerprint) =>
        finding({
          message: long,
          help: long,
          rule: long,
          fingerprint,
          subject: { kind: long, namespace: long, name: long },
        }),
      ),
    );
    expect(new Set(all.map(({ Id }) => Id)).size).toBe(2);
    for (const one of all) {
      expect([one.Id.length, one.Title.length, one.Resources[0]?.Id.length]).toEqual([512, 256, 512]);
      expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(240_000);
    }
  });
  test('comes in files of at most a hundred, of one account each', () => {
    const other = { ...prod, name: 'lab', arn: prod.arn.replace('1111', '9999'), account: '999922223333' };
    const many = Array.from({ length: 250 }, (_, i) => finding({ fingerprint: String(i), cluster: prod }));
    const parts = asff.parts?.(
      report({ command: 'audit', audited: [prod, other], findings: [...many, finding({ cluster: other })] }),
      options,
    );
    const read = (parts ?? []).map((part) => JSON.parse(part) as Asff[]);
    expect(read.map(({ length }) => length)).toEqual([mostOfCall, mostOfCall, 50, 1]);
    expect(read.map((call) => new Set(call.map(({ AwsAccountId }) => AwsAccountId)).size)).toEqual([1, 1, 1, 1]);
    expect(Math.max(...(parts ?? []).map((part) => Buffer.byteLength(part)))).toBeLessThan(6_000_000);
  });
  test('what is gone since an earlier audit is archived under the same ID', () => {
    const one = finding({ cluster: prod });
    const [before] = written([one]);
    const { fingerprint: id, rule, severity, message, subject } = one;
    const gone = { id, rule, severity, message, subject, cluster: prod.arn, since: '2025-12-01T00:00:00.000Z' };
    const [after] = written([], { compared: { file: 'x', at: 'y', gone: [gone], unclear: [] } });
    expect(after).toMatchObject({ Id: before?.Id, RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } });
  });
  test('ignored findings are left out; files and clusters without an account are rejected', () => {
    expect(written([finding({ hidden: { by: 'config', reason: 'x' } })])).toEqual([]);
    expect(() => written([], { audited: [] })).toThrow('is for running clusters');
    expect(() => written([], { audited: [{ ...prod, arn: '', account: '' }] })).toThrow('needs the account');
  });
});
