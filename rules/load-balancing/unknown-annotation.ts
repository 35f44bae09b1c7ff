import { annotationPrefixes, defineRule, editDistance, inTreeAnnotations, isKnownAnnotation, isRecord, knownAnnotations, nearest, record, text } from '#rule';

const { ingress, service } = annotationPrefixes;
const prefixes = [ingress, ...service];
const stem = 'aws-load-balancer-';
/** No annotation name is longer (63 characters and a prefix of 253). */
const longest = 317;

/** The key with its prefix mended, if the prefix is nearly right: one letter off, or without `.io`. */
function mended(key: string): string | undefined {
  const slash = key.indexOf('/') + 1;
  const written = key.slice(0, slash);
  const rest = key.slice(slash);
  if (slash === 0 || prefixes.some((prefix) => prefix === written)) return undefined;
  const prefix = prefixes.find((one) => editDistance(written, one, 2) <= 1 || editDistance(written, one.replace('.io/', '/'), 2) <= 1);
  if (prefix === undefined) return undefined;
  const whole = prefix + rest;
  return isKnownAnnotation(whole) || inTreeAnnotations.has(whole) || near(whole).length > 0 ? whole : undefined;
}

/** Known names within two edits. */
const near = (key: string): readonly string[] => knownAnnotations.filter((one) => editDistance(key, one, 3) <= 2);

/** Whether the AWS Load Balancer Controller or Auto Mode looks after a Service, not the in-tree controller. */
function isManaged(object: object, annotations: Record<string, unknown>): boolean {
  const spec = 'spec' in object && isRecord(object.spec) ? object.spec : {};
  const type = text(annotations['service.beta.kubernetes.io/aws-load-balancer-type']);
  return spec['loadBalancerClass'] === 'service.k8s.aws/nlb' || spec['loadBalancerClass'] === 'eks.amazonaws.com/nlb' || type === 'external' || type === 'nlb-ip';
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
    inTree: '{title} has the annotation {key}, which the AWS Load Balancer Controller does not read, so it changes nothing on this Service',
  },
  equivalents: [],
  sources: ['AWS Load Balancer Controller documentation, Ingress annotations', 'AWS Load Balancer Controller documentation, Service annotations'],
  check(resource, { report }) {
    const core = resource.kind === 'Service' ? resource.group === '' : resource.group === 'networking.k8s.io' || resource.group === 'extensions';
    const on: unknown = record(resource.object.metadata)?.annotations;
    if (!core || !isRecord(on)) return;
    for (const key of Object.keys(on)) {
      if (key.length > longest || /\{\{|\{%|\$\{/.test(key) || isKnownAnnotation(key)) continue;
      const data = { title: resource.title, key };
      if (inTreeAnnotations.has(key)) {
        if (resource.kind === 'Service' && isManaged(resource.object, on)) report({ message: 'inTree', data, on, key });
        continue;
      }
      const whole = mended(key);
      const ours = whole !== undefined || key.startsWith(ingress) || service.some((prefix) => key.startsWith(prefix + stem) || (key.startsWith(prefix) && near(key).length > 0));
      if (!ours) continue;
      const candidates = whole === undefined ? near(key) : isKnownAnnotation(whole) || inTreeAnnotations.has(whole) ? [whole] : near(whole);
      const [only] = candidates;
      const fix = candidates.length === 1 && only !== undefined && !(only in on) ? { fix: { safe: true, edits: [{ op: 'rename' as const, on, key, value: only }] } } : {};
      const guess = only ?? nearest(whole ?? key, knownAnnotations.filter((one) => one.startsWith((whole ?? key).slice(0, (whole ?? key).indexOf('/') + 1))));
      if (guess === undefined) report({ message: 'unknown', data, on, key });
      else report({ message: 'near', data: { ...data, nearest: guess }, on, key, ...fix });
    }
  },
});
