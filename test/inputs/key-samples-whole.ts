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
const to = (name: string): object => ({ from: { name } });
const allows = (Action: string): object => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trusts = (service: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'x:y', Principal: { Service: service } }] });

export const wholeSamples: readonly Sample[] = [
  {
    name: 'ACK: keys, stores and networks',
    files: files(
      ack('kms', 'Key', 'k', { enableKeyRotation: true, policy: trusts('logs.amazonaws.com') }),
      ack('ecr', 'Repository', 'r', {
        name: 'app',
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        policy: trusts('codebuild.amazonaws.com'),
        lifecyclePolicy: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
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
      upbound('guardduty', 'Detector', 'h', { enable: true, datasources: [{ kubernetes: [{ auditLogs: [{ enable: true }] }] }] }),
      upbound('ssm', 'Parameter', 'app', { type: 'String' }),
      upbound('kms', 'Key', 'k', { enableKeyRotation: true, customerMasterKeySpec: 'RSA_2048', isEnabled: false }),
      upbound('ecr', 'Repository', 'images', { imageTagMutability: 'MUTABLE' }),
      upbound('ecr', 'LifecyclePolicy', 'j', {
        repositoryRef: { name: 'images' },
        policy: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
      }),
      upbound('ecr', 'RepositoryPolicy', 'o', { repositoryRef: { name: 'images' }, policy: trusts('codebuild.amazonaws.com') }),
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
            base: { apiVersion: 'eks.aws.upbound.io/v1beta1', kind: 'Cluster', spec: { forProvider: { version: '1.33' } } },
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
      object('cluster.x-k8s.io/v1beta1', 'Cluster', 'c', { controlPlaneRef: { kind: 'AWSManagedControlPlane', name: 'plane' } }),
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
          amiSelectorTerms: [{ ssmParameter: '/aws/service/eks/optimized-ami/1.32/amazon-linux-2/recommended/image_id' }],
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
          { metadata: { name: 'plain' }, roleName: 'plain', attachPolicy: allows('s3:GetObject'), permissionsBoundary: `${account}:policy/b` },
          { metadata: { name: 'x', namespace: 'apps' }, subjectPattern: 'team-*', attachPolicyARNs: [`${account}:policy/p`] },
          { metadata: { name: 'given', namespace: 'apps' }, attachRoleARN: `${account}:role/given` },
        ],
        podIdentityAssociations: [
          { namespace: 'apps', serviceAccountName: 'pods', permissionPolicyARNs: [`${account}:policy/p`] },
          { namespace: 'apps', serviceAccountName: 'own', roleName: 'own', permissionPolicy: allows('s3:PutObject'), permissionsBoundaryARN: `${account}:policy/b` },
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
            instancesDistribution: { instanceTypes: ['m5.large'], onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 },
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
];
