import { defineRule } from '#rule';
import { containerResources, initContainers, shortfallsOf } from '#rule/compute';

export default defineRule({
  title: 'Container should request CPU',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: { initContainers },
  messages: {
    absent: 'Container "{container}" of {workload} has no CPU request, so it may be starved of CPU on a busy node',
    zero: 'Container "{container}" of {workload} requests 0 CPU, so it may be starved of CPU on a busy node',
  },
  help: 'Set resources.requests.cpu to what it normally uses, e.g. 100m',
  family: { of: containerResources, as: { absent: 'CPU request' } },
  equivalents: [
    'kube-linter:unset-cpu-requirements',
    'kube-score:container-resources',
    'polaris:cpuRequestsMissing',
    'checkov:CKV_K8S_10',
    'trivy:KSV-0015',
    'kubescape:C-0268',
    'popeye:106',
    'hardeneks:set_requests_limits_for_containers',
    'prowler:core_cpu_requests_set',
    'monokle:KBP002',
    'kics:CPU Requests Not Set',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Resource Management'],
  check(workload, context) {
    for (const { container, zero, on, key } of shortfallsOf(workload, 'cpu', 'requests', context))
      context.report({
        message: zero ? 'zero' : 'absent',
        data: { container: container.name, workload: workload.title },
        on,
        key,
      });
  },
});
