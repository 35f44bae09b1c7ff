import { type AnyResource, defineRule, type Neighbours, type Workload, type Workspace } from '#rule';
import { foundElsewhere, selectsUnseenPods, whyPodsUnseen } from '#rule/absence';
import { LabelIndex, matches, type Selector, selectorOf } from '#rule/selector';
import { dig, digRecord, list, text, texts } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Services that Kubernetes, EKS and the Prometheus operator create, by their labels. */
const platformServices: readonly Readonly<Record<string, string>>[] = [
  { component: 'apiserver', provider: 'kubernetes' },
  { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
  { 'k8s-app': 'kubelet', 'app.kubernetes.io/name': 'kubelet', 'app.kubernetes.io/managed-by': 'prometheus-operator' },
  { 'operated-prometheus': 'true', 'managed-by': 'prometheus-operator' },
  { 'operated-alertmanager': 'true', 'managed-by': 'prometheus-operator' },
];

/** All Services of a unit by their labels. */
function servicesByLabel(unit: Neighbours): LabelIndex<AnyResource> {
  const index = new LabelIndex<AnyResource>({ tried: 0 });
  for (const service of unit.all('Service', '*')) index.add(service, service.labels);
  return index;
}

/** Ports of proxies that a webhook adds to pods: Istio, Linkerd, Dapr. */
const injectedPorts = ['http-envoy-prom', 'linkerd-admin', 'dapr-metrics'];

/** The namespaces that a monitor searches; `*` for all. */
function namespacesOf(monitor: AnyResource): readonly string[] {
  const selector = digRecord(monitor.object, 'spec', 'namespaceSelector');
  const named = selector?.['matchNames'];
  if (selector?.['any'] === true) return ['*'];
  return Array.isArray(named) && named.length > 0 ? texts(named) : [monitor.namespace];
}

/** What a monitor selects in a namespace. */
function selectedBy(
  monitor: AnyResource,
  selector: Selector,
  namespace: string,
  around: Neighbours,
): readonly AnyResource[] {
  if (monitor.kind === 'PodMonitor') return around.selected(selector, namespace);
  const inside = (one: AnyResource): boolean =>
    namespace === '*' || one.namespace === namespace || one.namespace === '' || namespace === '';
  return around.once(servicesByLabel).select(selector).filter(inside);
}

/** The names of the ports that a monitor can scrape. */
function portsOf(target: AnyResource | Workload): readonly unknown[] {
  const ports =
    'containers' in target
      ? target.containers.flatMap(({ object }) => list(object.ports))
      : list(asList(dig(target.object, 'spec', 'ports')));
  return ports.map((port) => dig(port, 'name'));
}
const asList = (value: unknown): readonly object[] => (Array.isArray(value) ? value : []);

/** Whether a bundle contains objects of the kind that a monitor selects, and no others are expected. */
function isKnownThere(monitor: AnyResource, namespace: string, workspace: Workspace): boolean {
  const bundle = workspace.bundle(monitor);
  if (bundle.mayHoldOtherPods(namespace)) return false;
  return monitor.kind === 'PodMonitor' ? bundle.hasWorkload(namespace) : bundle.all('Service', namespace).length > 0;
}

export default defineRule({
  title: 'Monitor should select a target',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['ServiceMonitor', 'PodMonitor'],
  scope: 'workspace',
  messages: {
    nothing: '{monitor} selects {labels}, but no {kind} in its namespaces has these labels, so nothing is scraped',
    elsewhere: '{monitor} selects {labels}, which only a {kind} in namespace "{other}" has, so nothing is scraped',
    port: '{monitor} scrapes port "{port}", but no {kind} that it selects has a port with this name, so nothing is scraped',
  },
  help: {
    nothing: 'Set spec.selector to labels in the metadata of the {kind}, and spec.namespaceSelector to its namespace',
    elsewhere: 'Set spec.namespaceSelector: matchNames: [{other}]',
    port: 'Set port to the name of a port of the {kind}, e.g. metrics',
  },
  equivalents: ['kube-linter:dangling-servicemonitor'],
  sources: ['Prometheus Operator documentation'],
  check(monitor, { report, undetermined, workspace }) {
    const spec = digRecord(monitor.object, 'spec');
    const written = digRecord(spec, 'selector');
    if (!spec || !written) return;
    const isPod = monitor.kind === 'PodMonitor';
    const selector = selectorOf(written);
    const unit = workspace.unit(monitor);
    const namespaces = namespacesOf(monitor);
    const unseen = (namespace: string) =>
      selectsUnseenPods(selector, namespace) ||
      (!isPod && platformServices.some((labels) => matches(selector, labels)));
    if (namespaces.some((namespace) => unseen(namespace === '*' ? '' : namespace))) return;
    const found = namespaces.flatMap((namespace) => selectedBy(monitor, selector, namespace, unit));
    const data = { monitor: monitor.title, kind: isPod ? 'pod' : 'Service' };
    /** What the monitor would select in another namespace of what is applied with it. */
    const elsewhere = ([namespace, ...others]: readonly string[]): AnyResource | undefined => {
      const bundle = workspace.bundle(monitor);
      if (namespace === undefined || namespace === '*' || others.length > 0 || bundle.mayHoldOtherPods(namespace))
        return undefined;
      const isNamed = selector.requirements.some(({ operator }) => operator === 'In');
      return isNamed ? foundElsewhere(selectedBy(monitor, selector, '*', bundle), namespace) : undefined;
    };
    if (found.length === 0) {
      const other = elsewhere(namespaces);
      if (!other && !namespaces.every((one) => one !== '*' && isKnownThere(monitor, one, workspace))) return;
      const place = { on: spec, key: 'selector' };
      const why = unrendered(written) ? 'the labels that it selects are not known' : whyPodsUnseen(workspace, monitor);
      const labels =
        selector.requirements.map(({ key, values }) => [key, ...values].join('=')).join(', ') || 'everything';
      if (why !== undefined) undetermined(why, place);
      else if (other)
        report({
          message: 'elsewhere',
          data: { ...data, labels, other: other.namespace },
          ...place,
          related: [other.at],
        });
      else report({ message: 'nothing', data: { ...data, labels }, ...place });
      return;
    }
    const ports = new Set([...found.flatMap(portsOf), ...(isPod ? injectedPorts : [])]);
    // Templates may define the port name.
    if ([...ports].some(unrendered) || namespaces.includes('*')) return;
    for (const endpoint of list(asList(spec[isPod ? 'podMetricsEndpoints' : 'endpoints']))) {
      const port = text(dig(endpoint, 'port'));
      if (port === undefined || port === '' || ports.has(port)) continue;
      report({
        message: 'port',
        data: { ...data, port },
        on: endpoint,
        key: 'port',
        related: found.slice(0, 3).map((one) => one.at),
      });
    }
  },
});
