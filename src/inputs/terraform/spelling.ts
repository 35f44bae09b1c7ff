import { type Rows, snakeCase, type Spelling } from '#spelling/spelling.ts';

/* Argument names: AWS provider documentation. The provider passes on what is written, so its defaults are those of the AWS API. */

export const spell = (rows: Rows = {}): Spelling => ({ name: snakeCase, blocks: true, rows });

const ingress = (prefix: string, rows: Rows): Rows =>
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [prefix + name, row]));
const classicRule: Rows = { IpProtocol: 'protocol', CidrIp: 'cidr_blocks', CidrIpv6: 'ipv6_cidr_blocks' };
/** Rules that are items of a list. */
export const ruleItems = ingress('SecurityGroupIngress[].', classicRule);

/** The resources of the AWS provider that are read, by CloudFormation's type, and where they are spelled irregularly. */
export const provider: Readonly<Record<string, { readonly type: string; readonly spelling: Spelling }>> = {
  aws_eks_cluster: {
    type: 'AWS::EKS::Cluster',
    spelling: spell({
      ResourcesVpcConfig: 'vpc_config',
      'Logging.ClusterLogging.EnabledTypes': 'enabled_cluster_log_types',
      'Logging.ClusterLogging.EnabledTypes[].Type': '',
    }),
  },
  aws_eks_node_group: {
    type: 'AWS::EKS::Nodegroup',
    spelling: spell({
      NodegroupName: 'node_group_name',
      'RemoteAccess.SourceSecurityGroups': 'remote_access.source_security_group_ids',
    }),
  },
  aws_eks_addon: { type: 'AWS::EKS::Addon', spelling: spell() },
  aws_key_pair: { type: 'AWS::EC2::KeyPair', spelling: spell() },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    spelling: spell({
      LaunchTemplateName: 'name',
      LaunchTemplateData: '',
      'LaunchTemplateData.SecurityGroupIds': 'vpc_security_group_ids',
      'LaunchTemplateData.SecurityGroups': 'security_group_names',
      'LaunchTemplateData.NetworkInterfaces[].Groups': 'security_groups',
    }),
  },
  aws_launch_configuration: {
    type: 'AWS::AutoScaling::LaunchConfiguration',
    spelling: spell({ LaunchConfigurationName: 'name' }),
  },
  aws_autoscaling_group: {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    spelling: spell({
      AutoScalingGroupName: 'name',
      LaunchConfigurationName: 'launch_configuration',
      'LaunchTemplate.LaunchTemplateId': 'launch_template.id',
      'LaunchTemplate.LaunchTemplateName': 'launch_template.name',
      'MixedInstancesPolicy.LaunchTemplate.Overrides': 'mixed_instances_policy.launch_template.override',
      Tags: ['tag', 'tags'],
    }),
  },
  aws_security_group: {
    type: 'AWS::EC2::SecurityGroup',
    spelling: spell({ GroupName: 'name', SecurityGroupIngress: 'ingress', ...ruleItems }),
  },
  aws_security_group_rule: {
    type: 'AWS::EC2::SecurityGroupIngress',
    spelling: spell({ ...classicRule, GroupId: 'security_group_id' }),
  },
  aws_vpc_security_group_ingress_rule: {
    type: 'AWS::EC2::SecurityGroupIngress',
    spelling: spell({ CidrIp: 'cidr_ipv4', CidrIpv6: 'cidr_ipv6', GroupId: 'security_group_id' }),
  },
};
