import { type AwsAction, type Permission, permissionFor } from './aws-reads.ts';

/* The IAM permissions that the calls of an audit need (Service Authorization Reference). */

/** The location of a cluster: parts of ARNs. */
export interface Whereabouts {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly cluster: string;
}
export const anywhere: Whereabouts = { partition: '*', region: '*', account: '*', cluster: '*' };

const eks = 'arn:{partition}:eks:{region}:{account}:';
const iam = 'arn:{partition}:iam::{account}:';
/** What permissions can be limited to. The others are for lists, which IAM allows completely or not at all. */
const resources: readonly (readonly [permission: Permission, ...resources: readonly string[]])[] = [
  ...(
    [
      'eks:DescribeCluster',
      'eks:ListNodegroups',
      'eks:ListAddons',
      'eks:ListPodIdentityAssociations',
      'eks:ListFargateProfiles',
      'eks:ListAccessEntries',
      'eks:ListIdentityProviderConfigs',
      'eks:ListCapabilities',
      'eks:ListInsights',
    ] as const
  ).map((action) => [action, `${eks}cluster/{cluster}`] as const),
  ['eks:DescribeNodegroup', `${eks}nodegroup/{cluster}/*`],
  ['eks:DescribeAddon', `${eks}addon/{cluster}/*`],
  ['eks:DescribePodIdentityAssociation', `${eks}podidentityassociation/{cluster}/*`],
  ['eks:DescribeFargateProfile', `${eks}fargateprofile/{cluster}/*`],
  ['eks:DescribeAccessEntry', `${eks}access-entry/{cluster}/*`],
  ['eks:ListAssociatedAccessPolicies', `${eks}access-entry/{cluster}/*`],
  ['eks:DescribeIdentityProviderConfig', `${eks}identityproviderconfig/{cluster}/*`],
  ['eks:DescribeCapability', `${eks}capability/{cluster}/*`],
  ['iam:GetRole', `${iam}role/*`],
  ['iam:ListRolePolicies', `${iam}role/*`],
  ['iam:GetRolePolicy', `${iam}role/*`],
  ['iam:ListAttachedRolePolicies', `${iam}role/*`],
  ['iam:GetPolicy', `${iam}policy/*`],
  ['iam:GetPolicyVersion', `${iam}policy/*`],
  ['iam:GetOpenIDConnectProvider', `${iam}oidc-provider/*`],
  // Keys, and networks that are shared, may belong to other accounts.
  ['ec2:DescribeVpcAttribute', 'arn:{partition}:ec2:{region}:*:vpc/*'],
  ['kms:DescribeKey', 'arn:{partition}:kms:{region}:*:key/*'],
  ['kms:GetKeyRotationStatus', 'arn:{partition}:kms:{region}:*:key/*'],
  ['vpc-lattice:GetServiceNetwork', 'arn:{partition}:vpc-lattice:{region}:*:servicenetwork/*'],
  [
    'vpc-lattice:GetAuthPolicy',
    'arn:{partition}:vpc-lattice:{region}:*:service/*',
    'arn:{partition}:vpc-lattice:{region}:*:servicenetwork/*',
  ],
  ['ecr:DescribeRepositories', 'arn:{partition}:ecr:{region}:{account}:repository/*'],
  ['ecr:GetRepositoryPolicy', 'arn:{partition}:ecr:{region}:{account}:repository/*'],
  ['ecr:GetLifecyclePolicy', 'arn:{partition}:ecr:{region}:{account}:repository/*'],
  ['elasticfilesystem:DescribeFileSystems', 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*'],
  ['elasticfilesystem:DescribeMountTargets', 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*'],
  [
    'elasticfilesystem:DescribeMountTargetSecurityGroups',
    'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*',
  ],
  ['rds:DescribeDBInstances', 'arn:{partition}:rds:{region}:{account}:db:*'],
  ['rds:DescribeDBClusters', 'arn:{partition}:rds:{region}:{account}:cluster:*'],
  ['guardduty:GetDetector', 'arn:{partition}:guardduty:{region}:{account}:detector/*'],
  // ARNs of API Gateway have no account.
  [
    'apigateway:GET',
    'arn:{partition}:apigateway:{region}::/apis',
    'arn:{partition}:apigateway:{region}::/apis/*/integrations',
  ],
];
const resourcesOf: ReadonlyMap<Permission, readonly string[]> = new Map(
  resources.map(([permission, ...all]) => [permission, all]),
);

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | '*';
}

/** Statements that allow calls in the accounts and regions of these clusters, as narrow as IAM permits. */
export function statementsFor(actions: Iterable<AwsAction>, places: readonly Whereabouts[]): readonly Statement[] {
  const permissions = [...new Set([...actions].map(permissionFor))].sort();
  const limited = permissions.filter((one) => resourcesOf.has(one));
  const services = [...new Set(limited.map((one) => one.slice(0, one.indexOf(':'))))];
  const fill = (arn: string): string[] =>
    places.map((place) => arn.replace(/\{(\w+)\}/g, (_, key: keyof Whereabouts) => place[key]));
  const whole = permissions.filter((one) => !resourcesOf.has(one));
  return [
    ...services.map((service): Statement => {
      const own = limited.filter((one) => one.startsWith(`${service}:`));
      const all = own.flatMap((one) => resourcesOf.get(one) ?? []).flatMap(fill);
      return { Sid: sidOf(service), Effect: 'Allow', Action: own, Resource: [...new Set(all)].sort() };
    }),
    ...(whole.length === 0
      ? []
      : [{ Sid: sidOf('lists'), Effect: 'Allow', Action: whole, Resource: '*' } satisfies Statement]),
  ];
}

/** Only letters and digits (IAM User Guide, Sid). */
const sidOf = (word: string): string =>
  `EkslintAudit${word.replace(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase())}`;
