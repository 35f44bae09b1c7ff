import { expect, it } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
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
