import { defineRule } from '#rule';
import { inUserNamespace } from '#rule/pod';
import { record } from '#rule/shape';

export default defineRule({
  title: 'Container should not run with group 0',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['runAsGroup', 'fsGroup', 'supplementalGroups'],
  scope: 'resource',
  fix: 'suggestion: set runAsGroup and fsGroup to 10001, or remove group 0 from supplementalGroups',
  messages: {
    primary: '{subject} sets runAsGroup: 0, so it can change files that belong to group root',
    volume: '{subject} sets fsGroup: 0, so files on its volumes belong to group root',
    more: '{subject} has group 0 in supplementalGroups, so it can change files that belong to group root',
  },
  help: {
    primary: 'Set runAsGroup to a number above 0, e.g. 10001',
    volume: 'Set fsGroup to a number above 0, e.g. 10001',
    more: 'Remove 0 from supplementalGroups',
  },
  equivalents: ['trivy:KSV-0116', 'kube-linter:run-as-non-root', 'monokle:KBP109'],
  sources: ['CIS Docker and Kubernetes guidance as carried by trivy'],
  check(workload, { report, target }) {
    if (workload.windows || inUserNamespace(workload, target)) return;
    const subject = workload.title;
    const told = new Set<object>();
    for (const container of workload.containers) {
      const { value, on, key } = container.effective('runAsGroup');
      if (value !== 0 || told.has(on)) continue;
      told.add(on);
      report({
        message: 'primary',
        data: { subject: on === container.security ? `Container "${container.name}" of ${subject}` : subject },
        on,
        key,
        fix: { safe: false, edits: [{ op: 'set', on, key, value: 10001 }] },
      });
    }
    const shared = record(workload.pod.securityContext);
    if (shared?.fsGroup === 0)
      report({
        message: 'volume',
        data: { subject },
        on: shared,
        key: 'fsGroup',
        fix: { safe: false, edits: [{ op: 'set', on: shared, key: 'fsGroup', value: 10001 }] },
      });
    const groups: unknown = shared?.supplementalGroups;
    const index = Array.isArray(groups) ? groups.indexOf(0) : -1;
    if (Array.isArray(groups) && index >= 0)
      report({
        message: 'more',
        data: { subject },
        on: groups,
        key: index,
        fix: { safe: false, edits: [{ op: 'remove', on: groups, key: index }] },
      });
  },
});
