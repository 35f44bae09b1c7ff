import { defineRule, type PodContainer, type Workload } from '#rule';
import { isFilledIn } from '#rule/image';
import { namesPort } from '#rule/pod';
import { portOf, probesOf } from '#rule/probe';
import { labelsOf, selectorOf } from '#rule/selector';
import { digList, digRecord, list, text } from '#rule/shape';

interface Ports {
  /** Whether the ports are known: not a template, no operator and no patch may add some. */
  readonly known: boolean;
  readonly numbers: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly protocols: ReadonlySet<string>;
}
const portsKnown = new WeakMap<Workload, Ports>();

/** The ports that the containers of a workload declare: numbers and names with their protocols. */
function portsOf(workload: Workload): Ports {
  const found = portsKnown.get(workload);
  if (found) return found;
  const all = workload.longRunning.flatMap(({ object }) => list(object.ports));
  const numbers = new Set<string>();
  const names = new Set<string>();
  const protocols = new Set<string>();
  for (const { containerPort, name, protocol: written } of all) {
    const protocol = text(written) ?? 'TCP';
    if (typeof containerPort === 'number') numbers.add(`${containerPort}/${protocol}`);
    if (text(name) !== undefined) names.add(`${name}/${protocol}`);
    protocols.add(protocol);
  }
  const known =
    !workload.byShape &&
    workload.changes.length === 0 &&
    workload.longRunning.length > 0 &&
    // If the image is injected, as Istio does for a gateway, it may open ports.
    !workload.longRunning.some(({ image }) => isFilledIn(image ?? '')) &&
    all.every(({ containerPort }) => typeof containerPort === 'number');
  const ports = { known, numbers, names, protocols };
  portsKnown.set(workload, ports);
  return ports;
}

/** Whether a container listens on a port that it does not declare: the port is in its arguments, or is probed. */
const listens = (container: PodContainer, port: number): boolean =>
  namesPort(container, port) || probesOf(container).some(({ probe }) => Number(portOf(probe)?.port) === port);

export default defineRule({
  title: 'Service target port must exist on the pods',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Service'],
  scope: 'workspace',
  messages: {
    name: '{service} sends traffic to port "{port}", which no selected container declares, so requests fail',
    number:
      '{service} sends traffic to port {port}, but the containers of {workload} declare only {declared}, so requests may fail',
  },
  help: {
    name: 'Set targetPort to the name of a container port, or set the port name: {port}',
    number: 'Set targetPort to a port that the container listens on, or declare containerPort: {port}',
  },
  equivalents: ['popeye:1106', 'popeye:1101', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, Service'],
  check(service, { report, undetermined, workspace }) {
    const spec = digRecord(service.object, 'spec');
    const raw = digRecord(spec, 'selector');
    if (!spec || !raw || spec['type'] === 'ExternalName') return;
    const selector = selectorOf(labelsOf(raw), 'map');
    if (selector.requirements.length === 0) return;
    const [first, ...others] = workspace.bundle(service).selected(selector);
    if (!first) return;
    const workloads = [first, ...others];
    for (const port of digList(spec, 'ports')) {
      const target: unknown = port['targetPort'] ?? port['port'];
      const protocol = text(port['protocol']) ?? 'TCP';
      const byName = typeof target === 'string' && !/^\d+$/.test(target);
      if (!byName && typeof target !== 'number' && typeof target !== 'string') continue;
      // The port numbers of a headless Service are not translated: clients connect to the pods and choose the port.
      if (!byName && spec['clusterIP'] === 'None') continue;
      const wanted = `${target}/${protocol}`;
      const offers = (workload: Workload) => {
        const { names, numbers, protocols } = portsOf(workload);
        // Declaring a port opens nothing: a container that declares no port of the protocol may listen on any.
        return byName
          ? names.has(wanted)
          : numbers.has(wanted) ||
              !protocols.has(protocol) ||
              workload.longRunning.some((one) => listens(one, Number(target)));
      };
      if (workloads.some(offers)) continue;
      const place = { on: port, key: port['targetPort'] === undefined ? 'port' : 'targetPort' } as const;
      if (!workloads.every((workload) => portsOf(workload).known)) {
        undetermined('the ports of a selected workload are not known', place);
        continue;
      }
      const related = [first.at];
      if (byName) report({ message: 'name', data: { service: service.title, port: target }, ...place, related });
      else {
        const declared = [...portsOf(first).numbers]
          .filter((one) => one.endsWith(`/${protocol}`))
          .map((one) => one.slice(0, one.indexOf('/')));
        report({
          message: 'number',
          data: {
            service: service.title,
            port: target,
            workload: first.title,
            declared: declared.slice(0, 4).join(', '),
          },
          ...place,
          related,
          severity: 'medium',
        });
      }
    }
  },
});
