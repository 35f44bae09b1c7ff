import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Config, defaultConfig } from '#config/config.ts';
import { lint, type LintOptions } from '#pipeline.ts';
import { parse } from 'yaml';
import type { Report } from '#model/finding.ts';
import { toJson } from '#reporters/json.ts';
import text from '#reporters/text.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { allRules } from '../all-rules.ts';
import { options } from '../reporters/sample.ts';
import type { Json } from '../sample-objects.ts';
import { snapshotOf } from '../snapshot-of.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Audits a cluster that some files declare. */
async function audit(
  files: Readonly<Record<string, string>>,
  live: Snapshot | string,
  only: readonly string[] = ['ekslint'],
  more: Partial<LintOptions> = {},
): Promise<Report> {
  const cwd = mkdtempSync(join(tmpdir(), 'ekslint-drift-'));
  folders.push(cwd);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  const snapshot = typeof live === 'string' ? snapshotOf(parse(live) as Json[]) : live;
  const settings: LintOptions = { ...allRules, cwd, only, allowEmpty: true, today: '2026-01-01' };
  return await lint({ ...settings, snapshots: [snapshot], filesToo: false, source: '.', ...more });
}
const rules = ['pod-security/host-pid', 'ekslint/drift'];
const drift = async (files: Readonly<Record<string, string>>, live: Snapshot | string): Promise<string[]> =>
  (await audit(files, live, rules)).findings
    .filter(({ rule }) => rule === 'ekslint/drift')
    .map(({ at, message }) => `${at.source}:${at.start?.line} ${message}`);

const declared = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers:
        - name: proxy
          image: registry.example.com/proxy:1
        - name: web
          image: registry.example.com/web:1
          env: [{name: KEY, value: canary-declared}]
          resources: {requests: {cpu: 0.5, memory: 1Gi}}
          ports: [{containerPort: 8080}]
`;
const running = (change: (web: Json, template: Json, spec: Json) => void = () => {}): string => {
  const object = parse(declared) as Json;
  const spec = object['spec'] as Json;
  const template = (spec['template'] as Json)['spec'] as Json;
  const [, web] = template['containers'] as [Json, Json];
  // What the API server writes.
  Object.assign(object['metadata'] as Json, {
    uid: '1',
    generation: 4,
    annotations: { 'deployment.kubernetes.io/revision': '3' },
  });
  Object.assign(spec, { revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  Object.assign(template, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', securityContext: {} });
  Object.assign(web, {
    imagePullPolicy: 'IfNotPresent',
    resources: { requests: { cpu: '500m', memory: '1024Mi' } },
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
  });
  change(web, template, spec);
  return JSON.stringify([object]);
};

describe('an audit with --source', () => {
  test('names the line of the file for a finding, with the container by its name', async () => {
    const { findings } = await audit(
      { 'deploy/web.yaml': declared },
      running((_, template) => {
        template['containers'] = (template['containers'] as Json[]).toReversed();
      }),
      [...rules, 'images/mutable-tag'],
    );
    expect(
      findings.map(
        ({ rule, at, declared: place }) => `${rule} ${at.source} ${place?.source}:${place?.start?.line} ${place?.path}`,
      ),
    ).toEqual(['pod-security/host-pid Deployment shop/web deploy/web.yaml:10 spec.template.spec.hostPID']);
  });
  test('is a rule like others: flags and config turn it off, set its severity and ignore it', async () => {
    const changed = running((web) => (web['image'] = 'registry.example.com/web:2'));
    const files = { 'web.yaml': declared };
    const found = async (more: Partial<LintOptions>) =>
      (await audit(files, changed, [], more)).findings
        .filter(({ rule }) => rule === 'ekslint/drift')
        .map(({ severity, hidden }) => (hidden ? `hidden: ${hidden.reason}` : severity));
    const config = (more: Partial<Config>): Partial<LintOptions> => ({ config: { ...defaultConfig, ...more } });
    expect(await found({})).toEqual(['low']);
    expect(await found({ skip: ['ekslint/drift'] })).toEqual([]);
    expect(await found({ skip: ['ekslint'] })).toEqual([]);
    expect(await found({ only: ['pod-security'] })).toEqual([]);
    expect(await found({ preset: 'none' })).toEqual([]);
    expect(await found(config({ rules: { 'ekslint/drift': { severity: 'off' } } }))).toEqual([]);
    expect(await found(config({ rules: { 'ekslint/drift': { severity: 'high' } } }))).toEqual(['high']);
    const overrides = (rule: Config['overrides'][number]): Partial<LintOptions> => config({ overrides: [rule] });
    const off = { 'ekslint/drift': { severity: 'off' } } as const;
    expect(await found(overrides({ files: ['web.yaml'], rules: off }))).toEqual([]);
    expect(await found(overrides({ namespaces: ['shop'], rules: off }))).toEqual([]);
    expect(await found(overrides({ namespaces: ['other'], rules: off }))).toEqual(['low']);
    const ignore = { rule: 'ekslint/drift', resource: { kind: 'Deployment', name: 'web' }, reason: 'by hand' };
    expect(await found(config({ ignores: [ignore] }))).toEqual(['hidden: by hand']);
  });
  test('all formats show it', async () => {
    const report = await audit(
      { 'web.yaml': declared },
      running((web) => (web['image'] = 'registry.example.com/web:2')),
      rules,
    );
    expect(text.format(report, options)).toContain('declared: web.yaml:10');
    const [finding, other] = toJson(report).findings;
    expect(finding?.declared).toMatchObject({ file: 'web.yaml', line: 10 });
    expect(other).toMatchObject({
      rule: 'ekslint/drift',
      found: 'registry.example.com/web:2',
      wanted: 'registry.example.com/web:1',
      location: { file: 'web.yaml', line: 15 },
    });
  });
  test('defaults, other spellings of a value and what controllers write are not drift', async () => {
    expect(await drift({ 'web.yaml': declared }, running())).toEqual([]);
  });
  test('a field that differs, is missing or was added is reported once, at its line', async () => {
    const changed = running((web, template, spec) => {
      spec['replicas'] = 5;
      web['image'] = 'registry.example.com/web:2';
      delete web['ports'];
      (template['containers'] as Json[]).push({ name: 'debug', image: 'registry.example.com/debug:1' });
    });
    expect(await drift({ 'web.yaml': declared }, changed)).toEqual([
      'web.yaml:5 Deployment "web" has spec.replicas "5" in the cluster, but "3" is declared',
      'web.yaml:11 Deployment "web" has spec.template.spec.containers.debug in the cluster, which is not declared',
      'web.yaml:15 Deployment "web" has spec.template.spec.containers.web.image "registry.example.com/web:2" in the cluster, but "registry.example.com/web:1" is declared',
      'web.yaml:18 Deployment "web" lacks spec.template.spec.containers.web.ports in the cluster, which is declared',
    ]);
  });
  test('values that may be secrets are not shown', async () => {
    const report = await audit(
      {
        'web.yaml': declared,
        'map.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata: {a: canary-declared}\n',
      },
      JSON.stringify([
        ...(JSON.parse(running((web) => (web['env'] = [{ name: 'KEY', value: 'canary-live' }]))) as Json[]),
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'c', namespace: 'shop' },
          data: { a: 'canary-live', b: 'canary-live' },
        },
      ]),
      rules,
    );
    expect(report.findings.filter(({ rule }) => rule === 'ekslint/drift').map(({ message }) => message)).toEqual([
      'ConfigMap "c" has data.b in the cluster, which is not declared',
      'ConfigMap "c" has another data.a in the cluster than is declared',
      'Deployment "web" has another spec.template.spec.containers.web.env.KEY.value in the cluster than is declared',
    ]);
    expect(JSON.stringify(toJson(report)) + text.format(report, options)).not.toContain('canary');
  });
  test('replicas that an autoscaler writes are not drift', async () => {
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { maxReplicas: 9, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    };
    const objects = JSON.parse(running((_, __, spec) => (spec['replicas'] = 7))) as Json[];
    expect(await drift({ 'web.yaml': declared }, JSON.stringify([...objects, scaler]))).toEqual([]);
  });
  test('an overlay is compared as kustomize builds it, and the best match counts', async () => {
    const base = declared.replace('namespace: shop', '').replace('name: web, }', 'name: web}');
    const files = {
      'base/web.yaml': base,
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'dev/kustomization.yaml': 'resources: [../base]\nnamespace: dev\nreplicas: [{name: web, count: 1}]\n',
      'prod/kustomization.yaml':
        'resources: [../base]\nnamespace: shop\nimages: [{name: registry.example.com/web, newTag: "7"}]\n',
    };
    const live = (tag: string): string => running((web) => (web['image'] = `registry.example.com/web:${tag}`));
    expect(await drift(files, live('7'))).toEqual([]);
    expect(await drift(files, live('8'))).toEqual([
      'prod/kustomization.yaml:3 Deployment "web" has spec.template.spec.containers.web.image "registry.example.com/web:8" in the cluster, but "registry.example.com/web:7" is declared',
    ]);
  });
  test('objects in Terraform count as declared too', async () => {
    const tf = `resource "kubernetes_config_map_v1" "c" {
  metadata {
    name      = "c"
    namespace = "shop"
  }
  data = {
    mode = "fast"
  }
}
`;
    const live = JSON.stringify([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { mode: 'slow' } },
    ]);
    expect(await drift({ 'main.tf': tf }, live)).toEqual([
      'main.tf:7 ConfigMap "c" has another data.mode in the cluster than is declared',
    ]);
  });
});

describe('a cluster that files declare', () => {
  const answer = {
    cluster: {
      name: 'prod',
      arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
      version: '1.33',
      roleArn: 'arn:aws:iam::111122223333:role/eks',
      resourcesVpcConfig: {
        endpointPublicAccess: true,
        endpointPrivateAccess: false,
        publicAccessCidrs: ['0.0.0.0/0'],
      },
      logging: { clusterLogging: [{ types: ['api', 'audit'], enabled: true }] },
    },
  };
  const live: Snapshot = { ...snapshotOf([]), answers: [{ arn: answer.cluster.arn, body: answer }] };
  const eksctl = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: prod, region: eu-west-1, version: "1.32"}
vpc:
  clusterEndpoints: {publicAccess: true, privateAccess: true}
  publicAccessCIDRs: ["192.0.2.0/24"]
`;
  const terraform = `resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  version  = "1.33"
  enabled_cluster_log_types = ["api"]
  vpc_config {
    subnet_ids              = []
    endpoint_private_access = true
  }
}
`;
  test('by eksctl', async () => {
    expect(await drift({ 'cluster.yaml': eksctl }, live)).toEqual([
      'cluster.yaml:3 Cluster "prod" has version "1.33" in the cluster, but "1.32" is declared',
      'cluster.yaml:5 Cluster "prod" has endpoint.private "false" in the cluster, but "true" is declared',
      'cluster.yaml:6 Cluster "prod" has endpoint.publicCidrs "0.0.0.0/0" in the cluster, but "192.0.2.0/24" is declared',
    ]);
  });
  test('by Terraform, and the finding on the cluster names its line', async () => {
    expect(await drift({ 'main.tf': terraform }, live)).toEqual([
      'main.tf:5 Cluster "prod" has logging "api, audit" in the cluster, but "api" is declared',
      'main.tf:8 Cluster "prod" has endpoint.private "false" in the cluster, but "true" is declared',
    ]);
    const { findings } = await audit({ 'main.tf': terraform }, live, ['cluster/endpoint-public-open']);
    expect(
      findings.filter(({ rule }) => rule === 'cluster/endpoint-public-open').map(({ declared: at }) => at?.source),
    ).toEqual(['main.tf']);
  });
  test('with its Fargate profiles, capabilities and identity providers', async () => {
    const arn = 'arn:aws:eks:eu-west-1:111122223333';
    const of = { clusterName: 'prod' };
    const oidc = { identityProviderConfigName: 'login', identityProviderConfigArn: `${arn}:identityproviderconfig/1` };
    const answers = [
      answer,
      {
        fargateProfile: {
          ...of,
          fargateProfileName: 'batch',
          fargateProfileArn: `${arn}:f`,
          podExecutionRoleArn: 'arn:b',
        },
      },
      { capability: { ...of, capabilityName: 'gitops', arn: `${arn}:c`, type: 'ARGOCD', roleArn: 'arn:same' } },
      { identityProviderConfig: { oidc: { ...of, ...oidc, clientId: 'new', groupsPrefix: 'oidc:' } } },
    ];
    const snapshot = { ...live, answers: answers.map((body, index) => ({ arn: `${arn}:${index}`, body })) };
    const tf = `${terraform.replace('["api"]', '["api", "audit"]').replace('= true', '= false')}
resource "aws_eks_fargate_profile" "batch" {
  cluster_name           = aws_eks_cluster.prod.name
  fargate_profile_name   = "batch"
  pod_execution_role_arn = "arn:a"
}
resource "aws_eks_capability" "gitops" {
  cluster_name    = aws_eks_cluster.prod.name
  capability_name = "gitops"
  type            = "ARGOCD"
  role_arn        = "arn:same"
}
resource "aws_eks_identity_provider_config" "login" {
  cluster_name = aws_eks_cluster.prod.name
  oidc {
    identity_provider_config_name = "login"
    client_id                     = "old"
    groups_prefix                 = "oidc:"
  }
}
`;
    expect(await drift({ 'main.tf': tf }, snapshot)).toEqual([
      'main.tf:15 Fargate profile "batch" has roleArn "arn:b" in the cluster, but "arn:a" is declared',
      'main.tf:27 Identity provider "login" has clientId "new" in the cluster, but "old" is declared',
    ]);
  });
});
