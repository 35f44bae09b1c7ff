import type { Sample } from './key-samples.ts';

/* What CloudFormation and the answers of the AWS API say about clusters, networks and keys, key by key. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const template = (Resources: object) => ({ 'template.json': json({ Resources }) });
const answers = (...bodies: readonly object[]) =>
  Object.fromEntries(bodies.map((body, index) => [`a/${index}.json`, json(body)]));
const get = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const trust = (service: string) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});
const role = (service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: service.split('.', 1)[0], AssumeRolePolicyDocument: trust(service) },
});
const eks = 'arn:aws:eks:eu-west-1:111122223333';
const scaling = 'arn:aws:autoscaling:eu-west-1:111122223333';
const iam = 'arn:aws:iam::111122223333';

export const awsSamples: readonly Sample[] = [
  {
    name: 'CloudFormation: all of a cluster',
    idle: [
      '.Resources.A',
      '.Resources.A.Properties.PodIdentityAssociations[].RoleArn',
      '.Resources.A.Properties.PodIdentityAssociations[].ServiceAccount',
      '.Resources.C',
      '.Resources.C.Properties.EncryptionConfig[].Resources',
      '.Resources.C.Properties.KubeSchedulerConfig.NodeResourcesFit.ScoringStrategy.Resources[].Name',
      '.Resources.C.Properties.OutpostConfig.ControlPlaneInstanceType',
      '.Resources.C.Properties.OutpostConfig.OutpostArns',
      '.Resources.D',
      '.Resources.E',
      '.Resources.F',
      '.Resources.I',
      '.Resources.I.Properties.Type',
      '.Resources.P',
      '.Resources.P.Properties.Configuration.ArgoCd.RbacRoleMappings[].Identities',
      '.Resources.P.Properties.Configuration.ArgoCd.RbacRoleMappings[].Identities[].Id',
      '.Resources.P.Properties.Configuration.ArgoCd.RbacRoleMappings[].Identities[].Type',
    ],
    files: template({
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: {
          Name: 'c',
          Version: '1.33',
          RoleArn: `${iam}:role/c`,
          ResourcesVpcConfig: {
            SubnetIds: ['subnet-1'],
            SecurityGroupIds: ['sg-1'],
            EndpointPublicAccess: true,
            EndpointPrivateAccess: true,
            PublicAccessCidrs: ['203.0.113.0/24'],
            ControlPlaneEgressMode: 'CUSTOMER_ROUTED',
          },
          KubernetesNetworkConfig: {
            IpFamily: 'ipv4',
            ServiceIpv4Cidr: '172.20.0.0/16',
            ElasticLoadBalancing: { Enabled: true },
          },
          RemoteNetworkConfig: {
            RemoteNodeNetworks: [{ Cidrs: ['10.200.0.0/16'] }],
            RemotePodNetworks: [{ Cidrs: ['10.201.0.0/16'] }],
          },
          ZonalShiftConfig: { Enabled: true },
          ControlPlaneScalingConfig: { Tier: 'tier-xl' },
          KubeApiServerConfig: { EventTtl: '30m', ServiceNodePortRange: { MinPort: 30000, MaxPort: 31000 } },
          KubeControllerManagerConfig: {
            HorizontalPodAutoscalerControllerConfig: { HorizontalPodAutoscalerSyncPeriod: '10s' },
            PodGcControllerConfig: { TerminatedPodGcThreshold: 500 },
          },
          KubeSchedulerConfig: {
            NodeResourcesFit: { ScoringStrategy: { Type: 'MostAllocated', Resources: [{ Name: 'cpu', Weight: 3 }] } },
          },
          Logging: { ClusterLogging: { EnabledTypes: [{ Type: 'audit' }] } },
          EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: 'arn:aws:kms:eu-west-1:1:key/k' } }],
          UpgradePolicy: { SupportType: 'STANDARD' },
          AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
          DeletionProtection: true,
          ComputeConfig: { Enabled: true, NodePools: ['system'], NodeRoleArn: `${iam}:role/n` },
          StorageConfig: { BlockStorage: { Enabled: true } },
          BootstrapSelfManagedAddons: false,
          OutpostConfig: { ControlPlaneInstanceType: 'm5.large', OutpostArns: ['arn:aws:outposts:o'] },
          Tags: [{ Key: 'team', Value: 'dev' }],
        },
      },
      A: {
        Type: 'AWS::EKS::Addon',
        Properties: {
          ClusterName: { Ref: 'C' },
          AddonName: 'vpc-cni',
          AddonVersion: 'v1.20.0-eksbuild.1',
          ConfigurationValues: '{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
          NamespaceConfig: { Namespace: 'net' },
          PodIdentityAssociations: [{ RoleArn: `${iam}:role/v`, ServiceAccount: 'aws-node' }],
          PreserveOnDelete: true,
          ResolveConflicts: 'OVERWRITE',
          ServiceAccountRoleArn: `${iam}:role/v`,
          Tags: [{ Key: 'team', Value: 'dev' }],
        },
      },
      F: {
        Type: 'AWS::EKS::FargateProfile',
        Properties: {
          ClusterName: { Ref: 'C' },
          FargateProfileName: 'f',
          PodExecutionRoleArn: `${iam}:role/f`,
          Selectors: [{ Namespace: 'jobs', Labels: [{ Key: 'a', Value: 'b' }] }],
          Subnets: ['subnet-2'],
          Tags: [{ Key: 'team', Value: 'dev' }],
        },
      },
      P: {
        Type: 'AWS::EKS::Capability',
        Properties: {
          ClusterName: { Ref: 'C' },
          CapabilityName: 'argo',
          Type: 'ARGOCD',
          RoleArn: `${iam}:role/argo`,
          DeletePropagationPolicy: 'RETAIN',
          Configuration: {
            ArgoCd: {
              AwsIdc: { IdcInstanceArn: 'arn:aws:sso:::instance/ssoins-1' },
              NetworkAccess: { VpceIds: ['vpce-1'] },
              RbacRoleMappings: [{ Role: 'ADMIN', Identities: [{ Id: 'i', Type: 'SSO_USER' }] }],
            },
          },
        },
      },
      E: {
        Type: 'AWS::EKS::AccessEntry',
        Properties: {
          ClusterName: { Ref: 'C' },
          PrincipalArn: `${iam}:role/ops`,
          Type: 'STANDARD',
          Username: 'ops',
          KubernetesGroups: ['viewers'],
          AccessPolicies: [
            {
              PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
              AccessScope: { Type: 'namespace', Namespaces: ['shop'] },
            },
          ],
        },
      },
      I: {
        Type: 'AWS::EKS::IdentityProviderConfig',
        Properties: {
          ClusterName: { Ref: 'C' },
          Type: 'oidc',
          IdentityProviderConfigName: 'i',
          Oidc: {
            ClientId: 'kubernetes',
            IssuerUrl: 'https://login.example.com',
            UsernameClaim: 'email',
            UsernamePrefix: 'oidc:',
            GroupsClaim: 'groups',
            GroupsPrefix: 'oidc-group:',
          },
        },
      },
      D: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        Properties: {
          ClusterName: { Ref: 'C' },
          Namespace: 'shop',
          ServiceAccount: 'web',
          RoleArn: `${iam}:role/web`,
          TargetRoleArn: 'arn:aws:iam::444455556666:role/data',
          DisableSessionTags: true,
        },
      },
    }),
  },
  {
    name: 'CloudFormation: all of a node group',
    idle: [
      '.Resources.G',
      '.Resources.H',
      '.Resources.K.Properties.Description',
      '.Resources.T',
      '.Resources.T.Properties.LaunchTemplateData.NetworkInterfaces[].DeviceIndex',
    ],
    files: template({
      G: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: {
          ClusterName: 'c',
          NodegroupName: 'n',
          Version: '1.33',
          ReleaseVersion: '1.33.0-20260101',
          DiskSize: 50,
          NodeRole: `${iam}:role/n`,
          Subnets: ['subnet-1'],
          ScalingConfig: { MinSize: 1, DesiredSize: 2, MaxSize: 3 },
          UpdateConfig: { MaxUnavailable: 1, MaxUnavailablePercentage: 10, UpdateStrategy: 'MINIMAL' },
          ForceUpdateEnabled: true,
          Taints: [{ Key: 'a', Value: 'x', Effect: 'NO_SCHEDULE' }],
          Labels: { a: 'b' },
          Tags: { team: 'dev' },
          NodeRepairConfig: {
            Enabled: true,
            MaxUnhealthyNodeThresholdCount: 2,
            MaxUnhealthyNodeThresholdPercentage: 20,
            MaxParallelNodesRepairedCount: 3,
            MaxParallelNodesRepairedPercentage: 30,
            NodeRepairConfigOverrides: [
              {
                NodeMonitoringCondition: 'NetworkingReady',
                NodeUnhealthyReason: 'InterfaceNotUp',
                MinRepairWaitTimeMins: 10,
                RepairAction: 'Replace',
              },
            ],
          },
          WarmPoolConfig: {
            Enabled: true,
            MinSize: 1,
            MaxGroupPreparedCapacity: 4,
            PoolState: 'RUNNING',
            ReuseOnScaleIn: true,
          },
          RemoteAccess: { Ec2SshKey: 'ops', SourceSecurityGroups: ['sg-1'] },
        },
      },
      T: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: 't',
          LaunchTemplateData: {
            ImageId: 'ami-1',
            InstanceType: 'm5.large',
            IamInstanceProfile: { Arn: `${iam}:instance-profile/p` },
            InstanceMarketOptions: { MarketType: 'spot' },
            Monitoring: { Enabled: true },
            UserData: { 'Fn::Base64': '/etc/eks/bootstrap.sh c --kubelet-extra-args "--max-pods=20"' },
            BlockDeviceMappings: [
              {
                DeviceName: '/dev/xvda',
                Ebs: {
                  Encrypted: true,
                  VolumeType: 'gp3',
                  VolumeSize: 30,
                  Iops: 4000,
                  Throughput: 200,
                  KmsKeyId: get('K', 'Arn'),
                },
              },
            ],
            NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: 'subnet-1', InterfaceType: 'efa' }],
          },
        },
      },
      H: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: {
          ClusterName: 'c',
          NodegroupName: 'h',
          NodeRole: `${iam}:role/n`,
          Subnets: ['subnet-1'],
          LaunchTemplate: { Name: 't', Version: '3' },
        },
      },
      K: {
        Type: 'AWS::KMS::Key',
        Properties: { Description: 'for volumes', Enabled: false, Origin: 'EXTERNAL', KeyPolicy: trust('eks') },
      },
    }),
  },
  {
    name: 'CloudFormation: nodes that EKS does not manage',
    idle: ['.Resources.A', '.Resources.A.Properties.Tags[].PropagateAtLaunch', '.Resources.L', '.Resources.M'],
    files: template({
      A: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          AutoScalingGroupName: 'own',
          MinSize: '1',
          MaxSize: '3',
          DesiredCapacity: '2',
          VPCZoneIdentifier: ['subnet-1'],
          LaunchTemplate: { LaunchTemplateId: { Ref: 'T' }, Version: '2' },
          Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }],
        },
      },
      M: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          AutoScalingGroupName: 'mixed',
          MinSize: '1',
          MaxSize: '3',
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateName: 't', Version: '3' },
              Overrides: [{ InstanceType: 'm5.large' }],
            },
          },
        },
      },
      L: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          AutoScalingGroupName: 'old',
          MinSize: '1',
          MaxSize: '3',
          LaunchConfigurationName: { Ref: 'O' },
        },
      },
      T: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: 't',
          LaunchTemplateData: { UserData: { 'Fn::Base64': '#!/bin/sh\n/etc/eks/bootstrap.sh c' } },
        },
      },
      O: {
        Type: 'AWS::AutoScaling::LaunchConfiguration',
        Properties: {
          ImageId: 'ami-1',
          InstanceType: 'm5.large',
          InstanceMonitoring: false,
          AssociatePublicIpAddress: true,
          IamInstanceProfile: 'p',
          SpotPrice: '0.1',
          UserData: { 'Fn::Base64': '#!/bin/sh\n/etc/eks/bootstrap.sh c' },
        },
      },
    }),
  },
  {
    name: 'CloudFormation: networks',
    idle: [
      '.Resources.B',
      '.Resources.C',
      '.Resources.D',
      '.Resources.F.Properties.FileSystemTags',
      '.Resources.L',
      '.Resources.L.Properties.ResourceType',
      '.Resources.M',
      '.Resources.N',
      '.Resources.P',
      '.Resources.Q.Properties',
      '.Resources.Q.Properties.VpcId',
      '.Resources.Q.Properties.VpcId.Ref',
      '.Resources.QO',
      '.Resources.QR',
      '.Resources.R4',
      '.Resources.R4.Properties.NatGatewayId.Ref',
      '.Resources.R6',
      '.Resources.RE',
      '.Resources.RO',
      '.Resources.RO.Properties.TransitGatewayId',
      '.Resources.T.Properties',
      '.Resources.T.Properties.VpcId',
      '.Resources.T.Properties.VpcId.Ref',
      '.Resources.U',
      '.Resources.W',
      '.Resources.Z.Properties',
    ],
    files: template({
      V: {
        Type: 'AWS::EC2::VPC',
        Properties: {
          CidrBlock: '10.0.0.0/16',
          EnableDnsSupport: true,
          EnableDnsHostnames: true,
          Tags: [{ Key: 'Name', Value: 'net' }],
        },
      },
      W: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { VpcId: { Ref: 'V' }, CidrBlock: '100.64.0.0/16' } },
      L: {
        Type: 'AWS::EC2::FlowLog',
        Properties: { ResourceId: { Ref: 'V' }, ResourceType: 'VPC', TrafficType: 'REJECT' },
      },
      P: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'V' },
          ServiceName: 'com.amazonaws.eu-west-1.sts',
          VpcEndpointType: 'Interface',
          PrivateDnsEnabled: true,
        },
      },
      S: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'V' },
          AvailabilityZone: 'eu-west-1a',
          CidrBlock: '10.0.1.0/24',
          Ipv6CidrBlock: '2001:db8::/64',
          OutpostArn: 'arn:aws:outposts:o',
          Tags: [{ Key: 'Name', Value: 'one' }],
        },
      },
      N: {
        Type: 'AWS::EC2::NatGateway',
        Properties: { SubnetId: { Ref: 'S' }, ConnectivityType: 'public', AllocationId: 'eipalloc-1' },
      },
      T: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'V' } } },
      U: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'S' }, RouteTableId: { Ref: 'T' } },
      },
      R4: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: { Ref: 'N' } },
      },
      R6: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: 'T' },
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: 'eigw-1',
        },
      },
      RE: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: '10.1.0.0/16', VpcEndpointId: 'vpce-1' },
      },
      RO: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: '10.2.0.0/16', TransitGatewayId: 'tgw-1' },
      },
      O: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'V' }, CidrBlock: '10.0.2.0/24' } },
      Q: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'V' } } },
      QO: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'O' }, RouteTableId: { Ref: 'Q' } },
      },
      Z: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
      QR: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: { Ref: 'Q' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Z' } },
      },
      A: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'V' } } },
      B: {
        Type: 'AWS::EC2::SubnetNetworkAclAssociation',
        Properties: { NetworkAclId: { Ref: 'A' }, SubnetId: { Ref: 'S' } },
      },
      D: {
        Type: 'AWS::EC2::NetworkAclEntry',
        Properties: {
          NetworkAclId: { Ref: 'A' },
          RuleNumber: 100,
          RuleAction: 'deny',
          Egress: true,
          Protocol: 6,
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 443, To: 443 },
        },
      },
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: { Name: 'c', ResourcesVpcConfig: { SubnetIds: [{ Ref: 'S' }, { Ref: 'O' }] } },
      },
      F: { Type: 'AWS::EFS::FileSystem', Properties: { Encrypted: true, KmsKeyId: 'k', FileSystemTags: [] } },
      M: {
        Type: 'AWS::EFS::MountTarget',
        Properties: { FileSystemId: { Ref: 'F' }, SubnetId: { Ref: 'S' }, SecurityGroups: ['sg-1'] },
      },
    }),
  },
  {
    name: 'CloudFormation: what keys encrypt',
    idle: [
      '.Resources.C',
      '.Resources.C.Properties.EncryptionConfig[].Resources',
      '.Resources.K.Properties',
      '.Resources.L',
      '.Resources.R',
      '.Resources.T',
    ],
    files: template({
      K: { Type: 'AWS::KMS::Key', Properties: {} },
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: {
          Name: 'c',
          EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: get('K', 'Arn') } }],
        },
      },
      T: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: 't',
          LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { KmsKeyId: get('K', 'Arn') } }] },
        },
      },
      F: { Type: 'AWS::EFS::FileSystem', Properties: { KmsKeyId: get('K', 'Arn') } },
      R: {
        Type: 'AWS::ECR::Repository',
        Properties: {
          RepositoryName: 'r',
          EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: get('K', 'Arn') },
          LifecyclePolicy: { LifecyclePolicyText: '{"rules":[]}' },
        },
      },
      L: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: '/aws/eks/c/cluster', RetentionInDays: 7, KmsKeyId: get('K', 'Arn') },
      },
    }),
  },
  {
    name: 'CloudFormation: what stands before services',
    idle: [
      '.Resources.A',
      '.Resources.A.Properties.ApiId',
      '.Resources.A.Properties.Description',
      '.Resources.C',
      '.Resources.D',
      '.Resources.L',
      '.Resources.M',
      '.Resources.P',
      '.Resources.P.Properties.ResourceIdentifier',
      '.Resources.P.Properties.ResourceIdentifier.Ref',
      '.Resources.S',
      '.Resources.Y',
    ],
    files: template({
      N: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: { Name: 'n', AuthType: 'AWS_IAM' } },
      S: { Type: 'AWS::VpcLattice::Service', Properties: { Name: 's', AuthType: 'NONE' } },
      L: {
        Type: 'AWS::VpcLattice::AccessLogSubscription',
        Properties: { ResourceIdentifier: { Ref: 'N' }, DestinationArn: 'arn:aws:s3:::logs' },
      },
      P: {
        Type: 'AWS::VpcLattice::AuthPolicy',
        Properties: {
          ResourceIdentifier: { Ref: 'N' },
          Policy: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }] },
        },
      },
      A: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: 'a',
          Description: 'the shop',
          IntegrationType: 'HTTP_PROXY',
          IntegrationUri: 'https://shop.example.com',
          ConnectionType: 'VPC_LINK',
        },
      },
      D: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBInstanceIdentifier: 'i', VPCSecurityGroups: [get('G', 'GroupId')] },
      },
      C: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { DBClusterIdentifier: 'c', VpcSecurityGroupIds: [get('G', 'GroupId')] },
      },
      G: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupName: 'g' } },
      M: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/password', Type: 'String' } },
      Y: {
        Type: 'AWS::GuardDuty::Detector',
        Properties: {
          Enable: false,
          DataSources: { Kubernetes: { AuditLogs: { Enable: false } } },
          Features: [{ Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' }],
        },
      },
    }),
  },
  {
    name: 'CloudFormation: what the role of a cluster leads to',
    idle: [
      '.Resources.C',
      '.Resources.E',
      '.Resources.F',
      '.Resources.U.Properties',
      '.Resources.U.Properties.UserName',
    ],
    files: template({
      C: {
        Type: 'AWS::EKS::Cluster',
        Properties: { Name: 'c', RoleArn: get('R', 'Arn'), ComputeConfig: { NodeRoleArn: get('N', 'Arn') } },
      },
      R: role('eks.amazonaws.com'),
      N: role('ec2.amazonaws.com'),
      E: {
        Type: 'AWS::EKS::AccessEntry',
        Properties: { ClusterName: { Ref: 'C' }, PrincipalArn: get('N', 'Arn'), Type: 'EC2_LINUX' },
      },
      U: { Type: 'AWS::IAM::User', Properties: { UserName: 'u' } },
      F: {
        Type: 'AWS::EKS::AccessEntry',
        Properties: { ClusterName: { Ref: 'C' }, PrincipalArn: get('U', 'Arn') },
      },
    }),
  },
];

/** Answers, whose keys have no positions. */
export const answerSamples: readonly Sample[] = [
  {
    name: 'AWS: a cluster and its parts',
    files: answers(
      {
        cluster: {
          name: 'c',
          arn: `${eks}:cluster/c`,
          version: '1.33',
          platformVersion: 'eks.9',
          status: 'ACTIVE',
          health: { issues: [{ code: 'Ec2SubnetNotFound', message: 'a subnet is gone' }] },
          identity: { oidc: { issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A' } },
          accessConfig: { bootstrapClusterCreatorAdminPermissions: false },
          bootstrapSelfManagedAddons: false,
        },
      },
      { nodegroups: ['n', 'm'] },
      { addons: ['vpc-cni'] },
      { fargateProfileNames: ['f'] },
      { accessEntries: [`${iam}:role/ops`] },
      { associations: [{ associationArn: `${eks}:podidentityassociation/c/a-1` }] },
      { capabilities: [{ capabilityName: 'argo' }] },
      { identityProviderConfigs: [{ name: 'i', type: 'oidc' }] },
      {
        nodegroup: {
          nodegroupName: 'n',
          nodegroupArn: `${eks}:nodegroup/c/n/1`,
          clusterName: 'c',
          status: 'DEGRADED',
          health: { issues: [{ code: 'AccessDenied', message: 'no' }] },
          launchTemplate: { id: 'lt-1', version: '2' },
        },
      },
      {
        nodegroup: {
          nodegroupName: 'm',
          nodegroupArn: `${eks}:nodegroup/c/m/1`,
          clusterName: 'c',
          launchTemplate: { id: 'lt-1' },
        },
      },
      {
        LaunchTemplateVersions: [
          {
            LaunchTemplateId: 'lt-1',
            VersionNumber: 1,
            DefaultVersion: true,
            LaunchTemplateData: { KeyName: 'old' },
          },
          { LaunchTemplateId: 'lt-1', VersionNumber: 2, LaunchTemplateData: { KeyName: 'new' } },
        ],
      },
      {
        addon: {
          addonName: 'vpc-cni',
          addonArn: `${eks}:addon/c/vpc-cni/1`,
          clusterName: 'c',
          addonVersion: 'v1.20.0-eksbuild.1',
          status: 'ACTIVE',
          health: { issues: [{ code: 'ConfigurationConflict', message: 'two want it' }] },
        },
      },
      {
        fargateProfile: {
          fargateProfileName: 'f',
          fargateProfileArn: `${eks}:fargateprofile/c/f/1`,
          clusterName: 'c',
          selectors: [{ namespace: 'jobs' }],
        },
      },
      {
        accessEntry: {
          clusterName: 'c',
          principalArn: `${iam}:role/ops`,
          accessEntryArn: `${eks}:access-entry/c/role/111122223333/ops/1`,
          type: 'STANDARD',
          username: 'ops',
          kubernetesGroups: ['viewers'],
        },
      },
      {
        clusterName: 'c',
        principalArn: `${iam}:role/ops`,
        associatedAccessPolicies: [
          {
            policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
            accessScope: { type: 'namespace', namespaces: ['shop'] },
          },
        ],
      },
      {
        association: {
          clusterName: 'c',
          namespace: 'shop',
          serviceAccount: 'web',
          roleArn: `${iam}:role/web`,
          associationArn: `${eks}:podidentityassociation/c/a-1`,
        },
      },
      {
        capability: { capabilityName: 'argo', arn: `${eks}:capability/c/argo/1`, clusterName: 'c', type: 'ARGOCD' },
      },
      {
        identityProviderConfig: {
          oidc: {
            identityProviderConfigName: 'i',
            identityProviderConfigArn: `${eks}:identityproviderconfig/c/oidc/i/1`,
            clusterName: 'c',
            issuerUrl: 'https://login.example.com',
            clientId: 'kubernetes',
          },
        },
      },
      {
        insights: [
          {
            id: '1',
            name: 'Deprecated APIs removed in Kubernetes v1.34',
            category: 'UPGRADE_READINESS',
            kubernetesVersion: '1.34',
            insightStatus: { status: 'ERROR', reason: 'they are in use' },
          },
        ],
      },
      {
        clusterVersions: [
          {
            clusterVersion: '1.33',
            releaseDate: '2025-05-28T00:00:00Z',
            endOfStandardSupportDate: '2026-07-29T00:00:00Z',
            endOfExtendedSupportDate: '2027-07-29T00:00:00Z',
          },
        ],
      },
      { addons: [{ addonName: 'vpc-cni', addonVersions: [{ addonVersion: 'v1.20.1-eksbuild.1' }] }] },
    ),
  },
  {
    name: 'AWS: a connected cluster',
    files: answers({
      cluster: {
        name: 'c',
        arn: `${eks}:cluster/c`,
        connectorConfig: { roleArn: `${iam}:role/agent`, activationExpiry: '2026-01-02T00:00:00Z' },
      },
    }),
  },
  {
    name: 'AWS: networks',
    files: answers(
      {
        Vpcs: [
          {
            VpcId: 'vpc-1',
            CidrBlock: '10.0.0.0/16',
            OwnerId: '111122223333',
            CidrBlockAssociationSet: [
              { AssociationId: 'a-2', CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } },
            ],
          },
        ],
      },
      { VpcId: 'vpc-1', EnableDnsSupport: { Value: true } },
      { VpcId: 'vpc-1', EnableDnsHostnames: { Value: true } },
      {
        Subnets: [
          {
            SubnetId: 'subnet-1',
            VpcId: 'vpc-1',
            AvailableIpAddressCount: 9,
            MapPublicIpOnLaunch: true,
            Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }],
          },
          { SubnetId: 'subnet-2', VpcId: 'vpc-1' },
        ],
      },
      {
        RouteTables: [
          {
            RouteTableId: 'rtb-1',
            VpcId: 'vpc-1',
            Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }],
            Associations: [{ SubnetId: 'subnet-1', Main: false }],
          },
          {
            RouteTableId: 'rtb-2',
            VpcId: 'vpc-1',
            Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
            Associations: [{ Main: true }],
          },
        ],
      },
      {
        NatGateways: [
          {
            NatGatewayId: 'nat-1',
            SubnetId: 'subnet-1',
            ConnectivityType: 'public',
            NatGatewayAddresses: [{ AllocationId: 'eipalloc-1' }],
          },
        ],
      },
      { FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', TrafficType: 'ALL' }] },
      { VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', ServiceName: 'com.amazonaws.eu-west-1.s3' }] },
      {
        NetworkAcls: [
          {
            NetworkAclId: 'acl-1',
            VpcId: 'vpc-1',
            Associations: [{ SubnetId: 'subnet-1' }],
            Entries: [
              { RuleNumber: 1, Egress: true, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
              { RuleNumber: 2, Egress: false, RuleAction: 'allow', Protocol: '-1', CidrBlock: '10.0.0.0/8' },
            ],
          },
        ],
      },
      {
        SecurityGroups: [
          {
            GroupId: 'sg-1',
            GroupName: 'nodes',
            IpPermissions: [
              { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
              { IpProtocol: 'tcp', FromPort: 23, ToPort: 23, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
              { IpProtocol: 'tcp', FromPort: 24, ToPort: 24, UserIdGroupPairs: [{ GroupId: 'sg-1' }] },
            ],
            IpPermissionsEgress: [
              { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
              { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
              { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] },
            ],
          },
        ],
      },
      {
        DBInstances: [
          { DBInstanceIdentifier: 'i', VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }] },
        ],
      },
      {
        DBClusters: [
          { DBClusterIdentifier: 'd', VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }] },
        ],
      },
      { FileSystems: [{ FileSystemId: 'fs-1', Encrypted: true, Tags: [{ Key: 'Name', Value: 'shared' }] }] },
      {
        MountTargets: [
          { MountTargetId: 'fsmt-1', FileSystemId: 'fs-1', SubnetId: 'subnet-1', SecurityGroups: ['sg-1'] },
        ],
      },
      {
        AutoScalingGroups: [
          {
            AutoScalingGroupName: 'own',
            AutoScalingGroupARN: `${scaling}:autoScalingGroup:1:autoScalingGroupName/own`,
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
            LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
          },
          {
            AutoScalingGroupName: 'old',
            AutoScalingGroupARN: `${scaling}:autoScalingGroup:2:autoScalingGroupName/old`,
            Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
            LaunchConfigurationName: 'l',
          },
        ],
      },
      {
        LaunchConfigurations: [
          {
            LaunchConfigurationName: 'l',
            LaunchConfigurationARN: `${scaling}:launchConfiguration:3:launchConfigurationName/l`,
            KeyName: 'ops',
          },
        ],
      },
      {
        LaunchTemplateVersions: [
          { LaunchTemplateId: 'lt-1', VersionNumber: 1, LaunchTemplateData: { KeyName: 'new' } },
        ],
      },
      { cluster: { name: 'c', arn: `${eks}:cluster/c`, resourcesVpcConfig: { vpcId: 'vpc-1' } } },
    ),
  },
  {
    name: 'AWS: a VPC of another account',
    files: answers(
      { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '444455556666' }] },
      { cluster: { name: 'c', arn: `${eks}:cluster/c`, resourcesVpcConfig: { vpcId: 'vpc-1' } } },
    ),
  },
  {
    name: 'AWS: roles, keys and repositories',
    files: answers(
      {
        RoleDetailList: [
          {
            Arn: `${iam}:role/r`,
            RoleName: 'r',
            AssumeRolePolicyDocument: trust('ec2.amazonaws.com'),
            RolePolicyList: [{ PolicyName: 'own', PolicyDocument: trust('x') }],
            AttachedManagedPolicies: [{ PolicyName: 'p', PolicyArn: `${iam}:policy/p` }],
            PermissionsBoundary: { PermissionsBoundaryArn: `${iam}:policy/b` },
          },
        ],
        Policies: [
          {
            Arn: `${iam}:policy/p`,
            PolicyName: 'p',
            PolicyVersionList: [
              { IsDefaultVersion: false, Document: trust('old') },
              { IsDefaultVersion: true, Document: trust('new') },
            ],
          },
        ],
      },
      {
        Url: 'oidc.eks.eu-west-1.amazonaws.com/id/A',
        ClientIDList: ['sts.amazonaws.com'],
      },
      {
        KeyMetadata: { KeyId: 'k', Arn: 'arn:aws:kms:eu-west-1:111122223333:key/k', KeyManager: 'CUSTOMER' },
      },
      { KeyMetadata: { KeyId: 'a', Arn: 'arn:aws:kms:eu-west-1:111122223333:key/a', KeyManager: 'AWS' } },
      { KeyId: 'k', KeyRotationEnabled: true },
      { Aliases: [{ AliasName: 'alias/k', TargetKeyId: 'k' }] },
      {
        logGroups: [{ logGroupName: '/aws/eks/c/cluster', retentionInDays: 7, kmsKeyId: 'alias/k' }],
      },
      {
        repositories: [
          {
            repositoryName: 'r',
            repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/r',
            imageTagMutability: 'MUTABLE',
            imageScanningConfiguration: { scanOnPush: false },
          },
        ],
      },
      { repositoryName: 'r', policyText: JSON.stringify(trust('x')) },
      { repositoryName: 'r', lifecyclePolicyText: '{"rules":[]}' },
      {
        registryId: '111122223333',
        scanningConfiguration: {
          scanType: 'ENHANCED',
          rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: 'r*', filterType: 'WILDCARD' }] }],
        },
      },
      {
        pullThroughCacheRules: [{ ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io' }],
      },
      { Parameters: [{ Name: '/shop/password', Type: 'String' }] },
      { Items: [{ IntegrationId: 'i', IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://shop.example.com' }] },
      {
        DetectorId: 'd',
        Status: 'DISABLED',
        DataSources: { Kubernetes: { AuditLogs: { Status: 'DISABLED' } } },
        Features: [{ Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' }],
      },
      {
        items: [
          {
            arn: 'arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-1',
            name: 'n',
            authType: 'AWS_IAM',
          },
          { arn: 'arn:aws:vpc-lattice:eu-west-1:111122223333:service/svc-1', name: 's' },
          {
            arn: 'arn:aws:vpc-lattice:eu-west-1:111122223333:accesslogsubscription/als-1',
            resourceArn: 'arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-1',
            destinationArn: 'arn:aws:s3:::logs',
          },
        ],
      },
      {
        policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }] }),
        resourceIdentifier: 'arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-1',
        state: 'Active',
      },
    ),
  },
];
