import type { AwsAction } from '#model/aws-reads.ts';
import { isRecord } from '#model/shape.ts';

/*
 * Fields that AWS responses always have (API references of the services). If one is missing, something in between has changed the response,
 * and a rule that reads it as "not set" would pass what it has not seen.
 */

/** Of each item of a list, and of the part that other calls are made for. */
const fields: Partial<Record<AwsAction, readonly string[]>> = {
  'eks:DescribeNodegroup': ['nodegroupName'],
  'eks:DescribeAddon': ['addonName'],
  'eks:DescribeAddonVersions': ['addonVersion'],
  'eks:ListPodIdentityAssociations': ['associationId'],
  'eks:DescribePodIdentityAssociation': ['namespace', 'serviceAccount', 'roleArn'],
  'eks:DescribeClusterVersions': ['clusterVersion'],
  'eks:ListInsights': ['name', 'insightStatus'],
  'eks:DescribeFargateProfile': ['fargateProfileName'],
  'eks:DescribeAccessEntry': ['principalArn'],
  'eks:ListAssociatedAccessPolicies': ['policyArn'],
  'eks:ListIdentityProviderConfigs': ['name'],
  'eks:DescribeIdentityProviderConfig': ['issuerUrl', 'clientId'],
  'eks:ListCapabilities': ['capabilityName'],
  'eks:DescribeCapability': ['capabilityName', 'type'],
  'autoscaling:DescribeAutoScalingGroups': ['AutoScalingGroupName', 'AutoScalingGroupARN'],
  'autoscaling:DescribeLaunchConfigurations': ['LaunchConfigurationName', 'LaunchConfigurationARN'],
  'ec2:DescribeLaunchTemplateVersions': ['VersionNumber', 'LaunchTemplateData'],
  'ec2:DescribeSecurityGroups': ['GroupId', 'IpPermissions'],
  'ec2:DescribeSubnets': ['SubnetId', 'VpcId'],
  'ec2:DescribeRouteTables': ['RouteTableId', 'Routes', 'Associations'],
  'ec2:DescribeNetworkAcls': ['NetworkAclId', 'Entries', 'Associations'],
  'ec2:DescribeVpcs': ['VpcId'],
  'ec2:DescribeVpcAttribute': ['Value'],
  'ec2:DescribeNatGateways': ['NatGatewayId'],
  'ec2:DescribeVpcEndpoints': ['VpcEndpointId', 'ServiceName'],
  'ec2:DescribeFlowLogs': ['FlowLogId', 'ResourceId'],
  'iam:GetRole': ['RoleName', 'Arn', 'AssumeRolePolicyDocument'],
  'iam:ListAttachedRolePolicies': ['PolicyArn'],
  'iam:GetRolePolicy': ['PolicyName', 'PolicyDocument'],
  'iam:GetPolicy': ['DefaultVersionId'],
  'iam:GetPolicyVersion': ['Document'],
  'iam:GetOpenIDConnectProvider': ['Url', 'ClientIDList'],
  'kms:DescribeKey': ['KeyId'],
  'kms:GetKeyRotationStatus': ['KeyRotationEnabled'],
  'ecr:DescribeRepositories': ['repositoryName'],
  'ecr:GetRepositoryPolicy': ['policyText'],
  'ecr:GetLifecyclePolicy': ['lifecyclePolicyText'],
  'ecr:GetRegistryScanningConfiguration': ['scanningConfiguration'],
  'ecr:DescribePullThroughCacheRules': ['ecrRepositoryPrefix'],
  'elasticfilesystem:DescribeFileSystems': ['FileSystemId'],
  'elasticfilesystem:DescribeMountTargets': ['MountTargetId', 'SubnetId'],
  'elasticfilesystem:DescribeMountTargetSecurityGroups': ['SecurityGroups'],
  'logs:DescribeLogGroups': ['logGroupName'],
  'ssm:DescribeParameters': ['Name', 'Type'],
  'vpc-lattice:ListServiceNetworkVpcAssociations': ['serviceNetworkArn'],
  'vpc-lattice:ListServiceNetworkServiceAssociations': ['serviceId'],
  'vpc-lattice:GetServiceNetwork': ['authType'],
  'vpc-lattice:ListAccessLogSubscriptions': ['destinationArn'],
  'apigateway:GetApis': ['ApiId'],
  'apigateway:GetIntegrations': ['IntegrationId'],
  'guardduty:GetDetector': ['Status'],
  'rds:DescribeDBInstances': ['DBInstanceIdentifier', 'VpcSecurityGroups'],
  'rds:DescribeDBClusters': ['DBClusterIdentifier', 'VpcSecurityGroups'],
};

/** Whether an answer, or an item of a list, has these fields. Lists of names contain strings. */
export function isWhole(action: AwsAction, value: unknown): boolean {
  const keys = fields[action];
  if (typeof value === 'string') return keys === undefined && value !== '';
  return (
    isRecord(value) && (keys ?? []).every((key) => value[key] !== undefined && value[key] !== null && value[key] !== '')
  );
}
