import type { Cluster } from '#model/cluster.ts';
import type { Value } from '#model/value.ts';

/** A setting of an add-on of a cluster; undefined if the add-on is not defined, or has no settings. */
export function settingOf({ addons }: Cluster, name: string, ...keys: readonly string[]): Value<string> | undefined {
  const addon = addons.items.find((one) => one.name.value === name);
  return addon && addon.settings.written.state !== 'no' ? addon.settings.text(...keys) : undefined;
}

/** EKS add-ons (EKS User Guide, AWS add-ons and Community add-ons, 2026-11-26). */
export const addonNames: readonly string[] = [
  'adot',
  'amazon-cloudwatch-observability',
  'amazon-sagemaker-hyperpod-inference',
  'amazon-sagemaker-hyperpod-observability',
  'amazon-sagemaker-hyperpod-taskgovernance',
  'amazon-sagemaker-hyperpod-training-operator',
  'amazon-sagemaker-spaces',
  'aws-ebs-csi-driver',
  'aws-efs-csi-driver',
  'aws-fsx-csi-driver',
  'aws-guardduty-agent',
  'aws-mountpoint-s3-csi-driver',
  'aws-network-flow-monitoring-agent',
  'aws-privateca-connector-for-kubernetes',
  'aws-secrets-store-csi-driver-provider',
  'cert-manager',
  'coredns',
  'eks-node-monitoring-agent',
  'eks-pod-identity-agent',
  'external-dns',
  'fluent-bit',
  'kube-proxy',
  'kube-state-metrics',
  'metrics-server',
  'prometheus-node-exporter',
  'snapshot-controller',
  'sriov-network-metrics-exporter',
  'vpc-cni',
];

/** Names that people use for add-ons: those of their objects, images and charts. */
export const mistakenAddonNames: readonly (readonly [mistaken: string, known: string])[] = [
  ['aws-node', 'vpc-cni'],
  ['amazon-vpc-cni', 'vpc-cni'],
  ['vpc_cni', 'vpc-cni'],
  ['aws-coredns', 'coredns'],
  ['ebs-csi', 'aws-ebs-csi-driver'],
  ['efs-csi', 'aws-efs-csi-driver'],
  ['pod-identity', 'eks-pod-identity-agent'],
  ['aws-for-fluent-bit', 'fluent-bit'],
];
