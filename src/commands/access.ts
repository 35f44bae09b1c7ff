import { anywhere, statementsFor, type Whereabouts } from '#model/aws-permissions.ts';
import {
  actionsFor,
  allActions,
  type AwsAction,
  type AwsType,
  isAwsKind,
  partReads,
  typesFor,
} from '#model/aws-reads.ts';
import { namedKinds } from '#model/kinds.ts';
import { podTemplates } from '#model/pod-templates.ts';
import type { AnyRule } from '#rule';
import { resourceName } from '#sources/cluster.ts';
import type { ApiKind, ClusterIdentity, Snapshot } from '#sources/snapshot.ts';

/** No rule asks for these kinds in a cluster: they are never read, or exist only in files. */
const unasked = new Set(['Secret', 'ClusterConfig', 'PodSecurityPolicy', 'Kustomization', 'Config']);
const lookedUp = namedKinds.filter(({ name }) => !unasked.has(name));
/** Groups that no current server has (Kubernetes, Deprecated API Migration Guide, v1.22; Flux, migration from v1). */
const gone = new Set(['extensions', 'helm.fluxcd.io', 'poc.autoscaling.k8s.io']);

/**
 * The plural of a kind in URLs, as all kinds that have a bare name form it. Endpoints and IngressClassParams are plurals, and constraints of
 * Gatekeeper have none (frameworks, createCRD: `Plural: strings.ToLower(kind)`).
 */
const pluralOf = (kind: string, group: string): string =>
  group === 'constraints.gatekeeper.sh'
    ? kind.toLowerCase()
    : `${kind
        .toLowerCase()
        .replace(/(?:ss|x|ch)$/, '$&e')
        .replace(/([^aeo])y$/, '$1ie')
        .replace(/s$/, '')}s`;

/** All kinds that an audit may list. */
export const listedKinds: readonly (Listed & Pick<ApiKind, 'kind'>)[] = lookedUp.flatMap(({ kind, groups }) =>
  groups.filter((group) => !gone.has(group)).map((group) => ({ group, kind, resource: pluralOf(kind, group) })),
);

/** Kinds that rules judge, and kinds that such a rule may look up. */
export function askedKinds(asking: readonly AnyRule[]): ReadonlySet<string> {
  const names = lookedUp.map(({ name }) => name);
  const judged = asking.flatMap(({ kinds }) =>
    kinds.flatMap((kind) => (kind === 'Workload' ? [...podTemplates.keys()] : kind === 'Resource' ? names : [kind])),
  );
  // Kinds that the user's rules name, in every accepted spelling; kinds that no audit reads are reported elsewhere.
  const own = asking.flatMap(({ custom }) => custom?.kinds ?? []);
  judged.push(...own.flatMap((kind) => [kind, kind.replace(/\..*$/, '')]).filter((kind) => !unasked.has(kind)));
  // Roles and repositories are found by the objects that name them.
  const naming = partsOf(asking).flatMap((kind) => (isAwsKind(kind) ? (partReads[kind].objects ?? []) : []));
  return new Set([...judged, ...naming, ...(asking.some(({ scope }) => scope === 'workspace') ? names : [])]);
}

const partsOf = (asking: readonly AnyRule[]): readonly string[] =>
  asking.flatMap(({ kinds, asks = [] }) => [...kinds, ...asks]);

/** Kinds that the user's rules judge and that no audit reads. */
export const unreadByCustom = (asking: readonly AnyRule[]): readonly string[] =>
  [...new Set(asking.flatMap(({ custom }) => custom?.kinds ?? []))].filter((kind) => unasked.has(kind));

/** The types of AWS resources that rules judge. */
export const askedTypes = (asking: readonly AnyRule[]): ReadonlySet<AwsType> => typesFor(partsOf(asking));

/** An IAM policy that allows calls in the regions and accounts of the clusters, as JSON. */
const policyOf = (actions: readonly AwsAction[], places: readonly Whereabouts[]): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: statementsFor(actions, places) }, null, 2)}\n`;

/** The IAM policy that an audit of any cluster with some rules needs. */
export const iamPolicy = (rules: readonly AnyRule[]): string =>
  policyOf(['eks:DescribeCluster', 'eks:ListClusters', ...actionsFor(askedTypes(rules))], [anywhere]);
/** The IAM policy that gives an audit of some clusters the calls that it was denied. */
export const missingPolicy = (snapshots: readonly Pick<Snapshot, 'cluster' | 'unanswered'>[]): string => {
  const lacking = snapshots.filter(({ unanswered }) => unanswered.some(({ isDenied }) => isDenied));
  const denied = new Set(
    lacking.flatMap(({ unanswered }) => unanswered.flatMap((one) => (one.isDenied ? one.operation : []))),
  );
  return policyOf(
    allActions.filter((action) => denied.has(action)),
    lacking.map(({ cluster }) => whereIs(cluster)),
  );
};
const whereIs = ({ arn, region, account, name }: ClusterIdentity): Whereabouts => {
  const [, partition] = arn.split(':');
  return partition === undefined ? anywhere : { partition, region, account, cluster: name };
};

type Listed = Pick<ApiKind, 'group' | 'resource'>;

/** A ClusterRole that lets an audit list kinds, as YAML. Groups and kinds are sorted alphabetically. */
export function clusterRole(kinds: readonly Listed[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { group, resource } of kinds) groups.set(group, (groups.get(group) ?? new Set()).add(resource));
  const rules = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([group, resources]) =>
        `  - apiGroups: ["${group}"]\n    resources: [${[...resources].sort().join(', ')}]\n    verbs: [list]\n`,
    );
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ekslint-audit
rules:
  - apiGroups: [""]
    resources: [namespaces]
    resourceNames: [kube-system] # its uid tells clusters apart
    verbs: [get]
${rules.join('')}`;
}

/** `deployments.apps, pods`, for messages. */
export const resourceNames = (kinds: readonly Listed[]): string =>
  [...new Set(kinds.map(resourceName))].sort().join(', ');
