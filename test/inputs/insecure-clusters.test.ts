import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lint } from '../../src/index.ts';
import { insecureClusters } from './insecure-clusters.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ekslint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const only = [
  'iam/irsa-trust-wildcard-subject',
  'iam/irsa-trust-subject-mismatch',
  'iam/workload-role-admin-policy',
  'networking/security-group-wide-open',
  'nodes/public-subnet',
  'nodes/fargate-public-subnet',
];

test.each(insecureClusters)('$name', async ({ name: title, files }) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { findings } = await lint({ cwd: folder, config: false, only });
  const found = findings.map(({ rule, resource: { kind, name } }) => `${rule} ${kind} ${name}`);
  expect([...new Set(found)].sort()).toEqual([
    'iam/irsa-trust-subject-mismatch ServiceAccount job',
    'iam/irsa-trust-wildcard-subject iamRole web',
    'iam/workload-role-admin-policy iamRole web',
    'networking/security-group-wide-open securityGroup open',
    ...(title.startsWith('Upbound') ? ['nodes/public-subnet nodegroup labeled'] : []),
    'nodes/public-subnet nodegroup web',
  ]);
});
