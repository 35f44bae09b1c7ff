import { table } from '#model/shape.ts';

/*
 * Charts of components that clusters on EKS run, and what their values mean. Sources: values.yaml and templates/_helpers.tpl of each chart
 * (aws/eks-charts, karpenter-provider-aws, kubernetes/autoscaler, external-dns, aws-ebs-csi-driver, aws-efs-csi-driver, metrics-server;
 * 2026-11-26).
 */

/** A service account that a chart makes. */
export interface ChartAccount {
  /** The values about it: `create`, `name`, `annotations`. */
  readonly at: readonly string[];
  /** Its name where the values name none; the full name of the release where absent. */
  readonly name?: string;
}
export interface Chart {
  readonly accounts: readonly ChartAccount[];
  /** What the full name is put together from, where that is not the name of the chart. */
  readonly base?: string;
  /** A release whose name holds the base is called by its own name; some charts want it to be the same. */
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
