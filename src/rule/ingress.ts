import { dig, digList, digRecord } from '#model/dig.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource, Neighbours } from '#model/workspace.ts';

/*
 * How an Ingress is read: networking.k8s.io/v1, and the form of v1beta1 with serviceName and servicePort (Kubernetes
 * documentation, Ingress; AWS Load Balancer Controller, IngressClass and Ingress annotations).
 */

/** The part of an Ingress that is needed to read it, whatever the type of its object. */
type Ingress = Pick<AnyResource, 'annotations'> & { readonly object: object };

/** The prefix of the annotations of the AWS Load Balancer Controller. */
export const albPrefix = 'alb.ingress.kubernetes.io/';

/** The class of an Ingress, by field or by the deprecated annotation; undefined if it names none. */
export const classOf = (ingress: Ingress): string | undefined =>
  text(dig(ingress.object, 'spec', 'ingressClassName')) ?? ingress.annotations['kubernetes.io/ingress.class'];

const isDefault = ({ annotations }: AnyResource): boolean =>
  annotations['ingressclass.kubernetes.io/is-default-class'] === 'true';
const defaultClasses = (unit: Neighbours): readonly AnyResource[] => unit.all('IngressClass', '*').filter(isDefault);

/** The IngressClass objects that an Ingress uses: those that it names, otherwise the default classes. */
export function classesOf(ingress: Ingress, unit: Neighbours): readonly AnyResource[] {
  const name = classOf(ingress);
  return name === undefined ? unit.once(defaultClasses) : unit.find('IngressClass', name, '*');
}

const albControllers: readonly unknown[] = ['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb'];

/** Whether an Ingress is served by an Application Load Balancer, from the AWS Load Balancer Controller or Auto Mode. */
export function isAlb(ingress: Ingress, unit: Neighbours): boolean {
  if (Object.keys(ingress.annotations).some((key) => key.startsWith(albPrefix)) || classOf(ingress) === 'alb')
    return true;
  return classesOf(ingress, unit).some(({ object }) => albControllers.includes(dig(object, 'spec', 'controller')));
}

/**
 * The setting of an ALB: that of the IngressClassParams of its class, which takes precedence, otherwise the annotation.
 */
export function albSetting(ingress: Ingress, unit: Neighbours, annotation: string, field: string): string | undefined {
  for (const { object } of classesOf(ingress, unit)) {
    const params = text(dig(object, 'spec', 'parameters', 'name'));
    const found = params === undefined ? [] : unit.find('IngressClassParams', params, '*');
    const value = found.map((one) => text(dig(one.object, 'spec', field))).find((one) => one !== undefined);
    if (value !== undefined) return value;
  }
  return ingress.annotations[albPrefix + annotation];
}

/** A backend that an Ingress sends requests to. */
export interface Backend {
  /** The map that names the Service, and the key of the name. */
  readonly on: object;
  readonly key: 'name' | 'serviceName';
  readonly service: string;
  /** The ports that are set: one in a valid backend. */
  readonly ports: readonly (string | number)[];
  /** The location of the port, or of the map that lacks it. */
  readonly portAt: { readonly on: object; readonly key: string };
  /** The rule's host and the path that lead to it; undefined for the default backend. */
  readonly route?: { readonly host: string; readonly path: string; readonly type: string; readonly on: object };
}

const isPort = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

function readBackend(written: unknown, route?: Backend['route']): Backend[] {
  if (!isRecord(written)) return [];
  const more = route ? { route } : {};
  const old = text(written['serviceName']);
  if (old !== undefined) {
    const ports = [written['servicePort']].filter(isPort);
    return [
      { on: written, key: 'serviceName', service: old, ports, portAt: { on: written, key: 'servicePort' }, ...more },
    ];
  }
  const { service } = written;
  const name = isRecord(service) ? text(service['name']) : undefined;
  if (!isRecord(service) || name === undefined) return [];
  const port = digRecord(service, 'port');
  const ports = [port?.['number'], port?.['name']].filter((one) => isPort(one) && one !== '');
  const [key = 'number'] = Object.keys(port ?? {});
  const portAt = port ? { on: port, key } : { on: service, key: 'port' };
  return [{ on: service, key: 'name', service: name, ports: ports.filter(isPort), portAt, ...more }];
}

interface PathOf {
  readonly host: string;
  readonly path: string;
  readonly type: string;
  /** The entry of `paths`. */
  readonly on: Readonly<Record<string, unknown>>;
}

/** The paths of all rules. */
export const pathsOf = (ingress: Ingress): readonly PathOf[] =>
  digList(ingress.object, 'spec', 'rules').flatMap((rule) =>
    digList(rule, 'http', 'paths').map((on) => ({
      host: text(rule['host']) ?? '',
      path: text(on['path']) ?? '/',
      type: text(on['pathType']) ?? 'ImplementationSpecific',
      on,
    })),
  );

/** The default backend, which v1beta1 calls `backend`. */
const defaultBackendOf = ({ object }: Ingress): unknown =>
  dig(object, 'spec', 'defaultBackend') ?? dig(object, 'spec', 'backend');

/** The Services that an Ingress sends requests to. */
export const backendsOf = (ingress: Ingress): readonly Backend[] => [
  ...readBackend(defaultBackendOf(ingress)),
  ...pathsOf(ingress).flatMap((path) => readBackend(path.on['backend'], path)),
];

/** Objects other than Services that an Ingress sends requests to, as `backend.resource` names them. */
export const resourceBackendsOf = (ingress: Ingress): readonly Readonly<Record<string, unknown>>[] =>
  [defaultBackendOf(ingress), ...pathsOf(ingress).map(({ on }) => on['backend'])].flatMap((backend) => {
    const resource = digRecord(backend, 'resource');
    return resource ? [resource] : [];
  });

/** Whether a backend is an action that annotations of the AWS Load Balancer Controller describe, not a Service. */
export const isAction = ({ ports }: Backend): boolean => ports.includes('use-annotation');

/** Services that ALB Ingresses of a unit reach through the nodes, as namespace/name: they need a NodePort. */
export function instanceTargets(unit: Neighbours): ReadonlySet<string> {
  const found = new Set<string>();
  for (const ingress of unit.all('Ingress', '*'))
    if (isAlb(ingress, unit) && (albSetting(ingress, unit, 'target-type', 'targetType') ?? 'instance') === 'instance')
      for (const { service } of backendsOf(ingress)) found.add(`${ingress.namespace}/${service}`);
  for (const binding of unit.all('TargetGroupBinding', '*')) {
    const service = text(dig(binding.object, 'spec', 'serviceRef', 'name'));
    if (service !== undefined) found.add(`${binding.namespace}/${service}`);
  }
  return found;
}
