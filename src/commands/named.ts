import { dig, digList } from '#model/dig.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { table } from '#model/shape.ts';
import type { NamedByObjects } from '#sources/aws-cluster.ts';
import type { ObjectList } from '#sources/snapshot.ts';

/** Where objects name a role: of pods (EKS User Guide, Assign IAM roles to service accounts), and of nodes. */
const roleAt: Readonly<Record<string, readonly string[]>> = {
  ServiceAccount: ['metadata', 'annotations', 'eks.amazonaws.com/role-arn'],
  EC2NodeClass: ['spec', 'role'],
  NodeClass: ['spec', 'role'],
};

/** The driver of EFS; others have ids of the same form (Amazon FSx for Lustre). */
const efsDriver = 'efs.csi.aws.com';
/** Where a volume or a storage class names a file system of EFS (documentation of its driver; EFS User Guide, Mounting with DNS). */
const fileSystemIn: Readonly<Record<string, (item: object) => readonly unknown[]>> = table({
  PersistentVolume: (item) => [
    dig(item, 'spec', 'csi', 'driver') === efsDriver ? dig(item, 'spec', 'csi', 'volumeHandle') : undefined,
    dig(item, 'spec', 'nfs', 'server'),
  ],
  StorageClass: (item) => (dig(item, 'provisioner') === efsDriver ? [dig(item, 'parameters', 'fileSystemId')] : []),
});
/** Its id, at the beginning of a volume handle (`fs-0123456789abcdef0:/data::fsap-1`) or of a host name. */
const fileSystemId = /^fs-[\da-f]{8,40}(?=$|:|\.efs\.)/;

/** The roles, images and file systems that objects of a cluster name. */
export function namedBy(objects: readonly ObjectList[]): NamedByObjects {
  const [roles, images, fileSystems] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const add = (names: Set<string>, value: unknown): void => {
    if (typeof value === 'string') names.add(value);
  };
  for (const { kind, items } of objects) {
    const [role, template] = [roleAt[kind], podTemplates.get(kind)];
    for (const item of role ? items : []) add(roles, dig(item, ...(role ?? [])));
    for (const item of fileSystemIn[kind] ? items : [])
      for (const named of fileSystemIn[kind]?.(item) ?? [])
        if (typeof named === 'string') add(fileSystems, fileSystemId.exec(named)?.[0]);
    for (const item of template ? items : [])
      for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
        for (const { image } of digList(dig(item, ...(template ?? []), 'spec', list))) add(images, image);
  }
  return { roles: [...roles], images: [...images], fileSystems: [...fileSystems] };
}
