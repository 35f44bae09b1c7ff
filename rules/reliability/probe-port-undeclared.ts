import { defineRule, type PodContainer } from '#rule';
import { namesPort } from '#rule/pod';
import { isProbed, portOf, probesOf } from '#rule/probe';
import { list } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/**
 * Whether a container has a port for its probes that it does not declare, because declaring is optional: its arguments
 * or variables mention the port, or two probes use it.
 */
const isMeant = (container: PodContainer, port: number): boolean =>
  namesPort(container, port) ||
  probesOf(container).filter(({ probe }) => Number(portOf(probe)?.port) === port).length > 1;

export default defineRule({
  title: 'Probe port should be declared by the container',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {
    name: '{handler} of container "{container}" in {workload} uses port "{port}", which the container does not declare, so it always fails',
    udp: '{handler} of container "{container}" in {workload} uses port "{port}", which is declared for UDP, so it always fails',
    number:
      '{handler} of container "{container}" in {workload} uses port {port}, which no container of the pod declares, so it may fail',
  },
  help: {
    name: 'Set the probe port to a name or number in ports of the container, e.g. containerPort: 8080',
    udp: 'Set the probe port to a TCP port of the container, e.g. containerPort: 8080',
    number: 'Correct the probe port, or add containerPort: {port} to ports of the container',
  },
  equivalents: ['kube-linter:liveness-port', 'kube-linter:readiness-port', 'kube-linter:startup-port'],
  sources: ['Kubernetes documentation, Configure Probes'],
  check(workload, { report, undetermined }) {
    if (!isProbed(workload)) return;
    const declared = workload.containers.flatMap((one) => list(one.object.ports));
    for (const container of workload.longRunning) {
      const own = list(container.object.ports);
      for (const { key, name: handler, probe } of probesOf(container)) {
        const target = portOf(probe);
        if (!target) continue;
        const { on, port } = target;
        const place = { on, key: 'port' };
        const number = typeof port === 'number' || /^\d+$/.test(port) ? Number(port) : undefined;
        const data = { handler, container: container.name, workload: workload.title, port };
        const named = own.find((one) => one.name === port);
        // All probes connect by TCP.
        if (named?.protocol === 'UDP') report({ message: 'udp', data, ...place, severity: 'high' });
        if (named || own.some((one) => one.containerPort === number)) continue;
        if (number !== undefined && (own.length === 0 || declared.some((one) => one.containerPort === number)))
          continue;
        if (number !== undefined && isMeant(container, number)) continue;
        if (unrendered(container.object.ports) || (number !== undefined && unrendered(declared))) {
          undetermined('the ports of the container are an unrendered template', place);
          continue;
        }
        if (number === undefined) report({ message: 'name', data, ...place, severity: 'high' });
        // A rollout whose pods never become ready does not finish, so such a mistake is noticed at once.
        else report({ message: 'number', data, ...place, severity: key === 'livenessProbe' ? 'medium' : 'low' });
      }
    }
  },
});
