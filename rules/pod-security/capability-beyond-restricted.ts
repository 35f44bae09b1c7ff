import { defineRule } from '#rule';
import { addedCapabilities, baselineCapabilities } from '#rule/pod';

export default defineRule({
  title: 'Container should add no capabilities except NET_BIND_SERVICE',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['add'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  messages: {
    added:
      'Container "{container}" of {workload} adds {capability}, which the restricted Pod Security Standard forbids',
  },
  help: 'Remove {capability} from securityContext.capabilities.add',
  equivalents: ['checkov:CKV_K8S_37', 'trivy:KSV-0106', 'monokle:PSS206'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    if (workload.windows) return;
    for (const container of workload.containers) {
      if (container.privileged) continue;
      for (const { name, on, key, removal } of addedCapabilities(container)) {
        if (!baselineCapabilities.has(name) || name === 'NET_BIND_SERVICE') continue;
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
