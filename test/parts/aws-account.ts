import { ApiGatewayV2Client, CreateApiCommand, CreateIntegrationCommand } from '@aws-sdk/client-apigatewayv2';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  ReplaceNetworkAclAssociationCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateRepositoryCommand,
  ECRClient,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { CreateFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import {
  CreateClusterCommand,
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { CreateDBClusterCommand, CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  CreateServiceCommand,
  CreateServiceNetworkCommand,
  CreateServiceNetworkServiceAssociationCommand,
  CreateServiceNetworkVpcAssociationCommand,
  PutAuthPolicyCommand,
  VPCLatticeClient,
} from '@aws-sdk/client-vpc-lattice';
import type { Json } from '../sample-objects.ts';

/*
 * One account with one cluster, twice: created in moto, and as a CloudFormation template. Each has a defect for as many
 * rules as possible.
 */

export const region = 'eu-west-1';
export const account = '123456789012';
const issuer = `oidc.eks.${region}.amazonaws.com/id/AAAA`;
const version = '1.33';
export const image = `${account}.dkr.ecr.${region}.amazonaws.com/shop/web:1`;

const statement = (more: Json): Json => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
const trust = {
  nodes: statement({ Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }),
  app: statement({ Action: 'sts:AssumeRole', Principal: { Service: 'pods.eks.amazonaws.com' } }),
  irsa: statement({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
    Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:shop:other' } },
  }),
};
const everything = statement({ Action: '*', Resource: '*' });
const push = statement({ Action: 'ecr:PutImage', Resource: '*' });
const pulls = statement({ Action: 'ecr:BatchGetImage', Principal: '*' });
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
const remoteAccess = { ec2SshKey: 'ops' };
const anywhere = '0.0.0.0/0';
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const loose = { HttpTokens: 'optional', HttpPutResponseHopLimit: 3 } as const;
const disk = { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, Encrypted: false } };

/** Associations of EKS Pod Identity and add-ons, which moto lacks. */
export const associations = [{ id: 'a-1', namespace: 'shop', serviceAccount: 'default', role: 'app' }];
export const addons = ['coredns', 'kube-proxy', 'vpc-cni'];
export const addonVersion = 'v1.1.0';

/** Who may access the cluster, as people write it. */
export const entries = [
  { principal: 'ops', type: 'STANDARD', groups: ['system:masters'], policies: [] },
  {
    principal: 'viewers',
    type: 'STANDARD',
    groups: [],
    policies: [
      'arn:aws:iam::aws:policy/AdministratorAccess',
      'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
    ],
  },
  { principal: 'nodes', type: 'EC2_LINUX', groups: [], policies: [] },
] as const;
export const provider = { issuerUrl: 'https://login.example.com', clientId: 'kubernetes', groupsClaim: 'groups' };
const identityCenter = 'arn:aws:sso:::instance/ssoins-1';
/** A capability in the form of the API. */
export const capability = {
  capabilityName: 'gitops',
  type: 'ARGOCD',
  roleArn: roleArn('tools'),
  deletePropagationPolicy: 'RETAIN',
  configuration: { argoCd: { awsIdc: { idcInstanceArn: identityCenter } } },
};
const kept = `${account}.dkr.ecr.${region}.amazonaws.com/shop/kept:1`;
const lifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 },
      action: { type: 'expire' },
    },
  ],
});
const logGroup = '/aws/eks/prod/cluster';
const kubelet = { IpProtocol: 'tcp', FromPort: 10250, ToPort: 10250 };
/** The tags by which Karpenter finds the network of nodes. */
const discovery = { key: 'karpenter.sh/discovery', value: 'prod' };
const parameter = '/shop/password';
const databases = { instance: 'orders', cluster: 'ledger' };
const loadBalancer = `k8s-shop-web-0123456789-0123456789abcdef.elb.${region}.amazonaws.com`;
const openPolicy = statement({ Action: 'vpc-lattice-svcs:Invoke', Principal: '*', Resource: '*' });
const acl = { name: 'closed', number: 100, port: 443 };

/** The objects of the cluster that name something in AWS. */
export const objectsWith = ({ fileSystem }: { readonly fileSystem: string }): readonly Json[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'shared' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'efs.csi.aws.com', volumeHandle: `${fileSystem}:/data` },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'api', namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': roleArn('irsa') } },
  },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: 'guest',
      namespace: 'shop',
      annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::999999999999:role/nodes' },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      containers: [
        {
          name: 'web',
          image,
          env: [
            { name: 'ORDERS', value: `${databases.instance}.abc123.${region}.rds.amazonaws.com` },
            { name: 'LEDGER', value: `${databases.cluster}.cluster-abc123.${region}.rds.amazonaws.com` },
          ],
        },
        { name: 'kept', image: kept },
      ],
    },
  },
  {
    apiVersion: 'vpcresources.k8s.aws/v1',
    kind: 'SecurityGroupPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'web' } }, securityGroups: { groupIds: ['sg-0123'] } },
  },
  {
    apiVersion: 'secrets-store.csi.x-k8s.io/v1',
    kind: 'SecretProviderClass',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { provider: 'aws', parameters: { objects: `- objectName: ${parameter}\n  objectType: ssmparameter\n` } },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
    status: { loadBalancer: { ingress: [{ hostname: loadBalancer }] } },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'mesh', namespace: 'shop' },
    spec: { gatewayClassName: 'amazon-vpc-lattice', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  },
  {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: 'default' },
    spec: {
      role: 'tools',
      amiSelectorTerms: [{ alias: 'al2023@latest' }],
      metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 3 },
      securityGroupSelectorTerms: [{ tags: { [discovery.key]: discovery.value } }],
      subnetSelectorTerms: [{ tags: { [discovery.key]: discovery.value } }],
    },
  },
];

/** Names that moto generates. */
export interface Made {
  readonly vpc: string;
  /** A subnet without a route to the internet. */
  readonly subnet: string;
  readonly fileSystem: string;
  /** The security group that EKS creates for the cluster. */
  readonly clusterGroup: string;
}

/** Creates the account in moto. */
export async function makeAccount(): Promise<Made> {
  const [ec2, eks, autoscaling] = [new EC2Client({}), new EKSClient({}), new AutoScalingClient({})];
  const [iam, kms, ecr] = [new IAMClient({}), new KMSClient({}), new ECRClient({})];
  const [efs, logs] = [new EFSClient({}), new CloudWatchLogsClient({})];
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'main' }] }],
    }),
  );
  const VpcId = Vpc?.VpcId ?? '';
  const subnet = async (CidrBlock: string, AvailabilityZone: string): Promise<string> =>
    (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId ?? '';
  const [open, closed] = [await subnet('10.0.0.0/24', `${region}a`), await subnet('10.0.1.0/24', `${region}b`)];
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId ?? '';
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId ?? '';
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: anywhere, GatewayId }));
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: open }));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'nodes', Description: 'nodes', VpcId }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ ...ssh, IpRanges: [{ CidrIp: anywhere }] }],
    }),
  );
  const { GroupId: clusterGroup = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'eks-cluster-sg-prod-1', Description: 'made by EKS', VpcId }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: clusterGroup,
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: clusterGroup }] }],
    }),
  );
  const groupOf = async (GroupName: string, more: object = {}): Promise<string> =>
    (await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId, ...more }))).GroupId ??
    '';
  const ofKarpenter = await groupOf('karpenter', {
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: discovery.key, Value: discovery.value }] }],
  });
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: ofKarpenter,
      IpPermissions: [{ ...kubelet, IpRanges: [{ CidrIp: anywhere }] }],
    }),
  );
  const ofDatabases = await groupOf('databases');
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: ofDatabases,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId }] }],
    }),
  );
  await makeAcl(ec2, VpcId, closed);
  await makeEntrances(VpcId);
  await makeStores(ofDatabases);
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'nodes',
      LaunchTemplateData: {
        UserData: Buffer.from('canary-4').toString('base64'),
        KeyName: 'ops',
        SecurityGroupIds: [GroupId],
        MetadataOptions: loose,
        BlockDeviceMappings: [disk],
      },
    }),
  );
  const templateId = LaunchTemplate?.LaunchTemplateId ?? '';
  for (const [RoleName, document] of Object.entries(trust))
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(document) }));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'everything', PolicyDocument: JSON.stringify(everything) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: Policy?.Arn }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'nodes', PolicyArn: administrator }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'nodes', PolicyName: 'push', PolicyDocument: JSON.stringify(push) }),
  );
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'secrets' }));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'shop/web' }));
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'shop/web', policyText: JSON.stringify(pulls) }));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'shop/kept' }));
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName: 'shop/kept', lifecyclePolicyText: lifecycle }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  // A cluster whose name starts with the same word, and whose logs are not requested.
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/eks/prod-eu/cluster' }));
  const { FileSystemId: fileSystem = '' } = await efs.send(
    new CreateFileSystemCommand({
      CreationToken: 'shared',
      Encrypted: false,
      Tags: [{ Key: 'Name', Value: 'shared' }],
    }),
  );
  await eks.send(
    new CreateClusterCommand({
      name: 'prod',
      version,
      roleArn: roleArn('eks'),
      resourcesVpcConfig: { subnetIds: [open, closed] },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: KeyMetadata?.Arn } }],
    }),
  );
  for (const [nodegroupName, subnets, launchTemplate] of [
    ['plain', [open, closed], undefined],
    ['templated', [closed], { id: templateId, version: '1' }],
  ] as const)
    await eks.send(
      new CreateNodegroupCommand({
        clusterName: 'prod',
        nodegroupName,
        nodeRole: roleArn('nodes'),
        subnets: [...subnets],
        // moto has older defaults than EKS.
        amiType: 'AL2023_x86_64_STANDARD',

        ...(launchTemplate ? { launchTemplate } : { remoteAccess }),
      }),
    );
  await eks.send(
    new CreateFargateProfileCommand({
      clusterName: 'prod',
      fargateProfileName: 'batch',
      podExecutionRoleArn: roleArn('serverless'),
      subnets: [open],
      selectors: [{ namespace: 'batch' }],
    }),
  );
  await autoscaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'old',
      ImageId: 'ami-12345678',
      InstanceType: 'm5.large',
      SecurityGroups: [GroupId],
      UserData: Buffer.from('canary-5').toString('base64'),
    }),
  );
  for (const [AutoScalingGroupName, use] of [
    ['own', { LaunchTemplate: { LaunchTemplateId: templateId, Version: '1' } }],
    ['old', { LaunchConfigurationName: 'old' }],
  ] as const)
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        MinSize: 0,
        MaxSize: 1,
        VPCZoneIdentifier: closed,
        ...use,
        Tags: [{ Key: 'kubernetes.io/cluster/prod', Value: 'owned', PropagateAtLaunch: true }],
      }),
    );
  return { vpc: VpcId, subnet: closed, fileSystem, clusterGroup };
}

/** A network ACL for a subnet that only allows HTTPS. */
async function makeAcl(ec2: EC2Client, VpcId: string, subnet: string): Promise<void> {
  const made = await ec2.send(
    new CreateNetworkAclCommand({
      VpcId,
      TagSpecifications: [{ ResourceType: 'network-acl', Tags: [{ Key: 'Name', Value: acl.name }] }],
    }),
  );
  const { NetworkAclId = '' } = made.NetworkAcl ?? {};
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId,
      RuleNumber: acl.number,
      Protocol: '6',
      RuleAction: 'allow',
      Egress: false,
      CidrBlock: anywhere,
      PortRange: { From: acl.port, To: acl.port },
    }),
  );
  const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
  const [now] = NetworkAcls.flatMap(({ Associations = [] }) => Associations).filter((one) => one.SubnetId === subnet);
  await ec2.send(
    new ReplaceNetworkAclAssociationCommand({ AssociationId: now?.NetworkAclAssociationId, NetworkAclId }),
  );
}

/** A VPC Lattice service network that anyone may call, with a service, and an API that calls a load balancer. */
async function makeEntrances(vpcIdentifier: string): Promise<void> {
  const [lattice, gateway] = [new VPCLatticeClient({}), new ApiGatewayV2Client({})];
  const { id: serviceNetworkIdentifier } = await lattice.send(
    new CreateServiceNetworkCommand({ name: 'mesh', authType: 'NONE' }),
  );
  await lattice.send(new CreateServiceNetworkVpcAssociationCommand({ serviceNetworkIdentifier, vpcIdentifier }));
  const { id: serviceIdentifier, arn } = await lattice.send(
    new CreateServiceCommand({ name: 'orders', authType: 'AWS_IAM' }),
  );
  await lattice.send(
    new CreateServiceNetworkServiceAssociationCommand({ serviceNetworkIdentifier, serviceIdentifier }),
  );
  await lattice.send(new PutAuthPolicyCommand({ resourceIdentifier: arn, policy: JSON.stringify(openPolicy) }));
  const { ApiId } = await gateway.send(new CreateApiCommand({ Name: 'front', ProtocolType: 'HTTP' }));
  for (const [Description, host] of [
    ['front', loadBalancer],
    ['elsewhere', 'k8s-other-web-0123456789-0123456789abcdef.elb.eu-west-1.amazonaws.com'],
  ])
    await gateway.send(
      new CreateIntegrationCommand({
        ApiId,
        Description,
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'GET',
        IntegrationUri: `http://${host}/`,
        PayloadFormatVersion: '1.0',
      }),
    );
}

/** Where pods get secrets and data from, and a detector that does not cover clusters. */
async function makeStores(group: string): Promise<void> {
  const [ssm, rds] = [new SSMClient({}), new RDSClient({})];
  await ssm.send(new PutParameterCommand({ Name: parameter, Value: 'canary-8', Type: 'String' }));
  const VpcSecurityGroupIds = [group];
  const admin = { MasterUsername: 'shop', MasterUserPassword: 'canary-9' };
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: databases.instance,
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      VpcSecurityGroupIds,
      ...admin,
    }),
  );
  await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: databases.cluster,
      Engine: 'aurora-postgresql',
      VpcSecurityGroupIds,
      ...admin,
    }),
  );
  await new GuardDutyClient({}).send(
    new CreateDetectorCommand({
      Enable: true,
      Tags: { Name: 'main' },
      Features: [{ Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' }],
    }),
  );
}

/** The same account as a template. */
export function templateOfAccount(): Json {
  const ref = (Ref: string): Json => ({ Ref });
  const arn = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const make = (Type: string, Properties: Json = {}): Json => ({ Type, Properties });
  const role = (RoleName: keyof typeof trust, more: Json = {}): Json =>
    make('AWS::IAM::Role', { RoleName, AssumeRolePolicyDocument: trust[RoleName], ...more });
  const group = (NodegroupName: string, Subnets: readonly Json[], more: Json = {}): Json =>
    make('AWS::EKS::Nodegroup', {
      ClusterName: ref('Cluster'),
      NodegroupName,
      NodeRole: arn('Nodes'),
      Subnets,
      ...more,
    });
  const scaled = (AutoScalingGroupName: string, more: Json): Json =>
    make('AWS::AutoScaling::AutoScalingGroup', {
      AutoScalingGroupName,
      MinSize: '0',
      MaxSize: '1',
      VPCZoneIdentifier: [ref('Closed')],
      Tags: [{ Key: 'kubernetes.io/cluster/prod', Value: 'owned', PropagateAtLaunch: true }],
      ...more,
    });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Vpc: make('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'Name', Value: 'main' }] }),
      Open: make('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
      Closed: make('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' }),
      Gateway: make('AWS::EC2::InternetGateway'),
      Table: make('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
      ClosedTable: make('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
      Route: make('AWS::EC2::Route', {
        RouteTableId: ref('Table'),
        DestinationCidrBlock: anywhere,
        GatewayId: ref('Gateway'),
      }),
      OpenTable: make('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Open'), RouteTableId: ref('Table') }),
      ClosedUse: make('AWS::EC2::SubnetRouteTableAssociation', {
        SubnetId: ref('Closed'),
        RouteTableId: ref('ClosedTable'),
      }),
      Group: make('AWS::EC2::SecurityGroup', {
        GroupDescription: 'nodes',
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [{ ...ssh, CidrIp: anywhere }],
      }),
      OfKarpenter: make('AWS::EC2::SecurityGroup', {
        GroupName: 'karpenter',
        GroupDescription: 'karpenter',
        VpcId: ref('Vpc'),
        Tags: [{ Key: discovery.key, Value: discovery.value }],
        SecurityGroupIngress: [{ ...kubelet, CidrIp: anywhere }],
      }),
      OfDatabases: make('AWS::EC2::SecurityGroup', {
        GroupName: 'databases',
        GroupDescription: 'databases',
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [
          {
            IpProtocol: 'tcp',
            FromPort: 5432,
            ToPort: 5432,
            SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
          },
        ],
      }),
      Acl: make('AWS::EC2::NetworkAcl', { VpcId: ref('Vpc'), Tags: [{ Key: 'Name', Value: acl.name }] }),
      AclEntry: make('AWS::EC2::NetworkAclEntry', {
        NetworkAclId: ref('Acl'),
        RuleNumber: acl.number,
        Protocol: 6,
        RuleAction: 'allow',
        CidrBlock: anywhere,
        PortRange: { From: acl.port, To: acl.port },
      }),
      AclUse: make('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref('Closed'), NetworkAclId: ref('Acl') }),
      Mesh: make('AWS::VpcLattice::ServiceNetwork', { Name: 'mesh', AuthType: 'NONE' }),
      Orders: make('AWS::VpcLattice::Service', { Name: 'orders', AuthType: 'AWS_IAM' }),
      OrdersPolicy: make('AWS::VpcLattice::AuthPolicy', { ResourceIdentifier: arn('Orders'), Policy: openPolicy }),
      Integration: make('AWS::ApiGatewayV2::Integration', {
        ApiId: 'front',
        Description: 'front',
        IntegrationType: 'HTTP_PROXY',
        IntegrationUri: `http://${loadBalancer}/`,
        PayloadFormatVersion: '1.0',
      }),
      Password: make('AWS::SSM::Parameter', { Name: parameter, Type: 'String', Value: 'x' }),
      Instance: make('AWS::RDS::DBInstance', {
        DBInstanceIdentifier: databases.instance,
        VPCSecurityGroups: [{ 'Fn::GetAtt': ['OfDatabases', 'GroupId'] }],
      }),
      Ledger: make('AWS::RDS::DBCluster', {
        DBClusterIdentifier: databases.cluster,
        VpcSecurityGroupIds: [{ 'Fn::GetAtt': ['OfDatabases', 'GroupId'] }],
      }),
      Detector: make('AWS::GuardDuty::Detector', {
        Enable: true,
        Tags: [{ Key: 'Name', Value: 'main' }],
        Features: [{ Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' }],
      }),
      Template: make('AWS::EC2::LaunchTemplate', {
        LaunchTemplateName: 'nodes',
        LaunchTemplateData: {
          KeyName: 'ops',
          SecurityGroupIds: [ref('Group')],
          MetadataOptions: loose,
          BlockDeviceMappings: [disk],
        },
      }),
      Configuration: make('AWS::AutoScaling::LaunchConfiguration', {
        LaunchConfigurationName: 'old',
        ImageId: 'ami-12345678',
        InstanceType: 'm5.large',
        SecurityGroups: [ref('Group')],
      }),
      Everything: make('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'everything', PolicyDocument: everything }),
      Nodes: role('nodes', {
        ManagedPolicyArns: [administrator],
        Policies: [{ PolicyName: 'push', PolicyDocument: push }],
      }),
      App: role('app', { ManagedPolicyArns: [ref('Everything')] }),
      Irsa: role('irsa'),
      Key: make('AWS::KMS::Key', { Description: 'secrets', KeyPolicy: {} }),
      Repository: make('AWS::ECR::Repository', { RepositoryName: 'shop/web', RepositoryPolicyText: pulls }),
      Kept: make('AWS::ECR::Repository', {
        RepositoryName: 'shop/kept',
        LifecyclePolicy: { LifecyclePolicyText: lifecycle },
      }),
      Logs: make('AWS::Logs::LogGroup', { LogGroupName: logGroup }),
      Files: make('AWS::EFS::FileSystem', { Encrypted: false, FileSystemTags: [{ Key: 'Name', Value: 'shared' }] }),
      Batch: make('AWS::EKS::FargateProfile', {
        ClusterName: ref('Cluster'),
        FargateProfileName: 'batch',
        PodExecutionRoleArn: roleArn('serverless'),
        Subnets: [ref('Open')],
        Selectors: [{ Namespace: 'batch' }],
      }),
      ...Object.fromEntries(
        entries.map(({ principal, type, groups, policies }, index) => [
          `Entry${index}`,
          make('AWS::EKS::AccessEntry', {
            ClusterName: ref('Cluster'),
            PrincipalArn: roleArn(principal),
            Type: type,
            KubernetesGroups: groups,
            AccessPolicies: policies.map((PolicyArn) => ({ PolicyArn, AccessScope: { Type: 'cluster' } })),
          }),
        ]),
      ),
      Provider: make('AWS::EKS::IdentityProviderConfig', {
        ClusterName: ref('Cluster'),
        IdentityProviderConfigName: 'login',
        Type: 'oidc',
        Oidc: { IssuerUrl: provider.issuerUrl, ClientId: provider.clientId, GroupsClaim: provider.groupsClaim },
      }),
      Capability: make('AWS::EKS::Capability', {
        ClusterName: ref('Cluster'),
        CapabilityName: capability.capabilityName,
        Type: capability.type,
        RoleArn: capability.roleArn,
        DeletePropagationPolicy: capability.deletePropagationPolicy,
        Configuration: { ArgoCd: { AwsIdc: { IdcInstanceArn: identityCenter } } },
      }),
      Cluster: make('AWS::EKS::Cluster', {
        Name: 'prod',
        AccessConfig: { AuthenticationMode: 'API_AND_CONFIG_MAP' },
        Version: version,
        RoleArn: roleArn('eks'),
        ResourcesVpcConfig: { SubnetIds: [ref('Open'), ref('Closed')] },
        EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: arn('Key') } }],
      }),
      Plain: group('plain', [ref('Open'), ref('Closed')], { RemoteAccess: { Ec2SshKey: remoteAccess.ec2SshKey } }),
      Templated: group('templated', [ref('Closed')], { LaunchTemplate: { Id: ref('Template'), Version: '1' } }),
      Own: scaled('own', { LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' } }),
      Old: scaled('old', { LaunchConfigurationName: ref('Configuration') }),
      ...Object.fromEntries(
        addons.map((AddonName, index) => [
          `Addon${index}`,
          make('AWS::EKS::Addon', { ClusterName: ref('Cluster'), AddonName, AddonVersion: addonVersion }),
        ]),
      ),
      ...Object.fromEntries(
        associations.map(({ namespace, serviceAccount }, index) => [
          `Association${index}`,
          make('AWS::EKS::PodIdentityAssociation', {
            ClusterName: ref('Cluster'),
            Namespace: namespace,
            ServiceAccount: serviceAccount,
            RoleArn: arn('App'),
          }),
        ]),
      ),
    },
  };
}

/** The same account as Terraform. */
export function terraformOfAccount(): string {
  const text = (value: unknown): string => JSON.stringify(value);
  const block = (head: string, lines: readonly string[]): string =>
    `${head} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  const resource = (type: string, name: string, ...lines: readonly string[]): string =>
    block(`resource "${type}" "${name}"`, lines);
  const json = (document: Json): string => `jsonencode(${text(document)})`;
  const group = (name: string, subnets: string, ...more: readonly string[]): string =>
    resource(
      'aws_eks_node_group',
      name,
      'cluster_name = aws_eks_cluster.main.name',
      `node_group_name = "${name}"`,
      'node_role_arn = aws_iam_role.nodes.arn',
      `subnet_ids = [${subnets}]`,
      ...more,
    );
  const scaled = (name: string, ...more: readonly string[]): string =>
    resource(
      'aws_autoscaling_group',
      name,
      `name = "${name}"`,
      'vpc_zone_identifier = [aws_subnet.closed.id]',
      ...more,
      'tag {\n    key = "kubernetes.io/cluster/prod"\n    value = "owned"\n    propagate_at_launch = true\n  }',
    );
  const [open, closed] = ['aws_subnet.open.id', 'aws_subnet.closed.id'];
  return [
    resource('aws_vpc', 'main', 'cidr_block = "10.0.0.0/16"', 'tags = { Name = "main" }'),
    resource('aws_subnet', 'open', 'vpc_id = aws_vpc.main.id', 'cidr_block = "10.0.0.0/24"'),
    resource('aws_subnet', 'closed', 'vpc_id = aws_vpc.main.id', 'cidr_block = "10.0.1.0/24"'),
    resource('aws_internet_gateway', 'main', 'vpc_id = aws_vpc.main.id'),
    resource('aws_route_table', 'open', 'vpc_id = aws_vpc.main.id'),
    resource('aws_route_table', 'closed', 'vpc_id = aws_vpc.main.id'),
    resource(
      'aws_route',
      'out',
      'route_table_id = aws_route_table.open.id',
      `destination_cidr_block = "${anywhere}"`,
      'gateway_id = aws_internet_gateway.main.id',
    ),
    ...['open', 'closed'].map((one) =>
      resource(
        'aws_route_table_association',
        one,
        `subnet_id = aws_subnet.${one}.id`,
        `route_table_id = aws_route_table.${one}.id`,
      ),
    ),
    resource(
      'aws_security_group',
      'nodes',
      'vpc_id = aws_vpc.main.id',
      `ingress {\n    protocol = "tcp"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = ["${anywhere}"]\n  }`,
    ),
    resource(
      'aws_security_group',
      'karpenter',
      'name = "karpenter"',
      'vpc_id = aws_vpc.main.id',
      `tags = { "${discovery.key}" = "${discovery.value}" }`,
      `ingress {\n    protocol = "tcp"\n    from_port = 10250\n    to_port = 10250\n    cidr_blocks = ["${anywhere}"]\n  }`,
    ),
    resource(
      'aws_security_group',
      'databases',
      'name = "databases"',
      'vpc_id = aws_vpc.main.id',
      'ingress {\n    protocol = "tcp"\n    from_port = 5432\n    to_port = 5432\n    security_groups = [aws_security_group.nodes.id]\n  }',
    ),
    resource(
      'aws_network_acl',
      'closed',
      'vpc_id = aws_vpc.main.id',
      `subnet_ids = [${closed}]`,
      `tags = { Name = "${acl.name}" }`,
      `ingress {\n    rule_no = ${acl.number}\n    protocol = "tcp"\n    action = "allow"\n    cidr_block = "${anywhere}"\n    from_port = ${acl.port}\n    to_port = ${acl.port}\n  }`,
    ),
    resource('aws_vpclattice_service_network', 'mesh', 'name = "mesh"', 'auth_type = "NONE"'),
    resource('aws_vpclattice_service', 'orders', 'name = "orders"', 'auth_type = "AWS_IAM"'),
    resource(
      'aws_vpclattice_auth_policy',
      'orders',
      'resource_identifier = aws_vpclattice_service.orders.arn',
      `policy = ${json(openPolicy)}`,
    ),
    resource(
      'aws_apigatewayv2_integration',
      'front',
      'api_id = "front"',
      'description = "front"',
      'integration_type = "HTTP_PROXY"',
      `integration_uri = "http://${loadBalancer}/"`,
    ),
    resource('aws_ssm_parameter', 'password', `name = "${parameter}"`, 'type = "String"', 'value = "x"'),
    resource(
      'aws_db_instance',
      'orders',
      `identifier = "${databases.instance}"`,
      'vpc_security_group_ids = [aws_security_group.databases.id]',
    ),
    resource(
      'aws_rds_cluster',
      'ledger',
      `cluster_identifier = "${databases.cluster}"`,
      'vpc_security_group_ids = [aws_security_group.databases.id]',
    ),
    resource('aws_guardduty_detector', 'main', 'enable = true', 'tags = { Name = "main" }'),
    resource(
      'aws_guardduty_detector_feature',
      'audit',
      'detector_id = aws_guardduty_detector.main.id',
      'name = "EKS_AUDIT_LOGS"',
      'status = "DISABLED"',
    ),
    resource(
      'aws_launch_template',
      'nodes',
      'name = "nodes"',
      'key_name = "ops"',
      'vpc_security_group_ids = [aws_security_group.nodes.id]',
      'metadata_options {\n    http_tokens = "optional"\n    http_put_response_hop_limit = 3\n  }',
      `block_device_mappings {\n    device_name = "${disk.DeviceName}"\n    ebs {\n      encrypted = false\n    }\n  }`,
    ),
    resource(
      'aws_launch_configuration',
      'old',
      'name = "old"',
      'image_id = "ami-12345678"',
      'instance_type = "m5.large"',
      'security_groups = [aws_security_group.nodes.id]',
    ),
    ...Object.entries(trust).map(([name, document]) =>
      resource('aws_iam_role', name, `name = "${name}"`, `assume_role_policy = ${json(document)}`),
    ),
    resource('aws_iam_policy', 'everything', 'name = "everything"', `policy = ${json(everything)}`),
    ...(
      [
        ['app', 'aws_iam_policy.everything.arn'],
        ['nodes', text(administrator)],
      ] as const
    ).map(([name, arn]) =>
      resource('aws_iam_role_policy_attachment', name, `role = aws_iam_role.${name}.name`, `policy_arn = ${arn}`),
    ),
    resource('aws_iam_role_policy', 'push', 'name = "push"', 'role = aws_iam_role.nodes.id', `policy = ${json(push)}`),
    resource('aws_kms_key', 'main', 'description = "secrets"'),
    resource('aws_ecr_repository', 'web', 'name = "shop/web"'),
    resource('aws_ecr_repository_policy', 'web', 'repository = aws_ecr_repository.web.name', `policy = ${json(pulls)}`),
    resource('aws_ecr_repository', 'kept', 'name = "shop/kept"'),
    resource(
      'aws_ecr_lifecycle_policy',
      'kept',
      'repository = aws_ecr_repository.kept.name',
      `policy = ${text(lifecycle)}`,
    ),
    resource('aws_cloudwatch_log_group', 'main', `name = "${logGroup}"`),
    resource('aws_efs_file_system', 'shared', 'encrypted = false', 'tags = { Name = "shared" }'),
    resource(
      'aws_eks_fargate_profile',
      'batch',
      'cluster_name = aws_eks_cluster.main.name',
      'fargate_profile_name = "batch"',
      `pod_execution_role_arn = "${roleArn('serverless')}"`,
      `subnet_ids = [${open}]`,
      'selector {\n    namespace = "batch"\n  }',
    ),
    ...entries.flatMap(({ principal, type, groups, policies }) => [
      resource(
        'aws_eks_access_entry',
        principal,
        'cluster_name = aws_eks_cluster.main.name',
        `principal_arn = "${roleArn(principal)}"`,
        `type = "${type}"`,
        `kubernetes_groups = ${text(groups)}`,
      ),
      ...policies.map((arn, index) =>
        resource(
          'aws_eks_access_policy_association',
          `${principal}${index}`,
          'cluster_name = aws_eks_cluster.main.name',
          `principal_arn = "${roleArn(principal)}"`,
          `policy_arn = "${arn}"`,
          'access_scope {\n    type = "cluster"\n  }',
        ),
      ),
    ]),
    resource(
      'aws_eks_identity_provider_config',
      'login',
      'cluster_name = aws_eks_cluster.main.name',
      `oidc {\n    identity_provider_config_name = "login"\n    issuer_url = "${provider.issuerUrl}"\n    client_id = "${provider.clientId}"\n    groups_claim = "${provider.groupsClaim}"\n  }`,
    ),
    resource(
      'aws_eks_capability',
      'gitops',
      'cluster_name = aws_eks_cluster.main.name',
      `capability_name = "${capability.capabilityName}"`,
      `type = "${capability.type}"`,
      `role_arn = "${capability.roleArn}"`,
      `delete_propagation_policy = "${capability.deletePropagationPolicy}"`,
      `configuration {\n    argo_cd {\n      aws_idc {\n        idc_instance_arn = "${identityCenter}"\n      }\n    }\n  }`,
    ),
    resource(
      'aws_eks_cluster',
      'main',
      'name = "prod"',
      'access_config {\n    authentication_mode = "API_AND_CONFIG_MAP"\n  }',
      `version = "${version}"`,
      `role_arn = "${roleArn('eks')}"`,
      `vpc_config {\n    subnet_ids = [${open}, ${closed}]\n  }`,
      'encryption_config {\n    resources = ["secrets"]\n    provider {\n      key_arn = aws_kms_key.main.arn\n    }\n  }',
    ),
    group('plain', `${open}, ${closed}`, `remote_access {\n    ec2_ssh_key = "${remoteAccess.ec2SshKey}"\n  }`),
    group('templated', closed, 'launch_template {\n    id = aws_launch_template.nodes.id\n    version = 1\n  }'),
    scaled('own', 'launch_template {\n    id = aws_launch_template.nodes.id\n    version = 1\n  }'),
    scaled('old', 'launch_configuration = aws_launch_configuration.old.name'),
    ...addons.map((name) =>
      resource(
        'aws_eks_addon',
        name,
        'cluster_name = aws_eks_cluster.main.name',
        `addon_name = "${name}"`,
        `addon_version = "${addonVersion}"`,
      ),
    ),
    ...associations.map(({ id, namespace, serviceAccount }) =>
      resource(
        'aws_eks_pod_identity_association',
        id,
        'cluster_name = aws_eks_cluster.main.name',
        `namespace = "${namespace}"`,
        `service_account = "${serviceAccount}"`,
        'role_arn = aws_iam_role.app.arn',
      ),
    ),
  ].join('\n');
}
