import { defineRule } from '#rule';
import { containerContext, contextEdit } from '#rule/pod';

export default defineRule({
  title: 'Container should have a read-only root filesystem',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set readOnlyRootFilesystem to true; mount an emptyDir on paths that the program writes to',
  options: {
    ephemeral: { type: 'boolean', default: false, description: 'Also check ephemeral containers.' },
  },
  messages: {
    writable:
      'Container "{container}" of {workload} can write to its root filesystem, so an attacker can replace programs and install tools',
  },
  help: 'Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir on paths that the program writes to, e.g. /tmp',
  family: { of: containerContext, as: { writable: 'have a read-only root filesystem' } },
  equivalents: [
    'kube-linter:no-read-only-root-fs',
    'kube-score:container-security-context-readonlyrootfilesystem',
    'polaris:notReadOnlyRootFilesystem',
    'checkov:CKV_K8S_22',
    'trivy:KSV-0014',
    'kubescape:C-0017',
    'hardeneks:check_read_only_root_file_system',
    'prowler:core_readonly_root_filesystem_enabled',
    'monokle:KBP102',
    'kics:Root Container Not Mounted Read-only',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'EKS Best Practices Guide, Security'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    for (const container of workload.containers) {
      if (container.security?.readOnlyRootFilesystem === true) continue;
      if (container.role === 'ephemeral' && !options.ephemeral) continue;
      const edit = contextEdit(container.object, 'readOnlyRootFilesystem', true);
      report({
        message: 'writable',
        data: { container: container.name, workload: workload.title },
        on: edit.on,
        key: edit.key,
        fix: { safe: false, edits: [edit] },
      });
    }
  },
});
