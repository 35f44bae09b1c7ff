import { defineRule } from '#rule';
import { containerResources, shortfallsOf } from '#rule/compute';

export default defineRule({
  title: 'Container should have a CPU limit',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'workspace',
  messages: {
    absent: 'Container "{container}" of {workload} has no CPU limit, so it can use all idle CPU of the node',
    zero: 'Container "{container}" of {workload} has a CPU limit of 0, which means no limit, so it can use all idle CPU of the node',
  },
  help: 'Set resources.limits.cpu to the maximum it may use, e.g. 500m',
  family: { of: containerResources, as: { absent: 'CPU limit' } },
  equivalents: [
    'kube-linter:unset-cpu-requirements',
    'kube-score:container-resources',
    'polaris:cpuLimitsMissing',
    'checkov:CKV_K8S_11',
    'trivy:KSV-0011',
    'kubescape:C-0270',
    'kubescape:C-0050',
    'kubescape:C-0009',
    'popeye:107',
    'hardeneks:set_requests_limits_for_containers',
    'prowler:core_cpu_limits_set',
    'monokle:KBP003',
    'kics:CPU Limits Not Set',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { report, workspace }) {
    const scope = { workspace, options: { initContainers: false } };
    for (const { container, zero, on, key } of shortfallsOf(workload, 'cpu', 'limits', scope))
      report({
        message: zero ? 'zero' : 'absent',
        data: { container: container.name, workload: workload.title },
        on,
        key,
      });
  },
});
