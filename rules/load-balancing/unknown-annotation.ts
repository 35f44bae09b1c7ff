import {
  annotationPrefixes,
  defineRule,
  editDistance,
  inTreeAnnotations,
  isKnownAnnotation,
  isRecord,
  likelyAnnotation,
  nearAnnotations,
  record,
  serviceStem,
  splitKey,
  unreadPrefix,
  unrendered,
} from '#rule';

const { ingress, service } = annotationPrefixes;
/** No annotation name is longer (63 characters and a prefix of 253). */
const longest = 317;

const isReal = (key: string): boolean => isKnownAnnotation(key) || inTreeAnnotations.has(key);

/** The key under a prefix that is read, if its own is nearly one: a letter off, without `.io`, in capitals, or without `beta`. */
function mended(key: string): string | undefined {
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

/** Which controller looks after a Service: the AWS Load Balancer Controller or Auto Mode, the in-tree one, or one that a template names. */
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
  title: 'Unknown or misspelled AWS load balancer annotation',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress', 'Service'],
  scope: 'resource',
  fix: 'safe: rename when exactly one known key is within edit distance 2',
  messages: {
    near: '{title} has the annotation {key}, which no AWS load balancer controller reads, so it changes nothing; the nearest is {nearest}',
    unknown: '{title} has the annotation {key}, which no AWS load balancer controller reads, so it changes nothing',
    inTree:
      '{title} has the annotation {key}, which the AWS Load Balancer Controller does not read, so it changes nothing on this Service',
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
      // The name is wrong whatever its value will be.
      const place = unrendered(on[key]) ? { at: resource.place(on, key) } : { on, key };
      if (inTreeAnnotations.has(key)) {
        const controller = resource.kind === 'Service' ? controllerOf(resource.object, on) : 'in-tree';
        if (controller === 'new') report({ message: 'inTree', data, ...place });
        if (controller === 'unknown') undetermined('a template says which controller looks after the Service', place);
        continue;
      }
      const whole = mended(key) ?? key;
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
        ...(free
          ? { fix: { safe: !key.startsWith(unreadPrefix), edits: [{ op: 'rename' as const, on, key, value: guess }] } }
          : {}),
      });
    }
  },
});
