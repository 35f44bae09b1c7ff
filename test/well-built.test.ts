import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../src/rule/registry.ts';
import { lintTexts } from './lint-texts.ts';

/*
 * An application as experienced teams write it: `recommended` has nothing to say about it, and `strict` nothing that
 * matters. Two rules that contradict each other would be noticed here.
 */

const folder = 'fixtures/scenarios/well-built';
const files = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const),
);
const recommended = rules.filter(({ preset }) => preset === 'recommended');
const strict = rules.filter(({ preset }) => preset !== 'opt-in');
const linesOf = (found: readonly { readonly rule: string; readonly severity: string; readonly message: string }[]) =>
  found.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`);

test('recommended says nothing about a well-built application, and judges all of it', async () => {
  const { findings, undetermined, workspace } = await lintTexts(files, recommended);
  expect(linesOf(findings)).toEqual([]);
  expect(undetermined).toEqual([]);
  // Unread files would also have no findings.
  expect(new Set(workspace.resources.map(({ kind }) => kind)).size).toBeGreaterThan(18);
});

test('strict says nothing at medium or above', async () => {
  const { findings } = await lintTexts(files, strict);
  expect(linesOf(findings.filter(({ severity }) => severity !== 'low' && severity !== 'info'))).toEqual([]);
});

/** A change of the application, and the rule that must notice it. */
const faults: readonly (readonly [file: string, from: string, to: string, rule: string])[] = [
  ['web.yaml', 'capabilities: {drop: [ALL]}', 'privileged: true', 'pod-security/privileged-container'],
  ['web.yaml', 'minReplicas: 3', 'minReplicas: 13', 'scaling/hpa-no-room'],
  ['web.yaml', 'periodSeconds: 5\n', 'periodSeconds: 5\n            port: 80\n', 'correctness/unknown-field'],
  [
    'web.yaml',
    'web:3.4.1@sha256:8d3f1a5c9b7e2d4f6a8c0e1b3d5f7a9c2e4b6d8f0a1c3e5b7d9f2a4c6e8b0d1f',
    'web:latest',
    'images/mutable-tag',
  ],
  ['database.yaml', 'maxUnavailable: 1', 'maxUnavailable: 0', 'reliability/pdb-blocks-eviction'],
  ['orders.yaml', 'kind: PodDisruptionBudget', 'kind: ConfigMap', 'reliability/pdb-missing'],
  ['reports.yaml', 'resources: [pods]', 'resources: [secrets]', 'rbac/secrets-access'],
  ['reports.yaml', 'restartPolicy: Never', 'restartPolicy: Always', 'correctness/restart-policy-invalid'],
  [
    'namespace.yaml',
    'pod-security.kubernetes.io/enforce: restricted',
    'team: shop',
    'pod-security/namespace-psa-missing',
  ],
  ['gateway.yaml', 'name: search, port: 9200', 'name: find, port: 9200', 'networking/dangling-gateway-backend'],
];
test.each(faults)('a fault in %s is found: %s becomes %s', async (file, from, to, rule) => {
  const text = files[file] ?? '';
  expect(text).toContain(from);
  const { findings } = await lintTexts({ ...files, [file]: text.replace(from, to) }, recommended);
  expect(findings.map((one) => one.rule)).toContain(rule);
});
