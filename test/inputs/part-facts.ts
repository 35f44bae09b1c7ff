import type { AwsPart } from '#model/aws.ts';
import type { ClusterPart, Tag } from '#model/cluster.ts';
import { type Answer, type Collection, type Ref, Value } from '#model/value.ts';
import type { SecurityRule } from '#model/network.ts';
import { type Tree, Written } from './written.ts';

/*
 * Facts of the parts around a cluster, as each format that has them spells them. CloudFormation's names are checked
 * against the specification of AWS (test/aws/names.test.ts); the others follow from them unless they are written out.
 */

export type Part = AwsPart | ClusterPart;
export type Kind = Part['kind'];
export type Of<K extends Kind> = Extract<Part, { readonly kind: K }>;
export type Known = Value<unknown> | Collection<Value<unknown>> | Answer | Ref<unknown>;

type Told = 'set' | 'default' | 'unknown';
/** A path, or a path and the value that is written there. */
type Spelled = string | readonly [at: string, value: unknown];
export interface Fact<K extends Kind> {
  readonly name: string;
  readonly ask: (part: Of<K>) => Known;
  readonly is: unknown;
  readonly at: string;
  /** What CloudFormation writes, where that is not what the fact is. */
  readonly value?: unknown;
  readonly else?: unknown;
  /** What tools take that have a default of their own. */
  readonly otherwise?: Partial<Readonly<Record<Format, unknown>>>;
  /** What is known if the value is not written, unless that is its default. */
  readonly leftOut?: 'unknown';
  /** Formats that always have it. */
  readonly always?: readonly Format[];
  /** The value stands in another resource, to which this property leads. */
  readonly linked?: true;
  /** What is known if it is written, unless that is a value. */
  readonly written?: 'unknown';
  /** What is known of a variable; nothing unless stated. */
  readonly hidden?: Told | Partial<Readonly<Record<Format, Told>>>;
  readonly terraform?: Spelled;
  readonly awscc?: Spelled;
  readonly eksctl?: Spelled;
  readonly module?: Spelled;
  readonly ack?: Spelled;
  readonly upbound?: Spelled;
  readonly capi?: Spelled;
  readonly answers?: Spelled;
  /** Formats that cannot say it, and why, or which test has them instead. */
  readonly not?: Reasons;
}
export interface Group<K extends Kind> {
  readonly kind: K;
  readonly type: string;
  /** The resource type of Terraform's provider; undefined if its resources have no such part. */
  readonly terraform?: string;
  /** What every resource holds, so that it is recognized. */
  readonly with?: Partial<Readonly<Record<'cloudformation' | 'terraform' | 'ack' | 'answers', Tree>>>;
  /** Other resources of the file, which this one names: by their ids, and by type and label. */
  readonly beside?: {
    /** Other answers. */
    readonly answers?: Tree;
    readonly cloudformation: Readonly<Record<string, { readonly Type: string; readonly Properties: Tree }>>;
    readonly terraform: Readonly<Record<string, Readonly<Record<string, Tree>>>>;
  };
  readonly eksctl?: string;
  readonly module?: string;
  readonly ack?: readonly [version: string, kind: string];
  readonly upbound?: readonly [version: string, kind: string];
  readonly capi?: string;
  /** The key of an answer and that of its ARN, or of a list and of the ids in it. */
  readonly answers?:
    | readonly [key: string, arn: string]
    | { readonly list: string; readonly id: string; readonly camel?: true };
  /** Formats of the provider that have no such resource, and why. */
  readonly not?: Reasons;
  readonly facts: readonly Fact<K>[];
}
export const terraformFormats = ['terraform', 'terraform JSON', 'plan'] as const;
export const formats = [
  'cloudformation',
  ...terraformFormats,
  'awscc',
  'eksctl',
  'module',
  'ack',
  'upbound',
  'upbound, blocks as maps',
  'capi',
  'answers',
] as const;
export type Format = (typeof formats)[number];
type Reasons = Partial<Readonly<Record<Format, string>>>;

export const without = (some: readonly Format[], why: string): Reasons =>
  Object.fromEntries(some.map((format) => [format, why]));
const except = (some: readonly Format[], why: string): Reasons =>
  without(
    formats.filter((format) => !some.includes(format)),
    why,
  );
export const ofUpbound = ['upbound', 'upbound, blocks as maps'] as const;
/** The name of the object gives it. */
const ofObject = without(ofUpbound, 'the name of the object');
/** What stands in an association of its own. */
const associated = without([...terraformFormats, ...ofUpbound, 'answers'], 'an association of its own');

/** The first of a list, as a fact; nothing where there is none. */
export const first = <T>(items: { readonly items: readonly T[] } & Collection<T>, ask: (item: T) => Known): Known => {
  const [one] = items.items;
  const at = () => items.at;
  if (one !== undefined) return ask(one);
  // What something else may add does not depend on the fact.
  return items.state === 'unknown' || /hidden|known after/i.test(items.why ?? '')
    ? Value.unknown<unknown>(items.why ?? 'the list is not known', at)
    : Value.default<unknown>(undefined, at);
};

export const group = <K extends Kind>(one: Group<K>): Group<K> => one;
/** A part with tags, by the value of the first. */
const ofTags = {
  name: 'tags',
  ask: ({ tags }: { readonly tags: Collection<Tag> }) => tags.map(({ value }) => value),
  is: ['dev'],
  at: 'Tags',
  value: [{ Key: 'team', Value: 'dev' }],
  else: [],
  terraform: ['tags', { team: 'dev' }],
  eksctl: ['tags', { team: 'dev' }],
  module: ['tags', { team: 'dev' }],
  ack: ['tags', { team: 'dev' }],
  answers: ['tags', { team: 'dev' }],
  not: { capi: 'no field', terraform: 'a map that is no block: key-samples' },
} as const;
/** Tags in answers of EC2 are pairs. */
const ofTagsInPairs = { ...ofTags, answers: ['Tags', [{ Key: 'team', Value: 'dev' }]] } as const;
/** Tags that ACK writes in pairs as well. */
const ofTagsInAllPairs = { ...ofTagsInPairs, ack: ['tags', [{ key: 'team', value: 'dev' }]] } as const;
export const besideVpc = {
  answers: { Vpcs: [{ VpcId: 'v', CidrBlock: '10.0.0.0/8' }] },
  cloudformation: { V: { Type: 'AWS::EC2::VPC', Properties: {} } },
  terraform: { aws_vpc: { v: {} } },
} as const;
export const besideSubnet = {
  answers: { Subnets: [{ SubnetId: 's', VpcId: 'v' }] },
  cloudformation: { S: { Type: 'AWS::EC2::Subnet', Properties: {} } },
  terraform: { aws_subnet: { s: {} } },
} as const;
export const besideGroup = {
  answers: { SecurityGroups: [{ GroupId: 'g', IpPermissions: [] }] },
  cloudformation: { G: { Type: 'AWS::EC2::SecurityGroup', Properties: {} } },
  terraform: { aws_security_group: { g: {} } },
} as const;
const ofCluster = { cloudformation: { ClusterName: 'c' }, terraform: { cluster_name: 'c' } };
const besideTable = {
  cloudformation: {
    S: { Type: 'AWS::EC2::Subnet', Properties: {} },
    T: { Type: 'AWS::EC2::RouteTable', Properties: {} },
    L: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'S' }, RouteTableId: { Ref: 'T' } },
    },
  },
  terraform: {
    aws_subnet: { s: {} },
    aws_route_table: { t: {} },
    aws_route_table_association: {
      l: { subnet_id: new Written('aws_subnet.s.id'), route_table_id: new Written('aws_route_table.t.id') },
    },
  },
} as const;
/** The facts of a rule that is a resource separate from its security group. */
function ruleFacts(
  of: (group: Of<'securityGroup'>) => Collection<SecurityRule>,
  other: string,
  terraform: string,
): readonly Fact<'securityGroup'>[] {
  const isClassic = terraform === 'aws_security_group_rule';
  return [
    { name: 'from', ask: (one) => first(of(one), ({ from }) => from), is: 443, at: 'FromPort' },
    { name: 'to', ask: (one) => first(of(one), ({ to }) => to), is: 443, at: 'ToPort' },
    {
      name: 'protocol',
      ask: (one) => first(of(one), ({ protocol }) => protocol),
      is: 'tcp',
      at: 'IpProtocol',
      terraform: isClassic ? 'protocol' : 'ip_protocol',
    },
    {
      name: 'cidrs',
      ask: (one) => first(of(one), ({ cidrs }) => cidrs),
      is: ['10.0.0.0/8'],
      at: 'CidrIp',
      value: '10.0.0.0/8',
      else: [],
      terraform: isClassic ? ['cidr_blocks', ['10.0.0.0/8']] : 'cidr_ipv4',
    },
    {
      name: 'cidrs of IPv6',
      ask: (one) => first(of(one), ({ cidrs }) => cidrs),
      is: ['2001:db8::/32'],
      at: 'CidrIpv6',
      value: '2001:db8::/32',
      else: [],
      terraform: isClassic ? ['ipv6_cidr_blocks', ['2001:db8::/32']] : 'cidr_ipv6',
    },
    {
      name: 'groups',
      ask: (one) => first(of(one), ({ groups: all }) => all),
      is: ['sg-1'],
      at: other,
      value: 'sg-1',
      else: [],
      terraform: isClassic ? 'source_security_group_id' : 'referenced_security_group_id',
    },
  ];
}
export const groups = [
  group({
    kind: 'addon',
    type: 'AWS::EKS::Addon',
    terraform: 'aws_eks_addon',
    with: ofCluster,
    eksctl: 'addons',
    module: 'addons',
    ack: ['eks.services.k8s.aws/v1alpha1', 'Addon'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'Addon'],
    capi: 'addons',
    answers: ['addon', 'addonArn'],
    facts: [
      {
        name: 'version',
        ask: ({ version }) => version,
        is: 'v1.20.0-eksbuild.1',
        at: 'AddonVersion',
        eksctl: 'version',
        capi: 'version',
      },
      {
        name: 'health.status',
        ask: ({ health }) => health.status,
        is: 'DEGRADED',
        at: 'Status',
        not: except(['answers'], 'of what runs'),
      },
      {
        name: 'settings',
        ask: ({ settings }) => settings.text('env', 'WARM_IP_TARGET'),
        is: '5',
        at: 'ConfigurationValues',
        value: '{"env":{"WARM_IP_TARGET":"5"}}',
        capi: 'configuration',
      },
      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/a',
        at: 'ServiceAccountRoleArn',
        eksctl: 'serviceAccountRoleARN',
        ack: 'serviceAccountRoleARN',
        capi: 'serviceAccountRoleARN',
      },
      {
        name: 'namespace',
        ask: ({ namespace }) => namespace,
        is: 'storage',
        at: 'NamespaceConfig.Namespace',
        not: {
          ack: 'no field',
          ...without(ofUpbound, 'no argument'),
          capi: 'no field',
          module: 'the module has no words for it',
        },
      },
      {
        name: 'preserve',
        ask: ({ preserve }) => preserve,
        is: true,
        at: 'PreserveOnDelete',
        else: false,
        terraform: 'preserve',
        capi: 'preserveOnDelete',
        not: {
          eksctl: 'no field',
          ack: 'no field',
          answers: 'an argument of a call, which answers do not repeat',
          module: 'it preserves unless told otherwise: terraform-modules.test.ts',
        },
      },

      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'vpc-cni',
        at: 'AddonName',
        eksctl: 'name',
        ack: 'name',
        capi: 'name',
        not: { module: 'the key of the map, unless told otherwise' },
      },
      {
        name: 'health.issues',
        ask: ({ health }) => first(health.issues, ({ code }) => code),
        is: 'AccessDenied',
        at: 'Health.Issues.0.Code',
        not: except(['answers'], 'of what runs'),
      },
      {
        name: 'podIdentity',
        ask: ({ podIdentity }) => podIdentity,
        is: true,
        at: 'PodIdentityAssociations',
        value: [{ RoleArn: 'arn:aws:iam::111122223333:role/a', ServiceAccount: 'a' }],
        else: false,
        terraform: ['pod_identity_association', { role_arn: 'arn:aws:iam::111122223333:role/a', service_account: 'a' }],
        eksctl: ['podIdentityAssociations', [{ roleARN: 'arn:aws:iam::111122223333:role/a', serviceAccountName: 'a' }]],
        module: ['pod_identity_association', [{ role_arn: 'arn:aws:iam::111122223333:role/a', service_account: 'a' }]],
        ack: ['podIdentityAssociations', [{ roleARN: 'arn:aws:iam::111122223333:role/a', serviceAccount: 'a' }]],
        answers: ['podIdentityAssociations', ['arn:aws:eks:eu-west-1:111122223333:podidentityassociation/c/a-1']],
        upbound: ['podIdentityAssociation', [{ roleArn: 'arn:aws:iam::111122223333:role/a', serviceAccount: 'a' }]],
        not: { capi: 'no field' },
      },
      {
        name: 'resolveConflicts',
        ask: ({ resolveConflicts }) => resolveConflicts,
        is: 'PRESERVE',
        at: 'ResolveConflicts',
        else: 'NONE',
        otherwise: { module: 'OVERWRITE', capi: 'OVERWRITE' },
        eksctl: ['resolveConflicts', 'preserve'],
        terraform: 'resolve_conflicts_on_update',
        module: 'resolve_conflicts_on_update',
        capi: ['conflictResolution', 'preserve'],
        upbound: 'resolveConflictsOnUpdate',
        not: { answers: 'an argument of a call, which answers do not repeat' },
      },
      ofTags,
    ],
  }),
  group({
    kind: 'fargateProfile',
    type: 'AWS::EKS::FargateProfile',
    terraform: 'aws_eks_fargate_profile',
    with: ofCluster,
    eksctl: 'fargateProfiles',
    module: 'fargate_profiles',
    ack: ['eks.services.k8s.aws/v1alpha1', 'FargateProfile'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'FargateProfile'],
    answers: ['fargateProfile', 'fargateProfileArn'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'web',
        at: 'FargateProfileName',
        eksctl: 'name',
        ack: 'name',
        not: { module: 'the key of the map, unless told otherwise', ...ofObject },
      },
      {
        name: 'selectors.namespace',
        ask: ({ selectors }) => first(selectors, ({ namespace }) => namespace),
        is: 'apps',
        at: 'Selectors.0.Namespace',
        terraform: 'selector.namespace',
        not: { module: 'profiles of the module: terraform-modules.test.ts' },
      },
      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/f',
        at: 'PodExecutionRoleArn',
        eksctl: 'podExecutionRoleARN',
        ack: 'podExecutionRoleARN',
        not: { module: 'the module makes one unless create_iam_role is false: terraform-modules.test.ts' },
      },

      {
        name: 'selectors.labels.key',
        ask: ({ selectors }) => first(selectors, ({ labels }) => first(labels, ({ key }) => key)),
        is: 'app',
        at: 'Selectors.0.Labels.0.Key',
        not: except(['cloudformation', 'awscc'], 'a map: the case of values'),
      },
      {
        name: 'selectors.labels.value',
        ask: ({ selectors }) => first(selectors, ({ labels }) => first(labels, ({ value }) => value)),
        is: 'web',
        at: 'Selectors.0.Labels.0.Value',
        terraform: 'selector.labels.app',
        eksctl: 'selectors.0.labels.app',
        ack: 'selectors.0.labels.app',
        answers: 'selectors.0.labels.app',
        upbound: 'selector.0.labels.app',
        not: {
          module: 'profiles of the module: terraform-modules.test.ts',
          plan: 'maps of a plan: terraform-plan.test.ts',
        },
      },
      ofTags,
    ],
  }),
  group({
    kind: 'accessEntry',
    type: 'AWS::EKS::AccessEntry',
    terraform: 'aws_eks_access_entry',
    with: ofCluster,
    eksctl: 'accessConfig.accessEntries',
    module: 'access_entries',
    ack: ['eks.services.k8s.aws/v1alpha1', 'AccessEntry'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'AccessEntry'],
    capi: 'accessEntries',
    answers: ['accessEntry', 'accessEntryArn'],
    facts: [
      {
        name: 'principalArn',
        ask: ({ principalArn }) => principalArn,
        is: 'arn:aws:iam::111122223333:role/ops',
        at: 'PrincipalArn',
        eksctl: 'principalARN',
        ack: 'principalARN',
        capi: 'principalARN',
      },
      { name: 'type', ask: ({ type }) => type, is: 'EC2_LINUX', at: 'Type', else: 'STANDARD' },
      {
        name: 'username',
        ask: ({ username }) => username,
        is: 'ops',
        at: 'Username',
        eksctl: 'kubernetesUsername',
        terraform: 'user_name',
        module: 'user_name',
      },
      {
        name: 'groups',
        ask: ({ groups: all }) => all,
        is: ['viewers'],
        at: 'KubernetesGroups',
        else: [],
      },
      {
        name: 'policies.arn',
        ask: ({ policies }) => first(policies, ({ arn }) => arn),
        is: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        at: 'AccessPolicies.0.PolicyArn',
        eksctl: 'accessPolicies.0.policyARN',
        ack: 'accessPolicies.0.policyARN',
        capi: 'accessPolicies.0.policyARN',
        module: 'policy_associations.view.policy_arn',
        not: associated,
      },
      {
        name: 'policies.scope',
        ask: ({ policies }) => first(policies, ({ scope }) => scope),
        is: 'namespace',
        at: 'AccessPolicies.0.AccessScope.Type',
        module: 'policy_associations.view.access_scope.type',
        not: associated,
      },

      {
        name: 'policies.namespaces',
        ask: ({ policies }) => first(policies, ({ namespaces }) => namespaces),
        is: ['web'],
        at: 'AccessPolicies.0.AccessScope.Namespaces',
        module: 'policy_associations.view.access_scope.namespaces',
        not: associated,
      },
    ],
  }),
  group({
    kind: 'accessEntry',
    type: 'EKS::AccessPolicyAssociation',
    terraform: 'aws_eks_access_policy_association',
    upbound: ['eks.aws.upbound.io/v1beta1', 'AccessPolicyAssociation'],
    with: { terraform: { cluster_name: 'c' } },
    facts: [
      {
        name: 'policies.arn',
        ask: ({ policies }) => first(policies, ({ arn }) => arn),
        is: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        at: 'PolicyArn',
        not: { cloudformation: 'no type of its own: policies stand in the entry' },
      },
      {
        name: 'policies.namespaces',
        ask: ({ policies }) => first(policies, ({ namespaces }) => namespaces),
        is: ['web'],
        at: 'AccessScope.Namespaces',
        else: [],
        not: { cloudformation: 'no type of its own: policies stand in the entry' },
      },
    ],
  }),
  group({
    kind: 'identityProvider',
    type: 'AWS::EKS::IdentityProviderConfig',
    terraform: 'aws_eks_identity_provider_config',
    with: ofCluster,
    eksctl: 'identityProviders',
    module: 'identity_providers',
    ack: ['eks.services.k8s.aws/v1alpha1', 'IdentityProviderConfig'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'IdentityProviderConfig'],
    facts: [
      {
        name: 'groupsPrefix',
        ask: ({ groupsPrefix }) => groupsPrefix,
        is: 'oidc:',
        at: 'Oidc.GroupsPrefix',
        eksctl: 'groupsPrefix',
        module: 'groups_prefix',
      },
      {
        name: 'groupsClaim',
        ask: ({ groupsClaim }) => groupsClaim,
        is: 'groups',
        at: 'Oidc.GroupsClaim',
        eksctl: 'groupsClaim',
        module: 'groups_claim',
      },
      {
        name: 'issuerUrl',
        ask: ({ issuerUrl }) => issuerUrl,
        is: 'https://login.example.com',
        at: 'Oidc.IssuerUrl',
        ack: 'oidc.issuerURL',
        eksctl: 'issuerURL',
        module: 'issuer_url',
      },

      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'login',
        at: 'IdentityProviderConfigName',
        eksctl: 'name',
        terraform: 'oidc.identity_provider_config_name',
        ack: 'oidc.identityProviderConfigName',
        not: { module: 'the key of the map, unless told otherwise' },
      },
      {
        name: 'clientId',
        ask: ({ clientId }) => clientId,
        is: 'shop',
        at: 'Oidc.ClientId',
        eksctl: 'clientID',
        module: 'client_id',
      },
      {
        name: 'usernameClaim',
        ask: ({ usernameClaim }) => usernameClaim,
        is: 'email',
        at: 'Oidc.UsernameClaim',
        eksctl: 'usernameClaim',
        module: 'username_claim',
      },
      {
        name: 'usernamePrefix',
        ask: ({ usernamePrefix }) => usernamePrefix,
        is: 'login:',
        at: 'Oidc.UsernamePrefix',
        eksctl: 'usernamePrefix',
        module: 'username_prefix',
      },
    ],
  }),
  group({
    kind: 'capability',
    type: 'AWS::EKS::Capability',
    terraform: 'aws_eks_capability',
    with: ofCluster,
    eksctl: 'capabilities',
    ack: ['eks.services.k8s.aws/v1alpha1', 'Capability'],
    facts: [
      { name: 'type', ask: ({ type }) => type, is: 'ARGOCD', at: 'Type' },
      {
        name: 'argoCd.vpcEndpoints',
        ask: ({ argoCd }) => argoCd.vpcEndpoints,
        is: ['vpce-1'],
        at: 'Configuration.ArgoCd.NetworkAccess.VpceIds',
        else: [],
        eksctl: 'configuration.argocd.networkAccess.vpceIds',
        not: { ack: 'its spelling there is not confirmed' },
      },
      {
        name: 'deletePropagationPolicy',
        ask: ({ deletePropagationPolicy }) => deletePropagationPolicy,
        is: 'RETAIN',
        at: 'DeletePropagationPolicy',
      },

      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/c',
        at: 'RoleArn',
        ack: 'roleARN',
      },
      {
        name: 'argoCd.identityCenter',
        ask: ({ argoCd }) => argoCd.identityCenter,
        is: 'arn:aws:sso:::instance/i',
        at: 'Configuration.ArgoCd.AwsIdc.IdcInstanceArn',
        eksctl: 'configuration.argocd.awsIdc.idcInstanceArn',
        not: { ack: 'its spelling there is not confirmed' },
      },
      {
        name: 'argoCd.roles',
        ask: ({ argoCd }) => argoCd.roles,
        is: ['ADMIN'],
        at: 'Configuration.ArgoCd.RbacRoleMappings',
        value: [{ Role: 'ADMIN' }],
        else: [],
        terraform: ['configuration.argo_cd.rbac_role_mapping', [{ role: 'ADMIN' }]],
        eksctl: ['configuration.argocd.rbacRoleMappings', [{ role: 'ADMIN' }]],
        not: {
          terraform: 'a block: key-samples',
          plan: 'a block: key-samples',
          ack: 'its spelling there is not confirmed',
        },
      },
    ],
  }),
  group({
    kind: 'vpc',
    type: 'AWS::EC2::VPC',
    terraform: 'aws_vpc',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'VPC'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'VPC'],
    answers: { list: 'Vpcs', id: 'VpcId' },
    with: { answers: { CidrBlock: '10.0.0.0/8' } },
    facts: [
      {
        name: 'cidr',
        ask: ({ cidr }) => cidr,
        is: '10.0.0.0/16',
        at: 'CidrBlock',
        always: ['answers'],
        ack: 'cidrBlocks.0',
      },
      {
        name: 'dnsSupport',
        ask: ({ dnsSupport }) => dnsSupport,
        is: false,
        at: 'EnableDnsSupport',
        ack: 'enableDNSSupport',
        else: true,
        not: { answers: 'a call of its own: aws-answers.test.ts' },
      },
      {
        name: 'dnsHostnames',
        ask: ({ dnsHostnames }) => dnsHostnames,
        is: true,
        at: 'EnableDnsHostnames',
        ack: 'enableDNSHostnames',
        else: false,
        not: { answers: 'a call of its own: aws-answers.test.ts' },
      },

      ofTagsInAllPairs,
    ],
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::Subnet',
    terraform: 'aws_subnet',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'Subnet'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'Subnet'],
    beside: besideVpc,
    answers: { list: 'Subnets', id: 'SubnetId' },
    with: { answers: { VpcId: 'vpc-1' } },
    facts: [
      { name: 'zone', ask: ({ zone }) => zone, is: 'eu-west-1a', at: 'AvailabilityZone' },
      { name: 'cidr', ask: ({ cidr }) => cidr, is: '10.0.1.0/24', at: 'CidrBlock' },
      { name: 'outpostArn', ask: ({ outpostArn }) => outpostArn, is: 'arn:o', at: 'OutpostArn', ack: 'outpostARN' },

      {
        name: 'vpc',
        ask: ({ vpc }) => vpc,
        is: 'vpc',
        at: 'VpcId',
        value: { Ref: 'V' },
        terraform: ['vpc_id', new Written('aws_vpc.v.id')],
        answers: ['VpcId', 'v'],
        always: ['answers'],
      },
      {
        name: 'ipv6Cidr',
        ask: ({ ipv6Cidr }) => ipv6Cidr,
        is: '2001:db8::/64',
        at: 'Ipv6CidrBlock',
        ack: 'ipv6CIDRBlock',
        answers: 'Ipv6CidrBlockAssociationSet.0.Ipv6CidrBlock',
      },
      {
        name: 'freeAddresses',
        ask: ({ freeAddresses }) => freeAddresses,
        is: 7,
        at: 'AvailableIpAddressCount',
        not: except(['answers'], 'of what runs'),
      },
      ofTagsInAllPairs,
    ],
  }),
  group({
    kind: 'natGateway',
    type: 'AWS::EC2::NatGateway',
    terraform: 'aws_nat_gateway',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'NATGateway'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'NATGateway'],
    beside: besideSubnet,
    answers: { list: 'NatGateways', id: 'NatGatewayId' },
    facts: [
      {
        name: 'connectivity',
        ask: ({ connectivity }) => connectivity,
        is: 'private',
        at: 'ConnectivityType',
        else: 'public',
      },
      {
        name: 'allocationId',
        ask: ({ allocationId }) => allocationId,
        is: 'eipalloc-1',
        at: 'AllocationId',
        ack: 'allocationID',
        hidden: 'set',
        answers: 'NatGatewayAddresses.0.AllocationId',
      },

      {
        name: 'subnet',
        ask: ({ subnet }) => subnet,
        is: 'subnet',
        at: 'SubnetId',
        value: { Ref: 'S' },
        terraform: ['subnet_id', new Written('aws_subnet.s.id')],
        answers: ['SubnetId', 's'],
      },
    ],
  }),
  group({
    kind: 'vpcEndpoint',
    type: 'AWS::EC2::VPCEndpoint',
    terraform: 'aws_vpc_endpoint',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'VPCEndpoint'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'VPCEndpoint'],
    answers: { list: 'VpcEndpoints', id: 'VpcEndpointId' },
    facts: [
      { name: 'service', ask: ({ service }) => service, is: 'com.amazonaws.eu-west-1.s3', at: 'ServiceName' },
      {
        name: 'type',
        ask: ({ type }) => type,
        is: 'Interface',
        at: 'VpcEndpointType',
        ack: 'vpcEndpointType',
        else: 'Gateway',
      },
      {
        name: 'privateDns',
        ask: ({ privateDns }) => privateDns,
        is: true,
        at: 'PrivateDnsEnabled',
        ack: 'privateDNSEnabled',
        else: false,
      },
    ],
  }),
  group({
    kind: 'flowLog',
    type: 'AWS::EC2::FlowLog',
    terraform: 'aws_flow_log',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'FlowLog'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'FlowLog'],
    answers: { list: 'FlowLogs', id: 'FlowLogId' },
    facts: [{ name: 'trafficType', ask: ({ trafficType }) => trafficType, is: 'REJECT', at: 'TrafficType' }],
  }),
  group({
    kind: 'securityGroup',
    type: 'AWS::EC2::SecurityGroup',
    terraform: 'aws_security_group',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'SecurityGroup'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'SecurityGroup'],
    answers: { list: 'SecurityGroups', id: 'GroupId' },
    with: { answers: { IpPermissions: [] } },
    facts: [
      { name: 'name', ask: ({ name }) => name, is: 'nodes', at: 'GroupName', terraform: 'name', ack: 'name' },
      {
        name: 'ingress.from',
        ask: ({ ingress }) => first(ingress, ({ from }) => from),
        is: 443,
        ack: 'ingressRules.0.fromPort',
        at: 'SecurityGroupIngress.0.FromPort',
        answers: 'IpPermissions.0.FromPort',
        terraform: 'ingress.from_port',
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'egress.protocol',
        ask: ({ egress }) => first(egress, ({ protocol }) => protocol),
        is: 'tcp',
        ack: 'egressRules.0.ipProtocol',
        at: 'SecurityGroupEgress.0.IpProtocol',
        answers: 'IpPermissionsEgress.0.IpProtocol',
        terraform: 'egress.protocol',
        not: without(ofUpbound, 'rules of their own'),
      },

      {
        name: 'ingress.to',
        ask: ({ ingress }) => first(ingress, ({ to }) => to),
        is: 443,
        ack: 'ingressRules.0.toPort',
        at: 'SecurityGroupIngress.0.ToPort',
        terraform: 'ingress.to_port',
        answers: 'IpPermissions.0.ToPort',
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'ingress.protocol',
        ask: ({ ingress }) => first(ingress, ({ protocol }) => protocol),
        is: 'tcp',
        ack: 'ingressRules.0.ipProtocol',
        at: 'SecurityGroupIngress.0.IpProtocol',
        terraform: 'ingress.protocol',
        answers: 'IpPermissions.0.IpProtocol',
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'ingress.cidrs',
        ask: ({ ingress }) => first(ingress, ({ cidrs }) => cidrs),
        is: ['10.0.0.0/8'],
        value: '10.0.0.0/8',
        ack: ['ingressRules.0.ipRanges.0.cidrIP', '10.0.0.0/8'],
        at: 'SecurityGroupIngress.0.CidrIp',
        terraform: ['ingress.cidr_blocks', ['10.0.0.0/8']],
        answers: ['IpPermissions.0.IpRanges.0.CidrIp', '10.0.0.0/8'],
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'ingress.cidrs',
        ask: ({ ingress }) => first(ingress, ({ cidrs }) => cidrs),
        is: ['2001:db8::/32'],
        value: '2001:db8::/32',
        ack: ['ingressRules.0.ipv6Ranges.0.cidrIPv6', '2001:db8::/32'],
        at: 'SecurityGroupIngress.0.CidrIpv6',
        terraform: ['ingress.ipv6_cidr_blocks', ['2001:db8::/32']],
        not: { ...without(ofUpbound, 'rules of their own'), answers: 'aws-answers.test.ts' },
      },
      {
        name: 'ingress.groups',
        ask: ({ ingress }) => first(ingress, ({ groups }) => groups),
        is: ['sg-1'],
        value: 'sg-1',
        ack: ['ingressRules.0.userIDGroupPairs.0.groupID', 'sg-1'],
        at: 'SecurityGroupIngress.0.SourceSecurityGroupId',
        terraform: ['ingress.security_groups', ['sg-1']],
        answers: ['IpPermissions.0.UserIdGroupPairs.0.GroupId', 'sg-1'],
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'egress.from',
        ask: ({ egress }) => first(egress, ({ from }) => from),
        is: 443,
        ack: 'egressRules.0.fromPort',
        at: 'SecurityGroupEgress.0.FromPort',
        terraform: 'egress.from_port',
        answers: 'IpPermissionsEgress.0.FromPort',
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'egress.to',
        ask: ({ egress }) => first(egress, ({ to }) => to),
        is: 443,
        ack: 'egressRules.0.toPort',
        at: 'SecurityGroupEgress.0.ToPort',
        terraform: 'egress.to_port',
        answers: 'IpPermissionsEgress.0.ToPort',
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'egress.cidrs',
        ask: ({ egress }) => first(egress, ({ cidrs }) => cidrs),
        is: ['10.0.0.0/8'],
        value: '10.0.0.0/8',
        ack: ['egressRules.0.ipRanges.0.cidrIP', '10.0.0.0/8'],
        at: 'SecurityGroupEgress.0.CidrIp',
        terraform: ['egress.cidr_blocks', ['10.0.0.0/8']],
        answers: ['IpPermissionsEgress.0.IpRanges.0.CidrIp', '10.0.0.0/8'],
        not: without(ofUpbound, 'rules of their own'),
      },
      {
        name: 'egress.cidrs',
        ask: ({ egress }) => first(egress, ({ cidrs }) => cidrs),
        is: ['2001:db8::/32'],
        value: '2001:db8::/32',
        ack: ['egressRules.0.ipv6Ranges.0.cidrIPv6', '2001:db8::/32'],
        at: 'SecurityGroupEgress.0.CidrIpv6',
        terraform: ['egress.ipv6_cidr_blocks', ['2001:db8::/32']],
        not: { ...without(ofUpbound, 'rules of their own'), answers: 'aws-answers.test.ts' },
      },
      {
        name: 'egress.groups',
        ask: ({ egress }) => first(egress, ({ groups }) => groups),
        is: ['sg-1'],
        value: 'sg-1',
        ack: ['egressRules.0.userIDGroupPairs.0.groupID', 'sg-1'],
        at: 'SecurityGroupEgress.0.DestinationSecurityGroupId',
        terraform: ['egress.security_groups', ['sg-1']],
        answers: ['IpPermissionsEgress.0.UserIdGroupPairs.0.GroupId', 'sg-1'],
        not: without(ofUpbound, 'rules of their own'),
      },
    ],
  }),
  group({
    kind: 'logGroup',
    type: 'AWS::Logs::LogGroup',
    terraform: 'aws_cloudwatch_log_group',
    answers: { list: 'logGroups', id: 'logGroupName', camel: true },
    ack: ['cloudwatchlogs.services.k8s.aws/v1alpha1', 'LogGroup'],
    upbound: ['cloudwatchlogs.aws.upbound.io/v1beta1', 'Group'],
    facts: [
      {
        always: ['answers'],
        name: 'name',
        ask: ({ name }) => name,
        is: '/aws/eks/c/cluster',
        at: 'LogGroupName',
        terraform: 'name',
        ack: 'name',
        not: ofObject,
      },
      { name: 'retention', ask: ({ retention }) => retention, is: 30, at: 'RetentionInDays', ack: 'retentionDays' },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'KmsKeyId',
        ack: 'kmsKeyID',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'fileSystem',
    type: 'AWS::EFS::FileSystem',
    terraform: 'aws_efs_file_system',
    answers: { list: 'FileSystems', id: 'FileSystemId' },
    ack: ['efs.services.k8s.aws/v1alpha1', 'FileSystem'],
    upbound: ['efs.aws.upbound.io/v1beta1', 'FileSystem'],
    facts: [
      { name: 'encrypted', ask: ({ encrypted }) => encrypted, is: true, at: 'Encrypted', else: false },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'KmsKeyId',
        ack: 'kmsKeyID',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'pullThroughCache',
    type: 'AWS::ECR::PullThroughCacheRule',
    terraform: 'aws_ecr_pull_through_cache_rule',
    answers: { list: 'pullThroughCacheRules', id: 'ecrRepositoryPrefix', camel: true },
    facts: [
      { name: 'upstream', ask: ({ upstream }) => upstream, is: 'ghcr.io', at: 'UpstreamRegistryUrl' },
      {
        name: 'credentialArn',
        ask: ({ credentialArn }) => credentialArn,
        is: 'arn:aws:secretsmanager:s',
        at: 'CredentialArn',
        hidden: 'set',
      },
      { always: ['answers'], name: 'prefix', ask: ({ prefix }) => prefix, is: 'ghcr', at: 'EcrRepositoryPrefix' },
    ],
  }),
  group({
    kind: 'repository',
    type: 'AWS::ECR::Repository',
    terraform: 'aws_ecr_repository',
    answers: { list: 'repositories', id: 'repositoryArn', camel: true },
    with: { answers: { repositoryName: 'p' } },
    ack: ['ecr.services.k8s.aws/v1alpha1', 'Repository'],
    upbound: ['ecr.aws.upbound.io/v1beta1', 'Repository'],
    facts: [
      {
        name: 'tagMutability',
        ask: ({ tagMutability }) => tagMutability,
        is: 'IMMUTABLE',
        at: 'ImageTagMutability',
        else: 'MUTABLE',
      },
      {
        name: 'scanOnPush',
        ask: ({ scanOnPush }) => scanOnPush,
        is: true,
        at: 'ImageScanningConfiguration.ScanOnPush',
        else: false,
      },
      {
        name: 'encryptionType',
        ask: ({ encryptionType }) => encryptionType,
        is: 'KMS',
        at: 'EncryptionConfiguration.EncryptionType',
        else: 'AES256',
      },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'EncryptionConfiguration.KmsKey',
        hidden: 'set',
      },

      {
        always: ['answers'],
        name: 'name',
        ask: ({ name }) => name,
        is: 'shop/web',
        at: 'RepositoryName',
        terraform: 'name',
        ack: 'name',
        not: ofObject,
      },
      {
        name: 'lifecycle',
        ask: ({ lifecycle }) => lifecycle,
        is: 'yes',
        at: 'LifecyclePolicy.LifecyclePolicyText',
        value: '{"rules":[]}',
        hidden: 'set',
        ack: 'lifecyclePolicy',
        not: {
          ...without(terraformFormats, 'a resource of its own'),
          ...without(ofUpbound, 'a resource of its own'),
          answers: 'an answer of its own: aws-answers.test.ts',
        },
      },
    ],
  }),
  group({
    kind: 'kmsKey',
    type: 'AWS::KMS::Key',
    terraform: 'aws_kms_key',
    ack: ['kms.services.k8s.aws/v1alpha1', 'Key'],
    upbound: ['kms.aws.upbound.io/v1beta1', 'Key'],
    facts: [
      { name: 'rotation', ask: ({ rotation }) => rotation, is: true, at: 'EnableKeyRotation', else: false },
      {
        name: 'enabled',
        ask: ({ enabled }) => enabled,
        is: false,
        at: 'Enabled',
        else: true,
        terraform: 'is_enabled',
        not: { ack: 'a key is enabled' },
      },

      {
        name: 'spec',
        ask: ({ spec }) => spec,
        is: 'RSA_2048',
        at: 'KeySpec',
        else: 'SYMMETRIC_DEFAULT',
        terraform: 'customer_master_key_spec',
      },
      {
        name: 'origin',
        ask: ({ origin }) => origin,
        is: 'EXTERNAL',
        at: 'Origin',
        else: 'AWS_KMS',
        not: {
          ...without(terraformFormats, 'keys of other origins have resources of their own'),
          ...without(ofUpbound, 'no argument'),
        },
      },
    ],
  }),
  group({
    kind: 'ssmParameter',
    type: 'AWS::SSM::Parameter',
    terraform: 'aws_ssm_parameter',
    answers: { list: 'Parameters', id: 'Name' },
    with: { answers: { Type: 'String' } },
    ack: ['ssm.services.k8s.aws/v1alpha1', 'Parameter'],
    upbound: ['ssm.aws.upbound.io/v1beta1', 'Parameter'],
    facts: [
      { always: ['answers'], name: 'name', ask: ({ name }) => name, is: '/prod/db', at: 'Name', not: ofObject },
      { always: ['answers'], name: 'type', ask: ({ type }) => type, is: 'SecureString', at: 'Type' },
    ],
  }),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::ServiceNetwork',
    terraform: 'aws_vpclattice_service_network',
    facts: [
      { name: 'name', ask: ({ name }) => name, is: 'shop', at: 'Name' },
      { name: 'authType', ask: ({ authType }) => authType, is: 'AWS_IAM', at: 'AuthType', else: 'NONE' },
    ],
  }),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::Service',
    terraform: 'aws_vpclattice_service',
    facts: [
      { name: 'authType', ask: ({ authType }) => authType, is: 'AWS_IAM', at: 'AuthType', else: 'NONE' },
      { name: 'name', ask: ({ name }) => name, is: 'shop', at: 'Name' },
    ],
  }),
  group({
    kind: 'apiIntegration',
    type: 'AWS::ApiGatewayV2::Integration',
    terraform: 'aws_apigatewayv2_integration',
    answers: { list: 'Items', id: 'IntegrationId' },
    with: { answers: { IntegrationType: 'HTTP_PROXY' } },
    facts: [
      { always: ['answers'], name: 'type', ask: ({ type }) => type, is: 'HTTP_PROXY', at: 'IntegrationType' },
      {
        name: 'connectionType',
        ask: ({ connectionType }) => connectionType,
        is: 'VPC_LINK',
        at: 'ConnectionType',
        else: 'INTERNET',
      },
      { name: 'uri', ask: ({ uri }) => uri, is: 'https://example.com', at: 'IntegrationUri' },
    ],
  }),
  group({
    kind: 'detector',
    type: 'AWS::GuardDuty::Detector',
    terraform: 'aws_guardduty_detector',
    upbound: ['guardduty.aws.upbound.io/v1beta1', 'Detector'],
    facts: [
      { name: 'enabled', ask: ({ enabled }) => enabled, is: false, at: 'Enable', else: true },
      {
        name: 'auditLogs',
        ask: ({ auditLogs }) => auditLogs,
        is: false,
        at: 'DataSources.Kubernetes.AuditLogs.Enable',
        terraform: 'datasources.kubernetes.audit_logs.enable',
      },
      {
        name: 'features.status',
        ask: ({ features }) => first(features, ({ status }) => status),
        is: 'DISABLED',
        at: 'Features.0.Status',
        not: { ...without(terraformFormats, 'a resource of its own'), ...without(ofUpbound, 'a resource of its own') },
      },

      {
        name: 'features.name',
        ask: ({ features }) => first(features, ({ name }) => name),
        is: 'EKS_AUDIT_LOGS',
        at: 'Features.0.Name',
        not: { ...without(terraformFormats, 'a resource of its own'), ...without(ofUpbound, 'a resource of its own') },
      },
    ],
  }),
  group({
    kind: 'database',
    type: 'AWS::RDS::DBInstance',
    beside: besideGroup,
    terraform: 'aws_db_instance',
    answers: { list: 'DBInstances', id: 'DBInstanceIdentifier' },
    with: { answers: { VpcSecurityGroups: [] } },
    ack: ['rds.services.k8s.aws/v1alpha1', 'DBInstance'],
    facts: [
      {
        always: ['answers'],
        name: 'name',
        ask: ({ name }) => name,
        is: 'db',
        at: 'DBInstanceIdentifier',
        terraform: 'identifier',
        ack: 'dbInstanceIdentifier',
      },

      {
        name: 'securityGroups',
        ask: ({ securityGroups }) => first(securityGroups, (one) => one),
        is: 'securityGroup',
        at: 'VPCSecurityGroups',
        value: [{ Ref: 'G' }],
        terraform: ['vpc_security_group_ids', [new Written('aws_security_group.g.id')]],
        not: {
          plan: 'a list that is known after apply is of any length',
        },
        ack: ['vpcSecurityGroupIDs', [{ Ref: 'G' }]],
        answers: ['VpcSecurityGroups', [{ VpcSecurityGroupId: 'g' }]],
      },
    ],
  }),
  group({
    kind: 'database',
    type: 'AWS::RDS::DBCluster',
    beside: besideGroup,
    terraform: 'aws_rds_cluster',
    answers: { list: 'DBClusters', id: 'DBClusterIdentifier' },
    with: { answers: { VpcSecurityGroups: [] } },
    ack: ['rds.services.k8s.aws/v1alpha1', 'DBCluster'],
    facts: [
      {
        always: ['answers'],
        name: 'name',
        ask: ({ name }) => name,
        is: 'db',
        at: 'DBClusterIdentifier',
        terraform: 'cluster_identifier',
        ack: 'dbClusterIdentifier',
      },

      {
        name: 'securityGroups',
        ask: ({ securityGroups }) => first(securityGroups, (one) => one),
        is: 'securityGroup',
        at: 'VpcSecurityGroupIds',
        value: [{ Ref: 'G' }],
        terraform: ['vpc_security_group_ids', [new Written('aws_security_group.g.id')]],
        not: {
          plan: 'a list that is known after apply is of any length',
        },
        answers: ['VpcSecurityGroups', [{ VpcSecurityGroupId: 'g' }]],
      },
    ],
  }),
  group({
    kind: 'oidcProvider',
    type: 'AWS::IAM::OIDCProvider',
    terraform: 'aws_iam_openid_connect_provider',
    ack: ['iam.services.k8s.aws/v1alpha1', 'OpenIDConnectProvider'],
    upbound: ['iam.aws.upbound.io/v1beta1', 'OpenIDConnectProvider'],
    facts: [
      {
        name: 'url',
        ask: ({ url }) => url,
        is: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A',
        at: 'Url',
        hidden: 'set',
      },
      {
        name: 'clientIds',
        ask: ({ clientIds }) => clientIds,
        is: ['sts.amazonaws.com'],
        at: 'ClientIdList',
        ack: 'clientIDs',
        else: [],
      },
    ],
  }),
  group({
    kind: 'podIdentity',
    type: 'AWS::EKS::PodIdentityAssociation',
    terraform: 'aws_eks_pod_identity_association',
    with: ofCluster,
    eksctl: 'iam.podIdentityAssociations',
    ack: ['eks.services.k8s.aws/v1alpha1', 'PodIdentityAssociation'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'PodIdentityAssociation'],
    answers: ['association', 'associationArn'],
    facts: [
      { name: 'namespace', ask: ({ namespace }) => namespace, is: 'shop', at: 'Namespace' },
      {
        name: 'serviceAccount',
        ask: ({ serviceAccount }) => serviceAccount,
        is: 'web',
        at: 'ServiceAccount',
        eksctl: 'serviceAccountName',
      },
      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/w',
        at: 'RoleArn',
        ack: 'roleARN',
        not: { eksctl: 'eksctl makes a role unless it is told one: aws-facts.test.ts' },
      },
      {
        name: 'targetRoleArn',
        ask: ({ targetRoleArn }) => targetRoleArn,
        is: 'arn:aws:iam::444455556666:role/w',
        at: 'TargetRoleArn',
        eksctl: 'targetRoleARN',
        ack: 'targetRoleARN',
      },
      {
        name: 'disableSessionTags',
        ask: ({ disableSessionTags }) => disableSessionTags,
        is: true,
        at: 'DisableSessionTags',
        else: false,
      },
      { name: 'policy', ask: ({ policy }) => policy, is: '{"Statement":[]}', at: 'Policy', hidden: 'set' },
    ],
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::Subnet',
    terraform: 'aws_subnet',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'Subnet'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'Subnet'],
    with: { answers: {} },
    facts: [
      {
        name: 'isPublic',
        ask: ({ isPublic }) => isPublic,
        is: 'yes',
        at: 'MapPublicIpOnLaunch',
        ack: 'mapPublicIPOnLaunch',
        leftOut: 'unknown',
        value: true,
        hidden: 'unknown',
      },
    ],
  }),
  ...(['aws_vpc_security_group_ingress_rule', 'aws_security_group_rule'] as const).map((terraform) =>
    group({
      kind: 'securityGroup',
      type: 'AWS::EC2::SecurityGroupIngress',
      terraform,
      beside: besideGroup,
      with: {
        cloudformation: { GroupId: { Ref: 'G' } },
        terraform: {
          security_group_id: new Written('aws_security_group.g.id'),
          ...(terraform === 'aws_security_group_rule' ? { type: 'ingress' } : {}),
        },
      },
      facts: ruleFacts(({ ingress }) => ingress, 'SourceSecurityGroupId', terraform),
    }),
  ),
  group({
    kind: 'securityGroup',
    type: 'AWS::EC2::SecurityGroupEgress',
    terraform: 'aws_vpc_security_group_egress_rule',
    beside: besideGroup,
    with: {
      cloudformation: { GroupId: { Ref: 'G' } },
      terraform: { security_group_id: new Written('aws_security_group.g.id') },
    },
    facts: ruleFacts(({ egress }) => egress, 'DestinationSecurityGroupId', 'aws_vpc_security_group_egress_rule'),
  }),
  group({
    kind: 'networkAcl',
    type: 'AWS::EC2::NetworkAclEntry',
    terraform: 'aws_network_acl_rule',
    beside: {
      cloudformation: { A: { Type: 'AWS::EC2::NetworkAcl', Properties: {} } },
      terraform: { aws_network_acl: { a: {} } },
    },
    with: {
      cloudformation: { NetworkAclId: { Ref: 'A' } },
      terraform: { network_acl_id: new Written('aws_network_acl.a.id') },
    },
    facts: [
      { name: 'number', ask: ({ entries }) => first(entries, ({ number }) => number), is: 100, at: 'RuleNumber' },
      {
        name: 'egress',
        ask: ({ entries }) => first(entries, ({ egress }) => egress),
        is: true,
        at: 'Egress',
        else: false,
      },
      { name: 'action', ask: ({ entries }) => first(entries, ({ action }) => action), is: 'deny', at: 'RuleAction' },
      { name: 'protocol', ask: ({ entries }) => first(entries, ({ protocol }) => protocol), is: 'tcp', at: 'Protocol' },
      { name: 'cidr', ask: ({ entries }) => first(entries, ({ cidr }) => cidr), is: '0.0.0.0/0', at: 'CidrBlock' },
      {
        name: 'cidr of IPv6',
        ask: ({ entries }) => first(entries, ({ cidr }) => cidr),
        is: '::/0',
        at: 'Ipv6CidrBlock',
      },
      {
        name: 'from',
        ask: ({ entries }) => first(entries, ({ from }) => from),
        is: 22,
        at: 'PortRange.From',
        terraform: 'from_port',
      },
      {
        name: 'to',
        ask: ({ entries }) => first(entries, ({ to }) => to),
        is: 22,
        at: 'PortRange.To',
        terraform: 'to_port',
      },
    ],
  }),
  group({
    kind: 'networkAcl',
    type: 'AWS::EC2::NetworkAcl',
    terraform: 'aws_network_acl',
    beside: besideVpc,
    facts: [
      {
        name: 'vpc',
        ask: ({ vpc }) => vpc,
        is: 'vpc',
        at: 'VpcId',
        value: { Ref: 'V' },
        terraform: ['vpc_id', new Written('aws_vpc.v.id')],
      },
    ],
  }),
  group({
    kind: 'vpc',
    type: 'AWS::EC2::VPCCidrBlock',
    terraform: 'aws_vpc_ipv4_cidr_block_association',
    beside: besideVpc,
    with: { cloudformation: { VpcId: { Ref: 'V' } }, terraform: { vpc_id: new Written('aws_vpc.v.id') } },
    facts: [
      {
        name: 'otherCidrs',
        ask: ({ otherCidrs }) => first(otherCidrs, (one) => one),
        is: '100.64.0.0/16',
        at: 'CidrBlock',
      },
    ],
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::Route',
    terraform: 'aws_route',
    beside: besideTable,
    with: {
      cloudformation: { RouteTableId: { Ref: 'T' } },
      terraform: { route_table_id: new Written('aws_route_table.t.id') },
    },
    facts: [
      {
        name: 'routes.destination',
        ask: ({ routes }) => first(routes, ({ destination }) => destination),
        is: '0.0.0.0/0',
        at: 'DestinationCidrBlock',
      },
      {
        name: 'routes.destination of IPv6',
        ask: ({ routes }) => first(routes, ({ destination }) => destination),
        is: '::/0',
        at: 'DestinationIpv6CidrBlock',
      },
      {
        name: 'isPublic',
        ask: ({ isPublic }) => isPublic,
        is: 'yes',
        at: 'GatewayId',
        value: 'igw-1',
      },
    ],
  }),
  group({
    kind: 'iamRole',
    type: 'AWS::IAM::Role',
    terraform: 'aws_iam_role',
    ack: ['iam.services.k8s.aws/v1alpha1', 'Role'],
    upbound: ['iam.aws.upbound.io/v1beta1', 'Role'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'app',
        at: 'RoleName',
        terraform: 'name',
        ack: 'name',
        not: ofObject,
      },
      {
        name: 'boundary',
        ask: ({ boundary }) => boundary,
        is: 'arn:aws:iam::111122223333:policy/b',
        at: 'PermissionsBoundary',
      },
      {
        name: 'managed',
        ask: ({ managed }) => first(managed, ({ arn }) => arn),
        is: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        at: 'ManagedPolicyArns.0',
        ack: 'policies.0',
        upbound: 'managedPolicyArns.0',
      },
    ],
  }),
  group({
    kind: 'fileSystem',
    type: 'AWS::EFS::MountTarget',
    terraform: 'aws_efs_mount_target',
    beside: {
      cloudformation: {
        F: { Type: 'AWS::EFS::FileSystem', Properties: {} },
        S: { Type: 'AWS::EC2::Subnet', Properties: {} },
      },
      terraform: { aws_efs_file_system: { f: {} }, aws_subnet: { s: {} } },
    },
    with: {
      cloudformation: { FileSystemId: { Ref: 'F' } },
      terraform: { file_system_id: new Written('aws_efs_file_system.f.id') },
    },
    facts: [
      {
        name: 'mountTargets.subnet',
        ask: ({ mountTargets }) => first(mountTargets, ({ subnet }) => subnet),
        is: 'subnet',
        at: 'SubnetId',
        value: { Ref: 'S' },
        terraform: ['subnet_id', new Written('aws_subnet.s.id')],
      },
      {
        name: 'mountTargets.securityGroups',
        ask: ({ mountTargets }) => first(mountTargets, ({ securityGroups }) => securityGroups),
        is: ['sg-1'],
        at: 'SecurityGroups',
        else: [],
      },
    ],
  }),
  group({
    kind: 'detector',
    type: 'GuardDuty::DetectorFeature',
    terraform: 'aws_guardduty_detector_feature',
    beside: { cloudformation: {}, terraform: { aws_guardduty_detector: { d: {} } } },
    with: { terraform: { detector_id: new Written('aws_guardduty_detector.d.id') } },
    facts: [
      {
        name: 'features.name',
        ask: ({ features }) => first(features, ({ name }) => name),
        is: 'EKS_AUDIT_LOGS',
        at: 'Name',
      },
      {
        name: 'features.status',
        ask: ({ features }) => first(features, ({ status }) => status),
        is: 'ENABLED',
        at: 'Status',
      },
    ],
  }),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::AccessLogSubscription',
    terraform: 'aws_vpclattice_access_log_subscription',
    beside: {
      cloudformation: { L: { Type: 'AWS::VpcLattice::Service', Properties: {} } },
      terraform: { aws_vpclattice_service: { l: {} } },
    },
    with: {
      cloudformation: { ResourceIdentifier: { Ref: 'L' } },
      terraform: { resource_identifier: new Written('aws_vpclattice_service.l.id') },
    },
    facts: [
      {
        name: 'accessLogs',
        ask: ({ accessLogs }) => first(accessLogs, (one) => one),
        is: 'arn:aws:logs:x',
        at: 'DestinationArn',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'nodegroup',
    type: 'AWS::AutoScaling::AutoScalingGroup',
    terraform: 'aws_autoscaling_group',
    with: {
      cloudformation: { Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }] },
      terraform: { tag: { key: 'kubernetes.io/cluster/c', value: 'owned', propagate_at_launch: true } },
    },
    facts: [
      { name: 'name', ask: ({ name }) => name, is: 'web', at: 'AutoScalingGroupName', terraform: 'name' },
      { name: 'scaling.min', ask: ({ scaling }) => scaling.min, is: 1, at: 'MinSize' },
      { name: 'scaling.max', ask: ({ scaling }) => scaling.max, is: 3, at: 'MaxSize' },
      { name: 'scaling.desired', ask: ({ scaling }) => scaling.desired, is: 2, at: 'DesiredCapacity' },
      {
        name: 'instanceTypes',
        ask: ({ instanceTypes }) => first(instanceTypes, (one) => one),
        is: 'm7i.large',
        leftOut: 'unknown', // Auto Scaling has no default
        at: 'MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceType',
        terraform: 'mixed_instances_policy.launch_template.override.instance_type',
      },
      {
        name: 'capacityType',
        ask: ({ capacityType }) => capacityType,
        is: 'SPOT',
        else: 'ON_DEMAND',
        at: 'MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity',
        value: 0,
        terraform: ['mixed_instances_policy.instances_distribution.on_demand_percentage_above_base_capacity', 0],
      },
    ],
  }),
  group({
    kind: 'nodegroup',
    type: 'AWS::AutoScaling::LaunchConfiguration',
    terraform: 'aws_launch_configuration',
    beside: {
      cloudformation: {
        A: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: {
            LaunchConfigurationName: { Ref: 'P' },
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }],
          },
        },
      },
      terraform: {
        aws_autoscaling_group: {
          a: {
            launch_configuration: new Written('aws_launch_configuration.p.name'),
            tag: { key: 'kubernetes.io/cluster/c', value: 'owned', propagate_at_launch: true },
          },
        },
      },
    },
    facts: [
      { name: 'imageId', ask: ({ template }) => template.imageId, is: 'ami-1', at: 'ImageId', hidden: 'set' },
      {
        name: 'capacityType',
        ask: ({ capacityType }) => capacityType,
        is: 'SPOT',
        at: 'SpotPrice',
        value: '0.1',
        else: 'ON_DEMAND',
      },
      {
        name: 'httpTokens',
        ask: ({ template }) => template.imds.httpTokens,
        is: 'optional',
        at: 'MetadataOptions.HttpTokens',
        value: 'optional',
        leftOut: 'unknown', // the AMI decides
      },
      {
        name: 'hopLimit',
        ask: ({ template }) => template.imds.hopLimit,
        is: 1,
        at: 'MetadataOptions.HttpPutResponseHopLimit',
        leftOut: 'unknown', // the AMI decides
      },
      {
        name: 'endpointEnabled',
        ask: ({ template }) => template.imds.endpointEnabled,
        is: false,
        at: 'MetadataOptions.HttpEndpoint',
        value: 'disabled',
        else: true,
      },
      {
        name: 'monitoring',
        ask: ({ template }) => template.monitoring,
        is: false,
        at: 'InstanceMonitoring',
        else: true,
        terraform: 'enable_monitoring',
      },
      {
        name: 'instanceProfile',
        ask: ({ template }) => template.instanceProfile,
        is: 'nodes',
        at: 'IamInstanceProfile',
        hidden: 'set',
      },
      {
        name: 'remoteAccess',
        ask: ({ remoteAccess }) => remoteAccess.enabled,
        is: true,
        at: 'KeyName',
        value: 'ops',
        else: false,
      },
      ...(
        [
          ['encrypted', 'Encrypted', true],
          ['type', 'VolumeType', 'gp3'],
          ['size', 'VolumeSize', 50],
          ['iops', 'Iops', 3000],
          ['throughput', 'Throughput', 125],
        ] as const
      ).map(([name, property, is]): Fact<'nodegroup'> => ({
        name: `volumes.${name}`,
        ask: ({ template }) => first(template.volumes, (one) => one[name]),
        is,
        at: `BlockDeviceMappings.0.Ebs.${property}`,
        terraform: `ebs_block_device.${property.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase()}`,
      })),
    ],
  }),
];
