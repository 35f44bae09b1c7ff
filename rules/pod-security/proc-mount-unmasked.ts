import { defineRule } from '#rule';
import { inUserNamespace } from '#rule/pod';
import { text } from '#rule/shape';

export default defineRule({
  title: 'Container must use the default proc mount',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['procMount'],
  scope: 'resource',
  fix: 'suggestion: remove procMount',
  options: {
    profile: {
      type: 'string',
      enum: ['baseline', 'restricted'],
      default: 'baseline',
      description:
        'The Pod Security Standard to follow: baseline allows procMount in pods with their own user namespace, restricted does not.',
    },
  },
  messages: {
    unmasked: 'Container "{container}" of {workload} sets procMount {value}, which exposes kernel settings of the node',
  },
  help: 'Remove procMount, or set hostUsers: false on Kubernetes 1.35 and later',
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
        fix: { safe: false, edits: [{ op: 'remove', on: security, key: 'procMount' }] },
      });
    }
  },
});
