import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

export default defineRule({
  title: 'Cluster should set its support type',
  severity: 'low',
  preset: 'strict',
  kinds: ['cluster'],
  scope: 'model',
  options: {
    allowExplicit: {
      type: 'boolean',
      default: true,
      description: 'Accept an explicit EXTENDED.',
    },
  },
  messages: {
    default: '{cluster} uses extended support by default, so it costs more once its version leaves standard support',
    written: '{cluster} uses extended support, so it costs more once its version leaves standard support',
  },
  help: 'Set supportType to STANDARD, or to EXTENDED if that is intended',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Disable EKS extended support',
    'eksctl validation and schema: upgradePolicy default EXTENDED',
  ],
  check(cluster, { options, report }) {
    const { supportType } = cluster;
    if (options.allowExplicit && supportType.written && supportType.state === 'set') return;
    report({
      when: supportType.is('EXTENDED').and(cluster.outpost.is(true).not()),
      message: supportType.written ? 'written' : 'default',
      data: { cluster: clusterStart(cluster) },
      at: supportType.at,
    });
  },
});
