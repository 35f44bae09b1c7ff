import { defineRule } from '#rule';
import { record } from '#rule/shape';

export default defineRule({
  title: 'Windows pod must not run HostProcess containers',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostProcess'],
  scope: 'resource',
  fix: 'suggestion: remove windowsOptions.hostProcess',
  messages: {
    pod: '{workload} runs HostProcess containers on the Windows node, so a compromise of it is a compromise of the node',
    container:
      'Container "{container}" of {workload} runs as a HostProcess container on the Windows node, so a compromise of it is a compromise of the node',
  },
  help: 'Remove windowsOptions.hostProcess together with hostNetwork and a node account in runAsUserName',
  equivalents: [
    'polaris:hostProcess',
    'trivy:KSV-0103',
    'kubescape:C-0202',
    'prowler:core_minimize_admission_windows_hostprocess_containers',
    'monokle:PSS101',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    const shared = record(record(workload.pod.securityContext)?.windowsOptions);
    if (shared?.hostProcess === true)
      report({
        message: 'pod',
        data: { workload: workload.title },
        on: shared,
        key: 'hostProcess',
        fix: { safe: false, edits: [{ op: 'remove', on: shared, key: 'hostProcess' }] },
      });
    for (const container of workload.containers) {
      const own = record(container.security?.windowsOptions);
      if (own?.hostProcess !== true) continue;
      report({
        message: 'container',
        data: { container: container.name, workload: workload.title },
        on: own,
        key: 'hostProcess',
        fix: { safe: false, edits: [{ op: 'remove', on: own, key: 'hostProcess' }] },
      });
    }
  },
});
