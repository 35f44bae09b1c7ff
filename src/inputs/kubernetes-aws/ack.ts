import { table } from '#model/shape.ts';
import type { Field } from '#spelling/field.ts';
import { mixedList } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, noParameters, type Row, type Rows } from '#spelling/spelling.ts';
import { spellApi } from '../aws-api/eks-api.ts';
import { below, type Described, type Given, type Index } from './objects.ts';

/* Objects that are written as in the API: AWS Controllers for Kubernetes, and the classic provider of Crossplane. */

/**
 * ACK writes initialisms in uppercase, and the first word of a name in lowercase (aws-controllers-k8s/pkg, names; its
 * Go types).
 */
const ackName = (name: string): string =>
  camelCase(name).replace(
    /(?<=[a-z\d])(?:Arn|Id|Cidr|Vpc|Iam|Kms|Dns|Ip|Ipv4|Ipv6|Api|Ttl|Gc)(?=s?(?:[A-Z]|$))/g,
    (word: string) => (word.startsWith('Ipv') ? `IP${word.slice(2)}` : word.toUpperCase()),
  );

/** Names that differ (ACK, API reference). */
const capitals: Readonly<Record<string, Rows>> = table({
  'AWS::EKS::Cluster': {
    'ResourcesVpcConfig.ControlPlaneEgressMode': none,
    RollbackConfig: none,
    Force: none,
  },
  'AWS::EKS::Nodegroup': { NodegroupName: 'name' },
  'AWS::EKS::Addon': { AddonName: 'name', PreserveOnDelete: none },
  'AWS::EKS::FargateProfile': { FargateProfileName: 'name' },
  'AWS::EKS::Capability': { CapabilityName: 'name' },
  'AWS::EC2::LaunchTemplate': { LaunchTemplateName: 'name', LaunchTemplateData: 'data' },
  'AWS::EC2::SecurityGroup': { GroupName: 'name' },
  'AWS::KMS::Key': { KeyPolicy: 'policy', Enabled: none },
  'AWS::ECR::Repository': {
    RepositoryName: 'name',
    RepositoryPolicyText: 'policy',
    'LifecyclePolicy.LifecyclePolicyText': 'lifecyclePolicy',
  },
  'AWS::Logs::LogGroup': {
    LogGroupName: 'name',
    RetentionInDays: 'retentionDays',
  },
  'AWS::EFS::FileSystem': { FileSystemTags: 'tags' },
  'AWS::RDS::DBInstance': { DBInstanceIdentifier: 'dbInstanceIdentifier' },
  'AWS::RDS::DBCluster': { DBClusterIdentifier: 'dbClusterIdentifier' },
});

/** Lists of CIDR blocks that the API groups by their kind (EC2 API reference, IpPermission). */
const ranges =
  (list: string, key: string): Row =>
  (rule) => {
    const all = rule.get(list);
    if (all.absent || all.why !== undefined) return all;
    return all.as(mixedList(all.items().map((one) => one.get(key))));
  };

const ingress: Rows = {
  SecurityGroupIngress: 'ingressRules',
  'SecurityGroupIngress[].IpProtocol': 'ipProtocol',
  'SecurityGroupIngress[].CidrIp': ranges('ipRanges', 'cidrIP'),
  'SecurityGroupIngress[].CidrIpv6': ranges('ipv6Ranges', 'cidrIPv6'),
};

export const kinds: Readonly<Record<string, string>> = table({
  'eks.services.k8s.aws Cluster': 'AWS::EKS::Cluster',
  'eks.services.k8s.aws Nodegroup': 'AWS::EKS::Nodegroup',
  'eks.services.k8s.aws Addon': 'AWS::EKS::Addon',
  'eks.services.k8s.aws FargateProfile': 'AWS::EKS::FargateProfile',
  'eks.services.k8s.aws AccessEntry': 'AWS::EKS::AccessEntry',
  'eks.services.k8s.aws PodIdentityAssociation': 'AWS::EKS::PodIdentityAssociation',
  'eks.services.k8s.aws Capability': 'AWS::EKS::Capability',
  'ec2.services.k8s.aws LaunchTemplate': 'AWS::EC2::LaunchTemplate',
  'ec2.services.k8s.aws SecurityGroup': 'AWS::EC2::SecurityGroup',
  'kms.services.k8s.aws Key': 'AWS::KMS::Key',
  'ecr.services.k8s.aws Repository': 'AWS::ECR::Repository',
  'cloudwatchlogs.services.k8s.aws LogGroup': 'AWS::Logs::LogGroup',
  'efs.services.k8s.aws FileSystem': 'AWS::EFS::FileSystem',
  'efs.services.k8s.aws MountTarget': 'AWS::EFS::MountTarget',
  'rds.services.k8s.aws DBInstance': 'AWS::RDS::DBInstance',
  'rds.services.k8s.aws DBCluster': 'AWS::RDS::DBCluster',
  'ssm.services.k8s.aws Parameter': 'AWS::SSM::Parameter',
});

/** A field, or the name of the object that it refers to (ACK documentation, Resource references). */
const orObject =
  (key: string, reference: string, kind: string, all: Index): Row =>
  (root) => {
    const own = below(root, key);
    const name = below(root, `${reference}.from.name`);
    return own.absent && !name.absent ? all.lead(name, kind) : own;
  };
/** The same for a list. */
const orObjects =
  (key: string, references: string, kind: string, all: Index): Row =>
  (root) => {
    const [own, list] = [root.get(key), root.get(references)];
    if (!own.absent || list.absent || list.why !== undefined) return own.absent ? list : own;
    return list.as(mixedList(list.items().map((one) => all.lead(below(one, 'from.name'), kind))));
  };
const references = (type: string, all: Index): Rows => {
  const groups = (ids: string, refs: string): Row => orObjects(ids, refs, 'SecurityGroup', all);
  switch (type) {
    case 'AWS::EC2::SecurityGroup':
      return ingress;
    case 'AWS::EKS::Cluster':
      return { 'EncryptionConfig[].Provider.KeyArn': orObject('provider.keyARN', 'provider.keyRef', 'Key', all) };
    case 'AWS::Logs::LogGroup':
    case 'AWS::EFS::FileSystem':
      return { KmsKeyId: orObject('kmsKeyID', 'kmsKeyRef', 'Key', all) };
    case 'AWS::EFS::MountTarget':
      return {
        FileSystemId: orObject('fileSystemID', 'fileSystemRef', 'FileSystem', all),
        SubnetId: orObject('subnetID', 'subnetRef', 'Subnet', all),
        SecurityGroups: groups('securityGroups', 'securityGroupRefs'),
      };
    case 'AWS::RDS::DBInstance':
      return { VPCSecurityGroups: groups('vpcSecurityGroupIDs', 'vpcSecurityGroupRefs') };
    case 'AWS::RDS::DBCluster':
      return { VpcSecurityGroupIds: groups('vpcSecurityGroupIDs', 'vpcSecurityGroupRefs') };
    default:
      return { ClusterName: orObject('clusterName', 'clusterRef', 'Cluster', all) };
  }
};

export function readAck({ resource, whole }: Given, all: Index): Described | undefined {
  const type = kinds[`${resource.group} ${resource.kind}`];
  if (type === undefined) return undefined;
  const spec = whole.get('spec');
  const rows = { ...capitals[type], ...references(type, all) };
  return { type, body: new Property({ ...spellApi(type, rows), name: ackName }, spec) };
}

const classic: Readonly<Record<string, string>> = table({
  Cluster: 'AWS::EKS::Cluster',
  NodeGroup: 'AWS::EKS::Nodegroup',
  Addon: 'AWS::EKS::Addon',
});

/**
 * The name of a resource is that of its object, unless an annotation says otherwise (Crossplane documentation, Managed
 * resources).
 */
export function externalName(whole: Field): Field {
  const metadata = whole.get('metadata');
  const own = metadata.get('annotations').get('crossplane.io/external-name');
  return own.absent ? metadata.get('name') : own;
}

/** A cluster by name, by the name of its object, or by labels, which any object may have. */
export const clusterRow =
  (all: Index): Row =>
  (root) => {
    const name = root.get('clusterName');
    if (!name.absent) return name;
    const reference = below(root, 'clusterNameRef.name');
    if (!reference.absent) return all.lead(reference, 'Cluster');
    const selector = root.get('clusterNameSelector');
    return selector.absent ? name : selector.doubted('the cluster is selected by its labels');
  };

/** Newer EKS features that the provider lacks (its Go type ClusterParameters). */
const classicCluster: Rows = {
  'EncryptionConfig[].Provider.KeyArn': ['provider.keyArn', 'provider.keyArnRef'],
  'UpgradePolicy.SupportType': none,
  DeletionProtection: none,
  'ComputeConfig.Enabled': none,
  'StorageConfig.BlockStorage.Enabled': none,
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': none,
  BootstrapSelfManagedAddons: none,
  'ResourcesVpcConfig.ControlPlaneEgressMode': none,
  RemoteNetworkConfig: none,
  ZonalShiftConfig: none,
  ...noParameters,
  'ComputeConfig.NodePools': none,
  'ComputeConfig.NodeRoleArn': none,
};

/** The provider of the Crossplane community (crossplane-contrib/provider-aws, eks/v1beta1 and v1alpha1). */
export function readClassic({ resource, whole }: Given, all: Index): Described | undefined {
  const type = resource.group === 'eks.aws.crossplane.io' ? classic[resource.kind] : undefined;
  if (type === undefined) return undefined;
  const name: Row = () => externalName(whole);
  const rows: Rows = {
    Name: name,
    NodegroupName: name,
    ClusterName: clusterRow(all),
    'RemoteAccess.Ec2SshKey': 'remoteAccess.ec2SSHKey',
    ...(type === 'AWS::EKS::Cluster' ? classicCluster : {}),
  };
  return { type, body: new Property(spellApi(type, rows), below(whole, 'spec.forProvider')) };
}
