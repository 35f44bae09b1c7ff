import { type AnyResource, defineRule } from '#rule';
import { lookFor } from '#rule/absence';
import { dig, digList } from '#rule/shape';
import { unrendered } from '#rule/unknown';
import { calledServices } from '#rule/webhook';

/** The ports of a Service; undefined if they are not known or any port is fine. */
function portsOf(service: AnyResource): readonly number[] | undefined {
  const ports = dig(service.object, 'spec', 'ports');
  if (!Array.isArray(ports) || unrendered(ports) || service.changes.length > 0) return undefined;
  return digList(service.object, 'spec', 'ports').flatMap(({ port }) => (typeof port === 'number' ? [port] : []));
}

export default defineRule({
  title: 'Webhook service must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition'],
  scope: 'workspace',
  messages: {
    missing: '{subject} calls Service "{name}" in namespace "{namespace}", which does not exist, so {effect}',
    elsewhere:
      '{subject} calls Service "{name}" in namespace "{namespace}", which exists only in "{other}", so {effect}',
    port: '{subject} calls port {port} of Service "{name}", which has only {ports}, so {effect}',
  },
  help: {
    missing: 'Correct name and namespace of the Service, or add the Service',
    elsewhere: 'Set namespace: {other} in the reference to the Service',
    port: 'Set port to a port of the Service, e.g. port: 443',
  },
  equivalents: ['monokle:LNK001'],
  sources: ['Kubernetes documentation, Admission Webhook Good Practices'],
  check(subject, { report, undetermined, workspace }) {
    const effects: Readonly<Record<string, string>> = {
      APIService: 'requests to its API group fail',
      CustomResourceDefinition: 'its objects cannot be converted',
    };
    const effect = effects[subject.kindName] ?? 'requests that it covers fail';
    for (const { on, name, namespace, port } of calledServices(subject)) {
      if (unrendered(namespace)) continue;
      const data = { subject: subject.title, name, namespace, effect };
      const place = { on, key: 'name' };
      const search = lookFor(workspace, subject, { kind: 'Service', name, namespace }, (bundle) =>
        bundle.has('Service', namespace),
      );
      if (search.state === 'unclear') undetermined(search.why, place);
      else if (search.state === 'missing') report({ message: 'missing', data, ...place });
      else if (search.state === 'elsewhere')
        report({
          message: 'elsewhere',
          data: { ...data, other: search.object.namespace },
          on,
          key: 'namespace',
          related: [search.object.at],
        });
      const [service] = workspace.bundle(subject).find('Service', name, namespace);
      const ports = search.state === 'found' && service ? portsOf(service) : undefined;
      if (service && ports && ports.length > 0 && !ports.includes(port))
        report({
          message: 'port',
          data: { subject: subject.title, name, port, ports: ports.join(', '), effect },
          on,
          key: 'port',
          related: [service.at],
        });
    }
  },
});
