import { defineRule } from '#rule';
import { capabilityName, containerContext, contextEdit } from '#rule/pod';
import { texts } from '#rule/shape';

export default defineRule({
  title: 'Container should drop all capabilities',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set capabilities.drop to [ALL]',
  options: {
    require: {
      type: 'array',
      items: { type: 'string' },
      default: ['ALL'],
      description: 'Capabilities that must be dropped; a container that drops ALL always passes.',
    },
  },
  messages: {
    missing:
      'Container "{container}" of {workload} does not drop {missing}, so a compromised process keeps capabilities that it does not need',
  },
  help: 'Set securityContext.capabilities.drop: [ALL], and add back only what the program needs',
  family: { of: containerContext, as: { missing: 'drop {missing}' } },
  equivalents: [
    'kube-linter:drop-net-raw-capability',
    'polaris:insecureCapabilities',
    'checkov:CKV_K8S_28',
    'checkov:CKV_K8S_37',
    'trivy:KSV-0003',
    'trivy:KSV-0004',
    'trivy:KSV-0106',
    'kubescape:C-0199',
    'kubescape:C-0201',
    'prowler:core_minimize_net_raw_capability_admission',
    'prowler:core_minimize_containers_capabilities_assigned',
    'monokle:PSS206',
    'monokle:KBP103',
    'kics:NET_RAW Capabilities Not Being Dropped',
    'kics:No Drop Capabilities for Containers',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    const required = options.require.map(capabilityName);
    for (const container of workload.containers) {
      if (container.privileged) continue;
      const { capabilities, object, name } = container;
      const dropped = texts(capabilities?.drop).map(capabilityName);
      const missing = dropped.includes('ALL') ? [] : required.filter((one) => !dropped.includes(one));
      if (missing.length === 0) continue;
      const drop = missing.includes('ALL') ? ['ALL'] : [...texts(capabilities?.drop), ...missing];
      const edit = capabilities
        ? ({ op: 'set', on: capabilities, key: 'drop', value: drop } as const)
        : contextEdit(object, 'capabilities', { drop });
      report({
        message: 'missing',
        data: { container: name, workload: workload.title, missing: missing.join(', ') },
        on: edit.on,
        key: edit.key,
        fix: { safe: false, edits: [edit] },
      });
    }
  },
});
