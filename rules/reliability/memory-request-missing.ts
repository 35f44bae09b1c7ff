import { defineRule } from '#rule';
import { containerResources, initContainers, shortfallsOf } from '#rule/compute';

export default defineRule({
  title: 'Container should request memory',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: { initContainers },
  messages: {
    absent: 'Container "{container}" of {workload} has no memory request, so it is among the first to be evicted',
    zero: 'Container "{container}" of {workload} requests 0 memory, so it is among the first to be evicted',
  },
  help: 'Set resources.requests.memory to what it normally uses, e.g. 128Mi',
  family: { of: containerResources, as: { absent: 'memory request' } },
  equivalents: [
    'kube-score:container-resources',
    'polaris:memoryRequestsMissing',
    'checkov:CKV_K8S_12',
    'trivy:KSV-0016',
    'kubescape:C-0269',
    'popeye:106',
    'hardeneks:set_requests_limits_for_containers',
    'prowler:core_memory_requests_set',
    'monokle:KBP004',
    'kics:Memory Requests Not Defined',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Resource Management'],
  check(workload, context) {
    for (const { container, zero, on, key } of shortfallsOf(workload, 'memory', 'requests', context))
      context.report({
        message: zero ? 'zero' : 'absent',
        data: { container: container.name, workload: workload.title },
        on,
        key,
      });
  },
});
