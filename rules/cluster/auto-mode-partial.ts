import { defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Auto Mode must be fully enabled or fully disabled',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: enable the missing parts',
  messages: {
    partial: 'Auto Mode of {cluster} enables {on} but not {off}, so EKS rejects the cluster',
    addons: 'Auto Mode of {cluster} comes with self-managed networking add-ons, so EKS does not create the cluster',
  },
  help: {
    partial: 'Set enabled to true for compute, block storage and elastic load balancing, or to false for all three',
    addons:
      'Set BootstrapSelfManagedAddons (Terraform bootstrap_self_managed_addons) to false; on an existing cluster this replaces it',
  },
  equivalents: [],
  sources: ['Amazon EKS User Guide, Create an EKS Auto Mode Cluster', 'Terraform AWS provider, aws_eks_cluster'],
  check(cluster, { report }) {
    const { autoModeStorage, autoModeLoadBalancing, bootstrapSelfManagedAddons } = cluster;
    if (!autoModeStorage.sayable) return;
    const switches = [
      { name: 'compute', fact: cluster.autoMode },
      { name: 'storage', fact: autoModeStorage },
      { name: 'load balancing', fact: autoModeLoadBalancing },
    ];
    const answers = switches.map(({ fact }) => fact.is(true));
    const any = answers.reduce((one, other) => one.or(other));
    const all = answers.reduce((one, other) => one.and(other));
    const named = (state: string): string =>
      switches
        .filter((_, index) => answers[index]?.state === state)
        .map(({ name }) => name)
        .join(' and ');
    const off = switches.filter((_, index) => answers[index]?.state === 'no').map(({ fact }) => fact);
    const edits = off.map((fact) => fact.write(true));
    report({
      when: any.and(all.not()),
      message: 'partial',
      data: { cluster: clusterTitle(cluster), on: named('yes'), off: named('no') },
      at: (off[0] ?? cluster.autoMode).at,
      ...(edits.every((one) => one.length > 0) ? { fix: { safe: false, edits: edits.flat() } } : {}),
    });
    if (all.state === 'no') return;
    report({
      when: all.and(bootstrapSelfManagedAddons.is(true)),
      message: 'addons',
      data: { cluster: clusterTitle(cluster) },
      at: bootstrapSelfManagedAddons.at,
    });
  },
});
