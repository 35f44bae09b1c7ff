import type { AwsPart } from './aws.ts';
import type { Cluster, ClusterPart } from './cluster.ts';
import { podTemplates } from './pod-templates.ts';

/*
 * What an audit asks AWS for: the calls for each type of resource, and the types that the parts of the model are read
 * from. Which calls a run makes, how they may be denied, the printed IAM policy and the reason why a rule has not
 * judged all follow from here.
 */

/** The API calls that reading a type takes, by CloudFormation's names, or our own if there is none. */
export const awsReads = {
  'AWS::EKS::Nodegroup': ['eks:ListNodegroups', 'eks:DescribeNodegroup'],
  'AWS::EKS::Addon': ['eks:ListAddons', 'eks:DescribeAddon'],
  'AWS::EKS::PodIdentityAssociation': ['eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation'],
  'EKS::ClusterVersion': ['eks:DescribeClusterVersions'],
  'EKS::AddonVersions': ['eks:DescribeAddonVersions'],
  'EKS::Insight': ['eks:ListInsights'],
  'AWS::AutoScaling::AutoScalingGroup': ['autoscaling:DescribeAutoScalingGroups'],
  'AWS::AutoScaling::LaunchConfiguration': ['autoscaling:DescribeLaunchConfigurations'],
  'AWS::EC2::LaunchTemplate': ['ec2:DescribeLaunchTemplateVersions'],
  'AWS::EC2::SecurityGroup': ['ec2:DescribeSecurityGroups'],
  'AWS::EC2::Subnet': ['ec2:DescribeSubnets'],
  'AWS::EC2::RouteTable': ['ec2:DescribeRouteTables'],
  'AWS::IAM::Role': ['iam:GetRole'],
  'AWS::IAM::RolePolicy': ['iam:ListRolePolicies', 'iam:GetRolePolicy'],
  'IAM::PolicyAttachment': ['iam:ListAttachedRolePolicies'],
  'AWS::IAM::ManagedPolicy': ['iam:GetPolicy', 'iam:GetPolicyVersion'],
  'AWS::KMS::Key': ['kms:DescribeKey'],
  'KMS::KeyRotation': ['kms:GetKeyRotationStatus'],
  'AWS::ECR::Repository': ['ecr:DescribeRepositories'],
  'ECR::RepositoryPolicy': ['ecr:GetRepositoryPolicy'],
  'AWS::ECR::PullThroughCacheRule': ['ecr:DescribePullThroughCacheRules'],
  'AWS::ECR::RegistryScanningConfiguration': ['ecr:GetRegistryScanningConfiguration'],
  'ECR::LifecyclePolicy': ['ecr:GetLifecyclePolicy'],
  'AWS::EKS::FargateProfile': ['eks:ListFargateProfiles', 'eks:DescribeFargateProfile'],
  'AWS::EKS::AccessEntry': ['eks:ListAccessEntries', 'eks:DescribeAccessEntry'],
  'EKS::AccessPolicyAssociation': ['eks:ListAssociatedAccessPolicies'],
  'AWS::EKS::IdentityProviderConfig': ['eks:ListIdentityProviderConfigs', 'eks:DescribeIdentityProviderConfig'],
  'AWS::EKS::Capability': ['eks:ListCapabilities', 'eks:DescribeCapability'],
  'AWS::EC2::VPC': ['ec2:DescribeVpcs', 'ec2:DescribeVpcAttribute'],
  'AWS::EC2::NatGateway': ['ec2:DescribeNatGateways'],
  'AWS::EC2::VPCEndpoint': ['ec2:DescribeVpcEndpoints'],
  'AWS::EC2::FlowLog': ['ec2:DescribeFlowLogs'],
  'AWS::IAM::OIDCProvider': ['iam:GetOpenIDConnectProvider'],
  'AWS::EFS::FileSystem': ['elasticfilesystem:DescribeFileSystems'],
  'AWS::EFS::MountTarget': [
    'elasticfilesystem:DescribeMountTargets',
    'elasticfilesystem:DescribeMountTargetSecurityGroups',
  ],
  'AWS::Logs::LogGroup': ['logs:DescribeLogGroups'],
  'AWS::SSM::Parameter': ['ssm:DescribeParameters'],
  'AWS::VpcLattice::ServiceNetwork': ['vpc-lattice:ListServiceNetworkVpcAssociations', 'vpc-lattice:GetServiceNetwork'],
  'AWS::VpcLattice::Service': ['vpc-lattice:ListServiceNetworkServiceAssociations'],
  'AWS::VpcLattice::AuthPolicy': ['vpc-lattice:GetAuthPolicy'],
  'AWS::VpcLattice::AccessLogSubscription': ['vpc-lattice:ListAccessLogSubscriptions'],
  'AWS::ApiGatewayV2::Integration': ['apigateway:GetApis', 'apigateway:GetIntegrations'],
  'AWS::GuardDuty::Detector': ['guardduty:ListDetectors', 'guardduty:GetDetector'],
  'AWS::RDS::DBInstance': ['rds:DescribeDBInstances'],
  'AWS::RDS::DBCluster': ['rds:DescribeDBClusters'],
  'AWS::EC2::NetworkAcl': ['ec2:DescribeNetworkAcls'],
} as const;
export type AwsType = keyof typeof awsReads;
/** A call, by the service as IAM names it. */
export type AwsAction = (typeof awsReads)[AwsType][number] | 'eks:DescribeCluster' | 'eks:ListClusters';

export const allActions: readonly AwsAction[] = [
  ...new Set<AwsAction>(['eks:DescribeCluster', 'eks:ListClusters', ...Object.values(awsReads).flat()]),
];

/** The IAM permission for a call, if it differs: API Gateway has permissions for HTTP methods, not for calls. */
export type Permission = Exclude<AwsAction, `apigateway:${string}`> | 'apigateway:GET';
export const permissionFor = (action: AwsAction): Permission =>
  action === 'apigateway:GetApis' || action === 'apigateway:GetIntegrations' ? 'apigateway:GET' : action;

/** A part of the model that is read from AWS. */
export type AwsKind = Cluster['kind'] | ClusterPart['kind'] | AwsPart['kind'];

interface PartReads {
  /** Without these, not all parts of the kind are known. */
  readonly members: readonly AwsType[];
  /** Without these, not all facts of a part are known. */
  readonly facts: readonly AwsType[];
  /** Kubernetes kinds whose objects name what is read. */
  readonly objects?: readonly string[];
}

const groups = ['AWS::EKS::Nodegroup', 'AWS::AutoScaling::AutoScalingGroup'] as const;
/** Kinds whose objects name file systems. */
const volumes = ['PersistentVolume', 'StorageClass'] as const;
/** Kinds whose objects say what nodes are built from, and what they are connected to. */
const nodeClasses = ['EC2NodeClass', 'NodeClass'] as const;
const templates = ['AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::LaunchTemplate'] as const;

/**
 * By kind of part. The cluster itself is always read; rules that look at its add-ons and the like say so with `asks`,
 * and name the type if they look at something that few rules need.
 */
export const partReads: Readonly<Record<AwsKind, PartReads>> = {
  cluster: { members: [], facts: ['EKS::ClusterVersion'] },
  nodegroup: {
    members: groups,
    facts: [...templates, 'AWS::EC2::SecurityGroup', 'AWS::EC2::Subnet', 'AWS::EC2::RouteTable'],
  },
  nodeTemplate: { members: groups, facts: templates, objects: nodeClasses },
  addon: { members: ['AWS::EKS::Addon'], facts: ['EKS::AddonVersions'] },
  insight: { members: ['EKS::Insight'], facts: [] },
  podIdentity: { members: ['AWS::EKS::PodIdentityAssociation'], facts: ['AWS::IAM::Role'] },
  iamRole: {
    members: ['AWS::IAM::Role', 'AWS::EKS::Nodegroup', 'AWS::EKS::Addon', 'AWS::EKS::PodIdentityAssociation'],
    facts: ['AWS::IAM::RolePolicy', 'IAM::PolicyAttachment', 'AWS::IAM::ManagedPolicy'],
    objects: ['ServiceAccount', ...nodeClasses],
  },
  kmsKey: {
    members: [
      'AWS::KMS::Key',
      ...groups,
      ...templates,
      'AWS::ECR::Repository',
      'AWS::EFS::FileSystem',
      'AWS::Logs::LogGroup',
    ],
    facts: ['KMS::KeyRotation'],
    objects: [...podTemplates.keys(), ...volumes],
  },
  repository: {
    members: ['AWS::ECR::Repository'],
    facts: [
      'ECR::RepositoryPolicy',
      'ECR::LifecyclePolicy',
      'AWS::ECR::PullThroughCacheRule',
      'AWS::ECR::RegistryScanningConfiguration',
    ],
    objects: [...podTemplates.keys()],
  },
  // Read if images come from the registry.
  pullThroughCache: {
    members: ['AWS::ECR::PullThroughCacheRule', 'AWS::ECR::Repository'],
    facts: [],
    objects: [...podTemplates.keys()],
  },
  // Those that the cluster and its nodes use.
  securityGroup: { members: ['AWS::EC2::SecurityGroup', ...groups, ...templates], facts: [], objects: nodeClasses },
  subnet: { members: ['AWS::EC2::Subnet', ...groups], facts: ['AWS::EC2::RouteTable'], objects: nodeClasses },
  fargateProfile: { members: ['AWS::EKS::FargateProfile'], facts: [] },
  accessEntry: { members: ['AWS::EKS::AccessEntry', 'EKS::AccessPolicyAssociation'], facts: [] },
  identityProvider: { members: ['AWS::EKS::IdentityProviderConfig'], facts: [] },
  capability: { members: ['AWS::EKS::Capability'], facts: [] },
  // The VPC of the cluster, and what is in it. Rules that look at its flow logs or endpoints say so with `asks`.
  vpc: { members: ['AWS::EC2::VPC'], facts: [] },
  natGateway: { members: ['AWS::EC2::NatGateway'], facts: [] },
  vpcEndpoint: { members: ['AWS::EC2::VPCEndpoint'], facts: [] },
  flowLog: { members: ['AWS::EC2::FlowLog'], facts: [] },
  // The VPC of the cluster.
  oidcProvider: { members: ['AWS::IAM::OIDCProvider'], facts: [] },
  // Those that volumes name.
  fileSystem: { members: ['AWS::EFS::FileSystem'], facts: [], objects: volumes },
  // Those that the control plane and Container Insights write to.
  logGroup: { members: ['AWS::Logs::LogGroup'], facts: [] },
  // Those that pods get as secrets.
  ssmParameter: { members: ['AWS::SSM::Parameter'], facts: [], objects: ['SecretProviderClass', 'ExternalSecret'] },
  // Networks that the VPC of the cluster is associated with, and their services.
  lattice: {
    members: ['AWS::VpcLattice::ServiceNetwork', 'AWS::VpcLattice::Service'],
    facts: ['AWS::VpcLattice::AccessLogSubscription'],
  },
  latticePolicy: {
    members: ['AWS::VpcLattice::AuthPolicy', 'AWS::VpcLattice::ServiceNetwork', 'AWS::VpcLattice::Service'],
    facts: [],
  },
  // Those that call a load balancer of the cluster.
  apiIntegration: {
    members: ['AWS::ApiGatewayV2::Integration'],
    facts: [],
    objects: ['Service', 'Ingress', 'Gateway'],
  },
  // That of the account in the region.
  detector: { members: ['AWS::GuardDuty::Detector'], facts: [] },
  // Those whose endpoints pods name.
  database: {
    members: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
    facts: ['AWS::EC2::SecurityGroup'],
    objects: [...podTemplates.keys()],
  },
  // Those of the subnets of the cluster.
  networkAcl: {
    members: ['AWS::EC2::NetworkAcl', 'AWS::EC2::Subnet', ...groups],
    facts: ['AWS::EC2::VPC'],
    objects: nodeClasses,
  },
  // An object of the cluster, not an AWS resource.
  awsAuth: { members: [], facts: [], objects: ['ConfigMap'] },
};

/** The types that rules need, by the kinds that they judge, and by the kinds and types that they ask for. */
export function typesFor(asked: Iterable<string>): ReadonlySet<AwsType> {
  const types = new Set<AwsType>();
  for (const one of asked) {
    if (isAwsType(one)) types.add(one);
    if (isAwsKind(one)) for (const type of [...partReads[one].members, ...partReads[one].facts]) types.add(type);
  }
  return types;
}

const isAwsType = (type: string): type is AwsType => Object.hasOwn(awsReads, type);
export const isAwsKind = (kind: string): kind is AwsKind => Object.hasOwn(partReads, kind);

/** The actions that reading these types requires. */
export const actionsFor = (types: Iterable<AwsType>): readonly AwsAction[] => [
  ...new Set([...types].flatMap((type): readonly AwsAction[] => awsReads[type])),
];

/** Types that were not read, or not completely, and why. `refused`: actions that failed, and why. */
export function unreadTypes(
  asked: readonly string[],
  refused: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const unread = new Map<string, string>();
  for (const [type, actions] of Object.entries<readonly AwsAction[]>(awsReads)) {
    const action = actions.find((one) => refused.has(one));
    const why = asked.includes(type) ? action && refused.get(action) : `${actions[0]} was not called`;
    if (why !== undefined) unread.set(type, why);
  }
  return unread;
}

/** Kinds whose parts are not all known, and why. `objects` says why objects of a Kubernetes kind were not read. */
export function unreadKinds(
  unread: ReadonlyMap<string, string>,
  objects: (kind: string) => string | undefined,
): ReadonlyMap<AwsKind, string> {
  const kinds = new Map<AwsKind, string>();
  for (const [kind, reads] of Object.entries(partReads)) {
    const why =
      reads.members.map((type) => unread.get(type)).find((one) => one !== undefined) ??
      reads.objects?.map(objects).find((one) => one !== undefined);
    if (why !== undefined && isAwsKind(kind)) kinds.set(kind, why);
  }
  return kinds;
}
