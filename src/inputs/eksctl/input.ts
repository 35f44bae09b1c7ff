import { push } from '#model/selector.ts';
import type { Note } from '#model/finding.ts';
import { Resource } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { Field } from '#spelling/field.ts';
import { madeBody } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Parts } from '../input.ts';
import { Provided } from '../provided.ts';
import { documentOf } from '../document.ts';
import { identities, mappings, nodeRole } from './iam.ts';
import { collectionOf, maps, notesOnCuts } from './lists.ts';
import {
  accessEntry,
  addon,
  addsParts,
  below,
  capability,
  cluster,
  dialect,
  fargateProfile,
  hasOnlyGroups,
  identityProvider,
  launchTemplate,
  logGroup,
  nodegroup,
  sshRules,
  subnet,
  subnetId,
} from './spelling.ts';
import type { Row } from '#spelling/spelling.ts';

/** What eksctl creates for a group: the group, its launch template and a security group for SSH. */
function expand(group: Field, id: string, managed: boolean, { top, owner, prefix }: File): AwsResource[] {
  // Resources that eksctl creates for a group are named after it.
  const title = group.get('name').text().value ?? '';
  const [template, ssh, role] = [`${id}/template`, `${id}/ssh`, `${id}/role`];
  const rules = sshRules(group, top);
  return [
    {
      type: managed ? 'AWS::EKS::Nodegroup' : 'EKS::SelfManagedNodegroup',
      id,
      title,
      whole: group,
      body: new Property(
        nodegroup(managed, { owner, top, template, role, subnetOf: (kind) => subnetId(prefix, kind) }),
        group,
      ),
    },
    nodeRole(group, role),
    {
      type: 'AWS::EC2::LaunchTemplate',
      id: template,
      title,
      whole: group,
      body: new Property(launchTemplate(ssh), group),
    },
    {
      type: 'AWS::EC2::SecurityGroup',
      id: ssh,
      title,
      whole: group,
      body: madeBody(group, { SecurityGroupIngress: rules }),
    },
  ];
}

/** The subnets of a file: those that eksctl creates, and those that the file names by name or id. */
function subnets({ top, prefix }: File): AwsResource[] {
  return (['public', 'private'] as const).flatMap((kind) => {
    const body = new Property(subnet(kind === 'public'), top);
    const made: AwsResource = { type: 'AWS::EC2::Subnet', id: subnetId(prefix, kind), title: '', whole: top, body };
    const given = below(top, `vpc.subnets.${kind}`).entries();
    return [
      made,
      ...given.flatMap(([name, one]): AwsResource[] => {
        const id = one.get('id').value;
        return [name, ...(typeof id === 'string' ? [id] : [])].map((key) => ({
          ...made,
          id: subnetId(prefix, key),
          whole: one,
        }));
      }),
    ];
  });
}

/** A file with the cluster that its parts belong to, and the cluster's id if the file defines it. */
interface File {
  readonly top: Field;
  /** The prefix of the names of its resources. */
  readonly prefix: string;
  readonly owner: Row;
  readonly makesCluster: boolean;
}

/** A file as the resources that eksctl creates from it. */
function resourcesOf(file: File): AwsResource[] {
  const { top, prefix, owner, makesCluster } = file;
  const listOf = (key: string): Field => {
    const list = top.get(key);
    return list.map ? list.doubted(`${key} is not a list`) : list;
  };
  const [managed, own, addonList] = [listOf('managedNodeGroups'), listOf('nodeGroups'), listOf('addons')];
  const groups = [managed, own].flatMap((list) =>
    maps(list).flatMap((group, index) => expand(group, `${prefix}${list.key}/${index}`, list === managed, file)),
  );
  const addons = maps(addonList).map((whole, index): AwsResource => ({
    type: 'AWS::EKS::Addon',
    id: `${prefix}addon/${index}`,
    title: '',
    whole,
    body: new Property(addon(top, owner), whole),
  }));
  const others = (
    [
      ['AWS::EKS::FargateProfile', 'fargateProfiles', fargateProfile(top, owner, subnetId(prefix, 'private'))],
      ['AWS::EKS::AccessEntry', 'accessConfig.accessEntries', accessEntry(owner)],
      ['AWS::EKS::IdentityProviderConfig', 'identityProviders', identityProvider(owner)],
      ['AWS::EKS::Capability', 'capabilities', capability(owner)],
    ] as const
  ).map(([type, at, spelling]) => {
    const list = below(top, at);
    const resources = maps(list).map((whole, index): AwsResource => ({
      type,
      id: `${prefix}${at}/${index}`,
      title: '',
      whole,
      body: new Property(spelling, whole),
    }));
    return { type, list, resources };
  });
  const control: AwsResource = {
    type: 'AWS::EKS::Cluster',
    id: `${prefix}cluster`,
    title: '',
    whole: top,
    body: new Property(cluster, top),
    lists: {
      'AWS::EKS::Nodegroup': [collectionOf(managed), collectionOf(own)],
      'AWS::EKS::Addon': [collectionOf(addonList)],
      ...Object.fromEntries(others.map(({ type, list }) => [type, [collectionOf(list)]])),
    },
  };
  const logs: AwsResource = {
    type: 'AWS::Logs::LogGroup',
    id: `${prefix}logs`,
    title: '',
    whole: top,
    body: new Property(logGroup, top),
  };
  const isLogging = below(top, 'cloudWatch.clusterLogging').written;
  const issuer: AwsResource = {
    type: 'AWS::IAM::OIDCProvider',
    id: `${prefix}oidc`,
    title: '',
    whole: top,
    body: madeBody(top, { Url: 'https://oidc.eks', ClientIdList: ['sts.amazonaws.com'] }),
  };
  return [
    ...(makesCluster ? [control] : []),
    ...(isLogging ? [logs] : []),
    ...(top.get('iamIdentityMappings').written ? [mappings(top, prefix)] : []),
    ...(below(top, 'iam.withOIDC').value === true ? [issuer] : []),
    ...groups,
    ...addons,
    ...others.flatMap(({ resources }) => resources),
    ...identities(top, prefix, owner),
    ...subnets(file),
  ];
}

/** The common identity of two files about the same cluster; undefined if it is unknown. */
function identityOf(top: Field): string | undefined {
  const [name, region] = ['name', 'region'].map((key) => top.get('metadata').get(key).text().value);
  return name === undefined || region === undefined ? undefined : `${region} ${name}`;
}

/** Files about the same cluster, read together if one of them defines it and the others add groups. */
function describe(tops: readonly Field[]): Description[] {
  const byIdentity = new Map<string | number, Field[]>();
  for (const [index, top] of tops.entries()) {
    const key = identityOf(top) ?? index;
    push(byIdentity, key, top);
  }
  return [...byIdentity.values()].flatMap((alike) => {
    const whole = alike.filter((top) => !addsParts(top) && !(alike.length > 1 && hasOnlyGroups(top)));
    const [main] = whole;
    const files = alike.map((top, index): File => {
      const prefix = `${index}/`;
      // If no file says more, each may be the one that created the cluster.
      const makesCluster = whole.includes(top) || (whole.length === 0 && !addsParts(top));
      const own = makesCluster ? prefix : whole.length === 1 && main ? `${alike.indexOf(main)}/` : undefined;
      const owner: Row = (part) => (own === undefined ? below(top, 'metadata.name') : part.naming(`${own}cluster`));
      return { top, prefix, owner, makesCluster };
    });
    const groups = whole.length === 1 ? [files] : files.map((file) => [file]);
    return groups.map(
      (together) =>
        new Description({
          input: 'eksctl',
          resources: together.flatMap(resourcesOf),
          refer({ tree, value }) {
            const file = together.find(({ top }) => top.tree === tree);
            return file && typeof value === 'string' ? { id: subnetId(file.prefix, value) } : undefined;
          },
          mentions: () => [],
          document: documentOf,
          expression: () => undefined,
          more: undefined,
        }),
    );
  });
}

/**
 * Service accounts that eksctl creates, as far as their names are known: for IAM roles (in `default` unless set
 * otherwise), and for pod identities that ask for one.
 */
function readProvided(top: Field): Provided[] {
  const wanted = [
    ...below(top, 'iam.serviceAccounts')
      .items()
      .filter((account) => account.get('roleOnly').bool(false).value === false)
      .map(
        (account) => [below(account, 'metadata.name'), below(account, 'metadata.namespace').text('default')] as const,
      ),
    ...below(top, 'iam.podIdentityAssociations')
      .items()
      .filter((association) => association.get('createServiceAccount').value === true)
      .map((association) => [association.get('serviceAccountName'), association.get('namespace').text()] as const),
  ];
  return wanted.flatMap(([field, namespace]) => {
    const { value: name } = field.text();
    return name === undefined || namespace.value === undefined
      ? []
      : [new Provided('ServiceAccount', name, namespace.value, field)];
  });
}

/** ClusterConfig files of eksctl. */
export function read(trees: readonly Tree[]): Parts {
  const resources: AnyResource[] = [];
  const tops: Field[] = [];
  const provided: Provided[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (!isRecord(root)) continue;
    const { path } = tree.source;
    resources.push(new Resource({ object: root, tree, namespaced: false, belonging: { unit: path, bundle: path } }));
    const top = Field.of(dialect, tree, root);
    tops.push(top);
    provided.push(...readProvided(top));
  }
  const descriptions = describe(tops);
  // A file whose parts are all of kinds that no rule judges is not a reference to them.
  const notes = tops
    .filter(
      (top) =>
        addsParts(top) &&
        !['managedNodeGroups', 'nodeGroups', 'addons', 'fargateProfiles'].some((key) => top.get(key).written),
    )
    .map((top): Note => {
      const name = below(top, 'metadata.name').text().value;
      const title = name === undefined ? 'the cluster' : `cluster "${name}"`;
      return {
        kind: 'partial',
        message: `${title} is not defined in this file, so it is not judged`,
        at: top.at(),
      };
    });
  return { resources, clusters: [], notes: [...notes, ...tops.flatMap(notesOnCuts)], provided, descriptions };
}
