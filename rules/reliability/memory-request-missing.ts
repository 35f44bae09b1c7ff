import { defineRule, shortfallOf } from '#rule';

export default defineRule({
  title: 'Container should request memory',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    initContainers: { type: 'boolean', default: false, description: 'Ask ordinary init containers too.' },
  },
  messages: {
    absent: 'Container "{container}" of {workload} requests no memory, so its node fills up and evicts it first',
    zero: 'Container "{container}" of {workload} requests 0 memory, so its node fills up and evicts it first',
  },
  equivalents: [
    'kube-score:container-resources', 'polaris:memoryRequestsMissing', 'checkov:CKV_K8S_12', 'trivy:KSV-0016', 'kubescape:C-0269', 'popeye:106',
    'hardeneks:set_requests_limits_for_containers', 'prowler:core_memory_requests_set', 'monokle:KBP004', 'kics:Memory Requests Not Defined',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Resource Management'],
  check(workload, { options, report, workspace }) {
    for (const container of workload.containers) {
      if (!container.longRunning && !(options.initContainers && container.role === 'init')) continue;
      const shortfall = shortfallOf(container, workload, 'memory', 'requests', workspace);
      if (!shortfall) continue;
      const data = { container: container.name, workload: workload.title };
      report({ message: shortfall.zero ? 'zero' : 'absent', data, on: shortfall.on, key: shortfall.key });
    }
  },
});
