import { expect, test } from 'vitest';
import { namedBy } from '#commands/named.ts';
import { snapshotOf } from '../snapshot-of.ts';

/** The file systems that volumes and storage classes name. */
const fileSystems = (...specs: readonly object[]): readonly string[] =>
  namedBy(
    snapshotOf(
      specs.map((spec, index) => ({
        apiVersion: 'parameters' in spec ? 'storage.k8s.io/v1' : 'v1',
        kind: 'parameters' in spec ? 'StorageClass' : 'PersistentVolume',
        metadata: { name: `v${index}` },
        ...('parameters' in spec ? spec : { spec }),
      })),
    ).objects,
  ).fileSystems;

test.each([
  ['a volume handle', { csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs-0123456789abcdef0' } }],
  [
    'a volume handle with an access point',
    { csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs-0123456789abcdef0::fsap-1' } },
  ],
  ['a volume handle with a path', { csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs-0123456789abcdef0:/data' } }],
  ['a server of NFS', { nfs: { server: 'fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com', path: '/' } }],
  ['a storage class', { provisioner: 'efs.csi.aws.com', parameters: { fileSystemId: 'fs-0123456789abcdef0' } }],
])('%s names a file system of EFS', (_, spec) => {
  expect(fileSystems(spec)).toEqual(['fs-0123456789abcdef0']);
});

test.each([
  ['FSx for Lustre', { csi: { driver: 'fsx.csi.aws.com', volumeHandle: 'fs-0123456789abcdef0x' } }],
  [
    'FSx for Lustre with an id of the same form',
    { csi: { driver: 'fsx.csi.aws.com', volumeHandle: 'fs-0123456789abcdef0' } },
  ],
  ['EBS', { csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-0123456789abcdef0' } }],
  ['another server', { nfs: { server: '10.0.0.1' } }],
  ['nonsense', { csi: { driver: 'efs.csi.aws.com', volumeHandle: ['fs-0123456789abcdef0', 3] }, nfs: 'x' }],
])('%s names none', (_, spec) => {
  expect(fileSystems(spec)).toEqual([]);
});

const named = (...objects: readonly Readonly<Record<string, unknown>>[]): ReturnType<typeof namedBy> =>
  namedBy(snapshotOf(objects).objects);
const nodeClass = (spec: object, status?: object) => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'default' },
  spec,
  ...(status ? { status } : {}),
});
const terms = {
  securityGroupSelectorTerms: [{ tags: { a: 'b', c: '*' } }, { id: 'sg-1' }, { name: 'nodes' }, {}],
  subnetSelectorTerms: [{ tags: { a: 'b' }, name: 'no such selector' }],
};

test('a node class names what its selectors find', () => {
  expect(named(nodeClass(terms))).toMatchObject({
    securityGroups: ['sg-1'],
    subnets: [],
    selectedGroups: [
      [
        { Name: 'tag:a', Values: ['b'] },
        { Name: 'tag-key', Values: ['c'] },
      ],
      [{ Name: 'group-name', Values: ['nodes'] }],
    ],
    selectedSubnets: [[{ Name: 'tag:a', Values: ['b'] }]],
  });
});
test('if its controller reports what it has selected, nothing is searched for', () => {
  const status = { securityGroups: [{ id: 'sg-2', name: 'nodes' }], subnets: [{ id: 'subnet-1', zone: 'a' }] };
  expect(named(nodeClass(terms, status))).toMatchObject({
    securityGroups: ['sg-2', 'sg-1'],
    subnets: ['subnet-1'],
    selectedGroups: [],
    selectedSubnets: [],
  });
});

const pod = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'URL', value }] }] },
});
const policy = { apiVersion: 'vpcresources.k8s.aws/v1beta1', kind: 'SecurityGroupPolicy', metadata: { name: 'web' } };
test('databases are named if pods have their own security groups', () => {
  const url =
    'postgres://ORDERS.abc.eu-west-1.rds.amazonaws.com:5432,ledger.cluster-ro-abc.eu-west-1.rds.amazonaws.com';
  expect(named(pod(url)).databases).toEqual([]);
  expect(named(pod(url), policy).databases.map(({ name, isCluster, region }) => [name, isCluster, region])).toEqual([
    ['orders', false, 'eu-west-1'],
    ['ledger', true, 'eu-west-1'],
  ]);
});
test('parameters are named by objects that turn them into secrets, hosts by objects with a load balancer', () => {
  const secret = { key: '/shop/password' };
  expect(
    named(
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: 'web' },
        spec: { data: [{ remoteRef: secret }], dataFrom: [{ extract: { key: '/shop/all' } }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web' },
        status: { loadBalancer: { ingress: [{ hostname: 'k8s-web.elb.amazonaws.com' }, { ip: '10.0.0.1' }] } },
      },
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: { name: 'web' },
        status: { addresses: [{ type: 'Hostname', value: 'k8s-gateway.elb.amazonaws.com' }] },
      },
    ),
  ).toMatchObject({
    parameters: ['/shop/password', '/shop/all'],
    hosts: ['k8s-web.elb.amazonaws.com', 'k8s-gateway.elb.amazonaws.com'],
  });
});
