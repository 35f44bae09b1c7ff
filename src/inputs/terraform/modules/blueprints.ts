import { isMadeByModule } from '#model/hidden.ts';
import type { Component } from '#model/component.ts';
import type { Note } from '#model/finding.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { generatedUserData } from './generated-user-data.ts';
import { foreignOf } from './source.ts';

/*
 * EKS Blueprints for Terraform: the module of version 4, which creates a cluster, and the add-ons modules. Facts: their
 * variables.tf.
 */

const logs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const clusterRows = (id: string): Rows => ({
  Name: 'cluster_name',
  Version: { at: 'cluster_version', else: '1.24' },
  'ResourcesVpcConfig.EndpointPublicAccess': 'cluster_endpoint_public_access',
  'ResourcesVpcConfig.EndpointPrivateAccess': 'cluster_endpoint_private_access',
  'ResourcesVpcConfig.PublicAccessCidrs': 'cluster_endpoint_public_access_cidrs',
  'Logging.ClusterLogging.EnabledTypes': { at: 'cluster_enabled_log_types', else: logs },
  'Logging.ClusterLogging.EnabledTypes[].Type': '',
  EncryptionConfig(block) {
    const [on, key] = [block.get('enable_cluster_encryption'), block.get('cluster_kms_key_arn')];
    const { value } = on.bool(true);
    if (value === undefined) return on;
    if (!value) return on.nothing();
    return key.absent ? key.filled(mixedList([key.naming(`${id}.kms_key_arn`)])) : key.as(mixedList([key]));
  },
  'EncryptionConfig[].Resources': none,
  'EncryptionConfig[].Provider.KeyArn': '',
  // The module has no arguments for these.
  'UpgradePolicy.SupportType': none,
  'AccessConfig.AuthenticationMode': none,
  DeletionProtection: none,
  'ComputeConfig.Enabled': none,
  'StorageConfig.BlockStorage.Enabled': none,
  'KubernetesNetworkConfig.ElasticLoadBalancing.Enabled': none,
  BootstrapSelfManagedAddons: none,
  OutpostConfig: none,
});

const groupRows = (key: string, cluster: Row, template: string, call: Field): Rows => ({
  NodegroupName: (group) => (group.get('node_group_name').absent ? group.as(key) : group.get('node_group_name')),
  ClusterName: cluster,
  Version: none,
  NodeRole(group) {
    const create = group.get('create_iam_role');
    return create.value === false
      ? group.get('iam_role_arn')
      : create.doubted(create.why ?? isMadeByModule('the role'), true);
  },
  Subnets(group) {
    const [own, type] = [group.get('subnet_ids'), group.get('subnet_type')];
    if (own.why !== undefined || own.items().length > 0) return own;
    return type.why === undefined
      ? call.get(type.value === 'public' ? 'public_subnet_ids' : 'private_subnet_ids')
      : type;
  },
  'ScalingConfig.MinSize': { at: 'min_size', else: 1 },
  'ScalingConfig.DesiredSize': { at: 'desired_size', else: 3 },
  'ScalingConfig.MaxSize': { at: 'max_size', else: 3 },
  Labels: 'k8s_labels',
  Taints: 'k8s_taints',
  ForceUpdateEnabled: 'force_update_version',
  InstanceTypes: { else: ['m5.large'] },
  AmiType(group) {
    const image = group.get('custom_ami_id');
    if (image.why !== undefined) return image;
    if (image.written && image.value !== '') return image.as('CUSTOM');
    const type = group.get('ami_type');
    return type.absent ? type.filled('AL2_x86_64') : type;
  },
  'RemoteAccess.Ec2SshKey'(group) {
    const on = group.get('remote_access');
    const { value } = on.bool(false);
    return value === undefined ? on : value ? group.get('ec2_ssh_key') : on.nothing();
  },
  'RemoteAccess.SourceSecurityGroups': 'ssh_security_group_id',
  LaunchTemplate(group) {
    const own = group.get('create_launch_template');
    const { value } = own.bool(false);
    return value === undefined ? own : value ? made(own, { id: own.naming(template) }) : own.nothing();
  },
});
const templateRows: Rows = {
  LaunchTemplateData: '',
  'LaunchTemplateData.ImageId': none,
  'LaunchTemplateData.Monitoring.Enabled': { at: 'enable_monitoring', else: true },
  'LaunchTemplateData.UserData': generatedUserData([
    'pre_userdata',
    'kubelet_extra_args',
    'bootstrap_extra_args',
    'post_userdata',
  ]),
  'LaunchTemplateData.NetworkInterfaces': (group) => group.filled(mixedList([group])),
  'LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress': 'public_ip',
  // Those of the cluster.
  'LaunchTemplateData.NetworkInterfaces[].Groups': none,
  'LaunchTemplateData.MetadataOptions.HttpTokens': { at: 'http_tokens', else: 'required' },
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': { at: 'http_put_response_hop_limit', else: 2 },
  'LaunchTemplateData.MetadataOptions.HttpEndpoint': 'http_endpoint',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs': '',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted': { else: true },
};

/** A call of version 4: a cluster with its managed groups. */
export function expandBlueprint(label: string, block: Field): { resources: AwsResource[]; notes: Note[] } {
  const id = `module.${label}`;
  if (block.get('create_eks').value === false) return { resources: [], notes: [] };
  const cluster: Row = (part) => part.naming(id);
  const groups = block.get('managed_node_groups');
  const other = block.get('self_managed_node_groups');
  const notes: Note[] = [];
  for (const one of [groups, other]) {
    const why = one === other && one.written ? 'their templates are not read' : one.partial;
    if (why !== undefined)
      notes.push({
        kind: 'partial',
        message: `${String(one.key)} of ${id} are not judged in full: ${why}`,
        at: one.at(),
      });
  }
  const nodes = groups.entries().flatMap(([key, whole]): AwsResource[] => {
    const own = `${id}.managed_node_groups.${key}`;
    const template = `${own}.template`;
    return [
      {
        type: 'AWS::EKS::Nodegroup',
        id: own,
        title: key,
        whole,
        body: new Property(spell(groupRows(key, cluster, template, block)), whole),
      },
      {
        type: 'AWS::EC2::LaunchTemplate',
        id: template,
        title: key,
        whole,
        body: new Property(spell(templateRows), whole),
      },
    ];
  });
  const resources: AwsResource[] = [
    {
      type: 'AWS::EKS::Cluster',
      id,
      title: id,
      whole: block,
      body: new Property(spell(clusterRows(id)), block),
      lists: { 'AWS::EKS::Nodegroup': [groups, ...(other.written ? [other.doubted('they are not read')] : [])] },
    },
    ...nodes,
  ];
  return { resources, notes };
}

/** The modules' defaults for each add-on (main.tf). */
const addonDefaults: Rows = {
  ResolveConflicts: { else: 'OVERWRITE' },
  PreserveOnDelete: { at: 'preserve', else: true },
};

/** The add-ons of aws-ia/eks-blueprints-addons. */
export const expandAddons = (label: string, block: Field): AwsResource[] =>
  block
    .get('eks_addons')
    .entries()
    .map(([key, whole]): AwsResource => {
      const name: Row = (addon) => (addon.get('name').absent ? addon.as(key) : addon.get('name'));
      const cluster: Row = () => block.get('cluster_name');
      return {
        type: 'AWS::EKS::Addon',
        id: `module.${label}.eks_addons.${key}`,
        title: key,
        whole,
        body: new Property(spell({ AddonName: name, ClusterName: cluster, ...addonDefaults }), whole),
      };
    });

/** Switches of the submodule of version 4, and the add-on that each stands for. */
const switches: Readonly<Record<string, string>> = {
  enable_amazon_eks_vpc_cni: 'vpc-cni',
  enable_amazon_eks_coredns: 'coredns',
  enable_amazon_eks_kube_proxy: 'kube-proxy',
  enable_amazon_eks_aws_ebs_csi_driver: 'aws-ebs-csi-driver',
  enable_amazon_eks_adot: 'adot',
};
export const expandSwitchedAddons = (label: string, block: Field): AwsResource[] =>
  Object.entries(switches).flatMap(([key, name]): AwsResource[] => {
    const on = block.get(key);
    if (on.bool(false).value !== true) return [];
    const config = block.get(`${key.replace(/^enable_/, '')}_config`);
    const own = config.get('service_account_role_arn');
    const rows: Rows = {
      AddonName: () => on.as(name),
      ClusterName: () => block.get('eks_cluster_id'),
      ServiceAccountRoleArn: () => (own.absent && makeRoles.has(name) ? own.doubted(isMadeByModule('the role')) : own),
      ...addonDefaults,
    };
    return [
      {
        type: 'AWS::EKS::Addon',
        id: `module.${label}.${name}`,
        title: name,
        whole: block,
        body: new Property(spell(rows), config),
      },
    ];
  });
/** Add-ons for whose service accounts the module makes roles (their main.tf). */
const makeRoles = new Set(['vpc-cni', 'aws-ebs-csi-driver']);

/**
 * Charts that the add-ons modules install by a switch, and the argument about each (their variables.tf and main.tf).
 */
const switchedCharts: Readonly<Record<string, readonly [chart: string, namespace: string]>> = {
  aws_load_balancer_controller: ['aws-load-balancer-controller', 'kube-system'],
  cluster_autoscaler: ['cluster-autoscaler', 'kube-system'],
  karpenter: ['karpenter', 'karpenter'],
  external_dns: ['external-dns', 'external-dns'],
  aws_efs_csi_driver: ['aws-efs-csi-driver', 'kube-system'],
  metrics_server: ['metrics-server', 'kube-system'],
};
export function switchedComponents(label: string, call: Field, unit: string): Component[] {
  const foreign = foreignOf(call.get('source').value);
  const isAddons =
    foreign?.name === 'aws-ia/eks-blueprints-addons' ||
    (foreign?.name === 'aws-ia/eks-blueprints' && foreign.submodule === 'modules/kubernetes-addons');
  if (!isAddons) return [];
  return Object.entries(switchedCharts).flatMap(([key, [name, home]]): Component[] => {
    const on = call.get(`enable_${key}`);
    if (on.bool(false).value !== true) return [];
    const more = call.get(foreign.submodule === '' ? key : `${key}_helm_config`);
    const namespace = more.get('namespace');
    const version = more.get(foreign.submodule === '' ? 'chart_version' : 'version');
    return [
      {
        name,
        get at() {
          return on.at();
        },
        unit,
        namespace: (namespace.absent ? namespace.filled(home) : namespace).text(),
        version: version.absent ? version.doubted(`module.${label} picks the version`, true).text() : version.text(),
        setting: () => more.doubted('the values of the module are not read').text(),
      },
    ];
  });
}
