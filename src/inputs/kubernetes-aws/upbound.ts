import { table } from '#model/shape.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, type Row, type Rows } from '#spelling/spelling.ts';
import { provider } from '../terraform/spelling.ts';
import { clusterRow, externalName } from './ack.ts';
import { below, type Described, type Given, type Index } from './objects.ts';

/*
 * The provider family of Upbound for Crossplane, which is generated from Terraform's: the same arguments in camel case;
 * a block is a list of one item before v1beta2 and in cluster-scoped objects, and a map since then (upjet, README).
 */

export const kinds: Readonly<Record<string, string>> = table({
  'eks Cluster': 'aws_eks_cluster',
  'eks NodeGroup': 'aws_eks_node_group',
  'eks Addon': 'aws_eks_addon',
  'eks FargateProfile': 'aws_eks_fargate_profile',
  'eks AccessEntry': 'aws_eks_access_entry',
  'eks AccessPolicyAssociation': 'aws_eks_access_policy_association',
  'eks IdentityProviderConfig': 'aws_eks_identity_provider_config',
  'eks PodIdentityAssociation': 'aws_eks_pod_identity_association',
  'ec2 LaunchTemplate': 'aws_launch_template',
  'ec2 SecurityGroup': 'aws_security_group',
  'ec2 SecurityGroupRule': 'aws_security_group_rule',
  'ec2 SecurityGroupIngressRule': 'aws_vpc_security_group_ingress_rule',
  'guardduty Detector': 'aws_guardduty_detector',
  'ssm Parameter': 'aws_ssm_parameter',
  'kms Key': 'aws_kms_key',
  'ecr Repository': 'aws_ecr_repository',
  'ecr LifecyclePolicy': 'aws_ecr_lifecycle_policy',
  'ecr RepositoryPolicy': 'aws_ecr_repository_policy',
  'cloudwatchlogs Group': 'aws_cloudwatch_log_group',
  'efs FileSystem': 'aws_efs_file_system',
  'efs MountTarget': 'aws_efs_mount_target',
});
/** Properties that the name of the object sets. */
const names: Readonly<Record<string, string>> = table({
  'AWS::EKS::Cluster': 'Name',
  'AWS::EKS::Nodegroup': 'NodegroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::Logs::LogGroup': 'LogGroupName',
});
/** Arguments that may name an object instead. */
const leads: Readonly<Record<string, readonly (readonly [property: string, key: string, kind: string])[]>> = table({
  'AWS::EC2::SecurityGroupIngress': [['GroupId', 'securityGroupId', 'SecurityGroup']],
  'ECR::LifecyclePolicy': [['RepositoryName', 'repository', 'Repository']],
  'ECR::RepositoryPolicy': [['RepositoryName', 'repository', 'Repository']],
  'AWS::Logs::LogGroup': [['KmsKeyId', 'kmsKeyId', 'Key']],
  'AWS::EFS::FileSystem': [['KmsKeyId', 'kmsKeyId', 'Key']],
  'AWS::EFS::MountTarget': [
    ['FileSystemId', 'fileSystemId', 'FileSystem'],
    ['SubnetId', 'subnetId', 'Subnet'],
  ],
});

const camel = (path: string): string => path.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
const camelRow = (row: Exclude<Row, (...args: never[]) => unknown>): Row => {
  if (typeof row === 'string') return camel(row);
  if (Array.isArray(row)) return (row as string[]).map(camel) as [string, ...string[]];
  const { at, ...rest } = row as Exclude<typeof row, string | readonly string[]>;
  if (at === undefined) return rest;
  return { ...rest, at: typeof at === 'string' ? camel(at) : (at.map(camel) as [string, ...string[]]) };
};
/**
 * Rows in camel case. If several arguments decide, messages name them as in Terraform; the objects do not contain these
 * names.
 */
const camelRows = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).flatMap(([path, row]) => (typeof row === 'function' ? [] : [[path, camelRow(row)]])),
  );

export function readUpbound({ resource, whole }: Given, all: Index): Described | undefined {
  const [, service] = /^([a-z\d]+)\.aws(?:\.m)?\.upbound\.io$/.exec(resource.group) ?? [];
  const known = service === undefined ? undefined : provider[kinds[`${service} ${resource.kind}`] ?? ''];
  if (!known) return undefined;
  const name: Row = () => externalName(whole);
  const lead =
    (key: string, kind: string): Row =>
    (root) => {
      const reference = below(root, `${key}Ref.name`);
      const own = root.get(key);
      if (!own.absent) return own;
      const selector = root.get(`${key}Selector`);
      return !reference.absent
        ? all.lead(reference, kind)
        : selector.absent
          ? own
          : selector.doubted('an object is selected by its labels');
    };
  const named = names[known.type];
  const rows: Rows = {
    ...camelRows(known.spelling.rows),
    ...(known.type === 'AWS::EKS::Cluster' ? {} : { ClusterName: clusterRow(all) }),
    ...(named === undefined ? {} : { [named]: name }),
    ...Object.fromEntries((leads[known.type] ?? []).map(([property, key, kind]) => [property, lead(key, kind)])),
  };
  const body = new Property({ name: camelCase, blocks: true, rows }, below(whole, 'spec.forProvider'));
  // A rule that is not known to allow inbound traffic is ignored.
  if (resource.kind === 'SecurityGroupRule' && body.field.get('type').value !== 'ingress') return undefined;
  return { type: known.type, body };
}
