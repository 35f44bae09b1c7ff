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
