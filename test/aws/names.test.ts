import { expect, it } from 'vitest';
import { askedProperties } from './asked.ts';
import { has } from './specification.ts';

/** Names of our own, where CloudFormation has none. */
const own = new Set([
  'AWS::EKS::Cluster Status', // of what runs
  'AWS::EKS::Cluster Health', // of what runs
  'AWS::EKS::Cluster Health.Issues', // of what runs
  'AWS::EKS::Nodegroup Status', // of what runs
  'AWS::EKS::Nodegroup Health', // of what runs
  'AWS::EKS::Nodegroup Health.Issues', // of what runs
  'AWS::EKS::Addon Status', // of what runs
  'AWS::EKS::Addon Health', // of what runs
  'AWS::EKS::Addon Health.Issues', // of what runs
  'AWS::EKS::Cluster ConnectorConfig', // of what runs elsewhere
  'AWS::EKS::Cluster ConnectorConfig.ActivationExpiry', // of what runs elsewhere
  'AWS::EKS::Cluster ConnectorConfig.RoleArn', // of what runs elsewhere
  'AWS::EKS::Cluster PlatformVersion', // of what runs
  'AWS::EKS::Cluster Identity', // of what runs
  'AWS::EKS::Cluster Identity.Oidc', // of what runs
  'AWS::EKS::Cluster Identity.Oidc.Issuer', // of what runs
  'AWS::EKS::Cluster Region', // the region of a stack is that of its cluster
  'AWS::EKS::Cluster ResourcesVpcConfig.ClusterSecurityGroupId', // of what runs
  'AWS::EKS::Cluster ResourcesVpcConfig.VpcId', // of what runs
  'AWS::EKS::Nodegroup Resources', // of what runs
  'AWS::EKS::Nodegroup Resources.RemoteAccessSecurityGroup', // of what runs
  'AWS::EC2::Subnet IsPublic', // what tools tell of the subnets that they make
  'AWS::EC2::Subnet AvailableIpAddressCount', // of running networks
  'AWS::EC2::RouteTable Routes', // Terraform writes routes into their table
  'AWS::EKS::Nodegroup InstanceProfile', // of groups that EKS does not manage
  'AWS::EKS::Nodegroup MaxPods', // of tools that write the bootstrap of nodes
  'AWS::EKS::Nodegroup AddonPolicies', // what eksctl gives the node role
  'AWS::EKS::Nodegroup LaunchConfigurationName', // of groups that EKS does not manage
  'AWS::EKS::Nodegroup KubeletConfiguration', // of tools that write the bootstrap of nodes
  'AWS::EKS::Nodegroup BottlerocketSettings', // of tools that write the bootstrap of nodes
  'AWS::EC2::LaunchTemplate LaunchTemplateData.UserDataParts', // of tools that have arguments for them
  'AWS::AutoScaling::LaunchConfiguration UserDataParts', // of tools that have arguments for them
  'AWS::EC2::NetworkAcl Ingress', // Terraform writes rules into their list
  'AWS::EC2::NetworkAcl Egress', // Terraform writes rules into their list
  'AWS::EC2::NetworkAcl SubnetIds', // Terraform writes subnets into the list
  // Asked of launch templates and launch configurations alike.
  'AWS::AutoScaling::LaunchConfiguration BlockDeviceMappings[].Ebs.KmsKeyId',
  'AWS::AutoScaling::LaunchConfiguration NetworkInterfaces',
  'AWS::AutoScaling::LaunchConfiguration SecurityGroupIds',
]);

it('readings ask by the names of CloudFormation', () => {
  const asked = askedProperties();
  expect(asked.size).toBeGreaterThan(200);
  const unknown = [...asked].filter((one) => {
    const [type = '', path = ''] = one.split(' ');
    return !own.has(one) && !has(type, path);
  });
  expect(unknown.join('\n')).toBe('');
});
