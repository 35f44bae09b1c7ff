/*
 * Annotations that the AWS Load Balancer Controller v3.5 reads. Sources: its documentation, annotations of Ingress and of Service
 * (August 2026), and its annotation constants, which have a few more: acm-pca-arn, create-acm-cert, dry-run-plan, wafv2-acl-name,
 * web-acl-id, eip-allocations-discovery-tags. What the in-tree controller alone reads: cloud-provider-aws, The Service Controller.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const ingressNames = words(`
  acm-pca-arn auth-idp-cognito auth-idp-oidc auth-on-unauthenticated-request auth-scope auth-session-cookie auth-session-timeout auth-type
  backend-protocol backend-protocol-version certificate-arn create-acm-cert customer-owned-ipv4-pool dry-run-plan enable-frontend-nlb
  frontend-nlb-attributes frontend-nlb-eip-allocations frontend-nlb-healthcheck-healthy-threshold-count frontend-nlb-healthcheck-interval-seconds
  frontend-nlb-healthcheck-path frontend-nlb-healthcheck-port frontend-nlb-healthcheck-protocol frontend-nlb-healthcheck-success-codes
  frontend-nlb-healthcheck-timeout-seconds frontend-nlb-healthcheck-unhealthy-threshold-count frontend-nlb-listener-port-mapping frontend-nlb-scheme
  frontend-nlb-security-groups frontend-nlb-subnets frontend-nlb-tags group.name group.order healthcheck-interval-seconds healthcheck-path
  healthcheck-port healthcheck-protocol healthcheck-timeout-seconds healthy-threshold-count inbound-cidrs ip-address-type ipam-ipv4-pool-id
  jwt-validation listen-ports load-balancer-attributes load-balancer-name manage-backend-security-group-rules minimum-load-balancer-capacity
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
  ip-address-type ipv6-addresses manage-backend-security-group-rules minimum-load-balancer-capacity multi-cluster-target-group name nlb-target-type
  private-ipv4-addresses proxy-protocol proxy-protocol-per-target-group quic-enabled-containers quic-enabled-ports scheme security-group-prefix-lists security-groups
  source-nat-ipv6-prefixes ssl-cert ssl-negotiation-policy ssl-ports subnets target-group-attributes target-node-labels type
`);

/** Names that somebody gives a suffix: an action, a port, a listener. */
const ingressFamilies = words('actions. conditions. listener-attributes. target-control-port. target-group-attributes. transforms.');
const serviceFamilies = words('listener-attributes. target-group-attributes.');

/** Where annotations of load balancers begin; on Services the controller takes either form. */
export const annotationPrefixes = { ingress: 'alb.ingress.kubernetes.io/', service: ['service.beta.kubernetes.io/', 'service.kubernetes.io/'] } as const;
const serviceStem = 'aws-load-balancer-';

/** Every annotation with a fixed name, in full; Service annotations under both prefixes. */
export const knownAnnotations: readonly string[] = [
  ...ingressNames.map((name) => annotationPrefixes.ingress + name),
  ...annotationPrefixes.service.flatMap((prefix) => [`${prefix}load-balancer-source-ranges`, ...serviceNames.map((name) => prefix + serviceStem + name)]),
];
const known: ReadonlySet<string> = new Set(knownAnnotations);
const families: readonly string[] = [
  ...ingressFamilies.map((name) => annotationPrefixes.ingress + name),
  ...annotationPrefixes.service.flatMap((prefix) => [`${prefix}actions.`, ...serviceFamilies.map((name) => prefix + serviceStem + name)]),
];

/** Annotations that only the in-tree controller of Classic Load Balancers reads. */
export const inTreeAnnotations: ReadonlySet<string> = new Set(
  words('access-log-emit-interval connection-draining-enabled connection-draining-timeout connection-idle-timeout extra-security-groups').map((name) => annotationPrefixes.service[0] + serviceStem + name));

/** Whether the controller reads an annotation. */
export const isKnownAnnotation = (key: string): boolean => known.has(key) || families.some((family) => key.length > family.length && key.startsWith(family));
