import { defineRule } from '#rule';
import { list } from '#rule/shape';

export default defineRule({
  title: 'Container should not bind a host port',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPort'],
  scope: 'resource',
  fix: 'suggestion: remove hostPort and expose the pod through a Service',
  options: {
    allowedPorts: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9]{1,5}$' },
      default: [],
      description: 'Host ports that may be bound, each as a string.',
    },
  },
  messages: {
    bound: 'Container "{container}" of {workload} binds host port {port}, so only one such pod fits per node',
  },
  help: 'Remove hostPort: {port} and expose the pod through a Service',
  equivalents: [
    'polaris:hostPortSet',
    'checkov:CKV_K8S_26',
    'trivy:KSV-0024',
    'kubescape:C-0044',
    'kubescape:C-0204',
    'prowler:core_minimize_admission_hostport_containers',
    'monokle:PSS106',
    'kics:Workload Host Port Not Specified',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, report }) {
    if (workload.pod.hostNetwork === true) return; // reported by host-network; the API server sets hostPort itself
    for (const container of workload.containers) {
      for (const port of list(container.object.ports)) {
        const number: unknown = port.hostPort;
        if (typeof number !== 'number' || number === 0 || options.allowedPorts.includes(String(number))) continue;
        report({
          message: 'bound',
          data: { container: container.name, workload: workload.title, port: number },
          on: port,
          key: 'hostPort',
          fix: { safe: false, edits: [{ op: 'remove', on: port, key: 'hostPort' }] },
        });
      }
    }
  },
});
