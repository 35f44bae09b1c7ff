import { defineRule, type Neighbours } from '#rule';
import { unrendered } from '#rule/unknown';
import { calledServices } from '#rule/webhook';

const systemClasses = new Set(['system-cluster-critical', 'system-node-critical']);

/** The Services that the API server calls: without their pods, all requests fail. */
function serverServices(unit: Neighbours): ReadonlySet<string> {
  const callers = (['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).flatMap(
    (kind) => unit.all(kind, '*'),
  );
  return new Set(callers.flatMap(calledServices).map(({ namespace, name }) => `${namespace}/${name}`));
}

export default defineRule({
  title: 'Application pod should not use a system priority class',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['priorityClassName'],
  scope: 'workspace',
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
      '{workload} has priority class "{name}" outside the system namespaces, so it can evict essential cluster components',
  },
  help: 'Use your own PriorityClass with a value below 1000000000, or list the namespace in the option namespaces',
  equivalents: [],
  sources: ['Kubernetes documentation, Pod Priority and Preemption'],
  check(workload, { options, report, undetermined, workspace }) {
    const name: unknown = workload.pod.priorityClassName;
    if (typeof name !== 'string' || !systemClasses.has(name)) return;
    if (workload.namespace === '' || options.namespaces.includes(workload.namespace)) return;
    // The class is meant for node agents.
    if (workload.kind === 'DaemonSet' && name === 'system-node-critical') return;
    const unit = workspace.unit(workload);
    const called = unit.once(serverServices);
    if (unit.servicesFor(workload.podLabels).some((one) => called.has(`${one.namespace}/${one.name}`))) return;
    const place = { on: workload.pod, key: 'priorityClassName' } as const;
    if (unrendered(workload.namespace)) undetermined('its namespace is an unrendered template', place);
    else report({ message: 'misused', data: { workload: workload.title, name }, ...place });
  },
});
