import { defineRule } from '#rule';
import { containerProbes } from '#rule/compute';
import { hasProbe, isProbed } from '#rule/probe';

export default defineRule({
  title: 'Container should have a liveness probe',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {
    missing: 'Container "{container}" of {workload} has no liveness probe, so a hung process is not restarted',
  },
  help: 'Add a livenessProbe that tests only the process itself, e.g. httpGet: {path: /livez, port: 8080}',
  family: { of: containerProbes, as: { missing: 'liveness probe' } },
  equivalents: [
    'kube-linter:no-liveness-probe',
    'kube-score:pod-probes',
    'polaris:livenessProbeMissing',
    'checkov:CKV_K8S_8',
    'kubescape:C-0056',
    'popeye:103',
    'popeye:102',
    'hardeneks:check_liveness_probes',
    'prowler:core_liveness_probe_configured',
    'kics:Liveness Probe Is Not Defined',
  ],
  sources: ['EKS Best Practices Guide, Reliability', 'Kubernetes documentation, Configure Probes'],
  check(workload, { report }) {
    if (!isProbed(workload)) return;
    for (const container of workload.longRunning) {
      if (hasProbe(container, 'livenessProbe')) continue;
      report({
        message: 'missing',
        data: { container: container.name, workload: workload.title },
        on: container.object,
        key: 'livenessProbe',
      });
    }
  },
});
