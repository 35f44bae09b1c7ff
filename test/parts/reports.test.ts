import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Report } from '#model/finding.ts';
import { lint } from '#pipeline.ts';
import asff from '#reporters/asff.ts';
import openreports from '#reporters/openreports.ts';
import { allRules } from '../all-rules.ts';
import { options } from '../reporters/sample.ts';
import { type Json, sampleObjects } from '../sample-objects.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';
import { type AwsServer, pythonOfMoto, startAws, whyNoMoto } from './moto.ts';

/*
 * Reports for other tools, checked by those tools: an API server with the definitions of OpenReports, and Security Hub.
 */

const definitions = join(process.env['EKSLINT_PARTS'] ?? '/tmp/ekslint-parts', 'openreports');
const why = whyNoApiServer() ?? (existsSync(definitions) ? undefined : `no ${definitions}: run .ci/kube-apiserver`);
const whyNot = whyNoMoto();
for (const reason of [why, whyNot]) if (reason !== undefined) console.warn(`skipped: ${reason}`);

/** An audit with findings of many rules, and with some that could not be judged. */
async function audit(): Promise<Report> {
  // A running cluster cannot have another namespace name.
  const isPossible = ({ metadata }: Json): boolean => {
    const { namespace = 'a' } = (metadata ?? {}) as { readonly namespace?: unknown };
    return typeof namespace === 'string' && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace);
  };
  const snapshot = snapshotOf(sampleObjects().filter(isPossible), ['ServiceAccount']);
  const cluster = {
    ...snapshot.cluster,
    arn: 'arn:aws:eks:eu-west-1:123456789012:cluster/prod',
    account: '123456789012',
    region: 'eu-west-1',
  };
  const settings = { ...allRules, cwd: process.cwd(), allowEmpty: true, today: '2026-01-01' };
  return await lint({ ...settings, snapshots: [{ ...snapshot, cluster }], filesToo: false });
}

describe.skipIf(why !== undefined)('OpenReports on a real API server', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    for (const file of readdirSync(definitions)) {
      const definition = parse(readFileSync(join(definitions, file), 'utf8')) as Json;
      const { status } = await server.call(
        'POST',
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
        definition,
      );
      expect({ file, status }).toEqual({ file, status: 201 });
    }
    const until = Date.now() + 20_000;
    while ((await server.call('GET', '/apis/openreports.io/v1alpha1/reports')).status !== 200) {
      if (Date.now() > until) throw new Error('the definitions are not served');
      await new Promise((done) => setTimeout(done, 100));
    }
  }, 90_000);
  afterAll(() => server?.stop());

  test('are accepted, and nothing in them is dropped', async () => {
    const report = await audit();
    expect(report.findings.length).toBeGreaterThan(200);
    expect(report.undetermined.length).toBeGreaterThan(20);
    const documents = parseAllDocuments(openreports.format(report, options)).map((one) => one.toJS() as Json);
    let results = 0;
    for (const document of documents) {
      const { namespace } = document['metadata'] as { readonly namespace?: string };
      const base = '/apis/openreports.io/v1alpha1';
      if (namespace !== undefined)
        await server.call('POST', '/api/v1/namespaces', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: namespace },
        });
      const { status, body } = await server.call(
        'POST',
        `${namespace === undefined ? `${base}/clusterreports` : `${base}/namespaces/${namespace}/reports`}?fieldValidation=Strict`,
        document,
      );
      expect({ status, message: (body as Json)['message'] }).toEqual({ status: 201, message: undefined });
      expect((body as Json)['results']).toEqual(document['results']);
      expect((body as Json)['summary']).toEqual(document['summary']);
      results += (document['results'] as unknown[]).length;
    }
    expect(results).toBeGreaterThanOrEqual(report.findings.length);
  }, 90_000);
});

/** How boto3 reads a file: it compares it with the model of the API before it sends it. */
const importing = `
import boto3, json, sys
hub = boto3.client('securityhub', endpoint_url=sys.argv[1], region_name='eu-west-1')
hub.enable_security_hub()
failed = 0
for file in sys.argv[2:]:
    failed += hub.batch_import_findings(Findings=json.load(open(file)))['FailedCount']
seen = [one['Id'] for page in hub.get_paginator('get_findings').paginate() for one in page['Findings']]
print(json.dumps({'failed': failed, 'ids': len(set(seen))}))
`;

describe.skipIf(whyNot !== undefined)('findings in Security Hub', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-asff-'));
  let aws: AwsServer;
  beforeAll(async () => {
    aws = await startAws();
  }, 90_000);
  afterAll(async () => {
    await aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('all are imported, and a second import adds no copies', async () => {
    const report = await audit();
    const parts = asff.parts?.(report, options) ?? [];
    expect(parts.length).toBeGreaterThan(2);
    const files = parts.map((part, i) => {
      const file = join(folder, `${i}.json`);
      writeFileSync(file, part);
      return file;
    });
    const said = await new Promise<{ readonly out: string; readonly err: string }>((done) => {
      const env = { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
      const child = spawn(pythonOfMoto(), ['-c', importing, aws.url, ...files, ...files], { env });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('close', () => done({ out, err }));
    });
    expect(said.err).toBe('');
    expect(JSON.parse(said.out)).toEqual({ failed: 0, ids: report.findings.length });
  }, 90_000);
});
