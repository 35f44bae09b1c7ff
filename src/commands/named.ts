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

/** Where volumes name a file system of EFS: by its driver (its documentation, Static and Dynamic provisioning), or as a server of NFS. */
const fileSystemAt: Readonly<Record<string, readonly (readonly string[])[]>> = table({
  PersistentVolume: [
    ['spec', 'csi', 'volumeHandle'],
    ['spec', 'nfs', 'server'],
  ],
  StorageClass: [['parameters', 'fileSystemId']],
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
    for (const path of fileSystemAt[kind] ?? [])
      for (const item of items) add(fileSystems, fileSystemId.exec(String(dig(item, ...path)))?.[0]);
    for (const item of template ? items : [])
      for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
        for (const { image } of digList(dig(item, ...(template ?? []), 'spec', list))) add(images, image);
  }
  return { roles: [...roles], images: [...images], fileSystems: [...fileSystems] };
}
