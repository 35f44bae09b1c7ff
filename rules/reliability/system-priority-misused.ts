import { defineRule } from '#rule';
import { unrendered } from '#rule/unknown';

const systemClasses = new Set(['system-cluster-critical', 'system-node-critical']);

export default defineRule({
  title: 'System priority should be for system pods',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['priorityClassName'],
  scope: 'resource',
  options: {
    namespaces: {
      type: 'array',
      items: { type: 'string' },
      default: [
        'kube-system',
        'karpenter',
        'calico-system',
        'tigera-operator',
        'gatekeeper-system',
        'kyverno',
        'cert-manager',
      ],
      description: 'Namespaces whose pods may have a system priority.',
    },
  },
  messages: {
    misused:
      '{workload} has priority {name} outside the system namespaces, so it can evict pods that the cluster needs',
  },
  help: 'Use a PriorityClass of your own with a value below 1000000000, or list the namespace in the option namespaces',
  equivalents: [],
  sources: ['Kubernetes documentation, Pod Priority and Preemption'],
  check(workload, { options, report, undetermined }) {
    const name: unknown = workload.pod.priorityClassName;
    if (typeof name !== 'string' || !systemClasses.has(name)) return;
    if (workload.namespace === '' || options.namespaces.includes(workload.namespace)) return;
    // Agents of a node are what the class is for.
    if (workload.kind === 'DaemonSet' && name === 'system-node-critical') return;
    const place = { on: workload.pod, key: 'priorityClassName' } as const;
    if (unrendered(workload.namespace)) undetermined('its namespace is a template that is not rendered', place);
    else report({ message: 'misused', data: { workload: workload.title, name }, ...place });
  },
});
