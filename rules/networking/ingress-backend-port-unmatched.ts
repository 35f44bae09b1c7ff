import { defineRule } from '#rule';
import { backendsOf, isAction } from '#rule/ingress';
import { digList, text } from '#rule/shape';
import { patched } from '#rule/unknown';

/** The number of a port of a Service, as a string; empty for anything else. */
const numberOf = ({ port }: Readonly<Record<string, unknown>>): string =>
  typeof port === 'number' ? String(port) : '';

export default defineRule({
  title: 'Ingress backend port must exist in the Service',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  messages: {
    port: '{ingress} sends requests to port {port} of Service "{name}", which has only {offered}, so they fail',
    none: '{ingress} sets no port for Service "{name}", so the API server rejects it',
    both: '{ingress} sets both port.number and port.name for Service "{name}", so the API server rejects it',
  },
  help: {
    port: 'Set the port to one of spec.ports of the Service: {offered}',
    none: 'Set port.number or port.name, e.g. port: {number: 80}',
    both: 'Remove port.number or port.name',
  },
  equivalents: ['popeye:1402', 'popeye:1404', 'kube-linter:dangling-ingress', 'kube-score:ingress-targets-service'],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { report, undetermined, workspace }) {
    const unit = workspace.unit(ingress);
    for (const backend of backendsOf(ingress)) {
      if (isAction(backend)) continue;
      const { service: name, ports, portAt } = backend;
      const data = { ingress: ingress.title, name };
      const [port, other] = ports;
      if (port === undefined) report({ message: 'none', data, ...portAt });
      else if (other !== undefined) report({ message: 'both', data, ...portAt });
      else {
        const services = unit.find('Service', name, ingress.namespace);
        const offers = services.map((service) => digList(service.object, 'spec', 'ports'));
        // In v1beta1 a string of digits is a number.
        const isIt = (one: Readonly<Record<string, unknown>>) => one['name'] === port || numberOf(one) === String(port);
        if (services.length === 0 || offers.some((all) => all.some(isIt))) continue;
        const [first] = services;
        if (services.some((service) => patched(service, 'spec', 'ports'))) {
          undetermined('a patch changes the ports of the Service', portAt);
          continue;
        }
        const offered = (offers[0] ?? []).map((one) => text(one['name']) ?? numberOf(one)).slice(0, 4);
        report({
          message: 'port',
          data: { ...data, port, offered: offered.join(', ') || 'none' },
          ...portAt,
          ...(first ? { related: [first.at] } : {}),
        });
      }
    }
  },
});
