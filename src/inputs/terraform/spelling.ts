import { table } from '#model/shape.ts';
import { partsOf, userDataOf } from './user-data.ts';
import { Field, mixedList } from '#spelling/field.ts';
import { none, type Row, type Rows, snakeCase, type Spelling } from '#spelling/spelling.ts';

/*
 * Argument names: AWS provider documentation. The provider passes on what is written, so its defaults are usually
 * those of the AWS API.
 */

export const spell = (rows: Rows = {}): Spelling => ({ name: snakeCase, blocks: true, rows });

/**
 * CloudFormation has no type that attaches a policy to a role: a role lists its policies there, or a policy its roles.
 */
const attachmentType = 'IAM::PolicyAttachment';

const ingress = (prefix: string, rows: Rows): Rows =>
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [prefix + name, row]));
const classicRule: Rows = { IpProtocol: 'protocol', CidrIp: 'cidr_blocks', CidrIpv6: 'ipv6_cidr_blocks' };
const egressOnly = 'egress_only_gateway_id';
/** Rules that are items of a list. */
export const ruleItems = ingress('SecurityGroupIngress[].', {
  ...classicRule,
  SourceSecurityGroupId: 'security_groups',
});
const egressItems = ingress('SecurityGroupEgress[].', {
  ...classicRule,
  DestinationSecurityGroupId: 'security_groups',
});

const ingressType = 'AWS::EC2::SecurityGroupIngress';
/** What a rule is by its direction. */
export const ruleTypes: Readonly<Record<string, string>> = {
  ingress: ingressType,
  egress: 'AWS::EC2::SecurityGroupEgress',
};

/** The ports of a network ACL's rules, which are items of a list. */
export const portRows = (list: string): Rows => ({
  [`${list}[].PortRange.From`]: 'from_port',
  [`${list}[].PortRange.To`]: 'to_port',
});
export const aclRows = (list: string): Rows => ({
  ...portRows(list),
  [`${list}[].RuleNumber`]: 'rule_no',
  [`${list}[].RuleAction`]: 'action',
});
const securityGroup = {
  type: 'AWS::EC2::SecurityGroup',
  spelling: spell({
    GroupName: 'name',
    SecurityGroupIngress: 'ingress',
    SecurityGroupEgress: 'egress',
    ...ruleItems,
    ...egressItems,
  }),
};
const routes: Rows = {
  Routes: 'route',
  'Routes[].DestinationCidrBlock': 'cidr_block',
  'Routes[].DestinationIpv6CidrBlock': 'ipv6_cidr_block',
  'Routes[].EgressOnlyInternetGatewayId': egressOnly,
};
const networkAcl = {
  type: 'AWS::EC2::NetworkAcl',
  spelling: spell({ ...aclRows('Ingress'), ...aclRows('Egress') }),
};

/**
 * Volumes of launch configurations: the root volume has a separate block, and the options are next to the device name.
 */
const volumesOf: Row = (configuration) => {
  const [root, others] = [configuration.get('root_block_device'), configuration.get('ebs_block_device')];
  if (others.absent) return root;
  if (root.absent) return others;
  const itemsOf = (block: Field): readonly Field[] => (block.map ? [block] : block.items());
  const unknown = [root, others].filter(({ rest, why }) => rest !== undefined || why !== undefined);
  return others.as(mixedList([...itemsOf(root), ...itemsOf(others)], unknown));
};

/**
 * The provider treats an empty string as unset if an argument is optional (Terraform Plugin SDK, ResourceData.GetOk).
 */
const unlessEmpty =
  (key: string): Row =>
  (block) => {
    const field = block.get(key);
    return field.value === '' ? field.nothing() : field;
  };

interface Spelled {
  readonly type: string;
  readonly spelling: Spelling;
}

/** The resources of the AWS provider that are read, by CloudFormation type, with their irregular names. */
const classic: Readonly<Record<string, Spelled>> = table<Spelled>({
  aws_eks_cluster: {
    type: 'AWS::EKS::Cluster',
    spelling: spell({
      Version: unlessEmpty('version'),
      ResourcesVpcConfig: 'vpc_config',
      'Logging.ClusterLogging.EnabledTypes': 'enabled_cluster_log_types',
      'Logging.ClusterLogging.EnabledTypes[].Type': '',
      BootstrapSelfManagedAddons: { else: true }, // sent even if it is not written
      RollbackConfig: none,
      Force: 'force_update_version',
    }),
  },
  aws_eks_node_group: {
    type: 'AWS::EKS::Nodegroup',
    spelling: spell({
      NodegroupName: 'node_group_name',
      Version: unlessEmpty('version'),
      ReleaseVersion: unlessEmpty('release_version'),
      AmiType: unlessEmpty('ami_type'),
      CapacityType: unlessEmpty('capacity_type'),
      MaxPods: none, // set in user data
      NodeRole: 'node_role_arn',
      Subnets: 'subnet_ids',
      'RemoteAccess.SourceSecurityGroups': 'remote_access.source_security_group_ids',
      Taints: 'taint',
      ForceUpdateEnabled: 'force_update_version',
      'WarmPoolConfig.Enabled'(group) {
        const pool = group.get('warm_pool_config');
        // The presence of the block turns it on.
        return pool.why !== undefined || pool.absent ? pool : pool.worth(true);
      },
    }),
  },
  aws_eks_addon: {
    type: 'AWS::EKS::Addon',
    spelling: spell({
      PodIdentityAssociations: 'pod_identity_association',
      AddonVersion: unlessEmpty('addon_version'),
      // The older argument applies to both.
      ResolveConflicts: ['resolve_conflicts_on_update', 'resolve_conflicts'],
      PreserveOnDelete: 'preserve',
    }),
  },
  aws_eks_fargate_profile: {
    type: 'AWS::EKS::FargateProfile',
    spelling: spell({ Selectors: 'selector', Subnets: 'subnet_ids' }),
  },
  aws_eks_access_entry: { type: 'AWS::EKS::AccessEntry', spelling: spell({ Username: 'user_name' }) },
  aws_eks_access_policy_association: { type: 'EKS::AccessPolicyAssociation', spelling: spell() },
  aws_eks_identity_provider_config: {
    type: 'AWS::EKS::IdentityProviderConfig',
    spelling: spell({ IdentityProviderConfigName: 'oidc.identity_provider_config_name' }),
  },
  aws_eks_capability: {
    type: 'AWS::EKS::Capability',
    spelling: spell({ 'Configuration.ArgoCd.RbacRoleMappings': 'configuration.argo_cd.rbac_role_mapping' }),
  },
  ...Object.fromEntries(
    ['kubernetes_config_map', 'kubernetes_config_map_v1', 'kubernetes_config_map_v1_data'].map((one) => [
      one,
      {
        type: 'EKS::AwsAuth',
        spelling: spell({ MapRoles: 'data.mapRoles', MapUsers: 'data.mapUsers', MapAccounts: 'data.mapAccounts' }),
      },
    ]),
  ),
  aws_ebs_encryption_by_default: { type: 'EC2::EncryptionByDefault', spelling: spell() },
  aws_key_pair: { type: 'AWS::EC2::KeyPair', spelling: spell() },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    spelling: spell({
      LaunchTemplateName: 'name',
      LaunchTemplateData: '',
      'LaunchTemplateData.UserData': (template) => userDataOf(template.get('user_data')),
      'LaunchTemplateData.UserDataParts': (template) => partsOf(template.get('user_data')),
      'LaunchTemplateData.SecurityGroupIds': 'vpc_security_group_ids',
      'LaunchTemplateData.SecurityGroups': 'security_group_names',
      'LaunchTemplateData.NetworkInterfaces[].Groups': 'security_groups',
    }),
  },
  aws_launch_configuration: {
    type: 'AWS::AutoScaling::LaunchConfiguration',
    spelling: spell({
      LaunchConfigurationName: 'name',
      InstanceMonitoring: 'enable_monitoring',
      BlockDeviceMappings: volumesOf,
      'BlockDeviceMappings[].Ebs': '',
      UserData: (one) => userDataOf(Field.either([one.get('user_data'), one.get('user_data_base64')])),
      UserDataParts: (one) => partsOf(Field.either([one.get('user_data'), one.get('user_data_base64')])),
    }),
  },
  aws_autoscaling_group: {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    spelling: spell({
      AutoScalingGroupName: 'name',
      LaunchConfigurationName: 'launch_configuration',
      'LaunchTemplate.LaunchTemplateId': 'launch_template.id',
      'LaunchTemplate.LaunchTemplateName': 'launch_template.name',
      'MixedInstancesPolicy.LaunchTemplate.Overrides': 'mixed_instances_policy.launch_template.override',
      Tags(group) {
        const [blocks, tags] = [group.get('tag'), group.get('tags')];
        if (blocks.absent) return tags;
        // A block that is written once is one tag, no map of them.
        return blocks.map ? blocks.asList() : blocks;
      },
    }),
  },
  aws_security_group: securityGroup,
  aws_default_security_group: securityGroup,
  aws_security_group_rule: {
    type: ingressType,
    spelling: spell({
      ...classicRule,
      GroupId: 'security_group_id',
      DestinationSecurityGroupId: 'source_security_group_id',
    }),
  },
  aws_vpc_security_group_ingress_rule: {
    type: ingressType,
    spelling: spell({
      CidrIp: 'cidr_ipv4',
      GroupId: 'security_group_id',
      SourceSecurityGroupId: 'referenced_security_group_id',
    }),
  },
  aws_vpc_security_group_egress_rule: {
    type: 'AWS::EC2::SecurityGroupEgress',
    spelling: spell({
      CidrIp: 'cidr_ipv4',
      GroupId: 'security_group_id',
      DestinationSecurityGroupId: 'referenced_security_group_id',
    }),
  },
  aws_eks_pod_identity_association: { type: 'AWS::EKS::PodIdentityAssociation', spelling: spell() },
  aws_iam_role: {
    type: 'AWS::IAM::Role',
    spelling: spell({
      RoleName: 'name',
      AssumeRolePolicyDocument: 'assume_role_policy',
      Policies: 'inline_policy',
      'Policies[].PolicyDocument': 'policy',
    }),
  },
  // A data source that lists roles.
  aws_iam_roles: { type: 'AWS::IAM::Role', spelling: spell() },
  aws_iam_user: { type: 'AWS::IAM::User', spelling: spell() },
  aws_iam_role_policy: {
    type: 'AWS::IAM::RolePolicy',
    spelling: spell({ RoleName: 'role', PolicyDocument: 'policy' }),
  },
  aws_iam_role_policy_attachment: { type: attachmentType, spelling: spell({ Roles: 'role' }) },
  aws_iam_policy_attachment: { type: attachmentType, spelling: spell() },
  aws_iam_role_policy_attachments_exclusive: { type: attachmentType, spelling: spell({ Roles: 'role_name' }) },
  aws_iam_policy: {
    type: 'AWS::IAM::ManagedPolicy',
    spelling: spell({ ManagedPolicyName: 'name', PolicyDocument: 'policy' }),
  },
  aws_iam_openid_connect_provider: { type: 'AWS::IAM::OIDCProvider', spelling: spell() },
  aws_iam_instance_profile: {
    type: 'AWS::IAM::InstanceProfile',
    spelling: spell({ InstanceProfileName: 'name', Roles: 'role' }),
  },
  aws_kms_key: {
    type: 'AWS::KMS::Key',
    spelling: spell({
      KeySpec: ['customer_master_key_spec', 'key_spec'],
      Origin: none,
      KeyPolicy: 'policy',
      Enabled: 'is_enabled',
    }),
  },
  aws_kms_alias: { type: 'AWS::KMS::Alias', spelling: spell({ AliasName: 'name' }) },
  aws_ecr_repository: {
    type: 'AWS::ECR::Repository',
    spelling: spell({ RepositoryName: 'name' }),
  },
  // CloudFormation has the policy in the repository.
  aws_ecr_lifecycle_policy: { type: 'ECR::LifecyclePolicy', spelling: spell({ RepositoryName: 'repository' }) },
  aws_ecr_repository_policy: {
    // CloudFormation has the policy in the repository.
    type: 'ECR::RepositoryPolicy',
    spelling: spell({ RepositoryName: 'repository', PolicyText: 'policy' }),
  },
  aws_ecr_registry_scanning_configuration: {
    type: 'AWS::ECR::RegistryScanningConfiguration',
    spelling: spell({ Rules: 'rule', 'Rules[].RepositoryFilters': 'repository_filter' }),
  },
  aws_ecr_pull_through_cache_rule: { type: 'AWS::ECR::PullThroughCacheRule', spelling: spell() },
  aws_vpc: { type: 'AWS::EC2::VPC', spelling: spell() },
  // Those that each account has; what the provider leaves alone is as AWS made it (VPC User Guide, Default VPCs).
  aws_default_vpc: { type: 'AWS::EC2::VPC', spelling: spell({ EnableDnsHostnames: { else: true } }) },
  aws_default_subnet: { type: 'AWS::EC2::Subnet', spelling: spell({ MapPublicIpOnLaunch: { else: true } }) },
  aws_vpc_ipv4_cidr_block_association: { type: 'AWS::EC2::VPCCidrBlock', spelling: spell() },
  aws_nat_gateway: { type: 'AWS::EC2::NatGateway', spelling: spell() },
  aws_vpc_endpoint: { type: 'AWS::EC2::VPCEndpoint', spelling: spell() },
  aws_flow_log: {
    type: 'AWS::EC2::FlowLog',
    // Only those of networks are asked for.
    spelling: spell({ ResourceId: 'vpc_id' }),
  },
  aws_efs_mount_target: { type: 'AWS::EFS::MountTarget', spelling: spell() },
  aws_efs_file_system: { type: 'AWS::EFS::FileSystem', spelling: spell({ FileSystemTags: 'tags' }) },
  aws_cloudwatch_log_group: { type: 'AWS::Logs::LogGroup', spelling: spell({ LogGroupName: 'name' }) },
  aws_subnet: { type: 'AWS::EC2::Subnet', spelling: spell() },
  aws_route_table: {
    type: 'AWS::EC2::RouteTable',
    spelling: spell({ MainOf: none, ...routes }),
  },
  // The main table of a network, which its subnets without an association use.
  aws_default_route_table: {
    type: 'AWS::EC2::RouteTable',
    spelling: spell({ MainOf: 'default_route_table_id', ...routes }),
  },
  aws_route: { type: 'AWS::EC2::Route', spelling: spell({ EgressOnlyInternetGatewayId: egressOnly }) },
  aws_route_table_association: { type: 'AWS::EC2::SubnetRouteTableAssociation', spelling: spell() },
  aws_network_acl: networkAcl,
  aws_default_network_acl: networkAcl,
  aws_network_acl_rule: {
    type: 'AWS::EC2::NetworkAclEntry',
    spelling: spell({ 'PortRange.From': 'from_port', 'PortRange.To': 'to_port' }),
  },
  aws_network_acl_association: { type: 'AWS::EC2::SubnetNetworkAclAssociation', spelling: spell() },
  aws_ssm_parameter: { type: 'AWS::SSM::Parameter', spelling: spell() },
  aws_vpclattice_service_network: { type: 'AWS::VpcLattice::ServiceNetwork', spelling: spell() },
  aws_vpclattice_service: { type: 'AWS::VpcLattice::Service', spelling: spell() },
  aws_vpclattice_auth_policy: { type: 'AWS::VpcLattice::AuthPolicy', spelling: spell() },
  aws_vpclattice_access_log_subscription: { type: 'AWS::VpcLattice::AccessLogSubscription', spelling: spell() },
  aws_apigatewayv2_integration: { type: 'AWS::ApiGatewayV2::Integration', spelling: spell() },
  aws_guardduty_detector: { type: 'AWS::GuardDuty::Detector', spelling: spell({ DataSources: 'datasources' }) },
  // CloudFormation has features in their detector.
  aws_guardduty_detector_feature: { type: 'GuardDuty::DetectorFeature', spelling: spell() },
  aws_db_instance: {
    type: 'AWS::RDS::DBInstance',
    spelling: spell({ DBInstanceIdentifier: 'identifier', VPCSecurityGroups: 'vpc_security_group_ids' }),
  },
  aws_rds_cluster: { type: 'AWS::RDS::DBCluster', spelling: spell({ DBClusterIdentifier: 'cluster_identifier' }) },
  aws_internet_gateway: { type: 'AWS::EC2::InternetGateway', spelling: spell() },
});

/**
 * The names of CloudFormation as the provider awscc writes them: digits are separate words, `Ec2SshKey` is
 * `ec_2_ssh_key` (hashicorp/terraform-provider-awscc, internal/naming/naming.go).
 */
export const cloudControlName = (name: string): string =>
  name
    .replace(/Cloud(Formation|Front|Watch)/g, (found) => `C${found.slice(1).toLowerCase()}`)
    .replace(/[a-z](?=[A-Z\d])|\d(?=[A-Za-z])|[A-Z](?=[A-Z][a-z])/g, '$&_')
    .toLowerCase();
const cloudControl: Spelling = {
  name: cloudControlName,
  blocks: false,
  rows: {
    MaxPods: none, // as in CloudFormation
    'LaunchTemplateData.UserData': (template) => userDataOf(template.get('launch_template_data').get('user_data')),
    'LaunchTemplateData.UserDataParts': (template) => partsOf(template.get('launch_template_data').get('user_data')),
    UserData: (one) => userDataOf(one.get('user_data')),
  },
};

/**
 * All resources that are read: those of the AWS provider, and the same ones of awscc, which has one for each
 * CloudFormation type.
 */
export const provider: Readonly<Record<string, Spelled>> = table<Spelled>({
  ...classic,
  ...Object.fromEntries(
    [...new Set(Object.values(classic).map(({ type }) => type))]
      .filter((type) => type.startsWith('AWS::'))
      .map((type): [string, Spelled] => {
        const [, service = '', name = ''] = type.split('::');
        return [`awscc_${service.toLowerCase()}_${cloudControlName(name)}`, { type, spelling: cloudControl }];
      }),
  ),
});
