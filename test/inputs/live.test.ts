import { describe, expect, test } from 'vitest';
import type { Report } from '#model/finding.ts';
import { askedKinds } from '#commands/access.ts';
import { storeSnapshot } from '#commands/stored.ts';
import { groupOf, kindName } from '#model/kinds.ts';
import { Schemas } from '#model/schema.ts';
import { lint, type LintOptions } from '#pipeline.ts';
import { project } from '#sources/project.ts';
import { readSchema } from '#sources/schemas.ts';
import { readSnapshotFile, type Snapshot, writeSnapshot } from '#sources/snapshot.ts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Json, sampleObjects } from '../sample-objects.ts';
import { allRules } from '../all-rules.ts';
import { snapshotOf } from '../snapshot-of.ts';

const settings: LintOptions = { ...allRules, cwd: process.cwd(), allowEmpty: true, today: '2026-01-01' };
const audit = (...snapshots: readonly Snapshot[]): Promise<Report> => lint({ ...settings, snapshots, filesToo: false });
/** For counted objects, fewer may be known: that is not a different verdict. */
const verdicts = ({ findings }: Report): Set<string> =>
  new Set(
    findings.map(({ rule, at, message }) =>
      [rule, at.source, at.path, message.replace(/\b\d+ workloads\b/, 'some workloads')].join('\t'),
    ),
  );

describe('a running cluster', () => {
  // A few of each kind are enough, and they are judged often.
  const seen = new Map<unknown, number>();
  const objects = sampleObjects().filter(({ kind }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= 12;
  });
  test('is judged by its objects, without lines and without edits', async () => {
    const report = await audit(snapshotOf(objects));
    expect(report.crashes).toEqual([]);
    expect(report).toMatchObject({ command: 'audit', complete: true, checked: { files: 0, clusters: 1 } });
    expect(new Set(report.findings.map(({ rule }) => rule)).size).toBeGreaterThan(30);
    expect(report.findings.filter(({ at, fix }) => at.start || fix)).toEqual([]);
  });
  test('a kind that cannot be read changes no verdict: rules that need it have not judged', async () => {
    const full = verdicts(await audit(snapshotOf(objects)));
    const kinds = [...new Set(objects.map(({ kind }) => String(kind)))];
    expect(kinds.length).toBeGreaterThan(20);
    for (const kind of kinds) {
      const report = await audit(snapshotOf(objects, [kind]));
      expect(report.complete, kind).toBe(false);
      expect(
        [...verdicts(report)].filter((one) => !full.has(one)),
        kind,
      ).toEqual([]);
      // A finding that is gone was about an object of that kind, or is reported as not judged.
      const open = new Set(report.undetermined.map(({ rule, at }) => `${rule}\t${at.source}`));
      const left = verdicts(report);
      const lost = [...full].filter((one) => !left.has(one) && !one.split('\t')[1]?.startsWith(`${kind} `));
      expect(
        lost.filter((one) => !open.has(one.split('\t').slice(0, 2).join('\t'))),
        kind,
      ).toEqual([]);
    }
  }, 120_000);
});

test('an audit lists every kind that rules look up by a bare name', async () => {
  const schemas = new Schemas(readSchema);
  const builtIn = Object.entries(schemas.builtIn).flatMap(([api, kinds]) =>
    Object.keys(kinds).map((kind) => [groupOf(api), kind] as const),
  );
  const files = readdirSync('schemas/custom').filter((file) => file !== 'index.json');
  const custom = files.flatMap((file) => {
    const { kinds } = JSON.parse(readFileSync(join('schemas/custom', file), 'utf8')) as { kinds: object };
    return Object.keys(kinds).map((kind) => [file.replace(/\.json$/, ''), kind] as const);
  });
  const asked = askedKinds(allRules.rules);
  const others = [...builtIn, ...custom].filter(([group, kind]) => !asked.has(kindName(kind, group)));
  expect(others.length).toBeGreaterThan(100);
  const unlisted = others.map(([group, kind]) => ({ group, version: 'v1', kind, resource: 'x', namespaced: true }));
  const listed = sampleObjects().filter(({ kind, apiVersion }) =>
    asked.has(kindName(String(kind), groupOf(apiVersion))),
  );
  const report = await audit({ ...snapshotOf(listed), unlisted });
  const why = new Set(
    report.undetermined.flatMap(({ rule, why: says }) => (says.endsWith('are not read') ? [`${rule}: ${says}`] : [])),
  );
  expect([...why].sort()).toEqual([]);
});

describe('a cluster of which only some namespaces were read', () => {
  const at = (kind: string, name: string, namespace?: string, more: Json = {}): Json => ({
    apiVersion: kind.startsWith('ClusterRole') ? 'rbac.authorization.k8s.io/v1' : 'v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...more,
  });
  const binding = at('ClusterRoleBinding', 'ci', undefined, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: ['shop', 'ci'].map((namespace) => ({ kind: 'ServiceAccount', name: 'runner', namespace })),
  });
  const told = async (part: Partial<Snapshot>) => {
    const { findings, undetermined } = await audit({ ...snapshotOf([binding, at('ClusterRole', 'view')]), ...part });
    const about = (list: readonly { rule: string }[]) =>
      list.filter(({ rule }) => rule === 'rbac/dangling-subject').length;
    return { found: about(findings), open: about(undetermined) };
  };
  test('what may be in the others is not missing', async () => {
    expect(await told({})).toEqual({ found: 2, open: 0 });
    expect(await told({ namespaces: ['shop'] })).toEqual({ found: 0, open: 1 });
  });
  test('a Secret that was not found is not missing, because Secrets are never read', async () => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }];
    const pod = { ...at('Pod', 'a', 'shop'), spec: { containers: [{ name: 'a', image: 'a:1', env }] } };
    const secret = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };
    const { findings, undetermined } = await audit({ ...snapshotOf([pod]), unlisted: [secret] });
    expect(findings.filter(({ rule }) => rule === 'correctness/dangling-config-reference')).toEqual([]);
    expect(undetermined.filter(({ rule }) => rule === 'correctness/dangling-config-reference')).toHaveLength(1);
  });
  test('excluded namespaces are visible to the others, and not judged', async () => {
    const account = at('ServiceAccount', 'runner', 'ci');
    const pod = { ...at('Pod', 'a', 'ci'), spec: { hostPID: true, containers: [] } };
    const { findings } = await audit({ ...snapshotOf([binding, account, pod]), except: ['ci'] });
    expect(findings.filter(({ subject }) => subject.namespace === 'ci')).toEqual([]);
    expect(findings.filter(({ rule }) => rule === 'rbac/dangling-subject').map(({ at: { path } }) => path)).toEqual([
      'subjects[0].name',
    ]);
  });
});

test('aws-auth of a running cluster is read, and unread if ConfigMaps are', async () => {
  const mapRoles = '- rolearn: arn:aws:iam::111122223333:role/ops\n  username: ops\n  groups: [system:masters]\n';
  const auth = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
    data: { mapRoles },
  };
  const report = await audit(snapshotOf([auth]));
  const found = report.findings.filter(({ rule }) => rule === 'iam/aws-auth-system-masters');
  expect(found.map(({ at }) => [at.source, at.path])).toEqual([['ConfigMap kube-system/aws-auth', 'data.mapRoles']]);
  expect((await audit(snapshotOf([auth], ['ConfigMap']))).complete).toBe(false);
});

test('the report on a cluster that may declare AWS resources says that they are not read, and is still complete', async () => {
  const served = (group: string) => ({ group, version: 'v1', kind: 'X', resource: 'xs', namespaced: true });
  const told = async (...groups: string[]): Promise<string[]> => {
    const report = await audit({ ...snapshotOf([]), unlisted: groups.map(served) });
    expect(report.complete).toBe(true);
    return report.notes.map(({ message }) => message.replace(/ are not read from a running cluster.*$/, ''));
  };
  expect(
    await told(
      'eks.services.k8s.aws',
      's3.services.k8s.aws',
      'controlplane.cluster.x-k8s.io',
      'cluster.x-k8s.io',
      'eks.aws.upbound.io',
      'ec2.aws.m.upbound.io',
      'eks.aws.crossplane.io',
    ),
  ).toEqual(['objects of ACK', 'objects of Cluster API', 'objects of Crossplane']);
  expect(await told('elbv2.k8s.aws', 'karpenter.k8s.aws', 'eks.amazonaws.com', 'notcluster.x-k8s.io')).toEqual([]);
});

test('several clusters in one report are told apart, and what one of them has is not there in another', async () => {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const role = { ...rbac, kind: 'ClusterRole', metadata: { name: 'ops' }, rules: [] };
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'me' }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ops' };
  const binding = { ...rbac, kind: 'ClusterRoleBinding', metadata: { name: 'ops' }, roleRef, subjects };
  const named = (name: string, objects: Json[]): Snapshot => {
    const snapshot = snapshotOf(objects);
    return { ...snapshot, cluster: { ...snapshot.cluster, name, uid: name } };
  };
  const { findings, checked } = await audit(named('one', [role, binding]), named('two', [binding]));
  expect(findings.filter(({ rule }) => rule === 'rbac/dangling-role-ref').map(({ at }) => at.source)).toEqual([
    'two: ClusterRoleBinding ops',
  ]);
  expect(checked.clusters).toBe(2);
});

test('a problem in what several clusters of an account share is reported for each of them', async () => {
  const account = '111122223333';
  const repository = `arn:aws:ecr:eu-west-1:${account}:repository/web`;
  const named = (name: string, region: string): Snapshot => {
    const arn = `arn:aws:eks:${region}:${account}:cluster/${name}`;
    const snapshot = snapshotOf([]);
    const encryptionConfiguration = { encryptionType: 'AES256' };
    return {
      ...snapshot,
      cluster: { ...snapshot.cluster, name, arn, account, region, uid: arn },
      asked: ['AWS::ECR::Repository'],
      answers: [
        { arn, body: { cluster: { name, arn, version: '1.35' } } },
        {
          arn: repository,
          body: { repositories: [{ repositoryName: 'web', repositoryArn: repository, encryptionConfiguration }] },
        },
      ],
    };
  };
  for (const [one, other] of [
    [named('one', 'eu-west-1'), named('two', 'eu-west-1')],
    [named('one', 'eu-west-1'), named('one', 'us-east-1')],
  ] as const) {
    const { findings } = await audit(one, other);
    const told = findings.filter(({ rule }) => rule === 'images/ecr-no-kms').map(({ cluster }) => cluster?.arn);
    expect(told).toEqual([one.cluster.arn, other.cluster.arn]);
  }
});

describe('files that are judged for a cluster', () => {
  const claimOf = (storageClassName: string): Json => ({
    metadata: { name: 'files', namespace: 'shop' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const text = (kind: string, more: Json): string => JSON.stringify({ apiVersion: 'v1', kind, ...more });
  const judged = async (clusterFile: Snapshot | undefined) => {
    const cwd = mkdtempSync(join(tmpdir(), 'ekslint-cluster-file-'));
    const metadata = { name: 'web', namespace: 'shop' };
    const pod = { metadata, spec: { serviceAccountName: 'web', containers: [{ name: 'a', image: 'a:1' }] } };
    writeFileSync(join(cwd, 'web.json'), text('Pod', pod));
    writeFileSync(join(cwd, 'other.json'), text('ServiceAccount', { metadata: { name: 'other', namespace: 'shop' } }));
    const old = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1beta3', metadata: { name: 'a' }, spec: {} };
    writeFileSync(join(cwd, 'old.json'), text('FlowSchema', old));
    writeFileSync(join(cwd, 'claim.json'), text('PersistentVolumeClaim', claimOf('gp3')));
    const report = await lint({ ...settings, cwd, clusterFile });
    rmSync(cwd, { recursive: true });
    return report;
  };
  const rulesOf = ({ findings }: Report): string[] => findings.map(({ rule }) => rule);
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } };
  const privileged = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'b', namespace: 'x' },
    spec: { hostPID: true },
  };

  test('use its version and find its objects, which are not judged', async () => {
    const alone = rulesOf(await judged(undefined));
    expect(alone).toContain('correctness/dangling-service-account');
    expect(alone).toContain('upgrades/removed-api');
    const snapshot = snapshotOf([account, privileged]);
    const report = await judged({ ...snapshot, cluster: { ...snapshot.cluster, version: 'v1.31.2-eks-1' } });
    expect(rulesOf(report)).not.toContain('correctness/dangling-service-account');
    expect(rulesOf(report)).not.toContain('upgrades/removed-api');
    expect(report.findings.filter(({ subject }) => subject.name === 'b')).toEqual([]);
    expect(report.checked.clusters).toBe(0);
  });
  test('must not change immutable fields of its objects', async () => {
    const changed = async (storageClassName: string) => {
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claimOf(storageClassName) };
      const { findings } = await judged(snapshotOf([claim]));
      return findings.filter(({ rule }) => rule === 'correctness/immutable-field-change').map(({ message }) => message);
    };
    expect(await changed('gp3')).toEqual([]);
    expect(await changed('gp2')).toEqual([
      'PersistentVolumeClaim "files" changes "spec.storageClassName" of the object in the cluster, which is immutable, so the API server rejects the update',
    ]);
  });
});

describe('a snapshot file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-snapshot-'));
  const put = (bytes: string | Uint8Array): string => {
    const file = join(folder, 'a.json.gz');
    writeFileSync(file, bytes);
    return file;
  };
  const env = [{ name: 'A', value: 'canary-1' }];
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'b' },
    spec: { containers: [{ env }] },
  };
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'b' },
    data: { key: 'canary-2' },
  };

  test('contains the principals in aws-auth, which are not secrets', () => {
    const auth = (namespace: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'aws-auth', namespace },
      data: { mapRoles: `- rolearn: arn:aws:iam::111122223333:role/${namespace}\n` },
    });
    const stored = gunzipSync(writeSnapshot(snapshotOf([auth('kube-system'), auth('canary')]))).toString();
    expect(stored).toContain('role/kube-system');
    expect(stored).not.toContain('role/canary');
    expect(project(auth('kube-system'))['data']).toEqual(auth('kube-system').data);
  });
  test('contains what was read, but no values of variables and ConfigMaps', () => {
    const bytes = writeSnapshot(snapshotOf([pod, settings]));
    expect(gunzipSync(bytes).toString()).not.toContain('canary');
    const back = readSnapshotFile(put(bytes), 'a.json.gz');
    expect(back.objects.map(({ kind }) => kind)).toEqual(['Pod', 'ConfigMap']);
    expect(back.cluster).toEqual(snapshotOf([]).cluster);
  });
  test('contains no credential from any place, and is judged the same except for these', async () => {
    const random = (n: number): string => `cAnaRy${n}x9Kq2Lm4Zt7`;
    const container = {
      name: 'app',
      image: 'app:1',
      args: [
        `--password=${random(1)}`,
        '--admin-token',
        random(2),
        `postgres://me:${random(3)}@db/x`,
        '--secret=$(FROM)',
      ],
      command: ['sh', '-c', `curl --api-key ${random(4)} https://x; run --password '${random(5)}'`],
      env: [{ name: 'PLAIN', value: random(6) }],
    };
    const objects = [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'a',
          namespace: 'b',
          annotations: {
            'example.com/api-key': random(7),
            hook: `https://hooks.slack.com/services/T0000000/B0000000/${'cAnaRy8'.padEnd(24, 'x')}`,
          },
        },
        spec: { hostPID: true, containers: [container] },
      },
      {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'a', namespace: 'b' },
        spec: { values: { db: { password: random(9) }, extraEnv: { A: random(10) }, tls: { secretName: 'web-tls' } } },
      },
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'a', namespace: 'b' },
        spec: { source: { repoURL: 'https://x', helm: { parameters: [{ name: 'db.password', value: random(11) }] } } },
      },
    ];
    const snapshot = snapshotOf(objects);
    const bytes = storeSnapshot(snapshot);
    const stored = gunzipSync(bytes).toString();
    expect(stored).not.toContain('cAnaRy');
    for (const kept of ['web-tls', '--secret=$(FROM)', '--admin-token', 'db.password', 'https://x'])
      expect(stored).toContain(kept);
    const [before, after] = [await audit(snapshot), await audit(readSnapshotFile(put(bytes), 'a.json.gz'))];
    const of = ({ findings }: Report): string[] => findings.map(({ rule, at }) => `${rule} ${at.source}`);
    const left = new Set(of(after));
    const open = new Set(after.undetermined.map(({ rule, at }) => `${rule} ${at.source}`));
    expect([...left].filter((one) => !of(before).includes(one))).toEqual([]);
    expect(of(before).filter((one) => !left.has(one) && !open.has(one))).toEqual([]);
  });
  test('headers and URLs that log in are not stored, and what stands beside them is', () => {
    const container = {
      name: 'app',
      image: 'app:1',
      command: [
        'sh',
        '-c',
        'curl -H "Authorization: Bearer cAnaRy1" -H "X-Api-Key: cAnaRy2" "https://a.example/b?page=2&sig=cAnaRy3"',
      ],
      livenessProbe: {
        httpGet: {
          path: '/healthz',
          port: 80,
          httpHeaders: [
            { name: 'Authorization', value: 'Basic cAnaRy4' },
            { name: 'Host', value: 'a.example' },
          ],
        },
      },
    };
    const annotations = {
      from: 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Security-Token=cAnaRy5&X-Amz-Signature=cAnaRy6',
      says: 'Basic authentication is described on the page Authorization: Overview',
    };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'b', annotations },
      spec: { containers: [container] },
    };
    const stored = gunzipSync(storeSnapshot(snapshotOf([pod]))).toString();
    expect(stored).not.toContain('cAnaRy');
    for (const kept of [
      'https://a.example/b?page=2',
      'Action=GetCallerIdentity',
      '"Host","value":"a.example"',
      'Basic authentication is',
    ])
      expect(stored).toContain(kept);
  });
  test.each([
    ['nothing', '', 'is not a snapshot'],
    ['no gzip', '{}', 'is not a snapshot'],
    ['no JSON', gzipSync('{'), 'is not a snapshot'],
    ['other JSON', gzipSync('[1]'), 'is not a snapshot'],
    [
      'another format',
      gzipSync('{"format":2,"ekslint":"9.0.0","cluster":{}}'),
      'is a snapshot of ekslint 9.0.0, which this version cannot read',
    ],
    ['a list without items', gzipSync(JSON.stringify({ ...snapshotOf([]), objects: [{}] })), 'is a damaged snapshot'],
  ])('%s is rejected', (_, bytes, why) => {
    expect(() => readSnapshotFile(put(bytes), 'a.json.gz')).toThrow(`a.json.gz ${why}`);
  });
});
