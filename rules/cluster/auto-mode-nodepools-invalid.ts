import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

const known = ['general-purpose', 'system'];

export default defineRule({
  title: 'Auto Mode node pools must be built-in and have a node role',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    unknown: '{cluster} names the node pool "{pool}", which Auto Mode does not have, so EKS rejects it',
    twice: '{cluster} names the node pool "{pool}" twice, so EKS rejects it',
    role: '{cluster} has built-in node pools without a node role, so EKS rejects it',
  },
  help: {
    unknown: 'Use general-purpose or system; define custom pools as NodePool objects in the cluster',
    twice: 'Remove one of them',
    role: 'Set NodeRoleArn (Terraform node_role_arn, eksctl nodeRoleARN) next to the node pools',
  },
  equivalents: [],
  sources: [
    'eksctl validation and schema: ValidateAutoModeConfig',
    'Amazon EKS User Guide, Enable or disable built-in NodePools',
  ],
  check(cluster, { report }) {
    const { nodePools, nodePoolRoleArn } = cluster;
    const name = clusterStart(cluster);
    const seen = new Set<string>();
    for (const pool of nodePools) {
      const data = { cluster: name, pool: pool.value ?? '' };
      report({ when: pool.where((one) => !known.includes(one)), message: 'unknown', data, at: pool.at });
      if (pool.value === undefined) continue;
      if (seen.has(pool.value)) report({ message: 'twice', data, at: pool.at });
      seen.add(pool.value);
    }
    // eksctl and the Terraform module create a role.
    if (!cluster.autoModeStorage.sayable) return;
    report({
      when: nodePools.empty.not().and(nodePoolRoleArn.present.not()),
      message: 'role',
      data: { cluster: name },
      at: nodePools.at,
    });
  },
});
