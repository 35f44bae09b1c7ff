import { push } from '#rule/selector';
import { type AnyResource, defineRule, type Neighbours, Workload } from '#rule';
import { dig, digList, list, text } from '#rule/shape';

const isNumber = (value: unknown): value is number => typeof value === 'number';
const protocolOf = (port: object): string => text(dig(port, 'protocol')) ?? 'TCP';

export default defineRule({
  title: 'Ports should be unique',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload', 'Service'],
  scope: 'workspace',
  messages: {
    port: '{what} of {title} declares port {port} twice, so {effect}',
    name: '{what} of {title} has two ports with the name "{name}", so the API server rejects it',
    shared: 'Containers "{first}" and "{second}" of {title} declare port {port}, so {effect}',
    node: '{title} and {other} use node port {port}, so the API server rejects whichever is created later',
  },
  help: {
    port: 'Remove one of the entries, or correct its number',
    name: 'Give each port a unique name, e.g. http and metrics',
    shared: 'Use a different port for each container',
    node: 'Choose another nodePort, or remove it so that Kubernetes assigns one',
  },
  equivalents: ['kube-score:container-ports-check'],
  sources: ['Kubernetes API reference'],
  check(resource, { workspace, report }) {
    const { title } = resource;
    if (!(resource instanceof Workload)) {
      judgeService();
      return;
    }
    const taken = new Map<string, { readonly name: string; readonly on: object }>();
    for (const { object, name, role } of resource.containers) {
      const own = new Set<string>();
      const names = new Set<string>();
      for (const port of list(object.ports)) {
        const { containerPort, name: portName } = port;
        if (typeof portName === 'string' && portName !== '') {
          if (names.has(portName))
            report({
              message: 'name',
              data: { what: `Container "${name}"`, title, name: portName },
              on: port,
              key: 'name',
              severity: 'high',
            });
          names.add(portName);
        }
        if (!isNumber(containerPort)) continue;
        const id = `${containerPort}/${protocolOf(port)}`;
        if (own.has(id)) {
          report({
            message: 'port',
            data: { what: `Container "${name}"`, title, port: id, effect: 'one of the entries is lost in updates' },
            on: port,
            key: 'containerPort',
          });
          continue;
        }
        own.add(id);
        // Regular init containers have ended when the others start.
        if (role === 'init' || role === 'ephemeral') continue;
        const first = taken.get(id);
        if (first) {
          const host = resource.pod.hostNetwork === true || (isNumber(port.hostPort) && port.hostPort !== 0);
          report({
            message: 'shared',
            data: { first: first.name, second: name, title, port: id, effect: 'only one of them can listen on it' },
            on: port,
            key: 'containerPort',
            severity: host ? 'high' : 'low',
            related: [resource.place(first.on, 'containerPort')],
          });
        } else taken.set(id, { name, on: port });
      }
    }

    function judgeService(): void {
      const ports = dig(resource.object, 'spec', 'ports');
      const seen = { port: new Set<string>(), name: new Set<string>(), node: new Set<string>() };
      for (const port of digList(ports)) {
        const [number, name, node] = [dig(port, 'port'), dig(port, 'name'), dig(port, 'nodePort')];
        const what = 'The port list';
        const effect = 'the API server rejects it';
        const protocol = protocolOf(port);
        if (isNumber(number)) {
          const id = `${number}/${protocol}`;
          if (seen.port.has(id))
            report({
              message: 'port',
              data: { what, title, port: id, effect },
              on: port,
              key: 'port',
              severity: 'high',
            });
          seen.port.add(id);
        }
        if (typeof name === 'string' && name !== '') {
          if (seen.name.has(name))
            report({ message: 'name', data: { what, title, name }, on: port, key: 'name', severity: 'high' });
          seen.name.add(name);
        }
        if (!isNumber(node) || node === 0) continue;
        const id = `${node}/${protocol}`;
        if (seen.node.has(id))
          report({
            message: 'port',
            data: { what, title, port: id, effect },
            on: port,
            key: 'nodePort',
            severity: 'high',
          });
        seen.node.add(id);
        const [first] = workspace.bundle(resource).once(nodePorts).get(id) ?? [];
        if (
          first &&
          first.object !== resource.object &&
          !(first.name === resource.name && first.namespace === resource.namespace)
        )
          report({
            message: 'node',
            data: { title, other: first.title, port: id },
            on: port,
            key: 'nodePort',
            severity: 'high',
            related: [first.at],
          });
      }
    }
  },
});

/** Services by node port and protocol, in the order of files and lines. */
function nodePorts(bundle: Neighbours): ReadonlyMap<string, readonly AnyResource[]> {
  const found = new Map<string, AnyResource[]>();
  for (const service of bundle.all('Service', '*')) {
    const ports = dig(service.object, 'spec', 'ports');
    for (const port of digList(ports)) {
      const node = dig(port, 'nodePort');
      if (!isNumber(node) || node === 0) continue;
      const id = `${node}/${protocolOf(port)}`;
      push(found, id, service);
    }
  }
  return found;
}
