import { defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Updates should not be forced',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster', 'nodegroup'],
  scope: 'model',
  fix: 'safe: remove the option',
  messages: {
    cluster: 'Upgrades of {name} are forced, so they ignore upgrade insights about removed APIs',
    nodes: 'Updates of node group "{name}" are forced, so they delete pods that a PodDisruptionBudget protects',
  },
  help: {
    cluster: 'Remove the force option, and fix the issues in the upgrade insights',
    nodes: 'Remove the force option, and fix the PodDisruptionBudget that blocks the update',
  },
  equivalents: [],
  sources: ['terraform-aws-eks: force_update_version', 'eksctl validation and schema: metadata.forceUpdateVersion'],
  check(subject, { report }) {
    if (subject.kind === 'cluster') {
      const { forceUpdate } = subject.controlPlane;
      report({
        when: forceUpdate.is(true),
        message: 'cluster',
        data: { name: clusterTitle(subject) },
        at: forceUpdate.at,
        fix: { safe: true, edits: forceUpdate.clear() },
      });
      return;
    }
    const { force } = subject.update;
    report({
      when: force.is(true),
      message: 'nodes',
      data: { name: subject.subject.name },
      at: force.at,
      fix: { safe: true, edits: force.clear() },
    });
  },
});
