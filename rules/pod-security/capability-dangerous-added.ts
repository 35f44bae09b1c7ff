import { defineRule } from '#rule';
import { addedCapabilities, capabilityName, dangerousCapabilities } from '#rule/pod';

export default defineRule({
  title: 'Container must not add dangerous capabilities',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['add'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  options: {
    dangerous: {
      type: 'array',
      items: { type: 'string' },
      default: dangerousCapabilities,
      description: 'Capabilities to report, with or without CAP_; case is ignored.',
    },
  },
  messages: {
    added: 'Container "{container}" of {workload} adds {capability}, which can be used to take over the node',
  },
  help: 'Remove {capability} from securityContext.capabilities.add',
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
          fix: { safe: false, edits: removal },
        });
      }
    }
  },
});
