import { defineRule, type Workload } from '#rule';
import { addedCapabilities } from '#rule/pod';
import { list, record, text } from '#rule/shape';

/** The first port that any process of the pod may bind, by its sysctl. */
function firstOpenPort({ pod }: Workload): number {
  const names = ['net.ipv4.ip_unprivileged_port_start', 'net/ipv4/ip_unprivileged_port_start'];
  const entry = list(record(pod.securityContext)?.sysctls).find((one) => names.includes(one.name));
  const port = Number(text(entry?.value) ?? Number.NaN);
  return Number.isInteger(port) ? port : 1024;
}

export default defineRule({
  title: 'Container should listen on a port above 1023',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['ports'],
  scope: 'resource',
  messages: {
    port: 'Container "{container}" of {workload} listens on port {port}, so it may need root or NET_BIND_SERVICE',
  },
  help: 'Listen on a port above 1023, e.g. 8080, and set targetPort of the Service to it',
  equivalents: ['kube-linter:privileged-ports', 'trivy:KSV-0117', 'monokle:KBP113'],
  sources: ['kube-linter check list'],
  check(workload, { report }) {
    if (workload.windows) return;
    const open = firstOpenPort(workload);
    for (const container of workload.containers) {
      const mayBind = addedCapabilities(container).some(({ name }) => name === 'NET_BIND_SERVICE' || name === 'ALL');
      if (mayBind || container.privileged) continue;
      for (const port of list(container.object.ports)) {
        const number: unknown = port.containerPort;
        if (typeof number !== 'number' || number < 1 || number >= 1024 || number >= open) continue;
        report({
          message: 'port',
          data: { container: container.name, workload: workload.title, port: number },
          on: port,
          key: 'containerPort',
        });
      }
    }
  },
});
