/*
 * Annotations that the AWS Load Balancer Controller v3.5 reads. Sources: its documentation, annotations of Ingress and
 * of Service (August 2026), and its annotation constants, which have a few more: acm-pca-arn, create-acm-cert,
 * dry-run-plan, wafv2-acl-name, web-acl-id, eip-allocations-discovery-tags; log-delivery is from the release after it.
 * Annotations that only the in-tree controller reads: cloud-provider-aws, The Service Controller.
 */

import { editDistance, nearest } from '#model/nearest.ts';

const words = (text: string): readonly string[] => text.match(/\S+/g) ?? [];

const ingressNames = words(`
  acm-pca-arn auth-idp-cognito auth-idp-oidc auth-on-unauthenticated-request auth-scope auth-session-cookie auth-session-timeout auth-type
  backend-protocol backend-protocol-version certificate-arn create-acm-cert customer-owned-ipv4-pool dry-run-plan enable-frontend-nlb
  frontend-nlb-attributes frontend-nlb-eip-allocations frontend-nlb-healthcheck-healthy-threshold-count frontend-nlb-healthcheck-interval-seconds
  frontend-nlb-healthcheck-path frontend-nlb-healthcheck-port frontend-nlb-healthcheck-protocol frontend-nlb-healthcheck-success-codes
  frontend-nlb-healthcheck-timeout-seconds frontend-nlb-healthcheck-unhealthy-threshold-count frontend-nlb-listener-port-mapping frontend-nlb-scheme
  frontend-nlb-security-groups frontend-nlb-subnets frontend-nlb-tags group.name group.order healthcheck-interval-seconds healthcheck-path
  healthcheck-port healthcheck-protocol healthcheck-timeout-seconds healthy-threshold-count inbound-cidrs ip-address-type ipam-ipv4-pool-id
  jwt-validation listen-ports log-delivery load-balancer-attributes load-balancer-name manage-backend-security-group-rules minimum-load-balancer-capacity
  multi-cluster-target-group mutual-authentication scheme security-group-prefix-lists security-groups shield-advanced-protection ssl-policy ssl-redirect
  subnets success-codes tags target-group-attributes target-node-labels target-type unhealthy-threshold-count use-regex-path-match waf-acl-id
  wafv2-acl-arn wafv2-acl-name web-acl-id
`);

/** What follows `aws-load-balancer-`. */
const serviceNames = words(`
  access-log-enabled access-log-s3-bucket-name access-log-s3-bucket-prefix additional-resource-tags alpn-policy attributes backend-protocol
  cross-zone-load-balancing-enabled disable-nlb-sg eip-allocations eip-allocations-discovery-tags enable-icmp-for-path-mtu-discovery
  enable-prefix-for-ipv6-source-nat enable-tcp-udp-listener healthcheck-healthy-threshold healthcheck-interval healthcheck-path healthcheck-port
  healthcheck-protocol healthcheck-success-codes healthcheck-timeout healthcheck-unhealthy-threshold inbound-sg-rules-on-private-link-traffic internal
  ip-address-type ipv6-addresses log-delivery manage-backend-security-group-rules minimum-load-balancer-capacity multi-cluster-target-group name nlb-target-type
  private-ipv4-addresses proxy-protocol proxy-protocol-per-target-group quic-enabled-containers quic-enabled-ports scheme security-group-prefix-lists security-groups
  source-nat-ipv6-prefixes ssl-cert ssl-negotiation-policy ssl-ports subnets target-group-attributes target-node-labels type
`);

/** Prefixes of names with a suffix: an action, a port, a listener. */
const ingressFamilies = words(
  'actions. conditions. listener-attributes. target-control-port. target-group-attributes. transforms.',
);
const serviceFamilies = words('listener-attributes. target-group-attributes.');

/** The prefixes of load balancer annotations. */
export const annotationPrefixes = {
  ingress: 'alb.ingress.kubernetes.io/',
  service: 'service.beta.kubernetes.io/',
} as const;
/** The prefix that many people expect after beta. No controller reads it (aws-load-balancer-controller, issue 3377). */
export const unreadPrefix = 'service.kubernetes.io/';
/** The prefix of all but one annotation of a Service. */
export const serviceStem = 'aws-load-balancer-';

/** The annotations with a prefix: names, and prefixes of names with a suffix. */
interface Annotations {
  readonly names: readonly string[];
  readonly families: readonly string[];
}
const read: ReadonlyMap<string, Annotations> = new Map([
  [annotationPrefixes.ingress, { names: ingressNames, families: ingressFamilies }],
  [
    annotationPrefixes.service,
    {
      names: ['load-balancer-source-ranges', ...serviceNames.map((name) => serviceStem + name)],
      families: ['actions.', ...serviceFamilies.map((name) => serviceStem + name)],
    },
  ],
]);

/** Annotations that only the in-tree controller of Classic Load Balancers reads. */
export const inTreeAnnotations: ReadonlySet<string> = new Set(
  words(
    'access-log-emit-interval connection-draining-enabled connection-draining-timeout connection-idle-timeout extra-security-groups',
  ).map((name) => annotationPrefixes.service + serviceStem + name),
);

/** A key in two parts; the prefix ends with the slash. */
export function splitKey(key: string): { readonly prefix: string; readonly name: string } {
  const slash = key.indexOf('/') + 1;
  return { prefix: key.slice(0, slash), name: key.slice(slash) };
}

/** Whether the controller reads an annotation. */
export function isKnownAnnotation(key: string): boolean {
  const { prefix, name } = splitKey(key);
  const { names = [], families = [] } = read.get(prefix) ?? {};
  return names.includes(name) || families.some((family) => name.length > family.length && name.startsWith(family));
}

/** Annotations that differ from a key by at most two letters (one if the name is short), the nearest first. */
export function nearAnnotations(key: string): readonly string[] {
  const { prefix, name } = splitKey(key);
  const most = name.replace(serviceStem, '').length < 6 ? 1 : 2;
  return [...candidates(prefix, name)]
    .map((one) => ({ one, distance: editDistance(name, one, most + 1) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ one }) => prefix + one);
}

/** The annotation that a key most likely means, if one looks like it. */
export function likelyAnnotation(key: string): string | undefined {
  const { prefix, name } = splitKey(key);
  const short = (one: string) => (one.startsWith(serviceStem) ? one.slice(serviceStem.length) : one);
  const byShort = new Map([...candidates(prefix, name)].map((one) => [short(one), one]));
  const written = short(name);
  const guess =
    nearest(written, byShort.keys()) ??
    [...byShort.keys()].find(
      (one) => one.startsWith(`${written}-`) || one.endsWith(`-${written}`) || written.startsWith(`${one}-`),
    );
  return guess === undefined ? undefined : prefix + (byShort.get(guess) ?? guess);
}

/** Names with a prefix to compare a written name with; families get its suffix. */
function* candidates(prefix: string, name: string): Generator<string> {
  const { names = [], families = [] } = read.get(prefix) ?? {};
  yield* names;
  for (const one of inTreeAnnotations) if (one.startsWith(prefix)) yield one.slice(prefix.length);
  const dot = name.indexOf('.');
  if (dot >= 0 && dot < name.length - 1) for (const family of families) yield family + name.slice(dot + 1);
}
