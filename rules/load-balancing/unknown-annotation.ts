import { defineRule } from '#rule';
import {
  annotationPrefixes,
  inTreeAnnotations,
  isKnownAnnotation,
  likelyAnnotation,
  nearAnnotations,
  serviceStem,
  splitKey,
  unreadPrefix,
} from '#rule/load-balancing';
import { editDistance } from '#rule/nearest';
import { isRecord, record } from '#rule/shape';
import { unrendered } from '#rule/unknown';

const { ingress, service } = annotationPrefixes;
/** No annotation name is longer (63 characters and a prefix of 253). */
const longest = 317;

const isReal = (key: string): boolean => isKnownAnnotation(key) || inTreeAnnotations.has(key);

/** The key with the right prefix, if its own is similar: a different letter, no `.io`, uppercase, or no `beta`. */
function repaired(key: string): string | undefined {
  const { prefix, name } = splitKey(key);
  if (prefix === '' || prefix === ingress || prefix === service) return undefined;
  if (prefix === unreadPrefix)
    return isReal(service + name) || name.startsWith(serviceStem) || nearAnnotations(service + name).length > 0
      ? service + name
      : undefined;
  const written = prefix.toLowerCase();
  const right = [ingress, service].find(
    (one) => editDistance(written, one, 2) <= 1 || editDistance(written, one.replace('.io/', '/'), 2) <= 1,
  );
  return right !== undefined && (isReal(right + name) || nearAnnotations(right + name).length > 0)
    ? right + name
    : undefined;
}

/**
 * Which controller handles a Service: the AWS Load Balancer Controller or Auto Mode, the in-tree one, or one that a
 * template sets.
 */
function controllerOf(object: object, annotations: Record<string, unknown>): 'new' | 'in-tree' | 'unknown' {
  const spec = 'spec' in object && isRecord(object.spec) ? object.spec : {};
  const { loadBalancerClass } = spec;
  const type = annotations[`${service}${serviceStem}type`];
  if (
    loadBalancerClass === 'service.k8s.aws/nlb' ||
    loadBalancerClass === 'eks.amazonaws.com/nlb' ||
    type === 'external' ||
    type === 'nlb-ip'
  )
    return 'new';
  return unrendered(loadBalancerClass) || unrendered(type) ? 'unknown' : 'in-tree';
}

export default defineRule({
  title: 'AWS load balancer annotation must be known to a controller',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress', 'Service'],
  needs: ['annotations'],
  namesOnly: true,
  scope: 'resource',
  // Not safe: the annotation then takes effect for the first time, which may replace the load balancer (scheme,
  // subnets) or open it.
  fix: 'suggestion: rename if exactly one known key differs by at most two letters',
  messages: {
    near: '{title} has annotation {key}, which no AWS load balancer controller reads (did you mean {nearest}?)',
    unknown: '{title} has annotation {key}, which no AWS load balancer controller reads, so it has no effect',
    inTree:
      '{title} has annotation {key}, which only the legacy in-tree controller reads, so it has no effect on this Service',
  },
  help: {
    near: 'Rename the annotation to {nearest}',
    unknown: 'Remove the annotation, or use one from the AWS Load Balancer Controller documentation',
    inTree:
      'Set the attribute instead, e.g. service.beta.kubernetes.io/aws-load-balancer-target-group-attributes: deregistration_delay.timeout_seconds=30',
  },
  equivalents: [],
  sources: [
    'AWS Load Balancer Controller documentation, Ingress annotations',
    'AWS Load Balancer Controller documentation, Service annotations',
  ],
  check(resource, { report, undetermined }) {
    const core =
      resource.kind === 'Service'
        ? resource.group === ''
        : resource.group === 'networking.k8s.io' || resource.group === 'extensions';
    const on: unknown = record(resource.object.metadata)?.annotations;
    if (!core || !isRecord(on)) return;
    const taken = new Set(Object.keys(on));
    for (const key of Object.keys(on)) {
      if (key.length > longest || /\{\{|\{%|\$\{/.test(key) || isKnownAnnotation(key)) continue;
      const data = { title: resource.title, key };
      // The name is wrong, whatever its value is.
      const place = unrendered(on[key]) ? { at: resource.place(on, key) } : { on, key };
      if (inTreeAnnotations.has(key)) {
        const controller = resource.kind === 'Service' ? controllerOf(resource.object, on) : 'in-tree';
        if (controller === 'new') report({ message: 'inTree', data, ...place });
        if (controller === 'unknown') undetermined('a template decides which controller handles the Service', place);
        continue;
      }
      const whole = repaired(key) ?? key;
      const near = isReal(whole) ? [whole] : nearAnnotations(whole);
      if (
        whole === key &&
        !key.startsWith(ingress) &&
        !key.startsWith(service + serviceStem) &&
        !(key.startsWith(service) && near.length > 0)
      )
        continue;
      const [only] = near;
      const guess = only ?? likelyAnnotation(whole);
      if (guess === undefined) {
        report({ message: 'unknown', data, ...place });
        continue;
      }
      const free = near.length === 1 && !taken.has(guess);
      if (free) taken.add(guess);
      report({
        message: 'near',
        data: { ...data, nearest: guess },
        ...place,
        ...(free ? { fix: { safe: false, edits: [{ op: 'rename' as const, on, key, value: guess }] } } : {}),
      });
    }
  },
});
