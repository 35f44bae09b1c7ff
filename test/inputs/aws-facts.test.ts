import { describe, expect, it } from 'vitest';
import type { AwsPart, KmsKey, PodIdentity, Repository } from '#model/aws.ts';
import { membersOf, type Nodegroup } from '#model/cluster.ts';
import type { IamRole } from '#model/iam.ts';
import type { Policy } from '#model/policy.ts';
import { read } from './read.ts';
import { hcl, hidden, json, merge, nest, type Tree } from './written.ts';

/*
 * Facts of AWS resources other than the cluster, each spelled by hand for every format that has it, written, left out
 * and hidden. A fact that a format cannot express has no entry.
 */

/** The result for a fact: `yes`, `no`, `unknown`, or a value. */
type Told = unknown;
interface Spelling {
  /** The path of the value below the resource, the call, or the eksctl file. */
  readonly at: string;
  readonly value: unknown;
  /** The result if nothing is written. */
  readonly else: Told;
  /** Other content of the resource or the file. */
  readonly with?: Tree;
  /** The type of the resource, or the source of the call. */
  readonly of?: string;
}
interface Fact {
  readonly name: string;
  readonly ask: (parts: Parts) => Told;
  readonly is: Told;
  /** The result for a variable; `unknown` by default. */
  readonly hidden?: Told;
  readonly spelled: Readonly<Record<string, Spelling>>;
}
interface Parts {
  readonly aws: readonly AwsPart[];
  readonly groups: readonly Nodegroup[];
  readonly identities: readonly PodIdentity[];
}

const only = <T>(items: readonly T[]): T => {
  expect(items.length).toBe(1);
  return items[0] as T;
};
const roleOf = ({ aws }: Parts): IamRole => only(aws.filter((part) => part.kind === 'iamRole'));
const keyOf = ({ aws }: Parts): KmsKey => only(aws.filter((part) => part.kind === 'kmsKey'));
const repositoryOf = ({ aws }: Parts): Repository => only(aws.filter((part) => part.kind === 'repository'));
const told = ({ state, value }: { readonly state: string; readonly value: unknown }): Told =>
  state === 'unknown' ? 'unknown' : value;
/** The first action of a policy, if known. */
const actionIn = ({ statements }: Policy): Told => {
  const [statement] = statements;
  if (!statement) return statements.complete ? undefined : 'unknown';
  return statement.actions.values.items.map(told)[0] ?? 'unknown';
};

const trust = (service: string) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});
const rights = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const encoded = (data: object): string => `jsonencode(${JSON.stringify(data)})`;
const arn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const irsa = 'terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks';
const podIdentityModule = 'terraform-aws-modules/eks-pod-identity/aws';
const account = { metadata: { name: 'web', namespace: 'shop' } };
const association = { namespace: 'shop', serviceAccountName: 'web' };
const provider = {
  provider_arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.x',
  namespace_service_accounts: ['a:b'],
};

/** The values of the subject in the trust of a role. */
const subjectIn = ({ trust: { statements } }: IamRole): Told => {
  const condition = [...(statements.items[0]?.conditions ?? [])].find(({ key }) => key.pieces.at(-1)?.endsWith(':sub'));
  return condition ? (condition.values.complete ? condition.values.items.map(told)[0] : 'unknown') : 'unknown';
};

const facts: readonly Fact[] = [
  {
    name: 'role.name',
    ask: (parts) => told(roleOf(parts).name),
    is: 'app',
    spelled: {
      cloudformation: { of: 'AWS::IAM::Role', at: 'RoleName', value: 'app', else: undefined },
      terraform: { of: 'aws_iam_role', at: 'name', value: 'app', else: undefined },
      irsa: { of: irsa, at: 'role_name', value: 'app', else: undefined },
      eksctl: { at: 'iam.serviceAccounts.0.roleName', value: 'app', else: undefined, with: account },
    },
  },
  {
    name: 'role.trust',
    ask: (parts) => {
      const [statement] = roleOf(parts).trust.statements;
      const [principal] = statement?.principals.values ?? [];
      return principal ? told(principal.id) : roleOf(parts).trust.statements.complete ? undefined : 'unknown';
    },
    is: 'ec2.amazonaws.com',
    spelled: {
      cloudformation: {
        of: 'AWS::IAM::Role',
        at: 'AssumeRolePolicyDocument',
        value: trust('ec2.amazonaws.com'),
        else: undefined,
      },
      'cloudformation, a part': {
        of: 'AWS::IAM::Role',
        at: 'AssumeRolePolicyDocument.Statement.0.Principal.Service',
        value: 'ec2.amazonaws.com',
        else: undefined,
        with: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] } },
      },
      terraform: {
        of: 'aws_iam_role',
        at: 'assume_role_policy',
        value: encoded(trust('ec2.amazonaws.com')),
        else: undefined,
      },
      'terraform, a text': {
        of: 'aws_iam_role',
        at: 'assume_role_policy',
        value: JSON.stringify(trust('ec2.amazonaws.com')),
        else: undefined,
      },
    },
  },
  {
    name: 'role.trust, subjects',
    ask: (parts) => subjectIn(roleOf(parts)),
    is: 'system:serviceaccount:shop:web',
    spelled: {
      irsa: {
        of: irsa,
        at: 'oidc_providers.main.namespace_service_accounts',
        value: ['shop:web'],
        else: 'unknown',
        with: { oidc_providers: { main: { provider_arn: provider.provider_arn } } },
      },
      'irsa, newer': {
        of: 'terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts',
        at: 'oidc_providers.main.namespace_service_accounts',
        value: ['shop:web'],
        else: 'unknown',
        with: { oidc_providers: { main: { provider_arn: provider.provider_arn } } },
      },
      'iam-eks-role': {
        of: 'terraform-aws-modules/iam/aws//modules/iam-eks-role',
        at: 'cluster_service_accounts.prod',
        value: ['shop:web'],
        else: 'unknown',
      },
      'iam-assumable-role-with-oidc': {
        of: 'terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc',
        at: 'oidc_fully_qualified_subjects',
        value: ['system:serviceaccount:shop:web'],
        else: 'unknown',
        with: { create_role: true, provider_url: 'oidc.eks.x' },
      },
      'iam-role': {
        of: 'terraform-aws-modules/iam/aws//modules/iam-role',
        at: 'oidc_subjects',
        value: ['system:serviceaccount:shop:web'],
        else: 'unknown',
        with: { enable_oidc: true, oidc_provider_urls: ['oidc.eks.x'] },
      },
      eksctl: {
        at: 'iam.serviceAccounts.0.metadata.name',
        value: 'web',
        else: undefined,
        with: { metadata: { namespace: 'shop' } },
      },
    },
  },
  {
    name: 'role.managed',
    ask: (parts) => {
      const [first] = roleOf(parts).managed;
      return first ? told(first.arn) : roleOf(parts).managed.why?.includes('may add') ? undefined : 'unknown';
    },
    is: arn,
    spelled: {
      cloudformation: { of: 'AWS::IAM::Role', at: 'ManagedPolicyArns', value: [arn], else: undefined },
      terraform: { of: 'aws_iam_role', at: 'managed_policy_arns', value: [arn], else: undefined },
      irsa: { of: irsa, at: 'role_policy_arns', value: { read: arn }, else: undefined },
      'pod identity': { of: podIdentityModule, at: 'additional_policy_arns', value: { read: arn }, else: undefined },
    },
  },
  {
    name: 'role.inline',
    ask: (parts) => {
      const [first] = roleOf(parts).inline;
      return first ? actionIn(first) : roleOf(parts).inline.why?.includes('may add') ? undefined : 'unknown';
    },
    is: 's3:GetObject',
    spelled: {
      cloudformation: {
        of: 'AWS::IAM::Role',
        at: 'Policies.0.PolicyDocument',
        value: rights,
        else: undefined,
      },
      terraform: { of: 'aws_iam_role', at: 'inline_policy.policy', value: encoded(rights), else: undefined },
      'pod identity': {
        of: podIdentityModule,
        at: 'policy_statements.read.actions',
        value: ['s3:GetObject'],
        else: undefined,
      },
    },
  },
  {
    name: 'role.boundary',
    ask: (parts) => told(roleOf(parts).boundary),
    is: arn,
    spelled: {
      cloudformation: { of: 'AWS::IAM::Role', at: 'PermissionsBoundary', value: arn, else: undefined },
      terraform: { of: 'aws_iam_role', at: 'permissions_boundary', value: arn, else: undefined },
      irsa: { of: irsa, at: 'role_permissions_boundary_arn', value: arn, else: undefined },
      'pod identity': { of: podIdentityModule, at: 'permissions_boundary_arn', value: arn, else: undefined },
      eksctl: { at: 'iam.serviceAccounts.0.permissionsBoundary', value: arn, else: undefined, with: account },
    },
  },
  ...(
    [
      ['namespace', 'shop', 'Namespace', 'namespace', { serviceAccountName: 'web' }],
      ['serviceAccount', 'web', 'ServiceAccount', 'serviceAccountName', { namespace: 'shop' }],
      ['roleArn', 'arn:aws:iam::111122223333:role/app', 'RoleArn', 'roleARN', association],
      ['targetRoleArn', 'arn:aws:iam::444455556666:role/app', 'TargetRoleArn', 'targetRoleARN', association],
      ['disableSessionTags', true, 'DisableSessionTags', 'disableSessionTags', association],
    ] as const
  ).map(([name, value, cloudformation, eksctl, beside]): Fact => {
    const fallback = name === 'disableSessionTags' ? false : undefined;
    const snake = cloudformation.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
    return {
      name: `podIdentity.${name}`,
      ask: ({ identities }) => told(only(identities)[name]),
      is: value,
      spelled: {
        cloudformation: { of: 'AWS::EKS::PodIdentityAssociation', at: cloudformation, value, else: fallback },
        terraform: { of: 'aws_eks_pod_identity_association', at: snake, value, else: fallback },
        ...(name === 'roleArn'
          ? {}
          : {
              'pod identity': {
                of: podIdentityModule,
                at: `associations.a.${snake}`,
                value,
                else: fallback,
                with: { associations: { a: {} } },
              },
            }),
        eksctl: {
          at: `iam.podIdentityAssociations.0.${eksctl}`,
          value,
          // eksctl creates a separate role
          else: name === 'roleArn' ? 'unknown' : fallback,
          with: beside,
        },
      },
    };
  }),
  {
    name: 'key.rotation',
    ask: (parts) => told(keyOf(parts).rotation),
    is: true,
    spelled: {
      cloudformation: { of: 'AWS::KMS::Key', at: 'EnableKeyRotation', value: true, else: false },
      terraform: { of: 'aws_kms_key', at: 'enable_key_rotation', value: true, else: false },
      'eks module': { of: 'terraform-aws-modules/eks/aws', at: 'enable_kms_key_rotation', value: true, else: true },
    },
  },
  {
    name: 'key.spec',
    ask: (parts) => told(keyOf(parts).spec),
    is: 'RSA_2048',
    spelled: {
      cloudformation: { of: 'AWS::KMS::Key', at: 'KeySpec', value: 'RSA_2048', else: 'SYMMETRIC_DEFAULT' },
      terraform: { of: 'aws_kms_key', at: 'customer_master_key_spec', value: 'RSA_2048', else: 'SYMMETRIC_DEFAULT' },
    },
  },
  {
    name: 'key.origin',
    ask: (parts) => told(keyOf(parts).origin),
    is: 'EXTERNAL',
    spelled: { cloudformation: { of: 'AWS::KMS::Key', at: 'Origin', value: 'EXTERNAL', else: 'AWS_KMS' } },
  },
  {
    name: 'repository.tagMutability',
    ask: (parts) => told(repositoryOf(parts).tagMutability),
    is: 'IMMUTABLE',
    spelled: {
      cloudformation: { of: 'AWS::ECR::Repository', at: 'ImageTagMutability', value: 'IMMUTABLE', else: 'MUTABLE' },
      terraform: { of: 'aws_ecr_repository', at: 'image_tag_mutability', value: 'IMMUTABLE', else: 'MUTABLE' },
      module: {
        of: 'terraform-aws-modules/ecr/aws',
        at: 'repository_image_tag_mutability',
        value: 'IMMUTABLE',
        else: 'IMMUTABLE',
      },
    },
  },
  {
    name: 'repository.scanOnPush',
    ask: (parts) => told(repositoryOf(parts).scanOnPush),
    is: true,
    spelled: {
      cloudformation: {
        of: 'AWS::ECR::Repository',
        at: 'ImageScanningConfiguration.ScanOnPush',
        value: true,
        else: false,
      },
      terraform: {
        of: 'aws_ecr_repository',
        at: 'image_scanning_configuration.scan_on_push',
        value: true,
        else: false,
      },
      module: { of: 'terraform-aws-modules/ecr/aws', at: 'repository_image_scan_on_push', value: true, else: true },
    },
  },
  {
    name: 'repository.policies',
    ask: (parts) => {
      const [policy] = repositoryOf(parts).policies;
      return policy && actionIn(policy);
    },
    is: 's3:GetObject',
    spelled: {
      cloudformation: { of: 'AWS::ECR::Repository', at: 'RepositoryPolicyText', value: rights, else: undefined },
      module: {
        of: 'terraform-aws-modules/ecr/aws',
        at: 'repository_policy',
        value: JSON.stringify(rights),
        else: undefined,
      },
    },
  },
  {
    name: 'group.subnets, by eksctl',
    ask: ({ groups }) => only(groups).subnets.has(({ isPublic }) => isPublic).state,
    is: 'no',
    spelled: { eksctl: { at: 'managedNodeGroups.0.privateNetworking', value: true, else: 'yes', with: { name: 'g' } } },
  },
  {
    name: 'group.publicIp',
    ask: ({ groups }) => told(only(groups).publicIp),
    is: true,
    spelled: {
      cloudformation: {
        of: 'AWS::EC2::LaunchTemplate',
        at: 'LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress',
        value: true,
        else: false,
        with: { LaunchTemplateData: { NetworkInterfaces: [{}] } },
      },
      terraform: {
        of: 'aws_launch_template',
        at: 'network_interfaces.associate_public_ip_address',
        value: true,
        else: false,
        with: { name: 't', network_interfaces: {} },
      },
    },
  },
  ...(['MapPublicIpOnLaunch'] as const).map((property): Fact => ({
    name: `group.subnets, ${property}`,
    ask: ({ groups }) => only(groups).subnets.has(({ isPublic }) => isPublic).state,
    is: 'yes',
    spelled: {
      cloudformation: { of: 'AWS::EC2::Subnet', at: property, value: true, else: 'unknown' },
      terraform: { of: 'aws_subnet', at: 'map_public_ip_on_launch', value: true, else: 'unknown' },
    },
  })),
];

/** Groups that use what a test defines, named `Own` and `own`. */
const around: Readonly<Record<string, object | string>> = {
  'AWS::EC2::LaunchTemplate': {
    Type: 'AWS::EKS::Nodegroup',
    Properties: { ClusterName: 'c', LaunchTemplate: { Id: { Ref: 'Own' } } },
  },
  'AWS::EC2::Subnet': { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'c', Subnets: [{ Ref: 'Own' }] } },
  aws_launch_template:
    'resource "aws_eks_node_group" "g" {\n  cluster_name = "c"\n  launch_template {\n    id = aws_launch_template.own.id\n  }\n}\n',
  aws_subnet: 'resource "aws_eks_node_group" "g" {\n  cluster_name = "c"\n  subnet_ids = [aws_subnet.own.id]\n}\n',
};

/** Merges a value into the existing data, including lists of one. */
function put(base: Tree, told: Tree): Tree {
  const made = { ...base };
  for (const [key, value] of Object.entries(told)) {
    const there = made[key];
    if (Array.isArray(there) && Array.isArray(value)) made[key] = [put(there[0] as Tree, value[0] as Tree)];
    else made[key] = merge({ [key]: there }, { [key]: value })[key];
    if (
      typeof there === 'object' &&
      there !== null &&
      !Array.isArray(there) &&
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value)
    )
      made[key] = put(there as Tree, value as Tree);
  }
  return made;
}

function write({ of = '', at, with: beside = {} }: Spelling, value: unknown): Readonly<Record<string, string>> {
  const written = value === undefined ? {} : nest(at, value);
  if (of === '') {
    const start = {
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { name: 'c', region: 'eu-west-1' },
    };
    const item = at.slice(0, at.lastIndexOf('.0.') + 2);
    return { 'c.yaml': json(put(put(start, nest(item, beside)), written), '${HIDDEN}') };
  }
  const own = put(beside, written);
  if (of.startsWith('AWS::')) {
    const { [of]: user } = around;
    const Resources = { Own: { Type: of, Properties: own }, ...(user ? { User: user } : {}) };
    return { 't.json': json({ Parameters: { Hidden: { Type: 'String' } }, Resources }, { Ref: 'Hidden' }) };
  }
  if (of.includes('/')) {
    return { 'main.tf': `module "own" {\n${hcl({ source: of, ...own }, false)}}\n` };
  }
  return { 'main.tf': `resource "${of}" "own" {\n${hcl(own, true)}}\n${String(around[of] ?? '')}` };
}

function look(fact: Fact, spelling: Spelling, value: unknown): Told {
  const { clusters, loose, aws } = read(write(spelling, value));
  const parts = [...clusters.flatMap(membersOf), ...loose];
  // They come with roles of node groups.
  return fact.ask({
    aws: aws.filter((part) => part.kind !== 'iamRole' || part.nodegroups.length === 0),
    groups: parts.filter((part) => part.kind === 'nodegroup'),
    identities: parts.filter((part) => part.kind === 'podIdentity'),
  });
}

for (const fact of facts)
  describe(fact.name, () => {
    for (const [format, spelling] of Object.entries(fact.spelled)) {
      it(`${format}: written`, () => expect(look(fact, spelling, spelling.value)).toEqual(fact.is));
      it(`${format}: left out`, () => expect(look(fact, spelling, undefined)).toEqual(spelling.else));
      it(`${format}: hidden`, () => expect(look(fact, spelling, hidden)).toEqual(fact.hidden ?? 'unknown'));
    }
  });
