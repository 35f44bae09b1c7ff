/*
 * What the matrix of part-facts.ts does not write, and what has it instead. An entry that the matrix writes must go, and so must one that
 * no reading asks for.
 */

const inCluster = 'every part that the matrix writes with it stands in its cluster';
const named = 'the name of the part in messages: written-facts.test.ts';
const policies = 'aws-facts.test.ts, policies.test.ts';
const roles = 'aws-facts.test.ts, policies.test.ts';
const samples = 'key-samples of written-facts.test.ts, by hand and not in each format';
const shared = 'a launch configuration has no such field; it shares the reading of templates';
const routed = 'no facts of its own: named by the routes of the matrix';
const generated = 'generated-facts.test.ts';

/** Properties of CloudFormation. */
export const elsewhere: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Integration Description': named,
  'AWS::AutoScaling::AutoScalingGroup MixedInstancesPolicy.InstancesDistribution.OnDemandBaseCapacity': samples,
  'AWS::AutoScaling::AutoScalingGroup Tags[].Key':
    'it makes the node group: every case of it in the matrix, and nodes.test.ts',
  'AWS::AutoScaling::LaunchConfiguration BlockDeviceMappings[].Ebs.KmsKeyId': shared,
  'AWS::AutoScaling::LaunchConfiguration NetworkInterfaces': shared,
  'AWS::AutoScaling::LaunchConfiguration SecurityGroupIds': shared,
  'AWS::AutoScaling::LaunchConfiguration UserDataParts': 'only tools write user data in parts: nodes.test.ts',
  'AWS::EC2::FlowLog Tags': named,
  'AWS::EC2::NatGateway Tags': named,
  'AWS::EC2::NetworkAcl Tags': named,
  'AWS::EC2::SecurityGroup SecurityGroupEgress': 'as a list: egress',
  'AWS::EC2::SecurityGroup VpcId': 'asked of all networks alike; only that of a subnet counts',
  'AWS::EC2::Subnet IsPublic': 'only tools say it: terraform-modules.test.ts, eksctl.test.ts',
  'AWS::EC2::Subnet Tags[].Key': 'as a list: tags',
  'AWS::EC2::Subnet Tags[].Value': 'as a list: tags',
  'AWS::EC2::VPC Tags[].Key': 'as a list: tags',
  'AWS::EC2::VPC Tags[].Value': 'as a list: tags',
  'AWS::EC2::VPCEndpoint Tags': named,
  'AWS::ECR::Repository RepositoryPolicyText': policies,
  'AWS::EFS::FileSystem FileSystemTags': named,
  'AWS::EKS::AccessEntry ClusterName': inCluster,
  'AWS::EKS::Addon ClusterName': inCluster,
  'AWS::EKS::Addon Health.Issues': 'as a list: health.issues',
  'AWS::EKS::Capability ClusterName': inCluster,
  'AWS::EKS::Capability Configuration.ArgoCd.RbacRoleMappings[].Role': 'as a list: argoCd.roles',
  'AWS::EKS::FargateProfile ClusterName': inCluster,
  'AWS::EKS::IdentityProviderConfig ClusterName': inCluster,
  'AWS::EKS::PodIdentityAssociation ClusterName': inCluster,
  'AWS::GuardDuty::Detector Tags': named,
  'AWS::IAM::InstanceProfile InstanceProfileName': roles,
  'AWS::IAM::InstanceProfile Roles': roles,
  'AWS::IAM::ManagedPolicy ManagedPolicyName': roles,
  'AWS::IAM::ManagedPolicy Roles': roles,
  'AWS::IAM::Policy PolicyDocument': policies,
  'AWS::IAM::Policy Roles': roles,
  'AWS::IAM::Role AssumeRolePolicyDocument': policies,
  'AWS::IAM::Role ManagedPolicyArns': roles,
  'AWS::IAM::Role Policies[].PolicyDocument': policies,
  'AWS::KMS::Key Description': named,
  'AWS::KMS::Key KeyPolicy': policies,
  'AWS::VpcLattice::AuthPolicy Policy': policies,
};

/** Resources of formats. */
export const otherResources: Readonly<Record<string, string>> = {
  'ack Cluster': generated,
  'ack InstanceProfile': roles,
  'ack InternetGateway': routed,
  'ack LaunchTemplate': generated,
  'ack Nodegroup': generated,
  'ack Policy': roles,
  'terraform aws_default_route_table': samples,
  'terraform aws_default_security_group': samples,
  'terraform aws_default_subnet': samples,
  'terraform aws_default_vpc': samples,
  'terraform aws_ebs_encryption_by_default': samples,
  'terraform aws_eks_cluster': generated,
  'terraform aws_eks_node_group': generated,
  'terraform aws_iam_instance_profile': roles,
  'terraform aws_iam_policy': roles,
  'terraform aws_iam_role_policy_attachments_exclusive': roles,
  'terraform aws_iam_roles': roles,
  'terraform aws_iam_user': roles,
  'terraform aws_internet_gateway': routed,
  'terraform aws_key_pair': samples,
  'terraform aws_launch_template': generated,
  'terraform aws_vpclattice_auth_policy': samples,
  'terraform kubernetes_config_map': samples,
  'terraform kubernetes_config_map_v1': samples,
  'terraform kubernetes_config_map_v1_data': samples,
  'upbound Cluster': generated,
  'upbound InstanceProfile': roles,
  'upbound InternetGateway': routed,
  'upbound LaunchTemplate': generated,
  'upbound NodeGroup': generated,
  'upbound Policy': roles,
  'upbound RouteTable': routed,
};
