import { defineRule } from '#rule';
import { addedCapabilities, baselineCapabilities, dangerousCapabilities } from '#rule/pod';

export default defineRule({
  title: 'Container should not add capabilities beyond the baseline set',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['add'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  messages: {
    added: 'Container "{container}" of {workload} adds {capability}, which the baseline Pod Security Standard forbids',
  },
  help: 'Remove {capability} from securityContext.capabilities.add',
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
          fix: { safe: false, edits: removal },
        });
      }
    }
  },
});
