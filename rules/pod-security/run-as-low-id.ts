import { defineRule } from '#rule';

const fields = ['runAsUser', 'runAsGroup'] as const;

export default defineRule({
  title: 'Container should use a high user and group ID',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    minId: { type: 'integer', default: 10000, minimum: 1, description: 'Lowest ID that passes.' },
    requireSet: { type: 'boolean', default: false, description: 'Also report IDs that are not set.' },
  },
  messages: {
    low: '{subject} sets {field}: {id}, so after a container escape it may have the ID of a node user',
    unset: 'Container "{container}" of {workload} has no {field}, so the image decides its ID',
  },
  help: {
    low: 'Set {field} to an ID that no node user has, e.g. 10001',
    unset: 'Set {field} to an ID that no node user has, e.g. 10001',
  },
  equivalents: [
    'kube-score:container-security-context-user-group-id',
    'checkov:CKV_K8S_40',
    'trivy:KSV-0020',
    'trivy:KSV-0021',
    'monokle:KBP104',
    'monokle:KBP105',
    'kics:Container Running With Low UID',
  ],
  sources: ['kube-score security context guide'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    const told = new Set<string>();
    for (const [index, container] of workload.containers.entries())
      for (const field of fields) {
        const { value, on, key } = container.effective(field);
        const own = on === container.security;
        if (value === undefined) {
          if (options.requireSet)
            report({ message: 'unset', data: { container: container.name, workload: workload.title, field }, on, key });
          continue;
        }
        // The pod's value is reported once. 0 is reported by the rules about root.
        const place = `${own ? index : 'pod'} ${field}`;
        if (typeof value !== 'number' || value < 1 || value >= options.minId || told.has(place)) continue;
        told.add(place);
        report({
          message: 'low',
          data: {
            subject: own ? `Container "${container.name}" of ${workload.title}` : workload.title,
            field,
            id: value,
          },
          on,
          key,
        });
      }
  },
});
