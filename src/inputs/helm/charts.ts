import { table } from '#model/shape.ts';

/*
 * Charts of components that EKS clusters run, and the meaning of their values. Sources: values.yaml and
 * templates/_helpers.tpl of each chart (aws/eks-charts, karpenter-provider-aws, kubernetes/autoscaler, external-dns,
 * aws-ebs-csi-driver, aws-efs-csi-driver, metrics-server; 2026-11-26).
 */

/** A service account that a chart creates. */
export interface ChartAccount {
  /** The values about it: `create`, `name`, `annotations`. */
  readonly at: readonly string[];
  /** Its name if the values set none; the full name of the release if absent. */
  readonly name?: string;
}
export interface Chart {
  readonly accounts: readonly ChartAccount[];
  /** The base of the full name, if that is not the name of the chart. */
  readonly base?: string;
  /** If the name of the release contains the base, it is the full name; some charts require the two to be equal. */
  readonly isExact?: boolean;
}

const own: readonly ChartAccount[] = [{ at: ['serviceAccount'] }];

export const charts: Readonly<Record<string, Chart>> = table<Chart>({
  'aws-load-balancer-controller': { accounts: own },
  karpenter: { accounts: own },
  'cluster-autoscaler': {
    accounts: [{ at: ['rbac', 'serviceAccount'] }],
    base: 'aws-cluster-autoscaler',
    isExact: true,
  },
  'external-dns': { accounts: own },
  'aws-ebs-csi-driver': {
    accounts: [
      { at: ['controller', 'serviceAccount'], name: 'ebs-csi-controller-sa' },
      { at: ['node', 'serviceAccount'], name: 'ebs-csi-node-sa' },
    ],
  },
  'aws-efs-csi-driver': {
    accounts: [
      { at: ['controller', 'serviceAccount'], name: 'efs-csi-controller-sa' },
      { at: ['node', 'serviceAccount'], name: 'efs-csi-node-sa' },
    ],
  },
  'metrics-server': { accounts: own },
});
