import { expect, it } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read } from './read.ts';
import { json } from './written.ts';

/* References between Kubernetes objects that describe AWS resources other than a cluster. */

type Of<K extends AwsPart['kind']> = Extract<AwsPart, { readonly kind: K }>;

const ack = (service: string, kind: string, name: string, spec: object): string =>
  json({ apiVersion: `${service}.services.k8s.aws/v1alpha1`, kind, metadata: { name, namespace: 'infra' }, spec }, '');
const upbound = (service: string, kind: string, name: string, forProvider: object): string =>
  json({ apiVersion: `${service}.aws.upbound.io/v1beta1`, kind, metadata: { name }, spec: { forProvider } }, '');

function partsOf<K extends AwsPart['kind']>(kind: K, ...objects: readonly string[]): Of<K>[] {
  const { aws } = read(Object.fromEntries(objects.map((text, index) => [`${index}.yaml`, text])));
  return aws.filter((one): one is Of<K> => one.kind === kind);
}
const from = (name: string): object => ({ from: { name } });

it('a mount target of ACK names its file system, the file system its key', () => {
  const objects = [
    ack('efs', 'FileSystem', 'data', { kmsKeyRef: from('key') }),
    ack('efs', 'FileSystem', 'other', {}),
    ack('efs', 'MountTarget', 'a', { fileSystemRef: from('data'), subnetID: 'subnet-1' }),
    ack('kms', 'Key', 'key', {}),
  ];
  expect(partsOf('fileSystem', ...objects).map(({ mountTargets }) => mountTargets.known.length)).toEqual([1, 0]);
  expect(partsOf('kmsKey', ...objects).map(({ uses }) => uses)).toEqual([['file system "data"']]);
});

it('a name leads to the object in its own file or folder, if several folders have copies of it', () => {
  const mount = ack('efs', 'MountTarget', 'a', { fileSystemRef: from('data'), subnetID: 'subnet-1' });
  const system = ack('efs', 'FileSystem', 'data', {});
  const counts = (files: Readonly<Record<string, string>>): number[] =>
    read(files).aws.flatMap((one) => (one.kind === 'fileSystem' ? [one.mountTargets.known.length] : []));
  expect(counts({ 'dev/all.yaml': `${mount}\n---\n${system}`, 'prod/data.yaml': system })).toEqual([1, 0]);
  expect(counts({ 'dev/a.yaml': mount, 'dev/data.yaml': system, 'prod/data.yaml': system })).toEqual([1, 0]);
  expect(counts({ 'a.yaml': mount, 'dev/data.yaml': system, 'prod/data.yaml': system })).toEqual([0, 0]);
});

it('pools of Cluster API in two folders have their own owners', () => {
  const [machines, infrastructure] = ['cluster.x-k8s.io/v1beta1', 'infrastructure.cluster.x-k8s.io/v1beta2'];
  const template = { bootstrap: { configRef: { kind: 'EKSConfig' } }, infrastructureRef: { name: 'web' } };
  const objects = [
    { apiVersion: machines, kind: 'MachinePool', metadata: { name: 'web' }, spec: { template: { spec: template } } },
    { apiVersion: infrastructure, kind: 'AWSMachinePool', metadata: { name: 'web' }, spec: { minSize: 1 } },
  ].map((one) => json(one, ''));
  const text = objects.join('\n---\n');
  expect(read({ 'dev/a.yaml': text }).loose).toHaveLength(1);
  expect(read({ 'dev/a.yaml': text, 'prod/a.yaml': text }).loose).toHaveLength(2);
});

it('a key of ACK encrypts the secrets of the cluster that names it', () => {
  const cluster = { name: 'c', encryptionConfig: [{ resources: ['secrets'], provider: { keyRef: from('key') } }] };
  const [key] = partsOf('kmsKey', ack('eks', 'Cluster', 'c', cluster), ack('kms', 'Key', 'key', {}));
  expect(key?.uses).toEqual(['secrets of cluster "c"']);
});

it.each([
  ['DBInstance', 'dbInstanceIdentifier'],
  ['DBCluster', 'dbClusterIdentifier'],
])('a %s of ACK names its security groups', (kind, identifier) => {
  const [database] = partsOf(
    'database',
    ack('rds', kind, 'db', { [identifier]: 'db', vpcSecurityGroupRefs: [from('sg'), from('elsewhere')] }),
    ack('ec2', 'SecurityGroup', 'sg', { name: 'databases' }),
  );
  expect(database?.securityGroups.items.map(({ part }) => part?.name.value)).toEqual(['databases', undefined]);
});

it('a repository of ACK contains its lifecycle policy, one of Upbound is named by it', () => {
  const policy = '{"rules":[]}';
  const objects = [
    ack('ecr', 'Repository', 'a', { name: 'a', lifecyclePolicy: policy }),
    ack('ecr', 'Repository', 'b', { name: 'b' }),
    upbound('ecr', 'Repository', 'c', {}),
    upbound('ecr', 'Repository', 'd', {}),
    upbound('ecr', 'LifecyclePolicy', 'c', { repositoryRef: { name: 'c' }, policy }),
  ];
  expect(partsOf('repository', ...objects).map(({ name, lifecycle }) => [name.value, lifecycle.state])).toEqual([
    ['a', 'yes'],
    ['b', 'no'],
    ['c', 'yes'],
    ['d', 'no'],
  ]);
});

it('a lifecycle policy that selects its repository by labels may belong to any', () => {
  const [repository] = partsOf(
    'repository',
    upbound('ecr', 'Repository', 'c', {}),
    upbound('ecr', 'LifecyclePolicy', 'c', { repositorySelector: { matchLabels: { app: 'c' } }, policy: '{}' }),
  );
  expect(repository?.lifecycle.state).toBe('unknown');
});

it('a missing block of Upbound is written only if it is a map', () => {
  const repository = (apiVersion: string): string =>
    json({ apiVersion, kind: 'Repository', metadata: { name: 'c' }, spec: { forProvider: {} } }, '');
  const edits = (apiVersion: string): unknown =>
    partsOf('repository', repository(apiVersion)).flatMap(({ scanOnPush }) =>
      scanOnPush.write(true).map((edit) => (edit.op === 'set' ? [edit.key, edit.value] : edit.op)),
    );
  const written = [['imageScanningConfiguration', { scanOnPush: true }]];
  expect(edits('ecr.aws.upbound.io/v1beta1')).toEqual([]);
  expect(edits('ecr.aws.upbound.io/v1beta2')).toEqual(written);
  expect(edits('ecr.aws.m.upbound.io/v1beta1')).toEqual(written);
});

it('an object that is elsewhere is still a resource, whose name says nothing', () => {
  const encryptionConfig = [{ resources: ['secrets'], provider: { keyRef: { from: { name: 'k' } } } }];
  const [cluster] = read({ 'c.yaml': ack('eks', 'Cluster', 'prod', { name: 'prod', encryptionConfig }) }).clusters;
  expect(cluster?.secretsKeyReference?.by.value).toBe('arn');
  expect(cluster?.secretsKey.value).toBe('Key/k');
});

const subnet = (name: string, isPublic: boolean, more: object = {}): object => ({
  apiVersion: 'ec2.aws.upbound.io/v1beta1',
  kind: 'Subnet',
  metadata: { name, labels: { zone: name } },
  spec: { forProvider: { mapPublicIpOnLaunch: isPublic } },
  ...more,
});
const nodeGroup = (selector: object): object => ({
  apiVersion: 'eks.aws.upbound.io/v1beta1',
  kind: 'NodeGroup',
  metadata: { name: 'web' },
  spec: { forProvider: { clusterName: 'shop', subnetIdSelector: selector } },
});
const subnetsOf = (files: Readonly<Record<string, string>>): unknown => {
  const [group] = read(files).loose;
  if (group?.kind !== 'nodegroup') return group;
  const { items, why } = group.subnets;
  return [items.map(({ isPublic }) => isPublic.state), why];
};

it('a selector of labels may select more than these files hold', () => {
  const files = (selector: object): Readonly<Record<string, string>> => ({
    'a.yaml': json(subnet('a', true), ''),
    'b.yaml': json(subnet('b', true), ''),
    'g.yaml': json(nodeGroup(selector), ''),
  });
  const byLabels = 'a selector selects the object by its labels';
  expect(subnetsOf(files({ matchLabels: { zone: 'a' } }))).toEqual([['yes'], byLabels]);
  expect(subnetsOf(files({ matchLabels: { zone: 'c' } }))).toEqual([[], byLabels]);
  expect(subnetsOf(files({ matchControllerRef: true }))).toEqual([[], byLabels]);
});

it('objects of one Composition are those of one owner', () => {
  const composition = (selector: object, patches: readonly object[] = []): Readonly<Record<string, string>> => ({
    'c.yaml': json(
      {
        apiVersion: 'apiextensions.crossplane.io/v1',
        kind: 'Composition',
        metadata: { name: 'network' },
        spec: {
          resources: [
            { name: 'a', base: subnet('a', true), patches },
            { name: 'b', base: subnet('b', true) },
            { name: 'g', base: nodeGroup(selector) },
          ],
        },
      },
      '',
    ),
  });
  expect(subnetsOf(composition({ matchControllerRef: true }))).toEqual([['yes', 'yes'], undefined]);
  const one = { matchControllerRef: true, matchLabels: { zone: 'b' } };
  expect(subnetsOf(composition(one))).toEqual([['yes'], undefined]);
  const patch = { fromFieldPath: 'spec.zone', toFieldPath: 'metadata.labels.zone' };
  expect(subnetsOf(composition(one, [patch]))).toEqual([['yes'], expect.stringContaining('spec.zone')]);
});

it('a reference whose name is not rendered leads nowhere', () => {
  const encryptionConfig = [{ resources: ['secrets'], provider: { keyRef: { from: { name: '${KEY}' } } } }];
  const [cluster] = read({ 'c.yaml': ack('eks', 'Cluster', 'prod', { name: 'prod', encryptionConfig }) }).clusters;
  expect(cluster?.secretsKeyReference?.by.state).toBe('unknown');
});

it('a reference leads to the object of its namespace', () => {
  const role = (namespace: string): string =>
    json(
      {
        apiVersion: 'iam.services.k8s.aws/v1alpha1',
        kind: 'Role',
        metadata: { name: 'nodes', namespace },
        spec: { name: `nodes-${namespace}` },
      },
      '',
    );
  const group = ack('eks', 'Nodegroup', 'web', { name: 'web', clusterName: 'shop', nodeRoleRef: from('nodes') });
  const roleName = (...roles: readonly string[]): unknown => {
    const [one] = read(Object.fromEntries([group, ...roles].map((text, index) => [`${index}.yaml`, text]))).loose;
    return one?.kind === 'nodegroup' ? one.role.part?.name.value : one;
  };
  expect(roleName(role('infra'), role('other'))).toBe('nodes-infra');
  expect(roleName(role('other'))).toBe(undefined);
});

it('a route to an internet gateway that is elsewhere makes its subnet public', () => {
  const [subnet] = partsOf(
    'subnet',
    ack('ec2', 'Subnet', 's', { routeTableRefs: [from('t')] }),
    ack('ec2', 'RouteTable', 't', { routes: [{ destinationCIDRBlock: '0.0.0.0/0', gatewayRef: from('elsewhere') }] }),
  );
  expect(subnet?.isPublic.state).toBe('yes');
});

it('names templates of a ClusterClass as not judged', () => {
  const { notes } = read({
    'a.yaml': `apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: AWSManagedControlPlaneTemplate
metadata: {name: eks}
spec: {template: {spec: {version: v1.30.0}}}
`,
  });
  expect(notes.map(({ kind, message, at }) => [kind, at?.start?.line, message])).toEqual([
    [
      'partial',
      2,
      'what AWSManagedControlPlaneTemplate "eks" creates is not judged: lint the AWSManagedControlPlane objects of the management cluster',
    ],
  ]);
});

it('a finding about a Composition names the composite resources that cause it, unless all do', async () => {
  const composition = json(
    {
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: 'clusters' },
      spec: {
        compositeTypeRef: { apiVersion: 'example.org/v1', kind: 'XCluster' },
        resources: [
          {
            name: 'cluster',
            base: {
              apiVersion: 'eks.aws.upbound.io/v1beta2',
              kind: 'Cluster',
              spec: { forProvider: { version: '1.33', vpcConfig: { publicAccessCidrs: ['0.0.0.0/0'] } } },
            },
            patches: [
              { fromFieldPath: 'spec.isPublic', toFieldPath: 'spec.forProvider.vpcConfig.endpointPublicAccess' },
            ],
          },
        ],
      },
    },
    '',
  );
  const composite = (name: string, isPublic: boolean): string =>
    json({ apiVersion: 'example.org/v1', kind: 'XCluster', metadata: { name }, spec: { isPublic } }, '');
  const open = rules.filter(({ id }) => id === 'cluster/endpoint-public-open');
  const found = async (isPublic: boolean): Promise<unknown[]> => {
    const files = {
      'c.yaml': composition,
      'dev.yaml': composite('dev', true),
      'prod.yaml': composite('prod', isPublic),
    };
    return (await lintTexts(files, open)).findings.map(({ message, at }) => [at.source, message]);
  };
  expect(await found(true)).toEqual([['c.yaml', expect.stringMatching(/work from anywhere$/)]]);
  expect(await found(false)).toEqual([['c.yaml', expect.stringMatching(/ \(as applied with dev\.yaml\)$/)]]);
});

it('an object that only observes an AWS resource is not judged, and reported', () => {
  const cluster = (name: string, group: string, annotations: object, spec: object): string =>
    json(
      { apiVersion: `${group}/v1alpha1`, kind: 'Cluster', metadata: { name, annotations }, spec: { name, ...spec } },
      '',
    );
  const upjet = (name: string, managementPolicies: readonly string[]): string =>
    cluster(name, 'eks.aws.upbound.io', {}, { managementPolicies, forProvider: {} });
  const byAck = (name: string, annotation: string, value: string): string =>
    cluster(name, 'eks.services.k8s.aws', { [`services.k8s.aws/${annotation}`]: value }, {});
  const files = {
    'a.yaml': upjet('watched', ['Observe', 'LateInitialize']),
    'b.yaml': upjet('made', ['Observe', 'Create']),
    'c.yaml': upjet('all', ['*']),
    'd.yaml': upjet('paused', []),
    'e.yaml': byAck('read', 'read-only', 'true'),
    'f.yaml': byAck('written', 'read-only', 'false'),
    'g.yaml': byAck('adopted', 'adoption-policy', 'adopt'),
    'h.yaml': byAck('created', 'adoption-policy', 'adopt-or-create'),
    'i.yaml': cluster('classic', 'eks.aws.crossplane.io', {}, { managementPolicies: ['Observe', 'Delete'] }),
  };
  const { clusters, notes } = read(files);
  expect(clusters.map(({ name }) => name.value)).toEqual(['made', 'all', 'paused', 'written', 'created']);
  expect(notes.map(({ at, message }) => `${at?.source}: ${message.slice(0, 17)}`)).toEqual(
    ['a', 'e', 'g', 'i'].map((name) => `${name}.yaml: objects that only`),
  );
});

it('a node group of a cluster that is only observed belongs to a cluster defined elsewhere, by its name', () => {
  const { notes, loose } = read({
    'c.yaml': json(
      {
        apiVersion: 'eks.aws.upbound.io/v1beta2',
        kind: 'Cluster',
        metadata: { name: 'watched' },
        spec: { managementPolicies: ['Observe'], forProvider: {} },
      },
      '',
    ),
    'g.yaml': json(
      {
        apiVersion: 'eks.aws.upbound.io/v1beta2',
        kind: 'NodeGroup',
        metadata: { name: 'group' },
        spec: { forProvider: { clusterNameRef: { name: 'watched' } } },
      },
      '',
    ),
  });
  expect(loose.map(({ kind }) => kind)).toEqual(['nodegroup']);
  expect(notes.map(({ message }) => message)).toContain(
    'cluster "watched" is not defined here: only its parts in these files are judged',
  );
});

it('arguments of initProvider are unknown after creation, unless forProvider sets them too', () => {
  const spec = {
    initProvider: { version: '1.33', vpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true } },
    forProvider: { region: 'eu-west-1', vpcConfig: { endpointPublicAccess: false } },
  };
  const of = (more: object) =>
    read({
      'a.yaml': json(
        {
          apiVersion: 'eks.aws.upbound.io/v1beta2',
          kind: 'Cluster',
          metadata: { name: 'c' },
          spec: { ...spec, ...more },
        },
        '',
      ),
    }).clusters[0];
  const why = 'initProvider sets this only at creation';
  const one = of({});
  expect([one?.version.why, one?.endpoint.public.value, one?.endpoint.private.why]).toEqual([why, false, why]);
  const all = of({ forProvider: { version: '1.34', vpcConfig: {} } });
  expect([all?.version.value, all?.endpoint.public.why]).toEqual(['1.34', why]);
});
