import { addedCapabilities, baselineCapabilities, dangerousCapabilities, defineRule } from '#rule';

export default defineRule({
  title: 'Container must not add capabilities outside the baseline set',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'safe: remove the entry',
  messages: {
    added:
      'Container "{container}" of {workload} adds capability {capability}, which is outside the baseline set, so a break-in can do more to its node and a namespace at level baseline refuses the pod',
  },
  equivalents: [
    'checkov:CKV_K8S_25',
    'trivy:KSV-0022',
    'trivy:KSV-0119',
    'kubescape:C-0200',
    'prowler:core_minimize_containers_added_capabilities',
    'monokle:PSS104',
    'kics:Containers With Added Capabilities',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    if (workload.windows) return;
    for (const container of workload.containers) {
      if (container.privileged) continue;
      for (const { name, on, key, removal } of addedCapabilities(container)) {
        if (baselineCapabilities.has(name) || dangerousCapabilities.includes(name)) continue;
        report({
          message: 'added',
          data: { container: container.name, workload: workload.title, capability: name },
          on,
          key,
          fix: { safe: true, edits: removal },
        });
      }
    }
  },
});
