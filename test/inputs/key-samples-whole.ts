import { insecureClusters } from './insecure-clusters.ts';
import type { Sample } from './key-samples.ts';

/* Files that say much of a format, in which not every key decides something: what is read of them is reviewed as a whole. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const account = 'arn:aws:iam::111122223333';
const group = (name: string): string => `${name}.services.k8s.aws/v1alpha1`;
const object = (apiVersion: string, kind: string, name: string, spec: object, more: object = {}): string =>
  json({ apiVersion, kind, metadata: { name }, spec, ...more });
const ack = (service: string, kind: string, name: string, spec: object): string =>
  object(group(service), kind, name, spec);
const upbound = (service: string, kind: string, name: string, forProvider: object): string =>
  object(`${service}.aws.upbound.io/v1beta1`, kind, name, { forProvider });
const files = (...all: readonly string[]): Sample['files'] =>
  Object.fromEntries(all.map((text, index) => [`${String.fromCharCode(97 + index)}.yaml`, text]));
const eksctl = (more: object, metadata: object = {}): Sample['files'] => ({
  'cluster.yaml': json({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'a', region: 'eu-west-1', ...metadata },
    ...more,
  }),
});
const terraform = (text: string): Sample['files'] => ({ 'main.tf': text });
const template = (Resources: object, more: object = {}): Sample['files'] => ({
  'template.json': json({ Resources, ...more }),
});
const parameterized = (name: string): string =>
  `Parameters:\n  ${name}Version: {Type: String, Default: "1.28"}\n  ${name}Name: {Type: String}\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: !Ref ${name}Name\n      Version: !Ref ${name}Version\n`;
const ref = (Ref: string): object => ({ Ref });
const answers = (...bodies: readonly object[]): Sample['files'] =>
  Object.fromEntries(bodies.map((body, index) => [`a/${index}.json`, json(body)]));
const to = (name: string): object => ({ from: { name } });
const allows = (Action: string): object => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trusts = (service: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'x:y', Principal: { Service: service } }] });

export const wholeSamples: readonly Sample[] = [
  ...insecureClusters,
  {
    name: 'terraform-aws-modules vpc: network ACLs',
    files: terraform(`module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "6.6.0"
  cidr    = "10.0.0.0/16"
  azs     = ["eu-west-1a"]
  public_subnets  = ["10.0.1.0/24"]
  private_subnets = ["10.0.2.0/24"]
  intra_subnets   = ["10.0.3.0/24"]
  public_dedicated_network_acl = true
  public_inbound_acl_rules = [
    { rule_number = 90, rule_action = "deny", protocol = "tcp", from_port = 22, to_port = 22, cidr_block = "0.0.0.0/0" },
  ]
  public_outbound_acl_rules = [{ rule_number = 100, rule_action = "allow", protocol = "-1", ipv6_cidr_block = "::/0" }]
  private_dedicated_network_acl = true
  private_inbound_acl_rules  = var.inbound
  private_outbound_acl_rules = []
  intra_dedicated_network_acl = false
  intra_inbound_acl_rules     = []
  intra_outbound_acl_rules    = []
  manage_default_network_acl  = true
  default_network_acl_ingress = [
    { rule_no = 100, action = "allow", protocol = "tcp", from_port = 443, to_port = 443, cidr_block = "10.0.0.0/16" },
  ]
  default_network_acl_egress = []
}
variable "inbound" {}
resource "aws_eks_node_group" "a" {
  cluster_name    = "c"
  node_group_name = "a"
  subnet_ids      = concat(module.vpc.private_subnets, module.vpc.intra_subnets)
}
`),
  },
  {
    name: 'ACK: keys, stores and networks',
    files: files(
      ack('kms', 'Key', 'k', { enableKeyRotation: true, policy: trusts('logs.amazonaws.com') }),
      ack('ecr', 'Repository', 'r', {
        name: 'app',
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        policy: trusts('codebuild.amazonaws.com'),
        lifecyclePolicy:
          '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
      }),
      ack('cloudwatchlogs', 'LogGroup', 'l', { name: '/aws/eks/c/cluster', retentionDays: 7, kmsKeyRef: to('k') }),
      ack('cloudwatchlogs', 'LogGroup', 'm', { name: '/aws/eks/d/cluster', kmsKeyID: 'arn:aws:kms:x' }),
      ack('efs', 'FileSystem', 'f', { encrypted: true, kmsKeyRef: to('k'), tags: [{ key: 'Name', value: 'shared' }] }),
      ack('efs', 'MountTarget', 't', {
        fileSystemRef: to('f'),
        subnetRef: to('s'),
        securityGroupRefs: [to('g')],
      }),
      ack('efs', 'MountTarget', 'u', { fileSystemID: 'fs-1', subnetID: 'subnet-1', securityGroups: ['sg-1'] }),
      ack('rds', 'DBInstance', 'i', { dbInstanceIdentifier: 'orders', vpcSecurityGroupRefs: [to('g')] }),
      ack('rds', 'DBInstance', 'j', { dbInstanceIdentifier: 'bills', vpcSecurityGroupIDs: ['sg-2'] }),
      ack('rds', 'DBCluster', 'c', { dbClusterIdentifier: 'people', vpcSecurityGroupRefs: [to('g')] }),
      ack('rds', 'DBCluster', 'd', { dbClusterIdentifier: 'goods', vpcSecurityGroupIDs: ['sg-3'] }),
      ack('ec2', 'SecurityGroup', 'g', { name: 'stores', ingressRules: [{ ipProtocol: '-1' }] }),
      ack('ssm', 'Parameter', 'p', { name: '/app/password', type: 'String', value: 'x' }),
      ack('eks', 'Cluster', 'e', {
        name: 'e',
        encryptionConfig: [{ resources: ['secrets'], provider: { keyRef: to('k') } }],
        remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ['10.200.0.0/16'] }] },
        computeConfig: { enabled: true, nodePools: ['system'], nodeRoleARN: `${account}:role/n` },
        resourcesVPCConfig: { securityGroupRefs: [to('g')] },
      }),
      ack('eks', 'Nodegroup', 'n', { name: 'n', clusterRef: to('e') }),
    ),
  },
  {
    name: 'Upbound: every kind',
    files: files(
      upbound('eks', 'Cluster', 'c', { version: '1.33', vpcConfig: [{ endpointPrivateAccess: true }] }),
      upbound('eks', 'NodeGroup', 'n', { clusterNameRef: { name: 'c' }, amiType: 'AL2_x86_64' }),
      upbound('eks', 'Addon', 'a', {
        clusterNameRef: { name: 'c' },
        addonName: 'coredns',
        resolveConflictsOnUpdate: 'OVERWRITE',
        podIdentityAssociation: [{ serviceAccount: 'x', roleArn: `${account}:role/p` }],
      }),
      upbound('eks', 'FargateProfile', 'p', { clusterName: 'c', selector: [{ namespace: 'f' }] }),
      upbound('eks', 'AccessEntry', 'e', { clusterName: 'c', principalArn: `${account}:role/a`, userName: 'u' }),
      upbound('eks', 'AccessPolicyAssociation', 'l', {
        clusterName: 'c',
        principalArn: `${account}:role/a`,
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        accessScope: [{ type: 'cluster' }],
      }),
      upbound('eks', 'IdentityProviderConfig', 'i', {
        clusterName: 'c',
        oidc: [{ issuerUrl: 'https://login.example.com', clientId: 'k', identityProviderConfigName: 'login' }],
      }),
      upbound('eks', 'PodIdentityAssociation', 'd', {
        clusterName: 'c',
        namespace: 'x',
        serviceAccount: 'y',
        roleArn: `${account}:role/p`,
      }),
      upbound('ec2', 'LaunchTemplate', 't', { name: 't', metadataOptions: [{ httpTokens: 'optional' }] }),
      upbound('ec2', 'SecurityGroup', 'g', { name: 'g', ingress: [{ protocol: 'tcp', cidrBlocks: ['0.0.0.0/0'] }] }),
      upbound('ec2', 'SecurityGroupRule', 'in', {
        type: 'ingress',
        securityGroupIdRef: { name: 'g' },
        protocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        cidrBlocks: ['10.0.0.0/8'],
      }),
      upbound('ec2', 'SecurityGroupRule', 'out', {
        type: 'egress',
        securityGroupIdRef: { name: 'g' },
        protocol: 'tcp',
        cidrBlocks: ['10.1.0.0/16'],
      }),
      upbound('ec2', 'SecurityGroupIngressRule', 'r', {
        securityGroupIdRef: { name: 'g' },
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        cidrIpv4: '10.2.0.0/16',
      }),
      upbound('guardduty', 'Detector', 'h', {
        enable: true,
        datasources: [{ kubernetes: [{ auditLogs: [{ enable: true }] }] }],
      }),
      upbound('ssm', 'Parameter', 'app', { type: 'String' }),
      upbound('kms', 'Key', 'k', { enableKeyRotation: true, customerMasterKeySpec: 'RSA_2048', isEnabled: false }),
      upbound('ecr', 'Repository', 'images', { imageTagMutability: 'MUTABLE' }),
      upbound('ecr', 'LifecyclePolicy', 'j', {
        repositoryRef: { name: 'images' },
        policy:
          '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
      }),
      upbound('ecr', 'RepositoryPolicy', 'o', {
        repositoryRef: { name: 'images' },
        policy: trusts('codebuild.amazonaws.com'),
      }),
      upbound('cloudwatchlogs', 'Group', 'logs', { retentionInDays: 7, kmsKeyIdRef: { name: 'k' } }),
      upbound('efs', 'FileSystem', 'f', { encrypted: true, kmsKeyIdRef: { name: 'k' } }),
      upbound('efs', 'MountTarget', 'm', { fileSystemIdRef: { name: 'f' }, subnetIdRef: { name: 's' } }),
      upbound('efs', 'MountTarget', 'q', { fileSystemIdSelector: { matchLabels: { a: 'b' } }, subnetId: 'subnet-1' }),
      upbound('efs', 'MountTarget', 'v', { fileSystemId: 'fs-1', subnetIdSelector: { matchLabels: { a: 'b' } } }),
      upbound('efs', 'FileSystem', 'w', { kmsKeyIdSelector: { matchLabels: { a: 'b' } } }),
      upbound('ecr', 'RepositoryPolicy', 'x', { repositorySelector: { matchLabels: { a: 'b' } }, policy: '{}' }),
    ),
  },
  {
    name: 'Crossplane: what a composition makes',
    files: files(
      object('apiextensions.crossplane.io/v1', 'Composition', 'c', {
        patchSets: [{ name: 'common', patches: [{ fromFieldPath: 'spec.forProvider.version' }] }],
        resources: [
          {
            name: 'control-plane',
            base: {
              apiVersion: 'eks.aws.upbound.io/v1beta1',
              kind: 'Cluster',
              spec: { forProvider: { version: '1.33' } },
            },
            patches: [
              { type: 'PatchSet', patchSetName: 'common' },
              { type: 'ToCompositeFieldPath', fromFieldPath: 'spec.forProvider.vpcConfig' },
              { toFieldPath: 'spec.forProvider.tags[a.b/c]' },
            ],
          },
          { base: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } } },
        ],
      }),
      object('apiextensions.crossplane.io/v1', 'Composition', 'p', {
        mode: 'Pipeline',
        pipeline: [
          {
            step: 'x',
            input: {
              resources: [
                {
                  name: 'nodes',
                  base: {
                    apiVersion: 'eks.aws.upbound.io/v1beta2',
                    kind: 'NodeGroup',
                    spec: { forProvider: { clusterName: 'c', remoteAccess: { ec2SshKey: 'k' } } },
                  },
                },
              ],
            },
          },
        ],
      }),
    ),
  },
  {
    name: 'aws-auth and policies of networks as objects',
    files: files(
      json({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'aws-auth', namespace: 'kube-system' },
        data: {
          mapRoles: `- rolearn: ${account}:role/a\n  username: a\n  groups: [g]\n`,
          mapUsers: `- userarn: ${account}:user/b\n  username: b\n  groups: ['system:masters']\n`,
          mapAccounts: '- "111122223333"\n',
        },
      }),
      object('application-networking.k8s.aws/v1alpha1', 'IAMAuthPolicy', 'p', {
        policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Principal: '*', Resource: '*' }] }),
        targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' },
      }),
    ),
  },
  {
    name: 'Cluster API: words and switches',
    files: files(
      object('cluster.x-k8s.io/v1beta1', 'Cluster', 'c', {
        controlPlaneRef: { kind: 'AWSManagedControlPlane', name: 'plane' },
      }),
      json({
        apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
        kind: 'AWSManagedControlPlane',
        metadata: { name: 'plane', namespace: 'n' },
        spec: {
          version: 'v1.33.2',
          accessConfig: { authenticationMode: 'config_map' },
          addons: [
            { name: 'a', version: 'v1', conflictResolution: 'overwrite', preserveOnDelete: true },
            { name: 'b', version: 'v1', conflictResolution: 'none' },
            { name: 'c', version: 'v1', conflictResolution: 'preserve', configuration: '{"a":1}' },
            { name: 'd', version: 'v1' },
          ],
          accessEntries: [{ principalARN: `${account}:role/a`, type: 'standard' }],
        },
      }),
      json({
        apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
        kind: 'AWSManagedControlPlane',
        metadata: { name: 'filled', namespace: 'n' },
        spec: { addons: '${ADDONS}', accessEntries: '${ENTRIES}' },
      }),
      object('cluster.x-k8s.io/v1beta1', 'MachinePool', 'pool', {
        clusterName: 'c',
        replicas: 2,
        template: { spec: { version: 'v1.33', bootstrap: {}, infrastructureRef: { name: 'pool' } } },
      }),
      object('infrastructure.cluster.x-k8s.io/v1beta2', 'AWSManagedMachinePool', 'pool', {
        eksNodegroupName: 'managed',
        updateConfig: { maxUnavailablePercentage: 20 },
        nodeRepairConfig: { enabled: true },
        remoteAccess: { sshKeyName: 'ops', public: true },
        awsLaunchTemplate: {
          instanceType: 'm5.large',
          iamInstanceProfile: 'profile',
          sshKeyName: 'ops',
          instanceMetadataOptions: { httpEndpoint: 'enabled' },
          rootVolume: { size: 10, encrypted: true, type: 'gp3', encryptionKey: 'k' },
        },
      }),
      object('infrastructure.cluster.x-k8s.io/v1beta2', 'AWSManagedMachinePool', 'alone', {
        eksNodegroupName: 'alone',
        updateConfig: { maxUnavailable: 1 },
        remoteAccess: { sshKeyName: 'ops' },
      }),
    ),
  },
  {
    name: 'Karpenter: what a class selects',
    files: files(
      object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'open', {
        amiFamily: 'AL2',
        securityGroupSelectorTerms: [{ tags: { a: 'b' } }, { id: 'sg-1' }, { name: 'n' }],
        subnetSelectorTerms: [{ tags: { c: 'd' } }],
        kubelet: { maxPods: 20, systemReserved: { memory: '1Gi' } },
        detailedMonitoring: true,
        instanceProfile: 'profile',
        blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: '20Gi', encrypted: true, kmsKeyID: 'k' } }],
      }),
      object(
        'karpenter.k8s.aws/v1',
        'EC2NodeClass',
        'found',
        {
          amiSelectorTerms: [
            { ssmParameter: '/aws/service/eks/optimized-ami/1.32/amazon-linux-2/recommended/image_id' },
          ],
          securityGroupSelectorTerms: [{ tags: { a: 'b' } }],
          subnetSelectorTerms: [{ tags: { c: 'd' } }],
        },
        { status: { securityGroups: [{ id: 'sg-2' }], subnets: [{ id: 'subnet-2' }] } },
      ),
      object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'two', {
        amiSelectorTerms: [{ alias: 'al2023@v1' }, { alias: 'al2@v1' }],
      }),
      object('eks.amazonaws.com/v1', 'NodeClass', 'auto', {
        role: 'r',
        subnetSelectorTerms: [{ id: 'subnet-3' }],
        securityGroupSelectorTerms: [{ id: 'sg-3' }],
      }),
    ),
  },
  {
    name: 'eksctl: roles',
    files: eksctl({
      iam: {
        withOIDC: true,
        serviceAccounts: [
          { metadata: { name: 'named', namespace: 'apps' }, attachPolicyARNs: [`${account}:policy/p`] },
          {
            metadata: { name: 'plain' },
            roleName: 'plain',
            attachPolicy: allows('s3:GetObject'),
            permissionsBoundary: `${account}:policy/b`,
          },
          {
            metadata: { name: 'x', namespace: 'apps' },
            subjectPattern: 'team-*',
            attachPolicyARNs: [`${account}:policy/p`],
          },
          { metadata: { name: 'given', namespace: 'apps' }, attachRoleARN: `${account}:role/given` },
        ],
        podIdentityAssociations: [
          { namespace: 'apps', serviceAccountName: 'pods', permissionPolicyARNs: [`${account}:policy/p`] },
          {
            namespace: 'apps',
            serviceAccountName: 'own',
            roleName: 'own',
            permissionPolicy: allows('s3:PutObject'),
            permissionsBoundaryARN: `${account}:policy/b`,
          },
        ],
      },
      addons: [
        { name: 'vpc-cni', attachPolicyARNs: [`${account}:policy/p`] },
        { name: 'aws-ebs-csi-driver', attachPolicy: allows('ec2:CreateVolume') },
        {
          name: 'aws-efs-csi-driver',
          podIdentityAssociations: [
            { serviceAccountName: 'efs', namespace: 'kube-system', permissionPolicyARNs: [`${account}:policy/p`] },
          ],
        },
      ],
      managedNodeGroups: [
        {
          name: 'images',
          iam: { attachPolicyARNs: [`${account}:policy/p`], withAddonPolicies: { imageBuilder: true } },
        },
        { name: 'inline', iam: { instanceRoleName: 'nodes', attachPolicy: allows('s3:GetObject') } },
        { name: 'given', iam: { instanceRoleARN: `${account}:role/given` } },
      ],
      iamIdentityMappings: [
        { arn: `${account}:role/a`, username: 'a', groups: ['g'] },
        { arn: `${account}:user/b`, username: 'b', groups: ['system:masters'] },
        { account: '111122223333' },
      ],
    }),
  },
  {
    name: 'eksctl: networks and clusters',
    files: eksctl(
      {
        vpc: {
          id: 'vpc-1',
          subnets: { public: { front: { id: 'subnet-1' } }, private: { back: { id: 'subnet-2' } } },
        },
        kubernetesNetworkConfig: { ipFamily: 'IPv4' },
        kubeAPIServerConfig: { featureGates: { A: true }, auditPolicy: 'x' },
        cloudWatch: { clusterLogging: { enableTypes: ['all'] } },
        identityProviders: [
          {
            name: 'i',
            type: 'oidc',
            issuerURL: 'https://login.example.com',
            clientID: 'c',
            usernameClaim: 'email',
            usernamePrefix: 'oidc:',
            groupsClaim: 'groups',
            groupsPrefix: 'oidc:',
          },
        ],
        nodeGroups: [
          { name: 'open', subnets: ['front'], ssh: { allow: true } },
          { name: 'closed', subnets: ['back'], ssh: { allow: true }, privateNetworking: true },
          {
            name: 'bought',
            instancesDistribution: {
              instanceTypes: ['m5.large'],
              onDemandBaseCapacity: 1,
              onDemandPercentageAboveBaseCapacity: 0,
            },
          },
          { name: 'once', disableIMDSv1: true },
          { name: 'either', disableIMDSv1: false },
          { name: 'script', preBootstrapCommands: ['a', 'b'], overrideBootstrapCommand: 'c' },
          { name: 'volume', volumeSize: 50 },
          { name: 'type', volumeType: 'io1' },
          { name: 'speed', volumeIOPS: 4000 },
          { name: 'throughput', volumeThroughput: 200 },
          { name: 'key', volumeKmsKeyID: 'k' },
          { name: 'bottle', amiFamily: 'Bottlerocket', bottlerocket: { settings: { kubernetes: { 'max-pods': 20 } } } },
          { name: 'kubelet', kubeletExtraConfig: { kubeReserved: { memory: '1Gi' } } },
        ],
        managedNodeGroups: [
          { name: 'ssh', ssh: { publicKeyName: 'ops', sourceSecurityGroupIds: ['sg-1'] } },
          { name: 'size', minSize: 2, maxSize: 2, desiredCapacity: 2 },
          { name: 'spot', spot: true },
        ],
      },
      { version: '1.33' },
    ),
  },
  {
    name: 'eksctl: add-ons for a cluster made elsewhere',
    files: eksctl({ addons: [{ name: 'coredns' }] }),
  },
  {
    name: 'eksctl: profiles for a cluster made elsewhere',
    files: eksctl({ fargateProfiles: [{ name: 'f', selectors: [{ namespace: 'f' }] }] }),
  },
  {
    name: 'eksctl: roles for a cluster made elsewhere',
    files: eksctl({ iam: { serviceAccounts: [{ metadata: { name: 'x', namespace: 'y' }, attachPolicyARNs: ['p'] }] } }),
  },
  {
    name: 'eksctl: groups beside a cluster',
    files: {
      ...eksctl({ managedNodeGroups: [{ name: 'first' }] }, { version: '1.33' }),
      'groups.yaml': json({
        apiVersion: 'eksctl.io/v1alpha5',
        kind: 'ClusterConfig',
        metadata: { name: 'a', region: 'eu-west-1' },
        nodeGroups: [{ name: 'second' }],
      }),
      'other.yaml': json({
        apiVersion: 'eksctl.io/v1alpha5',
        kind: 'ClusterConfig',
        metadata: { name: 'a', region: 'us-east-1' },
        nodeGroups: [{ name: 'third' }],
      }),
    },
  },
  {
    name: 'eksctl: what is no list',
    files: eksctl({ managedNodeGroups: { a: 1 }, nodeGroups: { b: 1 }, addons: { c: 1 }, fargateProfiles: { d: 1 } }),
  },
  {
    name: 'Terraform: what access is for',
    files: {
      'main.tf': `data "aws_iam_roles" "sso" {
  name_regex = "AWSReservedSSO_.*"
}
resource "aws_iam_user" "u" {
  name = "u"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_eks_access_entry" "sso" {
  for_each      = toset(["a", "b"])
  cluster_name  = "c"
  principal_arn = "arn:aws:iam::111122223333:role/\${each.key}"
}
resource "aws_eks_access_entry" "all" {
  for_each      = data.aws_iam_roles.sso.arns
  cluster_name  = "c"
  principal_arn = each.value
}
resource "aws_eks_access_entry" "user" {
  cluster_name  = "c"
  principal_arn = aws_iam_user.u.arn
}
resource "aws_eks_access_entry" "role" {
  cluster_name  = "c"
  principal_arn = aws_iam_role.r.arn
}
resource "awscc_ec2_launch_template" "t" {
  launch_template_name = "t"
  launch_template_data = { image_id = "ami-1", user_data = base64encode("bootstrap.sh --max-pods 7") }
}
resource "kubectl_manifest" "placed" {
  override_namespace = var.namespace
  yaml_body          = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: placed}\\n"
}
resource "kubectl_manifest" "m" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Namespace
    metadata:
      name: n
  EOT
}
module "eks" {
  source                    = "terraform-aws-modules/eks/aws"
  version                   = "19.21.0"
  cluster_name              = "c"
  create_aws_auth_configmap = true
  aws_auth_roles            = [{ rolearn = aws_iam_role.r.arn, username = "r", groups = ["g"] }]
}
resource "aws_kms_key" "k" {
  customer_master_key_spec = "RSA_2048"
}
`,
    },
  },
  {
    name: 'Terraform: add-ons of blueprints',
    files: terraform(`module "addons" {
  source                              = "aws-ia/eks-blueprints-addons/aws"
  version                             = "1.20.0"
  cluster_name                        = "c"
  enable_aws_load_balancer_controller = true
  enable_cluster_autoscaler           = true
  enable_karpenter                    = true
  enable_external_dns                 = true
  enable_aws_efs_csi_driver           = true
  enable_metrics_server               = true
  karpenter                           = { chart_version = "1.6.0", namespace = "nodes" }
  aws_load_balancer_controller        = { chart_version = "1.1.0" }
  cluster_autoscaler                  = { chart_version = "1.2.0" }
  external_dns                        = { chart_version = "1.3.0" }
  aws_efs_csi_driver                  = { chart_version = "1.4.0" }
  metrics_server                      = { chart_version = "1.5.0" }
  eks_addons                          = { coredns = {}, own = { name = "vpc-cni" } }
}
module "older" {
  source                              = "github.com/aws-ia/terraform-aws-eks-blueprints//modules/kubernetes-addons?ref=v4.32.1"
  eks_cluster_id                      = "c"
  enable_karpenter                    = true
  karpenter_helm_config               = { version = "0.27.0", namespace = "old" }
  enable_amazon_eks_vpc_cni           = true
  enable_amazon_eks_coredns           = true
  enable_amazon_eks_kube_proxy        = true
  enable_amazon_eks_aws_ebs_csi_driver = true
  enable_amazon_eks_adot              = true
  amazon_eks_vpc_cni_config           = { addon_version = "v1.18.0" }
}
module "other" {
  source           = "terraform-aws-modules/ecr/aws"
  enable_karpenter = true
}
`),
  },
  {
    name: 'Terraform: a cluster of blueprints',
    files: terraform(`module "plain" {
  source              = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  cluster_name        = "c"
  managed_node_groups = {
    plain  = { node_group_name = "plain", instance_types = ["m5.large"], remote_access = true, ec2_ssh_key = "ops" }
    own    = { create_launch_template = true, block_device_mappings = [{ device_name = "/dev/xvda", volume_size = 20 }] }
    option = { create_launch_template = true, http_tokens = "optional", http_endpoint = "disabled", block_device_mappings = [{ encrypted = false }] }
  }
}
module "off" {
  source     = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  create_eks = false
}
`),
  },
  {
    name: 'Terraform: groups of Cloud Posse',
    files: terraform(`module "cluster" {
  source  = "cloudposse/eks-cluster/aws"
  version = "4.6.0"
  name    = "c"
  addons  = [{ addon_name = "coredns", addon_version = "v1" }]
}
module "default" {
  source       = "cloudposse/eks-node-group/aws"
  version      = "3.3.0"
  cluster_name = module.cluster.eks_cluster_id
  subnet_ids   = ["subnet-1"]
  block_device_map = { "/dev/xvda" = { ebs = { volume_size = 20 } } }
}
module "set" {
  source                         = "cloudposse/eks-node-group/aws"
  version                        = "3.3.0"
  cluster_name                   = "c"
  metadata_http_tokens_required  = false
  metadata_http_endpoint_enabled = false
  ec2_ssh_key_name               = ["ops"]
  block_device_map               = { "/dev/xvda" = { ebs = { encrypted = false } } }
}
module "on" {
  source                         = "cloudposse/eks-node-group/aws"
  version                        = "3.3.0"
  cluster_name                   = "c"
  metadata_http_tokens_required  = true
  metadata_http_endpoint_enabled = true
}
module "off" {
  source       = "cloudposse/eks-node-group/aws"
  version      = "3.3.0"
  enabled      = false
  cluster_name = "c"
}
`),
  },
  {
    name: 'Terraform: switches of repositories',
    files: terraform(`module "off" {
  source          = "terraform-aws-modules/ecr/aws"
  create          = false
  repository_name = "off"
}
module "none" {
  source            = "terraform-aws-modules/ecr/aws"
  create_repository = false
  repository_name   = "none"
}
module "kept" {
  source                  = "terraform-aws-modules/ecr/aws"
  repository_name         = "kept"
  create_lifecycle_policy = false
}
module "cleaned" {
  source                      = "terraform-aws-modules/ecr/aws"
  repository_name             = "cleaned"
  repository_lifecycle_policy = "{}"
}
resource "aws_iam_user" "u" {
  name = module.cleaned.repository_url
}
`),
  },
  {
    name: 'Terraform: switches of groups of 17',
    files: terraform(`module "eks" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "17.24.0"
  cluster_name    = "c"
  cluster_version = "1.21"
  map_roles       = [{ rolearn = "arn:aws:iam::111122223333:role/a", username = "a", groups = ["g"] }]
  node_groups_defaults   = { key_name = "ops", disk_encrypted = true }
  workers_group_defaults = { metadata_http_tokens = "required" }
  node_groups = {
    plain  = { additional_security_group_ids = ["sg-1"], source_security_group_ids = ["sg-2"] }
    own    = { create_launch_template = true, ami_id = "ami-1" }
    other  = { launch_template_id = "lt-1" }
    open   = { create_launch_template = true, metadata_http_endpoint = "disabled", metadata_http_put_response_hop_limit = 1 }
  }
  worker_groups = [
    { name = "spot", spot_price = "0.1", instance_type = "m5.large" },
    { name = "windows", platform = "windows" },
    { name = "image", ami_id = "ami-2", root_encrypted = true },
  ]
  worker_groups_launch_template = [
    { name = "market", market_type = "spot", override_instance_types = ["a", "b"] },
    { name = "demand", market_type = "on-demand", key_name = "ops" },
  ]
}
module "users" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "17.24.0"
  cluster_name = "u"
  map_users    = [{ userarn = "arn:aws:iam::111122223333:user/b", username = "b", groups = ["g"] }]
}
module "accounts" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "17.24.0"
  cluster_name = "a"
  map_accounts = ["111122223333"]
}
module "unmanaged" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "17.24.0"
  cluster_name    = "m"
  manage_aws_auth = false
  map_roles       = []
}
`),
  },
  {
    name: 'Terraform: aws-auth of the modules',
    files: terraform(`module "managed" {
  source                    = "terraform-aws-modules/eks/aws"
  version                   = "19.21.0"
  cluster_name              = "c"
  manage_aws_auth_configmap = true
  aws_auth_users            = [{ userarn = "arn:aws:iam::111122223333:user/b", username = "b", groups = ["g"] }]
  aws_auth_accounts         = ["111122223333"]
}
module "off" {
  source                    = "terraform-aws-modules/eks/aws//modules/aws-auth"
  version                   = "20.31.0"
  manage_aws_auth_configmap = false
  aws_auth_roles            = [{ rolearn = "arn:aws:iam::111122223333:role/a", username = "a", groups = ["g"] }]
}
module "made" {
  source                    = "terraform-aws-modules/eks/aws//modules/aws-auth"
  version                   = "20.31.0"
  manage_aws_auth_configmap = false
  create_aws_auth_configmap = true
  aws_auth_roles            = [{ rolearn = "arn:aws:iam::111122223333:role/b", username = "b", groups = ["g"] }]
}
`),
  },
  {
    name: 'Terraform: platforms and switches of groups',
    files: terraform(`module "eks" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "20.31.0"
  cluster_name    = "c"
  cluster_version = "1.31"
  subnet_ids      = ["subnet-1"]
  tags            = { team = "dev" }
  create_kms_key            = false
  cluster_encryption_config = {}
  create_node_security_group = true
  node_security_group_additional_rules = {
    in   = { type = "ingress", from_port = 22, to_port = 22, cidr_blocks = ["10.0.0.0/8"] }
    word = { type = "ingress", protocol = "udp", from_port = 53, to_port = 53, cidr_blocks = ["10.0.0.0/8"] }
    out  = { type = "egress", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"] }
  }
  self_managed_node_groups = {
    linux      = { platform = "linux" }
    al2023     = { platform = "al2023" }
    bottle     = { platform = "bottlerocket" }
    windows    = { platform = "windows" }
    none       = { instance_type = "m5.large", iam_role_additional_policies = { a = "arn:aws:iam::111122223333:policy/p" } }
    given      = { create_iam_instance_profile = false, iam_instance_profile_arn = "arn:aws:iam::111122223333:instance-profile/p" }
    off        = { create = false }
  }
  eks_managed_node_groups = {
    tagged = { tags = { size = "s" }, subnet_ids = ["subnet-2"], cloudinit_pre_nodeadm = [{ content = "x" }] }
    after  = { cloudinit_post_nodeadm = [{ content = "y" }], post_bootstrap_user_data = "z" }
    args   = { bootstrap_extra_args = "--a" }
    older  = { cluster_version = "1.30" }
    given  = { create_iam_role = false, iam_role_arn = "arn:aws:iam::111122223333:role/n" }
    late   = { kubernetes_version = "1.29" }
  }
  fargate_profiles = {
    shared = { selectors = [{ namespace = "a" }] }
    own    = { selectors = [{ namespace = "b" }], subnet_ids = ["subnet-3"], iam_role_additional_policies = { a = "arn:aws:iam::111122223333:policy/p" } }
  }
}
module "alone" {
  source                     = "terraform-aws-modules/eks/aws"
  version                    = "20.31.0"
  cluster_name               = "alone"
  create_node_security_group = false
  node_security_group_additional_rules = { in = { type = "ingress", from_port = 22, to_port = 22, cidr_blocks = ["10.0.0.0/8"] } }
  cluster_encryption_config  = { resources = ["other"], provider_key_arn = "k" }
  fargate_profiles           = var.profiles
  eks_managed_node_groups    = var.groups
}
module "seventeen" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "17.24.0"
  cluster_name = "old"
  subnets      = ["subnet-9"]
  fargate_profiles = { a = { selectors = [{ namespace = "a" }] }, b = { selectors = [{ namespace = "b" }], subnets = ["subnet-8"] } }
}
module "group" {
  source             = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"
  cluster_name       = "c"
  name               = "late"
  kubernetes_version = "1.33"
}
module "early" {
  source          = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"
  cluster_name    = "c"
  name            = "early"
  cluster_version = "1.30"
}
module "profile" {
  source                     = "terraform-aws-modules/eks/aws//modules/fargate-profile"
  cluster_name               = "c"
  name                       = "p"
  selectors                  = [{ namespace = "a" }]
  iam_role_policy_statements = [{ effect = "Allow", actions = ["s3:*"], resources = ["*"] }]
}
module "posse" {
  source               = "cloudposse/eks-fargate-profile/aws"
  cluster_name         = "c"
  subnet_ids           = ["subnet-4"]
  kubernetes_namespace = "a"
  fargate_profile_name = "q"
  tags                 = { a = "b" }
}
`),
  },
  {
    name: 'Terraform: roles of the karpenter module',
    files: terraform(`module "pods" {
  source                         = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                        = "21.3.1"
  cluster_name                   = "c"
  create_pod_identity_association = true
}
module "placed" {
  source                          = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                         = "20.31.0"
  cluster_name                    = "c"
  create_pod_identity_association = true
  namespace                       = "nodes"
  service_account                 = "scaler"
  enable_pod_identity             = false
}
module "tokens" {
  source                          = "terraform-aws-modules/eks/aws//modules/karpenter"
  cluster_name                    = "c"
  enable_irsa                     = true
  irsa_oidc_provider_arn          = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X"
  iam_role_source_assume_policy_documents = ["{}"]
}
module "accounts" {
  source                          = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                         = "19.21.0"
  cluster_name                    = "c"
  create_irsa                     = true
  irsa_oidc_provider_arn          = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X"
  irsa_namespace_service_accounts = ["a:b"]
  irsa_assume_role_condition_test = "StringLike"
  iam_role_override_assume_policy_documents = ["{}"]
}
module "nodes" {
  source               = "terraform-aws-modules/eks/aws//modules/karpenter"
  version              = "20.31.0"
  cluster_name         = "c"
  create_iam_role      = false
  node_iam_role_name   = "n"
  node_iam_role_use_name_prefix = false
}
module "none" {
  source               = "terraform-aws-modules/eks/aws//modules/karpenter"
  version              = "20.31.0"
  cluster_name         = "c"
  create_iam_role      = true
  iam_role_name        = "k"
  create_node_iam_role = false
}
`),
  },
  {
    name: 'Terraform: whom roles of the modules trust',
    files: terraform(`module "irsa" {
  source           = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version          = "5.39.0"
  role_name        = "irsa"
  oidc_providers   = { a = { provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks", namespace_service_accounts = ["a:b"] } }
}
module "like" {
  source                     = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version                    = "5.39.0"
  role_name                  = "like"
  assume_role_condition_test = "StringLike"
  oidc_providers             = { a = { provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks", namespace_service_accounts = ["a:*"] } }
}
module "accounts" {
  source                   = "terraform-aws-modules/iam/aws//modules/iam-eks-role"
  version                  = "5.39.0"
  role_name                = "accounts"
  cluster_service_accounts = { c = ["a:b"] }
}
module "urls" {
  source                           = "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc"
  version                          = "5.39.0"
  create_role                      = true
  role_name                        = "urls"
  provider_urls                    = ["oidc.eks.eu-west-1.amazonaws.com/id/X"]
  oidc_fully_qualified_subjects    = ["system:serviceaccount:a:b"]
  provider_trust_policy_conditions = [{ test = "StringEquals", variable = "aws:a", values = ["b"] }]
}
module "pods" {
  source                         = "terraform-aws-modules/eks-pod-identity/aws"
  name                           = "pods"
  use_name_prefix                = false
  trust_policy_conditions        = [{ test = "StringEquals", variable = "aws:a", values = ["b"] }]
  source_policy_documents        = ["{}"]
  association_defaults           = { namespace = "a" }
  associations                   = { one = { cluster_name = "c", service_account = "s" } }
}
module "override" {
  source                    = "terraform-aws-modules/eks-pod-identity/aws"
  name                      = "override"
  override_policy_documents = ["{}"]
}
module "inline" {
  source                         = "terraform-aws-modules/iam/aws//modules/iam-role"
  name                           = "inline"
  enable_oidc                    = true
  oidc_provider_urls             = ["oidc.eks.eu-west-1.amazonaws.com/id/X"]
  oidc_subjects                  = ["system:serviceaccount:a:b"]
  source_inline_policy_documents = ["{}"]
  trust_policy_conditions        = [{ test = "StringEquals", variable = "aws:a", values = ["b"] }]
}
module "overridden" {
  source                           = "terraform-aws-modules/iam/aws//modules/iam-role"
  name                             = "overridden"
  enable_oidc                      = true
  override_inline_policy_documents = ["{}"]
}
module "off" {
  source = "terraform-aws-modules/iam/aws//modules/iam-eks-role"
  create = false
  name   = "off"
}
`),
  },
  {
    name: 'Terraform: switches with defaults of variables',
    files: terraform(`variable "on" {
  default = false
}
module "a" {
  source = "terraform-aws-modules/eks/aws"
  create = var.on
}
module "b" {
  source  = "cloudposse/eks-cluster/aws"
  enabled = var.on
}
module "c" {
  source     = "github.com/aws-ia/terraform-aws-eks-blueprints"
  create_eks = var.on
}
module "d" {
  source     = "terraform-aws-modules/vpc/aws"
  create_vpc = var.on
}
module "e" {
  source            = "terraform-aws-modules/ecr/aws"
  create_repository = var.on
}
module "f" {
  source      = "terraform-aws-modules/iam/aws//modules/iam-eks-role"
  create_role = var.on
}
module "addons" {
  source = "cloudposse/eks-cluster/aws"
  addons = var.unset
}
module "late" {
  source  = "terraform-aws-modules/eks/aws"
  version = "21.1.0"
  addons  = var.unset
}
module "label" {
  source  = "cloudposse/label/null"
  enabled = false
}
module "inherited" {
  source  = "cloudposse/label/null"
  context = module.label.context
}
resource "aws_eks_cluster" "none" {
  count = module.inherited.enabled ? 1 : 0
  name  = "none"
}
resource "aws_eks_cluster" "some" {
  count = module.label.enabled ? 0 : 1
  name  = "some"
}
`),
  },
  {
    name: 'Terraform: networks by default',
    files: terraform(`module "vpc" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.0"
  azs                = ["a", "b"]
  public_subnets     = ["10.0.1.0/24", "10.0.2.0/24"]
  private_subnets    = ["10.0.3.0/24"]
  enable_nat_gateway = true
  enable_flow_log    = true
}
module "elasticache" {
  source              = "terraform-aws-modules/vpc/aws"
  version             = "5.8.0"
  public_subnets      = ["10.0.1.0/24"]
  elasticache_subnets = ["10.0.4.0/24", "10.0.5.0/24"]
  enable_nat_gateway  = true
}
module "redshift" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.0"
  public_subnets     = ["10.0.1.0/24"]
  redshift_subnets   = ["10.0.4.0/24", "10.0.5.0/24"]
  enable_nat_gateway = true
}
module "publics" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.0"
  public_subnets     = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
  enable_nat_gateway = true
}
module "privates" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.0"
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24"]
  enable_nat_gateway = true
}
module "closed" {
  source         = "terraform-aws-modules/vpc/aws"
  version        = "5.8.0"
  create_igw     = false
  public_subnets = ["10.0.1.0/24"]
}
module "endpoints" {
  source    = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id    = module.vpc.vpc_id
  endpoints = { s3 = { service_endpoint = "com.amazonaws.eu-west-1.s3" } }
}
module "flow" {
  source = "terraform-aws-modules/vpc/aws//modules/flow-log"
  vpc_id = module.closed.vpc_id
}
`),
  },
  {
    name: 'Helm: releases of Flux, Argo CD and Terraform',
    files: {
      'main.tf': `resource "helm_release" "lbc" {
  name      = "lbc"
  chart     = "aws-load-balancer-controller"
  namespace = "kube-system"
  version   = "1.14.0"
  values    = [yamlencode({ clusterName = "c", serviceAccount = { name = "own", annotations = { a = "b" } } })]
}
resource "helm_release" "scaler" {
  name  = "scaler"
  chart = "cluster-autoscaler"
  set {
    name  = "autoDiscovery.clusterName"
    value = "c"
  }
}
resource "helm_release" "ebs" {
  name  = "ebs"
  chart = "aws-ebs-csi-driver"
  set_list {
    name  = "clusterName"
    value = ["c"]
  }
}
resource "helm_release" "named" {
  name   = "named"
  chart  = "aws-ebs-csi-driver"
  values = [yamlencode({ controller = { serviceAccount = { name = "a" } }, node = { serviceAccount = { name = "b" } } })]
}
resource "helm_release" "account" {
  name   = "account"
  chart  = "cluster-autoscaler"
  values = [yamlencode({ rbac = { serviceAccount = { name = "c" } } })]
}
resource "helm_release" "efs" {
  name  = "efs"
  chart = "aws-efs-csi-driver"
  set_sensitive {
    name  = "clusterName"
    value = "d"
  }
}
resource "helm_release" "metrics" {
  name  = "metrics"
  chart = "metrics-server"
  set_wo = [{ name = "clusterName", value = "e" }]
}
resource "helm_release" "dns" {
  name   = "dns"
  chart  = "external-dns"
  values = [yamlencode({ fullnameOverride = "names" })]
}
resource "helm_release" "other" {
  name   = "other"
  chart  = "external-dns"
  values = [yamlencode({ nameOverride = "zone" })]
}
resource "helm_release" "same" {
  name  = "aws-cluster-autoscaler"
  chart = "cluster-autoscaler"
  set {
    name  = "rbac.serviceAccount.create"
    value = "false"
  }
}
`,
      'flux.yaml': json({
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'karpenter', namespace: 'flux-system' },
        spec: {
          chart: { spec: { chart: 'karpenter', version: '1.6.0' } },
          targetNamespace: 'nodes',
          values: { settings: { clusterName: 'c' } },
        },
      }),
      'named.yaml': json({
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'x', namespace: 'ops' },
        spec: {
          releaseName: 'named',
          chart: { spec: { chart: 'metrics-server' } },
          valuesFrom: [{ kind: 'ConfigMap', name: 'v' }],
          values: {},
        },
      }),
      'argo.yaml': json({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'dns', namespace: 'argocd' },
        spec: {
          destination: { namespace: 'dns' },
          source: {
            chart: 'external-dns',
            targetRevision: '1.15.0',
            helm: { releaseName: 'zones', values: 'clusterName: text\nserviceAccount: {name: sa}\n' },
          },
        },
      }),
      'sources.yaml': json({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'several', namespace: 'argocd' },
        spec: {
          destination: { namespace: 'kube-system' },
          sources: [
            {
              chart: 'aws-load-balancer-controller',
              targetRevision: '1.13.0',
              helm: {
                valuesObject: { clusterName: 'object' },
                values: 'clusterName: text',
                parameters: [{ name: 'settings.clusterName', value: 'parameter' }],
              },
            },
            { chart: 'cluster-autoscaler', targetRevision: '9.0.0', helm: { valueFiles: ['a.yaml'] } },
            { chart: 'metrics-server', targetRevision: '3.0.0', helm: { values: '- no map' } },
          ],
        },
      }),
    },
  },
  {
    name: 'CloudFormation: who uses what',
    files: template({
      Net: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Front: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Net'), Tags: [{ Key: 'Name', Value: 'front' }] } },
      Back: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Net'), MapPublicIpOnLaunch: true } },
      Way: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Net') } },
      Gate: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('Way'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
      },
      Joined: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: ref('Back'), RouteTableId: ref('Way') },
      },
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupName: 'group', VpcId: ref('Net'), GroupDescription: 'x' },
      },
      Named: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupName: 'named', GroupDescription: 'x' } },
      Control: {
        Type: 'AWS::EKS::Cluster',
        Properties: { Name: 'c', ResourcesVpcConfig: { SubnetIds: [ref('Front')], SecurityGroupIds: [ref('Group')] } },
      },
      Nodes: {
        Type: 'AWS::EKS::Nodegroup',
        Properties: {
          ClusterName: ref('Control'),
          NodegroupName: 'nodes',
          Subnets: [ref('Back')],
          NodeRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
          LaunchTemplate: { Id: ref('Template') },
        },
      },
      Profile: {
        Type: 'AWS::EKS::FargateProfile',
        Properties: {
          ClusterName: ref('Control'),
          FargateProfileName: 'f',
          Subnets: [ref('Front')],
          Selectors: [{ Namespace: 'a' }],
        },
      },
      Template: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: 't',
          LaunchTemplateData: {
            SecurityGroups: ['named'],
            KeyName: ref('Pair'),
            NetworkInterfaces: [{ Groups: [ref('Group')] }],
          },
        },
      },
      Pair: { Type: 'AWS::EC2::KeyPair', Properties: { KeyName: 'ops' } },
      Old: {
        Type: 'AWS::AutoScaling::LaunchConfiguration',
        Properties: {
          LaunchConfigurationName: 'old',
          SecurityGroups: [ref('Named')],
          IamInstanceProfile: ref('Instance'),
          ImageId: 'ami-1',
        },
      },
      Scaled: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          LaunchConfigurationName: ref('Old'),
          VPCZoneIdentifier: [ref('Back')],
          Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }],
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'r', Path: '/x/', AssumeRolePolicyDocument: allows('sts:AssumeRole') },
      },
      Instance: { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName: 'i', Roles: [ref('Role')] } },
      Inline: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: { RoleName: ref('Role'), PolicyName: 'p', PolicyDocument: allows('s3:GetObject') },
      },
      Attached: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { ManagedPolicyName: 'm', Roles: [ref('Role')], PolicyDocument: allows('s3:PutObject') },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { Description: 'a key', KeyPolicy: allows('kms:*') } },
      Other: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/other', TargetKeyId: ref('Key') } },
      Logs: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: '/aws/eks/c/cluster', KmsKeyId: 'alias/other' },
      },
      Scans: {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: {
          ScanType: 'BASIC',
          Rules: [{ ScanFrequency: 'SCAN_ON_PUSH', RepositoryFilters: [{ Filter: 'app*', FilterType: 'WILDCARD' }] }],
        },
      },
      App: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'app' } },
      Web: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web' } },
      Cache: {
        Type: 'AWS::ECR::PullThroughCacheRule',
        Properties: {
          EcrRepositoryPrefix: 'hub',
          UpstreamRegistryUrl: 'registry-1.docker.io',
          CredentialArn: 'arn:aws:secretsmanager:x',
        },
      },
      Mesh: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: { Name: 'mesh' } },
      MeshLogs: {
        Type: 'AWS::VpcLattice::AccessLogSubscription',
        Properties: { ResourceIdentifier: ref('Mesh'), DestinationArn: 'arn:aws:s3:::logs' },
      },
      Api: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          Description: 'to the shop',
          IntegrationType: 'HTTP_PROXY',
          IntegrationUri: 'https://shop.example.com',
        },
      },
      Data: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBInstanceIdentifier: 'data', VPCSecurityGroups: [ref('Group')] },
      },
      More: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { DBClusterIdentifier: 'more', VpcSecurityGroupIds: [ref('Group')] },
      },
      Files: { Type: 'AWS::EFS::FileSystem', Properties: { FileSystemTags: [{ Key: 'Name', Value: 'files' }] } },
      Mount: {
        Type: 'AWS::EFS::MountTarget',
        Properties: { FileSystemId: ref('Files'), SubnetId: ref('Front'), SecurityGroups: [ref('Group')] },
      },
    }),
  },
  {
    name: 'CloudFormation: continuous and enhanced scans',
    files: template({
      Scans: {
        Type: 'AWS::ECR::RegistryScanningConfiguration',
        Properties: {
          ScanType: 'BASIC',
          Rules: [
            { ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: 'app*', FilterType: 'WILDCARD' }] },
          ],
        },
      },
      App: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'app' } },
    }),
  },
  {
    name: 'CloudFormation: enhanced scans',
    files: template({
      Scans: { Type: 'AWS::ECR::RegistryScanningConfiguration', Properties: { ScanType: 'ENHANCED' } },
      App: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'app' } },
    }),
  },
  {
    name: 'Karpenter: what classes select elsewhere',
    files: {
      ...files(
        object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'ids', {
          securityGroupSelectorTerms: [{ id: 'sg-1' }],
          subnetSelectorTerms: [{ id: 'subnet-1' }],
        }),
        object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'names', { securityGroupSelectorTerms: [{ name: 'second' }] }),
        object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'tags', {
          securityGroupSelectorTerms: [{ tags: { a: 'b' } }],
          subnetSelectorTerms: [{ tags: { Name: 'back' } }],
        }),
      ),
      ...answers(
        { Vpcs: [{ VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'net' }] }] },
        {
          Subnets: [
            {
              SubnetId: 'subnet-1',
              VpcId: 'vpc-1',
              Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }],
            },
            { SubnetId: 'subnet-2', VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'back' }] },
          ],
        },
        {
          SecurityGroups: [
            { GroupId: 'sg-1', GroupName: 'first', IpPermissions: [] },
            { GroupId: 'sg-2', GroupName: 'second', IpPermissions: [] },
            { GroupId: 'sg-3', GroupName: 'third', IpPermissions: [], Tags: [{ Key: 'a', Value: 'b' }] },
          ],
        },
      ),
    },
  },
  {
    name: 'AWS: who uses what',
    files: answers(
      {
        cluster: {
          name: 'c',
          arn: 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/c',
          resourcesVpcConfig: {
            vpcId: 'vpc-1',
            clusterSecurityGroupId: 'sg-1',
            securityGroupIds: ['sg-2'],
            subnetIds: ['subnet-1'],
          },
        },
      },
      { nodegroups: ['n'], nextToken: null },
      { identityProviderConfigs: [] },
      {
        nodegroup: {
          nodegroupName: 'n',
          nodegroupArn: 'arn:aws-cn:eks:cn-north-1:111122223333:nodegroup/c/n/1',
          clusterName: 'c',
          subnets: ['subnet-2'],
          resources: { remoteAccessSecurityGroup: 'sg-3' },
        },
      },
      { fargateProfileNames: ['f'] },
      {
        fargateProfile: {
          fargateProfileName: 'f',
          fargateProfileArn: 'arn:aws-cn:eks:cn-north-1:111122223333:fargateprofile/c/f/1',
          clusterName: 'c',
          subnets: ['subnet-3'],
          selectors: [{ namespace: 'a' }],
        },
      },
      { Vpcs: [{ VpcId: 'vpc-1', OwnerId: '111122223333' }] },
      { Subnets: ['1', '2', '3'].map((id) => ({ SubnetId: `subnet-${id}`, VpcId: 'vpc-1' })) },
      { SecurityGroups: ['1', '2', '3', '4'].map((id) => ({ GroupId: `sg-${id}`, GroupName: id, IpPermissions: [] })) },
      {
        LaunchConfigurations: [{ LaunchConfigurationName: 'l', SecurityGroups: ['sg-4'], ImageId: 'ami-1' }],
      },
      { insights: [{ id: '1', name: 'x', category: 'UPGRADE_READINESS', kubernetesVersion: '1.34' }] },
      {
        DetectorId: 'd',
        Status: 'ENABLED',
        DataSources: { Kubernetes: { AuditLogs: { Status: 'ENABLED' } } },
        Features: [],
      },
      { Url: 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/A', ClientIDList: ['sts.amazonaws.com'] },
      {
        clusterVersions: [
          {
            clusterVersion: '1.40',
            releaseDate: '2026-05-28T00:00:00Z',
            endOfStandardSupportDate: '2027-07-29T00:00:00Z',
            endOfExtendedSupportDate: '2028-07-29T00:00:00Z',
          },
        ],
      },
    ),
  },
  {
    name: 'eksctl: regions of other partitions',
    files: {
      ...eksctl({ managedNodeGroups: [{ name: 'a' }] }, { region: 'cn-north-1' }),
      'gov.yaml': json({
        apiVersion: 'eksctl.io/v1alpha5',
        kind: 'ClusterConfig',
        metadata: { name: 'g', region: 'us-gov-west-1' },
        managedNodeGroups: [{ name: 'a' }],
      }),
    },
  },
  {
    name: 'Terraform: mappings of aws-auth by reference',
    files: terraform(`resource "aws_iam_role" "deep" {
  name               = "deep"
  path               = "/team/"
  assume_role_policy = "{}"
}
resource "aws_iam_role" "flat" {
  name               = "flat"
  assume_role_policy = "{}"
}
resource "kubernetes_config_map_v1_data" "auth" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = {
    mapRoles = yamlencode([
      { rolearn = aws_iam_role.deep.arn, username = "a", groups = ["g"] },
      { rolearn = aws_iam_role.flat.arn, username = "b", groups = ["g"] },
    ])
  }
}
resource "aws_eks_cluster" "c" {
  name     = "c"
  role_arn = aws_iam_role.flat.arn
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_alias.k.target_key_arn
    }
  }
}
resource "aws_kms_key" "k" {
  description = "a key"
}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.id
}
resource "aws_cloudwatch_log_group" "l" {
  name       = "/aws/eks/c/cluster"
  kms_key_id = aws_kms_alias.k.target_key_arn
}
`),
  },
  {
    name: 'CloudFormation: functions',
    files: {
      ...template(
        {
          C: {
            Type: 'AWS::EKS::Cluster',
            Condition: 'Wanted',
            Properties: {
              Name: { 'Fn::Sub': ['${Base}-${P}-${!Literal}', { Base: { 'Fn::Select': [1, { Ref: 'L' }] } }] },
              Version: { 'Fn::FindInMap': ['Versions', 'eks', 'now'] },
              RoleArn: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/c' },
              Logging: {
                ClusterLogging: {
                  EnabledTypes: [
                    { Type: 'api' },
                    { 'Fn::If': ['Wanted', { Type: 'audit' }, { Ref: 'AWS::NoValue' }] },
                    { 'Fn::If': ['Unwanted', { Type: 'scheduler' }, { Ref: 'AWS::NoValue' }] },
                  ],
                },
              },
              ResourcesVpcConfig: {
                SubnetIds: { 'Fn::Split': [',', 'subnet-1,subnet-2'] },
                SecurityGroupIds: [{ 'Fn::Join': ['-', ['sg', { Ref: 'P' }]] }],
                PublicAccessCidrs: { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] },
                EndpointPublicAccess: { 'Fn::If': ['Both', true, false] },
                EndpointPrivateAccess: { 'Fn::If': ['Either', true, false] },
              },
              KubernetesNetworkConfig: {
                ServiceIpv4Cidr: { 'Fn::FindInMap': ['Versions', 'eks', 'none', { DefaultValue: '172.20.0.0/16' }] },
                IpFamily: { 'Fn::If': ['Hidden', 'ipv6', 'ipv6'] },
              },
              DeletionProtection: { 'Fn::If': ['Negated', true, false] },
              UpgradePolicy: { SupportType: { Ref: 'Support' } },
              Tags: [{ Key: 'size', Value: { 'Fn::Length': { Ref: 'L' } } }],
            },
          },
          Left: { Type: 'AWS::EKS::Addon', Condition: 'Unwanted', Properties: { ClusterName: 'x', AddonName: 'left' } },
          A: {
            Type: 'AWS::EKS::Addon',
            Properties: {
              ClusterName: { Ref: 'C' },
              AddonName: 'vpc-cni',
              ConfigurationValues: { 'Fn::ToJsonString': { env: { ENABLE_PREFIX_DELEGATION: 'true' } } },
              ServiceAccountRoleArn: { 'Fn::GetAtt': 'R.Arn' },
            },
          },
          'Fn::ForEach::Groups': [
            'Name',
            ['x', 'y'],
            {
              '${Name}': {
                Type: 'AWS::EKS::Nodegroup',
                Properties: {
                  ClusterName: { Ref: 'C' },
                  NodegroupName: { Ref: 'Name' },
                  NodeRole: 'r',
                  Subnets: ['s'],
                },
              },
            },
          ],
          R: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'r',
              AssumeRolePolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'sts:AssumeRoleWithWebIdentity',
                    Principal: { Federated: 'x' },
                    Condition: { StringEquals: { 'Fn::GetAtt': ['Json', 'Value'] } },
                  },
                ],
              },
            },
          },
          Json: { Type: 'Custom::AWSCDKCfnJson', Properties: { Value: '{"oidc:sub":"system:serviceaccount:a:b"}' } },
          T: {
            Type: 'AWS::EC2::LaunchTemplate',
            Properties: {
              LaunchTemplateName: 't',
              LaunchTemplateData: {
                ImageId: { Ref: 'Image' },
                KeyName: { Ref: 'Pair' },
                UserData: {
                  'Fn::Base64': {
                    'Fn::Sub': '#!/bin/bash\n/etc/eks/bootstrap.sh ${C} --kubelet-extra-args --max-pods=20',
                  },
                },
              },
            },
          },
          Plain: {
            Type: 'AWS::AutoScaling::LaunchConfiguration',
            Properties: {
              LaunchConfigurationName: 'p',
              ImageId: 'resolve',
              UserData: { 'Fn::Base64': 'bootstrap.sh --max-pods 7' },
            },
          },
          N: {
            Type: 'AWS::EKS::Nodegroup',
            Properties: {
              ClusterName: { Ref: 'C' },
              NodegroupName: 'n',
              NodeRole: { 'Fn::Sub': '${R.Arn}' },
              Subnets: [{ Ref: 'Secret' }],
              LaunchTemplate: { Id: { Ref: 'T' }, Version: '{{resolve:ssm:/v}}' },
            },
          },
        },
        {
          Parameters: {
            P: { Type: 'String', Default: 'p' },
            L: { Type: 'CommaDelimitedList', Default: 'a, b' },
            Support: { Type: 'String' },
            Image: {
              Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
              Default: '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id',
            },
            Pair: { Type: 'AWS::EC2::KeyPair::KeyName' },
            Secret: { Type: 'String', NoEcho: true, Default: 's' },
            Shown: { Type: 'String', NoEcho: false, Default: 'shown' },
            Told: { Type: 'String', NoEcho: 'false', Default: 'told' },
          },
          Mappings: { Versions: { eks: { now: '1.33' } } },
          Conditions: {
            Wanted: { 'Fn::Equals': [{ Ref: 'Shown' }, 'shown'] },
            Unwanted: { 'Fn::Equals': [{ Ref: 'Told' }, 'other'] },
            Negated: { 'Fn::Not': [{ Condition: 'Unwanted' }] },
            Both: { 'Fn::And': [{ Condition: 'Wanted' }, { Condition: 'Negated' }] },
            Either: { 'Fn::Or': [{ Condition: 'Unwanted' }, { Condition: 'Wanted' }] },
            Hidden: { 'Fn::Equals': [{ Ref: 'Support' }, 'x'] },
          },
        },
      ),
    },
  },
  {
    name: 'CloudFormation: macros, and stacks that are elsewhere',
    files: {
      'macro.yaml':
        'Transform: [AWS::LanguageExtensions, Own]\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: "%mark%"\n      Version: "1.33"\n',
      'named.yaml':
        'Transform:\n  Name: AWS::Include\n  Parameters: {Location: s3://a/b}\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: b\n',
      'inner.yaml':
        'Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: c\n      Fn::Transform: {Name: Own, Parameters: {}}\n',
      'top.yaml':
        'Fn::Transform: {Name: Own}\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: d}\n',
      'loop.yaml':
        'Parameters:\n  L: {Type: CommaDelimitedList}\nResources:\n  Fn::ForEach::G:\n  - N\n  - !Ref L\n  - G${N}: {Type: AWS::EKS::Addon, Properties: {ClusterName: e, AddonName: x}}\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: e}\n',
      'makers.yaml':
        'Resources:\n  S: {Type: AWS::CloudFormation::StackSet}\n  M: {Type: Own::Big::MODULE}\n  P: {Type: AWS::ServiceCatalog::CloudFormationProvisionedProduct}\n  Nodes: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: eks-nodes.yaml}}\n  Other: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: other.yaml}}\n  App: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml, Parameters: {V: "1.30"}}}\n  Url: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Join ["/", [!Ref Bucket, nested/leaf.yaml]]}}\n  Sub: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub "https://${Bucket}/nested/twig.yaml"}}\n  Addon: {Type: AWS::EKS::Addon, Properties: {ClusterName: !GetAtt App.Outputs.Name, AddonName: coredns}}\n',
      'child.yaml':
        'Parameters:\n  V: {Type: String}\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: child, Version: !Ref V}\nOutputs:\n  Name: {Value: !Ref C}\n',
      'nested/leaf.yaml': 'Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: leaf}\n',
      'nested/twig.yaml': 'Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: twig}\n',
      'off.yaml':
        'Parameters:\n  On: {Type: String, Default: "no"}\nConditions:\n  IsOn: !Equals [!Ref On, "yes"]\nResources:\n  C:\n    Type: AWS::EKS::Cluster\n    Condition: IsOn\n    Properties: {Name: off}\n',
      'words.yaml':
        'Parameters:\n  no: {Type: String, Default: vpc-cni}\nResources:\n  yes:\n    Type: AWS::EKS::Cluster\n    Properties: {Version: "1.31"}\n  A:\n    Type: AWS::EKS::Addon\n    Properties: {ClusterName: !Ref yes, AddonName: !Ref no}\n',
    },
  },
  {
    name: 'CloudFormation: files of parameters',
    files: {
      'plain.yaml': parameterized('Plain'),
      'list.json': json([
        { ParameterKey: 'PlainVersion', ParameterValue: '1.31' },
        { ParameterKey: 'PlainName', UsePreviousValue: true },
        { Value: 'x' },
      ]),
      'whole.yaml': parameterized('Whole'),
      'whole.json': json({
        Parameters: [
          { ParameterKey: 'WholeVersion', ParameterValue: '1.32' },
          { ParameterKey: 'WholeName', ParameterValue: 'whole' },
        ],
      }),
      'pipe.yaml': parameterized('Pipe'),
      'pipe.json': json({
        Parameters: { PipeVersion: '1.33', PipeName: 'pipe', More: 'x', Again: 'y' },
        Tags: {},
        StackPolicy: {},
      }),
      'none.json': json({ Parameters: { Nothing: 'x' } }),
      'sam/template.yaml': parameterized('Sam'),
      'sam/samconfig.toml':
        'version = 0.1\n[default.global.parameters]\nparameter_overrides = "SamName=global"\n[default.deploy.parameters]\nparameter_overrides = ["SamVersion=1.30", "ParameterKey=SamName,ParameterValue=\\"long name\\""]\n[prod.deploy.parameters]\ntemplate_file = "template.yaml"\nparameter_overrides = {SamVersion = "1.29", SamName = "prod"}\n[other.global.parameters]\ntemplate = "gone.yaml"\nparameter_overrides = "SamName=only"\n',
    },
  },
  {
    name: 'CloudFormation: what CDK and Quick Starts make',
    files: template({
      Old: {
        Type: 'Custom::AWSCDK-EKS-Cluster',
        Properties: { Config: { name: 'old', version: '1.34', resourcesVpcConfig: { endpointPublicAccess: 'false' } } },
      },
      Quick: { Type: 'AWSQS::EKS::Cluster', Properties: { Name: 'quick', EnabledClusterLoggingTypes: ['audit'] } },
      Issuer: {
        Type: 'Custom::AWSCDKOpenIdConnectProvider',
        Properties: { Url: 'https://oidc.eks', ClientIDList: ['sts.amazonaws.com'] },
      },
      Plain: {
        Type: 'Custom::AWSCDK-EKS-KubernetesResource',
        Properties: { Manifest: '[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{}}]' },
      },
      Joined: {
        Type: 'Custom::AWSCDK-EKS-KubernetesResource',
        Properties: {
          Manifest: {
            'Fn::Join': [
              '',
              [
                '[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"',
                ref('Name'),
                '"},"data":{"a":"',
                { 'Fn::GetAtt': ['Old', 'Arn'] },
                '"}}]',
              ],
            ],
          },
        },
      },
      Hidden: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest: { 'Fn::GetAtt': ['A', 'B'] } } },
      Chart: { Type: 'Custom::AWSCDK-EKS-HelmChart', Properties: {} },
      Patch: { Type: 'Custom::AWSCDK-EKS-KubernetesPatch', Properties: {} },
      Manifests: { Type: 'AWSQS::Kubernetes::Resource', Properties: {} },
      Charts: { Type: 'AWSQS::Kubernetes::Helm', Properties: {} },
    }),
  },
];
