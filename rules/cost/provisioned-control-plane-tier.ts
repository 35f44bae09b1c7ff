import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

export default defineRule({
  title: 'Provisioned control plane should be intended',
  severity: 'low',
  preset: 'strict',
  kinds: ['cluster'],
  scope: 'model',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Tiers that clusters may have, for example tier-xl.',
    },
  },
  messages: {
    tier: '{cluster} has the control plane tier {tier}, which costs extra every hour',
  },
  help: 'Set the tier to standard, or add it to the option allowed',
  equivalents: [],
  sources: ['Amazon EKS User Guide, Provisioned control plane', 'Amazon EKS API Reference, ControlPlaneScalingConfig'],
  check(cluster, { options, report }) {
    const { tier } = cluster.controlPlane;
    report({
      when: tier.where((one) => one !== 'standard' && !options.allowed.includes(one)),
      message: 'tier',
      data: { cluster: clusterStart(cluster), tier: tier.value ?? '' },
      at: tier.at,
    });
  },
});
