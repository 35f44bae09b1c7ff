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
import { identities, nodeRole } from './iam.ts';
import {
  addon,
  addsNodes,
  below,
  cluster,
  dialect,
  launchTemplate,
  nodegroup,
  sshRules,
  subnet,
  subnetIds,
} from './spelling.ts';

/** What eksctl makes of a group: the group, its launch template and a security group for SSH. */
function expand(group: Field, id: string, managed: boolean, top: Field): AwsResource[] {
  const title = '';
  const [template, ssh, role] = [`${id}/template`, `${id}/ssh`, `${id}/role`];
  const rules = sshRules(group, top);
  return [
    {
      type: managed ? 'AWS::EKS::Nodegroup' : 'EKS::SelfManagedNodegroup',
      id,
      title,
      whole: group,
      body: new Property(nodegroup(managed, template, top, role), group),
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

/** The subnets of a file: those that eksctl makes, and those that it is given by name or id. */
function subnets(top: Field): AwsResource[] {
  return (['public', 'private'] as const).flatMap((kind) => {
    const body = new Property(subnet(kind === 'public'), top);
    const made: AwsResource = { type: 'AWS::EC2::Subnet', id: subnetIds[kind], title: '', whole: top, body };
    const given = below(top, `vpc.subnets.${kind}`).entries();
    return [
      made,
      ...given.flatMap(([name, one]): AwsResource[] => {
        const id = one.get('id').value;
        return [name, ...(typeof id === 'string' ? [id] : [])].map((key) => ({
          ...made,
          id: `subnets/${key}`,
          whole: one,
        }));
      }),
    ];
  });
}

/** A file as the resources that eksctl makes of it. */
function describe(top: Field): Description {
  const listOf = (key: string): Field => {
    const list = top.get(key);
    return list.map ? list.doubted(`${key} is not a list`) : list;
  };
  const lists = { managed: listOf('managedNodeGroups'), own: listOf('nodeGroups'), addons: listOf('addons') };
  const maps = (list: Field): Field[] => list.items().filter((item) => item.map);
  const groups = Object.entries({ managed: lists.managed, own: lists.own }).flatMap(([kind, list]) =>
    maps(list).flatMap((group, index) => expand(group, `${kind}/${index}`, kind === 'managed', top)),
  );
  const addons = maps(lists.addons).map((whole, index): AwsResource => ({
    type: 'AWS::EKS::Addon',
    id: `addon/${index}`,
    title: '',
    whole,
    body: new Property(addon(top, addsNodes(top) ? top : undefined), whole),
  }));
  const control: AwsResource = {
    type: 'AWS::EKS::Cluster',
    id: 'cluster',
    title: '',
    whole: top,
    body: new Property(cluster, top),
    lists: { 'AWS::EKS::Nodegroup': [lists.managed, lists.own], 'AWS::EKS::Addon': [lists.addons] },
  };
  return new Description({
    input: 'eksctl',
    resources: [
      ...(addsNodes(top) ? [] : [control]),
      ...groups,
      ...addons,
      ...identities(top, addsNodes(top) ? top : undefined),
      ...subnets(top),
    ],
    refer: ({ value }) => (typeof value === 'string' ? { id: `subnets/${value}` } : undefined),
    expression: () => undefined,
    mentions: () => [],
    document: (field) => field,
    more: undefined,
  });
}

/** Service accounts that eksctl makes, as far as their names are known: for IAM roles (in `default` unless told otherwise), and for pod identities that ask for one. */
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
  const descriptions: Description[] = [];
  const provided: Provided[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (!isRecord(root)) continue;
    const { path } = tree.source;
    resources.push(new Resource({ object: root, tree, namespaced: false, belonging: { unit: path, bundle: path } }));
    const top = Field.of(dialect, tree, root);
    descriptions.push(describe(top));
    provided.push(...readProvided(top));
  }
  return { resources, clusters: [], notes: [], provided, descriptions };
}
