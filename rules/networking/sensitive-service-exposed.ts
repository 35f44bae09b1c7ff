import { type AnyResource, defineRule, type Neighbours, type Workspace } from '#rule';
import { coversInternet } from '#rule/cidr';
import { baseName, parseImage } from '#rule/image';
import { albSetting, backendsOf, instanceTargets, isAlb } from '#rule/ingress';
import { annotationPrefixes, serviceStem } from '#rule/load-balancing';
import { labelsOf, selectorOf } from '#rule/selector';
import { digRecord, text, texts } from '#rule/shape';

const stem = annotationPrefixes.service + serviceStem;
const awsClasses = ['service.k8s.aws/nlb', 'eks.amazonaws.com/nlb'];

/** Whether ranges are set and none of them is the internet. */
const isLimited = (ranges: readonly string[]): boolean => {
  const given = ranges.map((one) => one.trim()).filter((one) => one !== '');
  return given.length > 0 && !given.some(coversInternet);
};
const split = (value: string | undefined): readonly string[] => (value ?? '').split(',');

/** The part of a Service or Ingress that is needed to read it, whatever the type of its object. */
type Exposed = Pick<AnyResource, 'annotations' | 'names' | 'namespace'> & { readonly object: object };

/** How a Service is reachable from outside the cluster; undefined if it is not. */
function exposureOfService(service: Exposed, unit: Neighbours): string | undefined {
  const spec = digRecord(service.object, 'spec');
  const { annotations } = service;
  if (spec?.['type'] === 'NodePort') {
    const targets = unit.once(instanceTargets);
    return service.names.some((name) => targets.has(`${service.namespace}/${name}`)) ? undefined : 'a node port';
  }
  if (spec?.['type'] !== 'LoadBalancer') return undefined;
  const ranges = [
    ...texts(spec['loadBalancerSourceRanges'] as readonly string[]),
    ...split(annotations[`${annotationPrefixes.service}load-balancer-source-ranges`]),
  ];
  if (isLimited(ranges)) return undefined;
  const scheme = annotations[`${stem}scheme`];
  const type = annotations[`${stem}type`];
  if (awsClasses.includes(text(spec['loadBalancerClass']) ?? '') || type === 'external' || type === 'nlb-ip')
    return scheme === 'internet-facing' ? 'a public load balancer' : undefined;
  const isInternal = Object.entries(annotations).some(
    ([key, value]) =>
      /internal|load-balancer-type/.test(key) &&
      !['false', '0', ''].includes(value.toLowerCase()) &&
      !/external/i.test(value),
  );
  return isInternal || scheme === 'internal' ? undefined : 'a load balancer';
}

/** Whether an Ingress is reachable by strangers. */
function isExposed(ingress: Exposed, unit: Neighbours): boolean {
  const { annotations } = ingress;
  const set = (suffix: string) => Object.entries(annotations).find(([key]) => key.endsWith(`/${suffix}`))?.[1];
  if (isLimited([...split(set('whitelist-source-range')), ...split(set('inbound-cidrs'))])) return false;
  if (set('auth-url') !== undefined || (set('auth-type') ?? 'none') !== 'none') return false;
  return !isAlb(ingress, unit) || albSetting(ingress, unit, 'scheme', 'scheme') === 'internet-facing';
}

/** Services behind exposed Ingresses of a bundle, as namespace/name. */
const exposedByIngress = (bundle: Neighbours): ReadonlySet<string> =>
  new Set(
    bundle
      .all('Ingress', '*')
      .filter((ingress) => isExposed(ingress, bundle))
      .flatMap((ingress) => backendsOf(ingress).map(({ service }) => `${ingress.namespace}/${service}`)),
  );

/** The admin interface behind a Service, by its own name or by the image of a workload that it selects. */
function interfaceOf(
  service: Parameters<Workspace['unit']>[0] & { readonly object: object; readonly name: string },
  workspace: Workspace,
  interfaces: readonly string[],
): string | undefined {
  if (interfaces.includes(service.name)) return service.name;
  const selector = selectorOf(labelsOf(digRecord(service.object, 'spec', 'selector')), 'map');
  if (selector.requirements.length === 0) return undefined;
  return workspace
    .bundle(service)
    .selected(selector, undefined, 20)
    .flatMap(({ longRunning }) => longRunning.map(({ image }) => baseName(parseImage(image ?? ''))))
    .find((name) => interfaces.includes(name));
}

export default defineRule({
  title: 'Admin interface must not be exposed',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Service', 'Ingress'],
  needs: ['spec'],
  scope: 'workspace',
  options: {
    interfaces: {
      type: 'array',
      items: { type: 'string' },
      default: [
        'kubernetes-dashboard',
        'argo-server',
        'argocd-server',
        'jenkins',
        'kubeflow',
        'weave-scope-app',
        'nifi',
        'prometheus',
        'alertmanager',
        'grafana',
        'kibana',
        'phpmyadmin',
        'adminer',
        'redis-commander',
        'mongo-express',
        'jupyterhub',
        'jupyter-notebook',
        'mlflow',
        'ray-head',
        'ollama',
        'vllm',
        'etcd',
        'consul',
      ],
      description: 'Service names and image base names of admin interfaces.',
    },
  },
  messages: {
    service:
      '{service} exposes the admin interface {name} through {way}, so anyone who can reach it can attack its login',
    ingress:
      '{ingress} exposes the admin interface {name} without restricting source addresses, so anyone who can reach it can attack its login',
  },
  help: {
    service: 'Set type: ClusterIP, an internal scheme, or loadBalancerSourceRanges with the addresses of your network',
    ingress:
      'Set an internal scheme, restrict source addresses (inbound-cidrs, whitelist-source-range), or add authentication (auth-type, auth-url)',
  },
  equivalents: ['kubescape:C-0021', 'kubescape:C-0256'],
  sources: ['Threat Matrix for Kubernetes'],
  check(subject, { options, report, workspace }) {
    const unit = workspace.unit(subject);
    if (subject.kind === 'Service') {
      const spec = digRecord(subject.object, 'spec');
      const way = exposureOfService(subject, unit);
      if (!spec || way === undefined) return;
      const name = interfaceOf(subject, workspace, options.interfaces);
      const byIngress = workspace.bundle(subject).once(exposedByIngress).has(`${subject.namespace}/${subject.name}`);
      if (name === undefined || byIngress) return;
      report({ message: 'service', data: { service: subject.title, name, way }, on: spec, key: 'type' });
      return;
    }
    const backends = backendsOf(subject);
    const bundle = workspace.bundle(subject);
    if (backends.length === 0 || !isExposed(subject, unit)) return;
    const told = new Set<string>();
    for (const { service, on, key } of backends) {
      const found = bundle.find('Service', service);
      const name = options.interfaces.includes(service)
        ? service
        : found.map((one) => interfaceOf(one, workspace, options.interfaces)).find((one) => one !== undefined);
      if (name === undefined || told.has(service)) continue;
      told.add(service);
      report({ message: 'ingress', data: { ingress: subject.title, name }, on, key });
    }
  },
});
