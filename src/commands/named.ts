import { databasesIn } from '#model/database.ts';
import { dig, digList, digRecord } from '#model/dig.ts';
import { parametersIn } from '#model/parameter.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { table, text } from '#model/shape.ts';
import type { NamedByObjects } from '#sources/aws-cluster.ts';
import type { Selection } from '#sources/aws-network.ts';
import type { ObjectList } from '#sources/snapshot.ts';

/* The AWS resources that objects of a cluster name. */

/**
 * The fields in which objects name a role: for pods (EKS User Guide, Assign IAM roles to service accounts), and for
 * nodes.
 */
const roleAt: Readonly<Record<string, readonly string[]>> = {
  ServiceAccount: ['metadata', 'annotations', 'eks.amazonaws.com/role-arn'],
  EC2NodeClass: ['spec', 'role'],
  NodeClass: ['spec', 'role'],
};

/** The EFS driver; other drivers have ids of the same form (Amazon FSx for Lustre). */
const efsDriver = 'efs.csi.aws.com';
/**
 * Where a volume or a storage class names an EFS file system (documentation of its driver; EFS User Guide, Mounting
 * with DNS).
 */
const fileSystemIn: Readonly<Record<string, (item: object) => readonly unknown[]>> = table({
  PersistentVolume: (item) => [
    dig(item, 'spec', 'csi', 'driver') === efsDriver ? dig(item, 'spec', 'csi', 'volumeHandle') : undefined,
    dig(item, 'spec', 'nfs', 'server'),
  ],
  StorageClass: (item) => (dig(item, 'provisioner') === efsDriver ? [dig(item, 'parameters', 'fileSystemId')] : []),
});
/** Its id, at the beginning of a volume handle (`fs-0123456789abcdef0:/data::fsap-1`) or of a host name. */
const fileSystemId = /^fs-[\da-f]{8,40}(?=$|:|\.efs\.)/;

/**
 * Where an object lists the load balancers that were created for it (Kubernetes API reference, LoadBalancerStatus;
 * Gateway API, GatewayStatus).
 */
const hostsOf: Readonly<Record<string, (item: object) => readonly unknown[]>> = table({
  Service: (item) => digList(item, 'status', 'loadBalancer', 'ingress').map(({ hostname }) => hostname),
  Ingress: (item) => digList(item, 'status', 'loadBalancer', 'ingress').map(({ hostname }) => hostname),
  Gateway: (item) => digList(item, 'status', 'addresses').map(({ value }) => value),
});

const nodeClasses = new Set(['EC2NodeClass', 'NodeClass']);

/**
 * What a node class selects: the ids that its controller found, otherwise its selector terms (Karpenter documentation,
 * NodeClasses, spec.securityGroupSelectorTerms and status.securityGroups; NodeClass of EKS Auto Mode has the same).
 */
function selectedBy(item: object, list: 'securityGroups' | 'subnets', terms: string, nameKey: string | undefined) {
  const found = digList(item, 'status', list).flatMap(({ id }) => text(id) ?? []);
  const asked = digList(item, 'spec', terms);
  const ids = [...found, ...asked.flatMap(({ id }) => text(id) ?? [])];
  const searches: Selection =
    found.length > 0
      ? []
      : asked.flatMap((term) => {
          const name = nameKey === undefined ? undefined : text(term['name']);
          const filters = [
            ...Object.entries(digRecord(term, 'tags') ?? {}).flatMap(([key, value]) =>
              typeof value !== 'string'
                ? []
                : [value === '*' ? { Name: 'tag-key', Values: [key] } : { Name: `tag:${key}`, Values: [value] }],
            ),
            ...(name === undefined ? [] : [{ Name: nameKey, Values: [name] }]),
          ];
          return filters.length === 0 ? [] : [filters];
        });
  return { ids, searches };
}

/** All AWS resources that the objects of a cluster name. */
export function namedBy(objects: readonly ObjectList[]): NamedByObjects {
  const names = (): Set<string> => new Set();
  const [roles, images, fileSystems, hosts, parameters] = [names(), names(), names(), names(), names()];
  const databases = new Map<string, NamedByObjects['databases'][number]>();
  const [groups, subnets] = [names(), names()];
  const [selectedGroups, selectedSubnets] = [
    new Map<string, Selection[number]>(),
    new Map<string, Selection[number]>(),
  ];
  // Databases matter if pods have their own security groups.
  const hasGroups = objects.some(({ kind, items }) => kind === 'SecurityGroupPolicy' && items.length > 0);
  const add = (names: Set<string>, value: unknown): void => {
    if (typeof value === 'string') names.add(value);
  };
  for (const { kind, items } of objects) {
    const [role, template] = [roleAt[kind], podTemplates.get(kind)];
    for (const item of role ? items : []) add(roles, dig(item, ...(role ?? [])));
    for (const item of fileSystemIn[kind] ? items : [])
      for (const named of fileSystemIn[kind]?.(item) ?? [])
        if (typeof named === 'string') add(fileSystems, fileSystemId.exec(named)?.[0]);
    for (const item of hostsOf[kind] ? items : []) for (const host of hostsOf[kind]?.(item) ?? []) add(hosts, host);
    for (const item of parametersIn[kind] ? items : [])
      for (const name of parametersIn[kind]?.(item) ?? []) add(parameters, name);
    for (const item of nodeClasses.has(kind) ? items : []) {
      const security = selectedBy(item, 'securityGroups', 'securityGroupSelectorTerms', 'group-name');
      const places = selectedBy(item, 'subnets', 'subnetSelectorTerms', undefined);
      for (const id of security.ids) groups.add(id);
      for (const id of places.ids) subnets.add(id);
      for (const one of security.searches) selectedGroups.set(JSON.stringify(one), one);
      for (const one of places.searches) selectedSubnets.set(JSON.stringify(one), one);
    }
    for (const item of template ? items : [])
      for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
        for (const container of digList(dig(item, ...(template ?? []), 'spec', list))) {
          add(images, container['image']);
          for (const { value } of hasGroups ? digList(container, 'env') : [])
            for (const one of typeof value === 'string' ? databasesIn(value) : []) databases.set(one.host, one);
        }
  }
  return {
    roles: [...roles],
    images: [...images],
    fileSystems: [...fileSystems],
    securityGroups: [...groups],
    subnets: [...subnets],
    selectedGroups: [...selectedGroups.values()],
    selectedSubnets: [...selectedSubnets.values()],
    parameters: [...parameters],
    databases: [...databases.values()],
    hosts: [...hosts],
  };
}
