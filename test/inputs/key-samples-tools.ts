import type { Sample } from './key-samples.ts';

/*
 * What tools write with their own names: Terraform modules other than those of terraform-aws-modules, and Cluster API.
 */

const terraform = (text: string) => ({ 'main.tf': text });

const object = (apiVersion: string, kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion, kind, metadata: { name, namespace: 'n' }, spec }, null, 1);
const control = (spec: object) => ({
  'plane.yaml': object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', 'c', spec),
});
/** A node pool, with the objects that lead from it to its control plane. */
const pool = (kind: string, spec: object, bootstrap: object = {}) => ({
  ...control({}),
  'cluster.yaml': object('cluster.x-k8s.io/v1beta1', 'Cluster', 'own', { controlPlaneRef: { name: 'c' } }),
  'machines.yaml': object('cluster.x-k8s.io/v1beta1', 'MachinePool', 'g', {
    clusterName: 'own',
    replicas: 2,
    template: { spec: { version: 'v1.33.2', infrastructureRef: { kind, name: 'g' }, ...bootstrap } },
  }),
  'pool.yaml': object('infrastructure.cluster.x-k8s.io/v1beta2', kind, 'g', spec),
});
/** What leads from a pool to its control plane: with one of each and unique names, it adds nothing. */
const leading = [
  '.apiVersion',
  '.kind',
  '.metadata',
  '.metadata.name',
  '.metadata.namespace',
  '.spec',
  '.spec.clusterName',
  '.spec.controlPlaneRef',
  '.spec.controlPlaneRef.name',
  '.spec.template.spec.infrastructureRef.kind',
];
/** The control plane decides which image a pool looks up that EKS does not manage. */
const leadingOwn = ['.metadata.namespace', '.spec', '.spec.template.spec.infrastructureRef.kind'];

export const toolSamples: readonly Sample[] = [
  {
    name: 'Cluster API: a control plane',
    idle: ['.metadata', '.metadata.name', '.metadata.namespace'],
    files: control({
      eksClusterName: 'shop',
      region: 'eu-west-1',
      version: 'v1.33',
      endpointAccess: { public: true, private: true, publicCIDRs: ['203.0.113.0/24'] },
      logging: { apiServer: true, audit: true, authenticator: true, controllerManager: true, scheduler: true },
      encryptionConfig: { provider: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
      upgradePolicy: 'standard',
      accessConfig: { authenticationMode: 'api_and_config_map', bootstrapClusterCreatorAdminPermissions: false },
      network: { subnets: [{ id: 'subnet-1' }] },
      additionalTags: { team: 'dev' },
    }),
  },
  {
    name: 'Cluster API: add-ons and access entries',
    files: control({
      upgradePolicy: 'extended',
      accessConfig: { authenticationMode: 'api' },
      addons: [
        {
          name: 'vpc-cni',
          version: 'v1.20.0-eksbuild.1',
          configuration: '{"env":{}}',
          conflictResolution: 'none',
          preserveOnDelete: true,
          serviceAccountRoleARN: 'arn:aws:iam::111122223333:role/v',
        },
        { name: 'coredns', conflictResolution: 'preserve' },
        { name: 'kube-proxy', conflictResolution: 'overwrite' },
      ],
      accessEntries: [
        {
          principalARN: 'arn:aws:iam::111122223333:role/a',
          type: 'standard',
          username: 'u',
          kubernetesGroups: ['g'],
          accessPolicies: [
            {
              policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
              accessScope: { type: 'namespace', namespaces: ['shop'] },
            },
          ],
        },
      ],
    }),
  },
  {
    name: 'Cluster API: an identity provider, mappings and IPv6',
    files: control({
      network: { vpc: { ipv6: {} } },
      oidcIdentityProviderConfig: {
        identityProviderConfigName: 'p',
        issuerUrl: 'https://issuer.example',
        clientId: 'c',
        usernameClaim: 'u',
        usernamePrefix: 'up:',
        groupsClaim: 'g',
        groupsPrefix: 'gp:',
      },
      iamAuthenticatorConfig: {
        mapRoles: [{ rolearn: 'arn:aws:iam::111122223333:role/r', username: 'r', groups: ['dev'] }],
        mapUsers: [{ userarn: 'arn:aws:iam::111122223333:user/u', username: 'u', groups: ['dev'] }],
      },
    }),
  },
  {
    name: 'Cluster API: access entries of nodes',
    files: control({
      accessConfig: { authenticationMode: 'api' },
      accessEntries: ['ec2_linux', 'ec2_windows', 'fargate_linux', 'ec2', 'hybrid_linux', 'hyperpod_linux'].map(
        (type) => ({
          principalARN: `arn:aws:iam::111122223333:role/${type}`,
          type,
        }),
      ),
    }),
  },
  {
    name: 'Cluster API: a managed pool',
    idle: leading,
    files: pool('AWSManagedMachinePool', {
      eksNodegroupName: 'web',
      amiType: 'AL2023_x86_64_STANDARD',
      amiVersion: '1.33.0-20260101',
      instanceType: 'm5.large',
      capacityType: 'spot',
      diskSize: 50,
      subnetIDs: ['subnet-1'],
      labels: { a: 'b' },
      additionalTags: { team: 'dev' },
      scaling: { minSize: 1, maxSize: 3 },
      updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 10 },
      nodeRepairConfig: { enabled: true },
      taints: [
        { key: 'a', value: 'x', effect: 'no-schedule' },
        { key: 'b', value: 'x', effect: 'no-execute' },
        { key: 'c', value: 'x', effect: 'prefer-no-schedule' },
      ],
      remoteAccess: { sshKeyName: 'ops', sourceSecurityGroups: ['sg-1'] },
    }),
  },
  {
    name: 'Cluster API: a key without source groups',
    idle: leading,
    files: pool('AWSManagedMachinePool', { capacityType: 'onDemand', remoteAccess: { sshKeyName: 'ops' } }),
  },
  {
    name: 'Cluster API: a key for everyone',
    idle: leading,
    files: pool('AWSManagedMachinePool', { remoteAccess: { sshKeyName: 'ops', public: true } }),
  },
  {
    name: 'Cluster API: a launch template',
    idle: [...leading, '.spec.awsLaunchTemplate.additionalSecurityGroups[].id'],
    files: pool('AWSManagedMachinePool', {
      awsLaunchTemplate: {
        ami: { id: 'ami-1' },
        instanceType: 'm5.large',
        sshKeyName: 'ops',
        iamInstanceProfile: 'p',
        instanceMetadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 2 },
        additionalSecurityGroups: [{ id: 'sg-1' }],
        rootVolume: {
          size: 30,
          type: 'gp3',
          encrypted: true,
          encryptionKey: 'arn:aws:kms:eu-west-1:111122223333:key/k',
        },
        nonRootVolumes: [{ size: 20, type: 'gp2', encrypted: false }],
      },
    }),
  },
  {
    name: 'Cluster API: options of the metadata service without values',
    idle: leading,
    files: pool('AWSManagedMachinePool', {
      awsLaunchTemplate: { instanceMetadataOptions: { httpEndpoint: 'enabled' } },
    }),
  },
  {
    name: 'Cluster API: a pool that is not managed',
    idle: leadingOwn,
    files: pool(
      'AWSMachinePool',
      { minSize: 2, maxSize: 3, subnets: [{ id: 'subnet-1' }], awsLaunchTemplate: { instanceType: 'm5.large' } },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  },
  ...['AmazonLinux', 'AmazonLinux2023', 'AmazonLinuxGPU', 'AmazonLinux2023GPU'].flatMap((eksLookupType) =>
    ['m7i.large', 'm7g.large', 'g5g.xlarge'].map((instanceType) => ({
      name: `Cluster API: a pool that looks up ${eksLookupType} for ${instanceType}`,
      idle: leadingOwn,
      files: pool(
        'AWSMachinePool',
        { awsLaunchTemplate: { ami: { eksLookupType }, instanceType } },
        { bootstrap: { configRef: { kind: 'EKSConfig' } } },
      ),
    })),
  ),
  ...['imageLookupFormat', 'imageLookupOrg', 'imageLookupBaseOS'].map((key) => ({
    name: `Cluster API: a pool with ${key}`,
    idle: leading,
    files: pool(
      'AWSMachinePool',
      { awsLaunchTemplate: { [key]: 'own' } },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  })),
  {
    name: 'Cluster API: a pool of Spot Instances',
    idle: leadingOwn,
    files: pool(
      'AWSMachinePool',
      { awsLaunchTemplate: { spotMarketOptions: {} } },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  },
  {
    name: 'Cluster API: a pool whose market is set',
    idle: leadingOwn,
    files: pool(
      'AWSMachinePool',
      { awsLaunchTemplate: { marketType: 'Spot' } },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  },
  {
    name: 'Cluster API: a pool with several instance types',
    idle: leadingOwn,
    files: pool(
      'AWSMachinePool',
      {
        mixedInstancesPolicy: {
          instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 },
          overrides: [{ instanceType: 'm5.large' }],
        },
      },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  },
  {
    name: 'Cluster API: a pool of instances on demand with options of Spot Instances',
    idle: [...leadingOwn, '.spec.awsLaunchTemplate.spotMarketOptions'],
    files: pool(
      'AWSMachinePool',
      { awsLaunchTemplate: { marketType: 'OnDemand', spotMarketOptions: {} } },
      { bootstrap: { configRef: { kind: 'EKSConfig' } } },
    ),
  },
  {
    name: 'Cluster API: a pool whose nodes start with nodeadm',
    idle: leadingOwn,
    files: pool('AWSMachinePool', {}, { bootstrap: { configRef: { kind: 'NodeadmConfig' } } }),
  },
  {
    name: 'Terraform: the cluster of Cloud Posse',
    idle: ['.module.eks.addons[].pod_identity_association.aws-node', '.module.eks.version'],
    files: terraform(`module "eks" {
  source                                = "cloudposse/eks-cluster/aws"
  version                               = "4.6.0"
  region                                = "eu-west-1"
  kubernetes_version                    = "1.33"
  subnet_ids                            = ["subnet-1"]
  associated_security_group_ids         = ["sg-1"]
  endpoint_public_access                = true
  endpoint_private_access               = true
  public_access_cidrs                   = ["203.0.113.0/24"]
  enabled_cluster_log_types             = ["audit"]
  cluster_encryption_config_kms_key_id  = "arn:aws:kms:eu-west-1:111122223333:key/k"
  eks_cluster_service_role_arn          = "arn:aws:iam::111122223333:role/c"
  kubernetes_network_ipv6_enabled       = true
  service_ipv4_cidr                     = "172.20.0.0/16"
  deletion_protection_enabled           = true
  access_config = {
    authentication_mode                         = "API_AND_CONFIG_MAP"
    bootstrap_cluster_creator_admin_permissions = true
  }
  auto_mode_compute_config = {
    enabled       = true
    node_pools    = ["system"]
    node_role_arn = "arn:aws:iam::111122223333:role/n"
  }
  auto_mode_storage_config         = { block_storage = { enabled = true } }
  auto_mode_elastic_load_balancing = { enabled = true }
  addons = [{
    addon_name               = "vpc-cni"
    addon_version            = "v1.20.0-eksbuild.1"
    service_account_role_arn = "arn:aws:iam::111122223333:role/v"
    namespace                = "cni"
    pod_identity_association = { aws-node = "arn:aws:iam::111122223333:role/p" }
  }]
}
`),
  },
  {
    name: 'Terraform: what the cluster of Cloud Posse leaves out',
    files: terraform(`module "old" {
  source  = "cloudposse/eks-cluster/aws"
  version = "2.9.0"
}
module "new" {
  source                          = "cloudposse/eks-cluster/aws"
  version                         = "4.6.0"
  kubernetes_network_ipv6_enabled = false
}
module "plain" {
  source                            = "cloudposse/eks-cluster/aws"
  version                           = "4.6.0"
  cluster_encryption_config_enabled = false
}
`),
  },
  {
    name: 'Terraform: nodes of Cloud Posse',
    idle: [
      '.module.image.version',
      '.module.own.version',
      '.module.web.block_device_map./dev/xvda',
      '.module.web.version',
    ],
    files: terraform(`module "web" {
  source                               = "cloudposse/eks-node-group/aws"
  version                              = "3.3.0"
  cluster_name                         = "c"
  kubernetes_version                   = ["1.33"]
  instance_types                       = ["m5.large"]
  ami_type                             = "AL2023_x86_64_STANDARD"
  ec2_ssh_key_name                     = ["ops"]
  associated_security_group_ids        = ["sg-1"]
  metadata_http_tokens_required        = false
  metadata_http_put_response_hop_limit = 1
  metadata_http_endpoint_enabled       = false
  block_device_map = {
    "/dev/xvda" = { ebs = { encrypted = false } }
  }
}
module "image" {
  source                         = "cloudposse/eks-node-group/aws"
  version                        = "3.3.0"
  cluster_name                   = "c"
  ami_image_id                   = ["ami-1"]
  metadata_http_tokens_required  = true
  metadata_http_endpoint_enabled = true
}
module "own" {
  source             = "cloudposse/eks-node-group/aws"
  version            = "3.3.0"
  cluster_name       = "c"
  launch_template_id = ["lt-1"]
}
`),
  },
  {
    name: 'Terraform: the cluster of EKS Blueprints',
    idle: [
      '.module.eks_blueprints.managed_node_groups.web',
      '.module.eks_blueprints.managed_node_groups.web.node_group_name',
      '.module.eks_blueprints.self_managed_node_groups.own',
      '.module.eks_blueprints.self_managed_node_groups.own.node_group_name',
    ],
    files: terraform(`module "eks_blueprints" {
  source                               = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  cluster_name                         = "c"
  cluster_version                      = "1.33"
  cluster_endpoint_public_access       = false
  cluster_endpoint_private_access      = true
  cluster_endpoint_public_access_cidrs = ["203.0.113.0/24"]
  cluster_enabled_log_types            = ["audit"]
  cluster_kms_key_arn                  = "arn:aws:kms:eu-west-1:111122223333:key/k"
  managed_node_groups = {
    web = {
      node_group_name             = "web"
      instance_types              = ["m5.xlarge"]
      ami_type                    = "AL2023_x86_64_STANDARD"
      remote_access               = true
      ec2_ssh_key                 = "ops"
      ssh_security_group_id       = ["sg-1"]
      create_launch_template      = true
      http_tokens                 = "optional"
      http_put_response_hop_limit = 1
      http_endpoint               = "disabled"
      block_device_mappings       = [{ device_name = "/dev/xvda", encrypted = false }]
    }
    image = { custom_ami_id = "ami-1" }
  }
  self_managed_node_groups = {
    own = { node_group_name = "own" }
  }
}
module "plain" {
  source                    = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  cluster_name              = "d"
  enable_cluster_encryption = false
}
module "none" {
  source     = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  create_eks = false
}
`),
  },
  {
    name: 'Terraform: add-ons of EKS Blueprints',
    idle: ['.module.addons.eks_addons.cni', '.module.addons.version'],
    files: terraform(`module "addons" {
  source       = "aws-ia/eks-blueprints-addons/aws"
  version      = "1.22.0"
  cluster_name = "c"
  eks_addons = {
    coredns = { addon_version = "v1.12.1-eksbuild.2" }
    cni     = { name = "vpc-cni" }
  }
}
module "switched" {
  source                               = "github.com/aws-ia/terraform-aws-eks-blueprints//modules/kubernetes-addons?ref=v4.32.1"
  eks_cluster_id                       = "c"
  enable_amazon_eks_vpc_cni            = true
  amazon_eks_vpc_cni_config            = { addon_version = "v1.20.0-eksbuild.1" }
  enable_amazon_eks_coredns            = true
  amazon_eks_coredns_config            = { addon_version = "v1.12.1-eksbuild.2" }
  enable_amazon_eks_kube_proxy         = true
  amazon_eks_kube_proxy_config         = { addon_version = "v1.33.0-eksbuild.2" }
  enable_amazon_eks_aws_ebs_csi_driver = true
  amazon_eks_aws_ebs_csi_driver_config = { addon_version = "v1.45.0-eksbuild.2" }
  enable_amazon_eks_adot               = true
  amazon_eks_adot_config               = { addon_version = "v0.117.0-eksbuild.1" }
}
`),
  },
];
