import { defineRule, shortfallOf } from '#rule';

export default defineRule({
  title: 'Container should request CPU',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    initContainers: { type: 'boolean', default: false, description: 'Ask ordinary init containers too.' },
  },
  messages: {
    absent: 'Container "{container}" of {workload} requests no CPU, so its node is packed as if it needed none and it starves first',
    zero: 'Container "{container}" of {workload} requests 0 CPU, so its node is packed as if it needed none and it starves first',
  },
  equivalents: [
    'kube-linter:unset-cpu-requirements', 'kube-score:container-resources', 'polaris:cpuRequestsMissing', 'checkov:CKV_K8S_10', 'trivy:KSV-0015', 'kubescape:C-0268', 'popeye:106',
    'hardeneks:set_requests_limits_for_containers', 'prowler:core_cpu_requests_set', 'monokle:KBP002', 'kics:CPU Requests Not Set',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Resource Management'],
  check(workload, { options, report, workspace }) {
    for (const container of workload.containers) {
      if (!container.longRunning && !(options.initContainers && container.role === 'init')) continue;
      const shortfall = shortfallOf(container, workload, 'cpu', 'requests', workspace);
      if (!shortfall) continue;
      const data = { container: container.name, workload: workload.title };
      report({ message: shortfall.zero ? 'zero' : 'absent', data, on: shortfall.on, key: shortfall.key });
    }
  },
});
