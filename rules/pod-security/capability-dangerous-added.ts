import { addedCapabilities, capabilityName, dangerousCapabilities, defineRule } from '#rule';

export default defineRule({
  title: 'Container must not add a capability that opens the node',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'safe: remove the entry',
  options: {
    dangerous: {
      type: 'array',
      items: { type: 'string' },
      default: dangerousCapabilities,
      description: 'Capabilities that count, with or without CAP_ and in any case.',
    },
  },
  messages: {
    added:
      'Container "{container}" of {workload} adds capability {capability}, with which a break-out reaches the node or other containers',
  },
  equivalents: [
    'polaris:dangerousCapabilities',
    'checkov:CKV_K8S_39',
    'trivy:KSV-0005',
    'trivy:KSV-0120',
    'kubescape:C-0046',
    'monokle:KBP100',
    'kics:Containers With Sys Admin Capabilities',
    'hardeneks:disallow_linux_capabilities',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    const dangerous = new Set(options.dangerous.map(capabilityName));
    for (const container of workload.containers) {
      if (container.privileged) continue;
      for (const { name, on, key, removal } of addedCapabilities(container)) {
        if (!dangerous.has(name)) continue;
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
