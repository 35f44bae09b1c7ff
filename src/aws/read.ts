import type { Cluster, ClusterPart } from '#model/cluster.ts';
import type { Note } from '#model/finding.ts';
import { Collection, type Value } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { readAddon } from './addon.ts';
import { readCluster } from './cluster.ts';
import { readNodegroup } from './nodegroup.ts';

/** What is read from AWS resources. */
export interface Reading {
  /** AWS resources hold no Kubernetes objects. */
  readonly resources: [];
  readonly clusters: Cluster[];
  /** Parts of clusters that are described elsewhere. */
  readonly loose: ClusterPart[];
  readonly notes: Note[];
}

const clusterType = 'AWS::EKS::Cluster';

/** The model of what some files describe together. Every kind of resource has one reading, whatever the format. */
export function readDescription(description: Description): Reading {
  const known = description.of(clusterType);
  /** The cluster that a part names: by reference or by name, or because there is no other. */
  const ownerOf = ({ body }: AwsResource): AwsResource | undefined => {
    const name = body.path('ClusterName');
    const link = description.linked(name, clusterType);
    return link.state === 'here' ? link.resource : name.why !== undefined && known.length === 1 ? known[0] : undefined;
  };
  const partsOf = (type: string, owner: AwsResource | undefined): readonly AwsResource[] =>
    description.naming(type, 'ClusterName', clusterType, ownerOf).get(owner) ?? [];
  const groupsOf = (owner: AwsResource | undefined, version: Value<string> | undefined) =>
    partsOf('AWS::EKS::Nodegroup', owner).map((one) => readNodegroup(one, description, version));
  const addonsOf = (owner: AwsResource | undefined) =>
    partsOf('AWS::EKS::Addon', owner).map((one) => readAddon(one, description));
  const collect = <T>(items: readonly T[], { whole }: AwsResource): Collection<T> =>
    new Collection(items, { at: whole.at, state: items.length > 0 ? 'set' : 'default', why: description.more });

  const clusters = known.map((one) =>
    readCluster(one, description, {
      nodegroups: collect(groupsOf(one, one.body.path('Version').text()), one),
      addons: collect(addonsOf(one), one),
    }),
  );
  const notes = new Map<string, Note>();
  for (const type of ['AWS::EKS::Nodegroup', 'AWS::EKS::Addon'])
    for (const part of partsOf(type, undefined)) {
      const name = part.body.path('ClusterName').text().value;
      const cluster = name === undefined ? 'the cluster' : `cluster "${name}"`;
      const message = `${cluster} is not described in these files: only its node groups and add-ons are judged`;
      const { source } = part.whole.tree;
      const key = `${source.id} ${message}`;
      if (!notes.has(key)) notes.set(key, { kind: 'partial', message, at: part.whole.at() });
    }
  return { resources: [], clusters, loose: [...groupsOf(undefined, undefined), ...addonsOf(undefined)], notes: [...notes.values()] };
}
