import { severalSelected } from '#model/hidden.ts';
import { table } from '#model/shape.ts';
import type { Field } from '#spelling/field.ts';
import { mixedList } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, noParameters, type Row, type Rows } from '#spelling/spelling.ts';
import { spellApi } from '../aws-api/eks-api.ts';
import { below, type Described, type Given, type Index, type Target } from './objects.ts';

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
  'AWS::EKS::IdentityProviderConfig': {
    IdentityProviderConfigName: 'oidc.identityProviderConfigName',
    'Oidc.IssuerUrl': 'oidc.issuerURL',
  },
  'AWS::EC2::LaunchTemplate': { LaunchTemplateName: 'name', LaunchTemplateData: 'data' },
  'AWS::EC2::SecurityGroup': { GroupName: 'name' },
  'AWS::EC2::VPC': { CidrBlock: (vpc) => firstOf(vpc.get('cidrBlocks')) },
  'AWS::EC2::Subnet': { IsPublic: none, AvailableIpAddressCount: none },
  'AWS::EC2::NetworkAcl': {
    Ingress: (list) => entriesOf(list, false),
    Egress: (list) => entriesOf(list, true),
  },
  'AWS::IAM::Role': {
    RoleName: 'name',
    Policies: (role) => valuesOf(role.get('inlinePolicies')),
    'Policies[].PolicyDocument': '',
  },
  'AWS::IAM::ManagedPolicy': { ManagedPolicyName: 'name', Roles: none },
  'AWS::IAM::OIDCProvider': { ClientIdList: 'clientIDs' },
  'AWS::IAM::InstanceProfile': { InstanceProfileName: 'name' },
  'AWS::KMS::Key': { KeyPolicy: 'policy', Enabled: none },
  'AWS::KMS::Alias': { AliasName: 'name' },
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

/** A list that stands for its first item. */
function firstOf(list: Field): Field {
  if (list.absent || list.why !== undefined) return list;
  return list.items()[0] ?? (list.rest === undefined ? list.nothing() : list.doubted(list.rest));
}
/** The values of a map, as a list. */
const valuesOf = (map: Field): Field =>
  map.absent || map.why !== undefined
    ? map
    : map.as(
        mixedList(
          map.entries().map(([, value]) => value),
          map.rest === undefined ? [] : [map],
        ),
      );
/** The entries of a network ACL in one direction (EC2 API reference, NetworkAclEntry). */
function entriesOf(acl: Field, egress: boolean): Field {
  const list = acl.get('entries');
  if (list.absent || list.why !== undefined) return list;
  const entries = list.items().map((one) => ({ one, egress: one.get('egress').bool(false) }));
  const unclear = entries.filter((entry) => entry.egress.value === undefined).map(({ one }) => one.get('egress'));
  const own = entries.filter((entry) => entry.egress.value === egress).map(({ one }) => one);
  return list.as(mixedList(own, list.rest === undefined ? unclear : [...unclear, list]));
}
/** Lists of CIDR blocks that the API groups by their kind (EC2 API reference, IpPermission). */
const ranges =
  (list: string, key: string): Row =>
  (rule) => {
    const all = rule.get(list);
    if (all.absent || all.why !== undefined) return all;
    return all.as(mixedList(all.items().map((one) => one.get(key))));
  };

/** Rules of one direction. */
const rules = (list: string, key: string, other: string, groups: Row): Rows => ({
  [list]: key,
  [`${list}[].IpProtocol`]: 'ipProtocol',
  [`${list}[].CidrIp`]: ranges('ipRanges', 'cidrIP'),
  [`${list}[].CidrIpv6`]: ranges('ipv6Ranges', 'cidrIPv6'),
  [`${list}[].${other}`]: groups,
});

export const kinds: Readonly<Record<string, string>> = table({
  'eks.services.k8s.aws Cluster': 'AWS::EKS::Cluster',
  'eks.services.k8s.aws Nodegroup': 'AWS::EKS::Nodegroup',
  'eks.services.k8s.aws Addon': 'AWS::EKS::Addon',
  'eks.services.k8s.aws FargateProfile': 'AWS::EKS::FargateProfile',
  'eks.services.k8s.aws AccessEntry': 'AWS::EKS::AccessEntry',
  'eks.services.k8s.aws PodIdentityAssociation': 'AWS::EKS::PodIdentityAssociation',
  'eks.services.k8s.aws Capability': 'AWS::EKS::Capability',
  'eks.services.k8s.aws IdentityProviderConfig': 'AWS::EKS::IdentityProviderConfig',
  'ec2.services.k8s.aws LaunchTemplate': 'AWS::EC2::LaunchTemplate',
  'ec2.services.k8s.aws SecurityGroup': 'AWS::EC2::SecurityGroup',
  'ec2.services.k8s.aws VPC': 'AWS::EC2::VPC',
  'ec2.services.k8s.aws Subnet': 'AWS::EC2::Subnet',
  'ec2.services.k8s.aws RouteTable': 'AWS::EC2::RouteTable',
  'ec2.services.k8s.aws InternetGateway': 'AWS::EC2::InternetGateway',
  'ec2.services.k8s.aws NATGateway': 'AWS::EC2::NatGateway',
  'ec2.services.k8s.aws VPCEndpoint': 'AWS::EC2::VPCEndpoint',
  'ec2.services.k8s.aws FlowLog': 'AWS::EC2::FlowLog',
  'ec2.services.k8s.aws NetworkACL': 'AWS::EC2::NetworkAcl',
  'iam.services.k8s.aws Role': 'AWS::IAM::Role',
  'iam.services.k8s.aws Policy': 'AWS::IAM::ManagedPolicy',
  'iam.services.k8s.aws OpenIDConnectProvider': 'AWS::IAM::OIDCProvider',
  'iam.services.k8s.aws InstanceProfile': 'AWS::IAM::InstanceProfile',
  'kms.services.k8s.aws Key': 'AWS::KMS::Key',
  'kms.services.k8s.aws Alias': 'AWS::KMS::Alias',
  'ecr.services.k8s.aws Repository': 'AWS::ECR::Repository',
  'cloudwatchlogs.services.k8s.aws LogGroup': 'AWS::Logs::LogGroup',
  'efs.services.k8s.aws FileSystem': 'AWS::EFS::FileSystem',
  'efs.services.k8s.aws MountTarget': 'AWS::EFS::MountTarget',
  'rds.services.k8s.aws DBInstance': 'AWS::RDS::DBInstance',
  'rds.services.k8s.aws DBCluster': 'AWS::RDS::DBCluster',
  'ssm.services.k8s.aws Parameter': 'AWS::SSM::Parameter',
});

/**
 * Fields that objects may stand for, with the kind of object; `clusterName` by `clusterRef`, `subnetIDs` by `subnetRefs` unless stated
 * (ACK documentation, Resource references; generator.yaml of the controllers).
 */
type Lead = readonly [field: string, kind: string, reference?: string];
const ofMachines: Lead = ['nodeRole', 'iam Role'];
const toCluster: Lead = ['clusterName', 'eks Cluster'];
const toRole: Lead = ['roleARN', 'iam Role'];
const toVpc: Lead = ['vpcID', 'ec2 VPC'];
const toKey: Lead = ['kmsKeyID', 'kms Key'];
const inSubnet: Lead = ['subnetID', 'ec2 Subnet'];
const inSubnets: Lead = ['subnets', 'ec2 Subnet'];
const ofDatabase: Lead = ['vpcSecurityGroupIDs', 'ec2 SecurityGroup'];
const leads: Readonly<Record<string, Readonly<Record<string, Lead>>>> = table({
  'AWS::EKS::Cluster': {
    RoleArn: toRole,
    'EncryptionConfig[].Provider.KeyArn': ['provider.keyARN', 'kms Key'],
    'ResourcesVpcConfig.SubnetIds': ['resourcesVPCConfig.subnetIDs', 'ec2 Subnet'],
    'ResourcesVpcConfig.SecurityGroupIds': ['resourcesVPCConfig.securityGroupIDs', 'ec2 SecurityGroup'],
  },
  'AWS::EKS::Nodegroup': {
    ClusterName: toCluster,
    NodeRole: ofMachines,
    Subnets: inSubnets,
    'RemoteAccess.SourceSecurityGroups': ['remoteAccess.sourceSecurityGroups', 'ec2 SecurityGroup'],
  },
  'AWS::EKS::Addon': {
    ClusterName: toCluster,
    ServiceAccountRoleArn: ['serviceAccountRoleARN', 'iam Role'],
    'PodIdentityAssociations[].RoleArn': toRole,
  },
  'AWS::EKS::FargateProfile': {
    ClusterName: toCluster,
    PodExecutionRoleArn: ['podExecutionRoleARN', 'iam Role'],
    Subnets: inSubnets,
  },
  'AWS::EKS::AccessEntry': { ClusterName: toCluster },
  'AWS::EKS::PodIdentityAssociation': {
    ClusterName: toCluster,
    RoleArn: toRole,
    TargetRoleArn: ['targetRoleARN', 'iam Role'],
  },
  'AWS::EKS::Capability': { ClusterName: toCluster, RoleArn: toRole },
  'AWS::EKS::IdentityProviderConfig': { ClusterName: toCluster },
  'AWS::EC2::Subnet': { VpcId: toVpc },
  'AWS::EC2::RouteTable': {
    'Routes[].GatewayId': ['gatewayID', 'ec2 InternetGateway'],
    'Routes[].NatGatewayId': ['natGatewayID', 'ec2 NATGateway'],
    'Routes[].VpcEndpointId': ['vpcEndpointID', 'ec2 VPCEndpoint'],
  },
  'AWS::EC2::NatGateway': { SubnetId: inSubnet, AllocationId: ['allocationID', 'ec2 ElasticIPAddress'] },
  'AWS::EC2::VPCEndpoint': { VpcId: toVpc },
  'AWS::EC2::NetworkAcl': { VpcId: toVpc },
  'AWS::IAM::Role': {
    ManagedPolicyArns: ['policies', 'iam Policy', 'policyRefs'],
    PermissionsBoundary: ['permissionsBoundary', 'iam Policy'],
  },
  'AWS::IAM::InstanceProfile': { Roles: ['role', 'iam Role'] },
  'AWS::KMS::Alias': { TargetKeyId: ['targetKeyID', 'kms Key'] },
  'AWS::Logs::LogGroup': { KmsKeyId: toKey },
  'AWS::EFS::FileSystem': { KmsKeyId: toKey },
  'AWS::EFS::MountTarget': {
    FileSystemId: ['fileSystemID', 'efs FileSystem'],
    SubnetId: inSubnet,
    SecurityGroups: ['securityGroups', 'ec2 SecurityGroup'],
  },
  'AWS::RDS::DBInstance': { VPCSecurityGroups: ofDatabase },
  'AWS::RDS::DBCluster': { VpcSecurityGroupIds: ofDatabase },
});
const referenceOf = (field: string): string =>
  field.replace(/(?:ID|ARN|Name)?(s?)$/, (_, plural: string) => `Ref${plural}`);

/** Rows of what the objects of one namespace may name. */
class References {
  readonly #all: Index;
  readonly #namespace: string;

  constructor(all: Index, { resource }: Given) {
    this.#all = all;
    this.#namespace = resource.namespace;
  }
  /** The object that is named: `{from: {name, namespace}}`. */
  #named(reference: Field, kind: string): Field {
    const from = reference.get('from');
    const [service = '', word = ''] = kind.split(' ');
    const full = `${service}.services.k8s.aws ${word}`;
    const target: Target = {
      kind: full,
      type: kinds[full],
      namespace: from.get('namespace').text(this.#namespace).value,
    };
    return this.#all.lead(from.get('name'), target);
  }
  #inGraph(own: Field, kind: string): Field {
    const [service = '', word = ''] = kind.split(' ');
    const full = `${service}.services.k8s.aws ${word}`;
    const lead = (one: Field): Field => this.#all.leadInGraph(one, full, kinds[full]);
    if (!Array.isArray(own.value)) return lead(own);
    const items = own.items();
    const led = items.map(lead);
    const isSame = led.every((one, at) => one === items[at]);
    return isSame ? own : own.as(mixedList(led, own.rest === undefined ? [] : [own]));
  }
  row([field, kind, reference = referenceOf(field)]: Lead): Row {
    return (root) => {
      const [own, other] = [below(root, field), below(root, reference)];
      if (!own.absent) return this.#inGraph(own, kind);
      if (other.absent || other.why !== undefined) return other;
      if (!reference.endsWith('Refs')) return this.#named(other, kind);
      return other.as(
        mixedList(
          other.items().map((one) => this.#named(one, kind)),
          other.rest === undefined ? [] : [other],
        ),
      );
    };
  }
  /** What the items of a list name. */
  each(list: string, lead: Lead): Row {
    return (root) => {
      const all = root.get(list);
      if (all.absent || all.why !== undefined) return all;
      const items = all.items().map(this.row(lead) as (item: Field) => Field);
      return all.as(
        mixedList(
          items.filter((one) => !one.absent),
          all.rest === undefined ? [] : [all],
        ),
      );
    };
  }
  rows(type: string): Rows {
    const own = Object.entries(leads[type] ?? {}).map(([property, lead]) => [property, this.row(lead)] as const);
    return Object.fromEntries(own);
  }
}

const groups: Lead = ['groupID', 'ec2 SecurityGroup'];
const inOrOut = (references: References): Rows => {
  const others = references.each('userIDGroupPairs', groups);
  return {
    ...rules('SecurityGroupIngress', 'ingressRules', 'SourceSecurityGroupId', others),
    ...rules('SecurityGroupEgress', 'egressRules', 'DestinationSecurityGroupId', others),
  };
};
const otherRows = (type: string, references: References): Rows => {
  if (type === 'AWS::EC2::SecurityGroup') return inOrOut(references);
  if (type === 'AWS::EC2::NetworkAcl') return { SubnetIds: references.each('associations', inSubnet) };
  return {};
};

/** What CloudFormation writes as a separate resource, and ACK inside the resource. */
function partsIn(type: string, { id }: Given, spec: Field, references: References): NonNullable<Described['parts']> {
  const part = (of: string, whole: Field, key: string, rows: Rows) => ({
    type: of,
    id: `${id}/${key}`,
    whole,
    body: new Property({ name: ackName, blocks: false, rows }, whole),
  });
  if (type === 'AWS::EC2::VPC')
    return spec
      .get('cidrBlocks')
      .items()
      .slice(1)
      .map((cidr, index) =>
        part('AWS::EC2::VPCCidrBlock', cidr, `cidr/${index}`, {
          VpcId: (one) => one.naming(id),
          CidrBlock: '',
        }),
      );
  if (type === 'AWS::EC2::Subnet')
    return (references.row(['routeTables', 'ec2 RouteTable']) as (root: Field) => Field)(spec)
      .items()
      .map((table, index) =>
        part('AWS::EC2::SubnetRouteTableAssociation', table, `table/${index}`, {
          SubnetId: (one) => one.naming(id),
          RouteTableId: '',
        }),
      );
  return [];
}

export function readAck(given: Given, all: Index): Described | undefined {
  const { resource, whole } = given;
  const type = kinds[`${resource.group} ${resource.kind}`];
  if (type === undefined) return undefined;
  const spec = whole.get('spec');
  const references = new References(all, given);
  const rows = { ...capitals[type], ...references.rows(type), ...otherRows(type, references) };
  const body = new Property({ ...spellApi(type, rows), name: ackName }, spec);
  const parts = partsIn(type, given, spec, references);
  return { type, body, ...(parts.length === 0 ? {} : { parts }) };
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

/**
 * An argument of Crossplane's providers, or the objects that stand for it by name or by labels: `subnetIds` by `subnetIdRefs` or
 * `subnetIdSelector`.
 */
export const orObject =
  (field: string, base: string, all: Index, target: Target): Row =>
  (root) => {
    const steps = field.split('.');
    const key = steps.pop() ?? '';
    const holder = steps.reduce((one, step) => one.single.get(step), root).single;
    const isList = key.endsWith('s');
    const [own, reference, selector] = [
      holder.get(key),
      holder.get(isList ? `${base}Refs` : `${base}Ref`),
      holder.get(`${base}Selector`),
    ];
    if (!own.absent) return own;
    const named = (one: Field): Field => {
      const namespace = one.get('namespace').text(target.namespace).value;
      return all.lead(one.get('name'), { ...target, namespace });
    };
    if (reference.why !== undefined) return reference;
    if (!reference.absent) return isList ? reference.as(mixedList(reference.items().map(named))) : named(reference);
    if (selector.absent || selector.why !== undefined) return selector.absent ? own : selector;
    const { found, why } = all.select(selector, target);
    const rest = selector.doubted(why ?? severalSelected);
    if (isList) return selector.as(mixedList(found, why === undefined ? [] : [rest]));
    return found.length === 1 && found[0] ? found[0] : rest;
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
    ClusterName: orObject('clusterName', 'clusterName', all, { kind: 'eks.aws.crossplane.io Cluster' }),
    'RemoteAccess.Ec2SshKey': 'remoteAccess.ec2SSHKey',
    ...(type === 'AWS::EKS::Cluster' ? classicCluster : {}),
  };
  return { type, body: new Property(spellApi(type, rows), below(whole, 'spec.forProvider')) };
}
