import { defineRule } from '#rule';
import { seccompOf } from '#rule/pod';

export default defineRule({
  title: 'Pod must not disable seccomp',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set type to RuntimeDefault',
  messages: {
    unconfined: '{subject} disables seccomp (Unconfined), so every system call is allowed',
  },
  help: 'Set seccompProfile.type: RuntimeDefault',
  equivalents: ['trivy:KSV-0104', 'monokle:PSS110'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    if (workload.windows) return;
    const told = new Set<object>();
    for (const container of workload.containers) {
      const profile = seccompOf(container);
      if (container.privileged || profile?.type !== 'Unconfined' || told.has(profile.on)) continue;
      told.add(profile.on);
      report({
        message: 'unconfined',
        data: { subject: profile.shared ? workload.title : `Container "${container.name}" of ${workload.title}` },
        on: profile.on,
        key: 'type',
        fix: { safe: false, edits: [{ op: 'set', on: profile.on, key: 'type', value: 'RuntimeDefault' }] },
      });
    }
  },
});
