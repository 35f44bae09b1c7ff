import { defineRule } from '#rule';
import { isAllowedSelinuxType } from '#rule/pod-standards';
import { record, text } from '#rule/shape';

export default defineRule({
  title: 'Pod should use allowed SELinux options',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['seLinuxOptions'],
  scope: 'resource',
  fix: 'suggestion: remove user and role',
  messages: {
    type: '{subject} uses SELinux type "{value}", which weakens isolation from the node',
    label: '{subject} sets SELinux {key} "{value}", which weakens isolation from the node',
  },
  help: {
    type: 'Remove seLinuxOptions.type, or use container_t',
    label: 'Remove seLinuxOptions.{key}',
  },
  equivalents: ['trivy:KSV-0025', 'monokle:PSS108'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { target, report }) {
    const confined = workload.containers.filter((container) => !container.privileged);
    if (confined.length === 0) return;
    const holders = [
      { subject: workload.title, context: record(workload.pod.securityContext) },
      ...confined.map((container) => ({
        subject: `Container "${container.name}" of ${workload.title}`,
        context: container.security,
      })),
    ];
    for (const { subject, context } of holders) {
      const on = record(context?.seLinuxOptions);
      if (!on) continue;
      const type = text(on.type) ?? '';
      if (!isAllowedSelinuxType(type, target.lowest))
        report({ message: 'type', data: { subject, value: type }, on, key: 'type' });
      for (const key of ['user', 'role'] as const) {
        const value = text(on[key]) ?? '';
        if (value !== '')
          report({
            message: 'label',
            data: { subject, key, value },
            on,
            key,
            fix: { safe: false, edits: [{ op: 'remove', on, key }] },
          });
      }
    }
  },
});
