import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { inOrder } from '#rule/conflict';
import { albPrefix, backendsOf, type Backend, classOf, isAction, isAlb } from '#rule/ingress';

interface Claim {
  readonly ingress: AnyResource;
  readonly backend: Backend;
}

const isCanary = ({ annotations }: AnyResource): boolean =>
  Object.entries(annotations).some(([key, value]) => key.endsWith('/canary') && value === 'true');

/**
 * The load balancer or controller that serves an Ingress: its class, and for ALBs the group, since those without one
 * get a load balancer each.
 */
function serverOf(ingress: AnyResource, unit: Neighbours): string {
  const own = `${ingress.namespace}/${ingress.name}`;
  const group = isAlb(ingress, unit) ? (ingress.annotations[`${albPrefix}group.name`] ?? own) : '';
  return JSON.stringify([classOf(ingress), group]);
}

const sameBackend = (a: Claim, b: Claim): boolean =>
  a.ingress.namespace === b.ingress.namespace &&
  a.backend.service === b.backend.service &&
  a.backend.ports.join() === b.backend.ports.join();

/** The first Ingress with the same host and path but another backend, by the entry of `paths`. */
function rivals(bundle: Neighbours): ReadonlyMap<object, Claim> {
  const claims = new Map<string, Claim>();
  const found = new Map<object, Claim>();
  const ingresses = bundle
    .all('Ingress', '*')
    .filter((ingress) => !isCanary(ingress))
    .toSorted(inOrder);
  for (const ingress of ingresses) {
    const server = serverOf(ingress, bundle);
    for (const backend of backendsOf(ingress)) {
      const { route, service } = backend;
      // A condition of the AWS Load Balancer Controller distinguishes two equal paths.
      if (!route || isAction(backend) || ingress.annotations[`${albPrefix}conditions.${service}`] !== undefined)
        continue;
      const key = JSON.stringify([server, route.host, route.path, route.type]);
      const first = claims.get(key);
      if (!first) claims.set(key, { ingress, backend });
      else if (first.ingress.name !== ingress.name && !sameBackend(first, { ingress, backend }))
        found.set(route.on, first);
    }
  }
  return found;
}

export default defineRule({
  title: 'Two Ingresses must not claim the same host and path',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  messages: {
    conflict:
      '{ingress} claims path {path} of {host}, and so does {other}, so the controller picks which backend gets the requests',
  },
  help: 'Remove one of the two paths, or give one of them another host or path',
  equivalents: [],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { report, workspace }) {
    const found = workspace.bundle(ingress).once(rivals);
    for (const { route } of backendsOf(ingress)) {
      const first = route && found.get(route.on);
      if (!first) continue;
      report({
        message: 'conflict',
        data: {
          ingress: ingress.title,
          path: route.path,
          host: route.host === '' ? 'any host' : route.host,
          other: first.ingress.title,
        },
        on: route.on,
        key: 'path',
        related: [first.ingress.at],
      });
    }
  },
});
