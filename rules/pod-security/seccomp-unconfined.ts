import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';
import { seccompOf, strictPss } from '#rule/pod';

export default defineRule({
  title: 'Pod must not disable seccomp',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['seccompProfile'],
  scope: 'resource',
  options: { strictPss },
  fix: 'suggestion: set type to RuntimeDefault',
  messages: {
    unconfined: '{subject} disables seccomp (Unconfined), so every system call is allowed',
  },
  help: 'Set seccompProfile.type: RuntimeDefault',
  equivalents: ['trivy:KSV-0104', 'monokle:PSS110'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    const told = new Set<object>();
    const tell = (on: object, subject: string): void =>
      report({
        message: 'unconfined',
        data: { subject },
        on,
        key: 'type',
        fix: { safe: false, edits: [{ op: 'set', on, key: 'type', value: 'RuntimeDefault' }] },
      });
    for (const container of workload.containers) {
      const profile = seccompOf(container);
      if (container.privileged || profile?.type !== 'Unconfined' || told.has(profile.on)) continue;
      told.add(profile.on);
      tell(profile.on, profile.shared ? workload.title : `Container "${container.name}" of ${workload.title}`);
    }
    // No container inherits it, but the standards still reject it.
    const shared = digRecord(workload.pod, 'securityContext', 'seccompProfile');
    if (options.strictPss && shared?.['type'] === 'Unconfined' && !told.has(shared)) tell(shared, workload.title);
  },
});
