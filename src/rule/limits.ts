import { isRecord, table } from '#model/shape.ts';
import type { Resource } from '#model/resource.ts';
import { Workload } from '#model/resource.ts';
import { cidrSize } from './cidr.ts';
import { subdomainFault } from './names.ts';

/*
 * Limits of values that the API server checks and its schema does not state (k8s.io/kubernetes, pkg/apis, validation). Rows say where a
 * value lies and what it must be. What is not written, of another type or a variable is the matter of other rules.
 */

type Test = (value: unknown) => boolean;
interface Limit {
  readonly wanted: string;
  readonly allows: Test;
}

const number = (wanted: string, test: (value: number) => boolean): Limit => ({
  wanted,
  allows: (value) => typeof value !== 'number' || test(value),
});
const words = (wanted: string, test: (value: string) => boolean): Limit => ({
  wanted,
  allows: (value) => typeof value !== 'string' || value === '' || test(value),
});
const between = (least: number, most: number): Limit =>
  number(`between ${least} and ${most}`, (value) => value >= least && value <= most);
const natural = number('0 or more', (value) => value >= 0);
const positive = number('1 or more', (value) => value >= 1);
const id = number('at most 2147483647', (value) => value <= 2_147_483_647);
const address = words('an IP address', (value) => !value.includes('/') && cidrSize(value) === 1);
const block = words('a CIDR block, e.g. 10.0.0.0/16', (value) => value.includes('/') && cidrSize(value.trim()) > 0);
const subdomain = words('a DNS name in lower case', (value) => subdomainFault(value.replace(/\.$/, '')) === undefined);
const label = words('one part of a DNS name', (value) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value));
const host = words(
  'a DNS name in lower case, without a port',
  (value) => subdomainFault(value.replace(/^\*\./, '')) === undefined && cidrSize(value) === 0,
);
const relative = words(
  'a relative path without ".."',
  (value) => !value.startsWith('/') && !value.split('/').includes('..'),
);
const plain = words('a path without ".."', (value) => !value.split('/').includes('..'));
const absolute = words('a path that begins with "/"', (value) => value.startsWith('/'));
const oneOf = (...choices: readonly string[]): Limit =>
  words(`one of ${choices.join(', ')}`, (value) => choices.includes(value));
/** A number of pods or a share of them. */
const share: Limit = {
  wanted: '0 or more and at most 100%',
  allows: (value) =>
    typeof value === 'number'
      ? value >= 0
      : !(typeof value === 'string' && /^\d+%$/.test(value) && parseInt(value) > 100),
};

type Rows = readonly (readonly [path: string, limit: Limit])[];

const weighted = 'preferredDuringSchedulingIgnoredDuringExecution[].weight';
const paths = ['configMap', 'secret', 'downwardAPI'].flatMap((source): Rows => [
  [`volumes[].${source}.items[].path`, relative],
  [`volumes[].projected.sources[].${source}.items[].path`, relative],
]);
const ofContainers = ['containers[]', 'initContainers[]'].flatMap((container): Rows => [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
    ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'].map(
      (key) => [`${container}.${probe}.${key}`, natural] as const,
    ),
  ),
  [`${container}.lifecycle.preStop.sleep.seconds`, natural],
  [`${container}.securityContext.runAsUser`, id],
  [`${container}.securityContext.runAsGroup`, id],
]);
const ofPods: Rows = [
  ['topologySpreadConstraints[].maxSkew', positive],
  ['topologySpreadConstraints[].minDomains', positive],
  ['activeDeadlineSeconds', positive],
  [`affinity.nodeAffinity.${weighted}`, between(1, 100)],
  [`affinity.podAffinity.${weighted}`, between(1, 100)],
  [`affinity.podAntiAffinity.${weighted}`, between(1, 100)],
  ['securityContext.runAsUser', id],
  ['securityContext.runAsGroup', id],
  ['securityContext.fsGroup', id],
  ['securityContext.supplementalGroups[]', between(0, 2_147_483_647)],
  ['hostAliases[].ip', address],
  ['dnsConfig.nameservers[]', address],
  ['hostname', label],
  ['subdomain', label],
  ['volumes[].hostPath.path', plain],
  [
    'volumes[].projected.sources[].serviceAccountToken.expirationSeconds',
    number('600 or more', (value) => value >= 600),
  ],
  ...paths,
  ...ofContainers,
];

const scaling = ['scaleUp', 'scaleDown'].flatMap((direction): Rows => [
  [`spec.behavior.${direction}.stabilizationWindowSeconds`, between(0, 3600)],
  [`spec.behavior.${direction}.policies[].periodSeconds`, between(1, 1800)],
  [`spec.behavior.${direction}.policies[].value`, positive],
]);
const ofWebhooks: Rows = [
  ['webhooks[].timeoutSeconds', between(1, 30)],
  ['webhooks[].sideEffects', oneOf('None', 'NoneOnDryRun')],
  ['webhooks[].clientConfig.url', words('a URL that begins with https://', (value) => value.startsWith('https://'))],
];
const ofReplicas: Rows = [
  ['spec.replicas', natural],
  ['spec.minReadySeconds', natural],
  ['spec.revisionHistoryLimit', natural],
];
const noRows: Rows = [];
const ofKinds: Readonly<Record<string, Rows>> = table({
  Deployment: [...ofReplicas, ['spec.strategy.rollingUpdate.maxUnavailable', share]],
  DaemonSet: [...ofReplicas, ['spec.updateStrategy.rollingUpdate.maxUnavailable', share]],
  StatefulSet: [...ofReplicas, ['spec.updateStrategy.rollingUpdate.partition', natural]],
  ReplicaSet: ofReplicas,
  CronJob: [
    ['spec.startingDeadlineSeconds', natural],
    ['spec.successfulJobsHistoryLimit', natural],
    ['spec.failedJobsHistoryLimit', natural],
  ],
  Service: [
    ['spec.externalName', subdomain],
    ['spec.externalIPs[]', address],
    ['spec.loadBalancerSourceRanges[]', block],
    ['spec.trafficDistribution', oneOf('PreferClose', 'PreferSameZone', 'PreferSameNode')],
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds', between(1, 86_400)],
  ],
  Ingress: [
    ['spec.ingressClassName', subdomain],
    ['spec.rules[].host', host],
    ['spec.rules[].http.paths[].path', absolute],
    [
      'spec.tls[].hosts[]',
      words('a DNS name in lower case', (value) => subdomainFault(value.replace(/^\*\./, '')) === undefined),
    ],
  ],
  NetworkPolicy: [
    ['spec.ingress[].from[].ipBlock.cidr', block],
    ['spec.egress[].to[].ipBlock.cidr', block],
  ],
  HorizontalPodAutoscaler: [
    ['spec.metrics[].resource.target.averageUtilization', positive],
    ['spec.metrics[].containerResource.target.averageUtilization', positive],
    ...scaling,
  ],
  PodDisruptionBudget: [
    ['spec.minAvailable', share],
    ['spec.maxUnavailable', share],
  ],
  StorageClass: [['reclaimPolicy', oneOf('Delete', 'Retain')]],
  PersistentVolumeClaim: [['spec.storageClassName', subdomain]],
  PriorityClass: [['value', number('at most 1000000000', (value) => value <= 1_000_000_000)]],
  ValidatingWebhookConfiguration: ofWebhooks,
  MutatingWebhookConfiguration: ofWebhooks,
});

/** Rows that begin with the same steps, taken together: they are asked of every object, and most objects have few of the steps. */
interface Branch {
  readonly name: string;
  readonly isList: boolean;
  readonly limits: Limit[];
  readonly inner: Branch[];
}

const branchesOf = new WeakMap<Rows, readonly Branch[]>();
function branched(rows: Rows): readonly Branch[] {
  const known = branchesOf.get(rows);
  if (known) return known;
  const top: Branch[] = [];
  for (const [path, limit] of rows) {
    let branches = top;
    let last: Branch | undefined;
    for (const step of path.split('.')) {
      const isList = step.endsWith('[]');
      const name = isList ? step.slice(0, -2) : step;
      last = branches.find((one) => one.name === name && one.isList === isList);
      if (!last) branches.push((last = { name, isList, limits: [], inner: [] }));
      branches = last.inner;
    }
    last?.limits.push(limit);
  }
  branchesOf.set(rows, top);
  return top;
}

/** A value that the API server refuses. */
export interface Excess {
  readonly path: string;
  readonly on: object;
  readonly key: string | number;
  readonly value: unknown;
  readonly wanted: string;
}

/** Where the values of an object lie outside of the limits. */
export function excessesOf(resource: Resource<object>): readonly Excess[] {
  const found: Excess[] = [];
  const isSystem = resource.kindName === 'PriorityClass' && resource.name.startsWith('system-');
  if (!isSystem) judge(resource.object, branched(ofKinds[resource.kindName] ?? noRows), '', found);
  if (resource instanceof Workload && !resource.byShape) judge(resource.pod, branched(ofPods), '', found);
  return found;
}

function judge(root: unknown, branches: readonly Branch[], before: string, found: Excess[]): void {
  if (!isRecord(root)) return;
  for (const { name, isList, limits, inner } of branches) {
    const value = root[name];
    if (value === undefined || value === null || (isList && !Array.isArray(value))) continue;
    const path = before === '' ? name : `${before}.${name}`;
    const entries = isList ? [...(value as unknown[]).entries()] : [[undefined, value] as const];
    for (const [index, entry] of entries) {
      const there = index === undefined ? path : `${path}[${index}]`;
      const place = index === undefined ? { on: root, key: name } : { on: value, key: index };
      for (const { wanted, allows } of limits)
        if (!allows(entry)) found.push({ ...place, path: there, value: entry, wanted });
      if (inner.length > 0) judge(entry, inner, there, found);
    }
  }
}
