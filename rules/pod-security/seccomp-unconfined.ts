import { defineRule, seccompOf } from '#rule';

export default defineRule({
  title: 'Seccomp must not be switched off',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'safe: set type to RuntimeDefault',
  messages: {
    unconfined:
      '{subject} runs without a seccomp filter, so an intruder may make every system call of the kernel that the node shares',
  },
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
        fix: { safe: true, edits: [{ op: 'set', on: profile.on, key: 'type', value: 'RuntimeDefault' }] },
      });
    }
  },
});
