import { defineRule, Workload } from '#rule';
import { digRecord, list } from '#rule/shape';

export default defineRule({
  title: 'Container should not run an SSH server',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload', 'Service'],
  needs: ['ports'],
  scope: 'resource',
  options: {
    ports: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9]{1,5}$' },
      default: ['22'],
      description: 'TCP ports of SSH servers, each as a string.',
    },
  },
  messages: {
    container:
      'Container "{container}" of {workload} listens on port {port} (SSH), so logins bypass the Kubernetes audit log',
    service: '{service} routes to port {port} (SSH), so logins bypass the Kubernetes audit log',
  },
  help: {
    container: 'Remove the SSH server and the port, and use kubectl exec or kubectl debug',
    service: 'Remove port {port} from the Service, and use kubectl exec or kubectl debug',
  },
  equivalents: ['kube-linter:ssh-port', 'kubescape:C-0042', 'monokle:KBP110'],
  sources: ['Threat Matrix for Kubernetes'],
  check(resource, { options, report }) {
    const listed = (port: unknown): boolean =>
      (typeof port === 'number' || typeof port === 'string') && options.ports.includes(`${port}`);
    const isTcp = (protocol: unknown): boolean => protocol === undefined || protocol === null || protocol === 'TCP';
    if (resource instanceof Workload) {
      for (const container of resource.containers)
        for (const port of list(container.object.ports))
          if (listed(port.containerPort) && isTcp(port.protocol))
            report({
              message: 'container',
              data: { container: container.name, workload: resource.title, port: port.containerPort },
              on: port,
              key: 'containerPort',
            });
      return;
    }
    const ports = digRecord(resource.object, 'spec')?.['ports'];
    for (const port of list<Record<string, unknown>>(Array.isArray(ports) ? ports : [])) {
      const key = (['port', 'targetPort'] as const).find((one) => listed(port[one]));
      if (key !== undefined && isTcp(port['protocol']))
        report({ message: 'service', data: { service: resource.title, port: String(port[key]) }, on: port, key });
    }
  },
});
