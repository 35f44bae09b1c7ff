import { type Field, mixedList, mixedMap } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import type { Row, Rows } from '#spelling/spelling.ts';
import { maps } from './lists.ts';
import { below, spell } from './spelling.ts';

/* IAM roles that eksctl creates, and EKS Pod Identity associations (eksctl User Guide, IAM; schema v1alpha5). */

/** `attachPolicy` and `permissionPolicy` hold the document of a policy of the role's own. */
const inline =
  (key: string) =>
  (part: Field): Field => {
    const document = below(part, key);
    return document.absent ? document : document.as(mixedList([made(document, { policyDocument: document })]));
  };

interface RoleOptions {
  readonly id: string;
  readonly title: string;
  readonly part: Field;
  readonly trust: (part: Field) => Field;
  readonly rows: Rows;
}
const role = ({ id, title, part, trust, rows }: RoleOptions): AwsResource => ({
  type: 'AWS::IAM::Role',
  id,
  title,
  whole: part,
  body: new Property(spell({ AssumeRolePolicyDocument: trust, ...rows }), part),
});

/** The trust of a role for one service account, or for those that `subjectPattern` matches in its namespace. */
function trustTokens(account: Field): Field {
  const pattern = account.get('subjectPattern');
  const name = pattern.absent ? below(account, 'metadata.name') : pattern;
  const namespace = below(account, 'metadata.namespace').text('default');
  const subject =
    typeof name.value === 'string' && namespace.value !== undefined
      ? name.as(`system:serviceaccount:${namespace.value}:${name.value}`)
      : name;
  return tokensOf(account, pattern.absent ? 'StringEquals' : 'StringLike', subject);
}
/** The issuer is that of the cluster, which is unknown before the cluster is created. */
function tokensOf(part: Field, operator: string, subject: Field | string): Field {
  const condition = (test: string, claim: string, value: Field | string) => ({
    Operator: test,
    Key: `oidc.eks:${claim}`,
    Values: [value],
  });
  return made(part, {
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: [{ Type: 'Federated', Values: 'oidc-provider/oidc.eks' }],
        Condition: [condition(operator, 'sub', subject), condition('StringEquals', 'aud', 'sts.amazonaws.com')],
      },
    ],
  });
}
const trustService =
  (service: string, ...actions: readonly string[]) =>
  (part: Field): Field =>
    made(part, {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole', ...actions],
          Principal: [{ Type: 'Service', Values: service }],
          Condition: part.unsayable(),
        },
      ],
    });

/** Roles of service accounts, unless they name an existing one. */
function accountRoles(top: Field, prefix: string): AwsResource[] {
  return maps(below(top, 'iam.serviceAccounts')).flatMap((part, index) => {
    if (part.get('attachRoleARN').written) return [];
    const [namespace, name] = [below(part, 'metadata.namespace').text('default'), below(part, 'metadata.name').text()];
    const options = { id: `${prefix}serviceAccount/${index}/role`, title: `${namespace.value}/${name.value}`, part };
    const rows = {
      RoleName: 'roleName',
      ManagedPolicyArns: 'attachPolicyARNs',
      Policies: inline('attachPolicy'),
      PermissionsBoundary: 'permissionsBoundary',
    };
    return [role({ ...options, trust: trustTokens, rows })];
  });
}

/** Associations of the cluster, and those that come with add-ons, with the roles that are created for them. */
function associations(top: Field, prefix: string, owner: Row): AwsResource[] {
  const lists = [
    below(top, 'iam.podIdentityAssociations'),
    ...maps(top.get('addons')).map((addon) => addon.get('podIdentityAssociations')),
  ];
  return lists.flatMap((list, at) =>
    maps(list).flatMap((part, index) => {
      const id = `${prefix}podIdentity/${at}/${index}`;
      const given = part.get('roleARN');
      const name = [part.get('namespace'), part.get('serviceAccountName')]
        .map((field) => field.text().value)
        .filter((text) => text !== undefined)
        .join('/');
      const association: AwsResource = {
        type: 'AWS::EKS::PodIdentityAssociation',
        id,
        title: '',
        whole: part,
        body: new Property(
          spell({
            ClusterName: owner,
            ServiceAccount: 'serviceAccountName',
            RoleArn: () => (given.absent ? given.naming(`${id}/role`) : given),
            TargetRoleArn: 'targetRoleARN',
          }),
          part,
        ),
      };
      if (!given.absent) return [association];
      const rows = {
        RoleName: 'roleName',
        ManagedPolicyArns: 'permissionPolicyARNs',
        Policies: inline('permissionPolicy'),
        PermissionsBoundary: 'permissionsBoundaryARN',
      };
      const trust = trustService('pods.eks.amazonaws.com', 'sts:TagSession');
      return [association, role({ id: `${id}/role`, title: name, part, trust, rows })];
    }),
  );
}

/** Roles of add-ons through IRSA. */
function addonRoles(top: Field, prefix: string): AwsResource[] {
  return maps(top.get('addons')).flatMap((part, index) => {
    if (!['attachPolicyARNs', 'attachPolicy'].some((key) => part.get(key).written)) return [];
    const rows = {
      ManagedPolicyArns: 'attachPolicyARNs',
      Policies: inline('attachPolicy'),
      RoleName: (addon: Field) => addon.nothing(),
    };
    // eksctl knows the service account of each add-on.
    const trust = (addon: Field): Field => tokensOf(addon, 'StringEquals', 'the service account of the add-on');
    return [
      role({ id: `${prefix}addon/${index}/role`, title: part.get('name').text().value ?? '', part, trust, rows }),
    ];
  });
}
/** Policies that a group names, and the `imageBuilder` policy (eksctl User Guide, IAM policies). */
function nodePolicies(group: Field): Field {
  const listed = below(group, 'iam.attachPolicyARNs');
  const builder = below(group, 'iam.withAddonPolicies.imageBuilder');
  if (builder.value !== true && builder.why === undefined) return listed;
  const added =
    builder.why === undefined ? builder.as('arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser') : builder;
  return group.as(mixedList([...listed.items(), added], (listed.why ?? listed.rest) === undefined ? [] : [listed]));
}

/** The role of a node group, unless it names an existing one. */
export function nodeRole(group: Field, id: string): AwsResource {
  const rows = {
    RoleName: 'iam.instanceRoleName',
    ManagedPolicyArns: nodePolicies,
    Policies: inline('iam.attachPolicy'),
    PermissionsBoundary: 'iam.instanceRolePermissionsBoundary',
  };
  const title = group.get('name').text().value ?? '';
  return role({ id, title, part: group, trust: trustService('ec2.amazonaws.com'), rows });
}

/** All IAM resources of a file except those of its node groups. */
export const identities = (top: Field, prefix: string, owner: Row): AwsResource[] => [
  ...accountRoles(top, prefix),
  ...associations(top, prefix, owner),
  ...addonRoles(top, prefix),
];

/**
 * What eksctl writes into aws-auth (eksctl User Guide, Manage IAM users and roles). It adds service-linked roles
 * automatically.
 */
export function mappings(top: Field, prefix: string): AwsResource {
  const all = top.get('iamIdentityMappings');
  const isUser = (item: Field): boolean => /:user\//.test(item.get('arn').text().pieces.join('?'));
  const list = (name: string, chosen: (item: Field) => boolean): Field => {
    const items = maps(all).filter((item) => item.get('arn').written && chosen(item));
    const made = items.map((item) =>
      item.as(
        mixedMap(
          new Map([[name, item.get('arn')], ...['username', 'groups'].map((key) => [key, item.get(key)] as const)]),
        ),
      ),
    );
    return all.as(mixedList(made, all.rest === undefined ? [] : [all]));
  };
  const accounts = maps(all)
    .map((item) => item.get('account'))
    .filter(({ written }) => written);
  return {
    type: 'EKS::AwsAuth',
    id: `${prefix}auth`,
    title: '',
    whole: all,
    body: new Property(
      spell({
        MapRoles: () => list('rolearn', (item) => !isUser(item)),
        MapUsers: () => list('userarn', isUser),
        MapAccounts: () => all.as(mixedList(accounts)),
      }),
      top,
    ),
  };
}
