import { defineRule, inUserNamespace, text } from '#rule';

export default defineRule({
  title: 'Proc mount must keep the default mask',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'safe: remove procMount',
  options: {
    profile: {
      type: 'string',
      enum: ['baseline', 'restricted'],
      default: 'baseline',
      description:
        'The level whose demand counts: baseline lets pods with a user namespace of their own unmask, restricted does not.',
    },
  },
  messages: {
    unmasked:
      'Container "{container}" of {workload} asks for the proc mount "{value}", so an intruder reads and may change kernel settings of the node',
  },
  equivalents: ['kube-linter:unsafe-proc-mount', 'polaris:procMount', 'trivy:KSV-0027', 'monokle:PSS109'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, target, report }) {
    if (options.profile === 'baseline' && inUserNamespace(workload, target)) return;
    for (const container of workload.containers) {
      const { security } = container;
      const value = text(security?.procMount);
      if (!security || container.privileged || value === undefined || value === '' || value === 'Default') continue;
      report({
        message: 'unmasked',
        data: { container: container.name, workload: workload.title, value },
        on: security,
        key: 'procMount',
        fix: { safe: true, edits: [{ op: 'remove', on: security, key: 'procMount' }] },
      });
    }
  },
});
