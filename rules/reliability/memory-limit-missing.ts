import { defineRule } from '#rule';
import { containerResources, initContainers, shortfallsOf } from '#rule/compute';

export default defineRule({
  title: 'Container should have a memory limit',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: { initContainers },
  messages: {
    absent: 'Container "{container}" of {workload} has no memory limit, so a memory leak can exhaust the node',
    zero: 'Container "{container}" of {workload} has a memory limit of 0, which means no limit, so a memory leak can exhaust the node',
  },
  help: 'Set resources.limits.memory to the maximum it may use, e.g. 256Mi',
  family: { of: containerResources, as: { absent: 'memory limit' } },
  equivalents: [
    'kube-linter:unset-memory-requirements',
    'kube-score:container-resources',
    'polaris:memoryLimitsMissing',
    'checkov:CKV_K8S_13',
    'trivy:KSV-0018',
    'kubescape:C-0271',
    'kubescape:C-0004',
    'kubescape:C-0009',
    'popeye:107',
    'popeye:106',
    'hardeneks:set_requests_limits_for_containers',
    'prowler:core_memory_limits_set',
    'monokle:KBP005',
    'kics:Memory Limits Not Defined',
  ],
  sources: [
    'EKS Best Practices Guide, Reliability',
    'Kubernetes documentation, Resource Management',
    'NSA/CISA Kubernetes Hardening Guide',
  ],
  check(workload, context) {
    for (const { container, zero, on, key } of shortfallsOf(workload, 'memory', 'limits', context))
      context.report({
        message: zero ? 'zero' : 'absent',
        data: { container: container.name, workload: workload.title },
        on,
        key,
      });
  },
});
