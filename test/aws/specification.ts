import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/* The AWS resource specification. */

const spec = loadAwsServiceSpecSync();
type Type = NonNullable<ReturnType<typeof propertiesOf>[string]>['type'];

function propertiesOf(type: string) {
  return spec.lookup('resource', 'cloudFormationType', 'equals', type).only().properties;
}

/** The properties of a type in the specification; for a list, those of an item. */
function inside(type: Type): ReturnType<typeof propertiesOf> | undefined {
  if (type.type === 'ref') return spec.get('typeDefinition', type.reference).properties;
  if (type.type === 'array') return inside(type.element);
  if (type.type === 'union') return type.types.map(inside).find((one) => one !== undefined);
  return undefined;
}
/** Whether CloudFormation has a property: `SecurityGroupIngress[].CidrIp`. */
export function has(type: string, path: string): boolean {
  if (/^Tags\[\]\.(?:Key|Value)$/.test(path)) return 'Tags' in propertiesOf(type);
  const { attributes } = spec.lookup('resource', 'cloudFormationType', 'equals', type).only();
  if (path in attributes) return true;
  let properties: ReturnType<typeof propertiesOf> | undefined = propertiesOf(type);
  for (const name of path.replaceAll('[]', '').split('.')) {
    const found: ReturnType<typeof propertiesOf>[string] | undefined = properties?.[name];
    if (!found) return false;
    properties = inside(found.type);
  }
  return true;
}

/** All names of properties, at any depth, of the types of the services that readings use. */
export function cloudFormationNames(): ReadonlySet<string> {
  const names = new Set<string>();
  const open = new Set<unknown>();
  const enter = (properties: ReturnType<typeof propertiesOf>): void => {
    if (open.has(properties)) return;
    open.add(properties);
    for (const [name, { type }] of Object.entries(properties)) {
      names.add(name);
      const inner = inside(type);
      if (inner) enter(inner);
    }
  };
  for (const { cloudFormationType, properties } of spec.all('resource'))
    if (
      /^AWS::(?:ApiGatewayV2|AutoScaling|EC2|ECR|EFS|EKS|GuardDuty|IAM|KMS|Logs|RDS|SSM|VpcLattice)::/.test(
        cloudFormationType,
      )
    )
      enter(properties);
  return names;
}

/** Names of our own, where CloudFormation has none. */
export const own: ReadonlySet<string> = new Set([
  'EKS::AwsAuth MapRoles', // the lists of a ConfigMap
  'EKS::AwsAuth MapUsers',
  'EKS::AwsAuth MapAccounts',
  'EKS::NodeClass SecurityGroupSelectors', // what classes of Karpenter select by
  'EKS::NodeClass SubnetSelectors',
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
  'AWS::EC2::RouteTable MainOf', // the network whose main table it is: Terraform has a resource for it
  'EC2::EncryptionByDefault Enabled', // a setting of an account, for which Terraform has a resource
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

/** The types of the services that readings ask. */
export const types: readonly string[] = [...spec.all('resource')]
  .map(({ cloudFormationType }) => cloudFormationType)
  .filter((type) =>
    /^AWS::(?:ApiGatewayV2|AutoScaling|EC2|ECR|EFS|EKS|GuardDuty|IAM|KMS|Logs|RDS|SSM|VpcLattice)::/.test(type),
  );
