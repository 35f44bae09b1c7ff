import { defineRule } from '#rule';
import { grantsOf, isRbac } from '#rule/rbac';

const psp = 'podsecuritypolicies';

export default defineRule({
  title: 'RBAC should not mention PodSecurityPolicy',
  severity: 'low',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  messages: {
    mentions: '{role} mentions podsecuritypolicies, an API removed in Kubernetes 1.25, so the permission has no effect',
  },
  help: 'Remove podsecuritypolicies from resources, and label the namespace, e.g. pod-security.kubernetes.io/enforce: baseline',
  equivalents: ['kubescape:C-0068'],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(role, { report }) {
    if (!isRbac(role)) return;
    const entries: unknown = role.object.rules;
    for (const { entry, resources } of grantsOf(role)) {
      if (!resources.includes(psp)) continue;
      const alone = resources.every((one) => one === psp);
      const [on, key] =
        alone && Array.isArray(entries) ? [entries, entries.indexOf(entry)] : [entry.resources, resources.indexOf(psp)];
      report({
        message: 'mentions',
        data: { role: role.title },
        on: entry,
        key: 'resources',
        ...(on ? { fix: { safe: false, edits: [{ op: 'remove' as const, on, key }] } } : {}),
      });
    }
  },
});
