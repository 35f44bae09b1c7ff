import { dig, digList, digRecord } from '#model/dig.ts';
import { parseQuantity } from '#model/quantity.ts';
import { isRecord, table } from '#model/shape.ts';
import { cidrSize, inside, within } from './cidr.ts';
import {
  absolute,
  address,
  amount,
  beside,
  between,
  block,
  computeAmounts,
  distinct,
  domainPath,
  entries,
  exactlyOne,
  has,
  host,
  label,
  map,
  natural,
  notWith,
  number,
  oneOf,
  onlyWith,
  port,
  positive,
  qualified,
  type Rows,
  share,
  subdomain,
  withField,
  words,
  type Limit,
} from './limit.ts';
import { keyFault, letterLabelFault, subdomainFault } from './names.ts';

/* The limits of kinds other than pods. */

const scaling = (): Rows =>
  ['scaleUp', 'scaleDown'].flatMap((direction): Rows => [
    [`spec.behavior.${direction}.stabilizationWindowSeconds`, between(0, 3600)],
    [`spec.behavior.${direction}.selectPolicy`, oneOf('Max', 'Min', 'Disabled')],
    [`spec.behavior.${direction}.policies`, entries('a list with at least one entry', ({ length }) => length > 0)],
    [`spec.behavior.${direction}.policies[].type`, oneOf('Pods', 'Percent')],
    [`spec.behavior.${direction}.policies[].periodSeconds`, between(1, 1800)],
    [`spec.behavior.${direction}.policies[].value`, positive],
  ]);
const ownTarget = exactlyOne('averageUtilization', 'averageValue');
const otherTarget = exactlyOne('value', 'averageValue');
const metrics = (): Rows =>
  ['resource', 'containerResource', 'pods', 'object', 'external'].map(
    (metric) => [`spec.metrics[].${metric}.target.type`, oneOf('Utilization', 'Value', 'AverageValue')] as const,
  );

/** A list in which `*` must be the only item. */
const alone = (star: string): Limit =>
  entries(`a list in which "${star}" is the only entry`, (list) => list.length < 2 || !list.includes(star));
const ofWebhooks = (): Rows => [
  [
    'webhooks[].name',
    words('a DNS name of three parts, e.g. check.example.com', (value) => value.split('.').length > 2),
  ],
  ['webhooks[].timeoutSeconds', between(1, 30)],
  ['webhooks[].sideEffects', oneOf('None', 'NoneOnDryRun')],
  [
    'webhooks[].admissionReviewVersions',
    entries('a list with v1', (list) => list.length === 0 || list.includes('v1') || list.includes('v1beta1')),
  ],
  ['webhooks[].clientConfig', exactlyOne('url', 'service')],
  [
    'webhooks[].clientConfig.url',
    words('a URL that starts with https:// and has no query', (value) => /^https:\/\/[^?#@]*$/.test(value)),
  ],
  ['webhooks[].clientConfig.service.path', absolute],
  ['webhooks[].clientConfig.service.port', port],
  ['webhooks[].rules[].operations', alone('*')],
  ['webhooks[].rules[].apiGroups', alone('*')],
  ['webhooks[].rules[].apiVersions', alone('*')],
  ['webhooks[].rules[].resources', alone('*/*')],
  [
    'webhooks[].rules[].resources',
    entries(
      'a list in which "*" stands next to subresources only',
      (list) =>
        !list.includes('*') || list.every((one) => one === '*' || (typeof one === 'string' && one.includes('/'))),
    ),
  ],
  ['webhooks[].matchConditions[].name', qualified],
];

/** Label selectors have fewer operators than node selectors. */
const selectorOperators: Rows = [
  ['spec.selector.matchExpressions[].operator', oneOf('In', 'NotIn', 'Exists', 'DoesNotExist')],
];
const ofReplicas: Rows = [
  ['spec.replicas', natural],
  ['spec.minReadySeconds', natural],
  ['spec.revisionHistoryLimit', natural],
  ...selectorOperators,
];

/** The limits for the spec of a Job, with a path prefix. */
const jobRows = (spec: string): Rows => [
  [`${spec}.managedBy`, domainPath],
  [
    `${spec}.parallelism`,
    beside('at most 100000 with completionMode Indexed', (value, job) =>
      job['completionMode'] === 'Indexed' && typeof value === 'number' ? value <= 100_000 : true,
    ),
  ],
  [`${spec}.maxFailedIndexes`, onlyWith('backoffLimitPerIndex', (job) => has(job, 'backoffLimitPerIndex'))],
  [`${spec}.podFailurePolicy.rules[]`, exactlyOne('onExitCodes', 'onPodConditions')],
  [
    `${spec}.podFailurePolicy.rules[].onExitCodes`,
    map('a map without the value 0 for operator In', ({ operator, values }) =>
      operator === 'In' && Array.isArray(values) ? !values.includes(0) : true,
    ),
  ],
  [
    `${spec}.podFailurePolicy`,
    beside('about containers that the pod has', (value, job) => {
      const pod = digRecord(job, 'template', 'spec');
      const names = [...digList(pod, 'containers'), ...digList(pod, 'initContainers')].map((one) => one['name']);
      return digList(value, 'rules').every((rule) => {
        const name = dig(rule, 'onExitCodes', 'containerName');
        return name === undefined || name === null || names.includes(name);
      });
    }),
  ],
  [
    `${spec}.podFailurePolicy`,
    beside('without action FailIndex unless backoffLimitPerIndex is set', (value, job) =>
      digList(value, 'rules').every(({ action }) => action !== 'FailIndex' || has(job, 'backoffLimitPerIndex')),
    ),
  ],
];

const isNotLoopback = (value: string): boolean => cidrSize(value) === 0 || !within(value, ['127.0.0.0/8', '::1/128']);

/** Paths of the types Exact and Prefix are compared step by step (Kubernetes documentation, Ingress). */
const ingressPath = beside('an absolute path without "//", "/./", "/../" or "%2f"', (value, holder) =>
  typeof value !== 'string' || (holder['pathType'] !== 'Exact' && holder['pathType'] !== 'Prefix')
    ? true
    : value.startsWith('/') && !/\/\/|\/\.{1,2}(?:\/|$)|%2f/i.test(value),
);
/** The versions before v1 have serviceName and servicePort instead; upgrades/removed-api reports them. */
const oneBackend = exactlyOne('service', 'resource');
const backendOfV1: Limit = {
  ...oneBackend,
  allows: (value, holder, root) =>
    root['apiVersion'] !== 'networking.k8s.io/v1' || oneBackend.allows(value, holder, root),
};
const backend = (at: string): Rows => [
  [at, backendOfV1],
  [`${at}.service.name`, label],
];

const amounts = (value: unknown): [name: string, amount: number][] =>
  Object.entries(isRecord(value) ? value : {}).flatMap(([name, one]) => {
    const parsed = parseQuantity(one);
    return parsed === undefined ? [] : [[name, parsed]];
  });
/** Whether the amounts in one field of a limit are at most those in another. */
const atMost = (item: object, less: string, more: string): boolean => {
  const most = new Map(amounts(dig(item, more)));
  return amounts(dig(item, less)).every(([name, one]) => one <= (most.get(name) ?? Infinity));
};
const ofLimitRanges = (): Rows => [
  [
    'spec.limits[].type',
    words(
      'one of Container, Pod, PersistentVolumeClaim',
      (value) => ['Container', 'Pod', 'PersistentVolumeClaim'].includes(value) || value.includes('/'),
    ),
  ],
  ['spec.limits', distinct('a list with one entry for each type', (entry) => dig(entry, 'type'))],
  ...['default', 'defaultRequest'].map(
    (key) => [`spec.limits[].${key}`, notWith('type Pod', ({ type }) => type === 'Pod')] as const,
  ),
  ...[
    ['min', 'max'],
    ['default', 'max'],
    ['defaultRequest', 'max'],
    ['defaultRequest', 'default'],
    ['min', 'default'],
    ['min', 'defaultRequest'],
  ].map(
    ([less = '', more = '']) =>
      [`spec.limits[].${less}`, beside(`at most ${more}`, (_, holder) => atMost(holder, less, more))] as const,
  ),
  [
    'spec.limits[].maxLimitRequestRatio',
    map('a map of numbers of 1 or more', (value) => amounts(value).every(([, one]) => one >= 1)),
  ],
  ...['min', 'max', 'default', 'defaultRequest'].map(
    (key) =>
      [
        `spec.limits[].${key}`,
        beside(computeAmounts.wanted, (value, holder, root) =>
          holder['type'] === 'Container' ? computeAmounts.allows(value, holder, root) : true,
        ),
      ] as const,
  ),
  [
    'spec.limits[]',
    map(
      'a map with min or max of storage for a PersistentVolumeClaim',
      (item) =>
        item['type'] !== 'PersistentVolumeClaim' ||
        ['min', 'max'].some((bound) => dig(item, bound, 'storage') !== undefined),
    ),
  ],
];

/** Names of a ResourceQuota without a domain (Kubernetes documentation, Resource Quotas). */
const quotas =
  /^(?:(?:requests\.|limits\.)?(?:cpu|memory|ephemeral-storage)|requests\.storage|(?:requests\.)?hugepages-.+|pods|services|services\.(?:nodeports|loadbalancers)|resourcequotas|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|.*\/.*)$/;
const counted =
  /^(?:pods|services.*|resourcequotas|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|count\/.*)$/;
const ofQuotas: Rows = [
  [
    'spec.hard',
    map('quantities of quota resources, e.g. pods or requests.cpu', (value) =>
      Object.keys(value).every((name) => quotas.test(name)),
    ),
  ],
  [
    'spec.hard',
    map('a map with whole numbers for what is counted', (value) =>
      amounts(value).every(([name, one]) => !counted.test(name) || Number.isInteger(one)),
    ),
  ],
  ...[
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ].map(
    ([one = '', other = '']) =>
      [
        'spec.scopes',
        entries(`a list without ${other} next to ${one}`, (list) => !(list.includes(one) && list.includes(other))),
      ] as const,
  ),
  [
    'spec.hard',
    beside('a map with only pods for scope BestEffort', (value, spec) => {
      const { scopes } = spec;
      return !Array.isArray(scopes) || !scopes.includes('BestEffort') || !isRecord(value)
        ? true
        : Object.keys(value).every((name) => name === 'pods' || name === 'count/pods');
    }),
  ],
  [
    'spec.scopeSelector.matchExpressions[]',
    map(
      'a map with values for operator In or NotIn',
      ({ operator, values }) =>
        (operator !== 'In' && operator !== 'NotIn') || (Array.isArray(values) && values.length > 0),
    ),
  ],
];

const positiveStorage: Limit = {
  wanted: 'more than 0',
  allows: (value) => (parseQuantity(value) ?? 1) > 0,
};

/** Limits of all kinds. */
export const ofAll: Rows = [
  [
    'metadata.finalizers[]',
    words(
      'a name with a domain, e.g. example.com/cleanup',
      (value) =>
        ['kubernetes', 'orphan', 'foregroundDeletion'].includes(value) ||
        (value.includes('/') && keyFault(value) === undefined),
    ),
  ],
  [
    'metadata.ownerReferences',
    entries(
      'a list with at most one owner that has controller: true',
      (list) => list.filter((owner) => dig(owner, 'controller') === true).length < 2,
    ),
  ],
];

/** Limits by kind, made for the kinds that a run meets. */
const makers: Readonly<Record<string, () => Rows>> = table({
  Deployment: () => [
    ...ofReplicas,
    ['spec.strategy.rollingUpdate.maxUnavailable', share],
    ['spec.strategy.rollingUpdate.maxSurge', amount],
  ],
  DaemonSet: () => [
    ...ofReplicas,
    ['spec.updateStrategy.rollingUpdate.maxUnavailable', share],
    ['spec.updateStrategy.rollingUpdate.maxSurge', share],
  ],
  StatefulSet: () => [
    ...ofReplicas,
    ['spec.updateStrategy.type', oneOf('RollingUpdate', 'OnDelete')],
    ['spec.updateStrategy.rollingUpdate.partition', natural],
    ['spec.serviceName', label],
    ['spec.ordinals.start', natural],
    ['spec.persistentVolumeClaimRetentionPolicy.whenDeleted', oneOf('Retain', 'Delete')],
    ['spec.persistentVolumeClaimRetentionPolicy.whenScaled', oneOf('Retain', 'Delete')],
  ],
  ReplicaSet: () => ofReplicas,
  Job: () => [
    ...jobRows('spec'),
    [
      'spec.manualSelector',
      beside('absent without selector', (value, job) => value !== true || isRecord(job['selector'])),
    ],
  ],
  CronJob: () => [
    ...jobRows('spec.jobTemplate.spec'),
    ['spec.jobTemplate.spec.manualSelector', beside('absent in a CronJob', (value) => value !== true)],
    ['spec.startingDeadlineSeconds', natural],
    ['spec.successfulJobsHistoryLimit', natural],
    ['spec.failedJobsHistoryLimit', natural],
  ],
  Service: () => [
    ['spec.clusterIP', words('None or an IP address', (value) => value === 'None' || address.allows(value, {}, {}))],
    [
      'spec.clusterIPs',
      beside('a list that starts with clusterIP', (value, { clusterIP }) =>
        Array.isArray(value) && value.length > 0 && typeof clusterIP === 'string' && clusterIP !== ''
          ? value[0] === clusterIP
          : true,
      ),
    ],
    ['spec.ipFamilies', distinct('a list with different entries', (entry) => entry)],
    ['spec.externalName', subdomain],
    ['spec.externalIPs[]', address],
    ['spec.externalIPs[]', words('an address outside of the loopback range', isNotLoopback)],
    ['spec.loadBalancerClass', qualified],
    ['spec.loadBalancerSourceRanges[]', block],
    ['spec.trafficDistribution', oneOf('PreferClose', 'PreferSameZone', 'PreferSameNode')],
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds', between(1, 86_400)],
  ],
  Ingress: () => [
    [
      'spec',
      map(
        'a map with rules or defaultBackend',
        ({ rules, defaultBackend }) =>
          isRecord(defaultBackend) || !Array.isArray(rules ?? []) || digList(rules).length > 0,
      ),
    ],
    ['spec.ingressClassName', subdomain],
    ['spec.rules[].host', host],
    ['spec.rules[].http.paths[].path', absolute],
    ['spec.rules[].http.paths[].path', ingressPath],
    ...backend('spec.rules[].http.paths[].backend'),
    ...backend('spec.defaultBackend'),
    ['spec.tls[].secretName', subdomain],
    [
      'spec.tls[].hosts[]',
      words('a DNS name in lowercase', (value) => subdomainFault(value.replace(/^\*\./, '')) === undefined),
    ],
  ],
  IngressClass: () => [
    ['spec.controller', domainPath],
    [
      'spec.parameters',
      map(
        'a map with namespace for scope Namespace',
        (value) => value['scope'] !== 'Namespace' || has(value, 'namespace'),
      ),
    ],
  ],
  NetworkPolicy: () => [
    ['spec.policyTypes', entries('a list of at most 2 entries', ({ length }) => length <= 2)],
    ...[
      ['ingress', 'from'],
      ['egress', 'to'],
    ].flatMap(([direction, peers]): Rows => [
      [`spec.${direction}[].${peers}[].ipBlock.cidr`, block],
      [
        `spec.${direction}[].${peers}[].ipBlock`,
        map('a block whose exceptions are smaller than cidr', ({ cidr, except }) =>
          typeof cidr === 'string' && Array.isArray(except)
            ? except.every(
                (one) =>
                  typeof one !== 'string' ||
                  cidrSize(one) === 0 ||
                  (cidrSize(one) < cidrSize(cidr) && inside(one, [cidr])),
              )
            : true,
        ),
      ],
    ]),
  ],
  HorizontalPodAutoscaler: () => [
    ['spec.metrics[].type', oneOf('Resource', 'ContainerResource', 'Pods', 'Object', 'External')],
    ['spec.metrics[].resource.target.averageUtilization', positive],
    ['spec.metrics[].containerResource.target.averageUtilization', positive],
    ['spec.metrics[].resource.target', ownTarget],
    ['spec.metrics[].containerResource.target', ownTarget],
    ['spec.metrics[].pods.target', withField('averageValue')],
    ['spec.metrics[].object.target', otherTarget],
    ['spec.metrics[].external.target', otherTarget],
    ...metrics(),
    ...scaling(),
  ],
  PodDisruptionBudget: () => [['spec.minAvailable', share], ['spec.maxUnavailable', share], ...selectorOperators],
  RoleBinding: () => [['subjects[].name', ofAccount()]],
  ClusterRoleBinding: () => [['subjects[].name', ofAccount()]],
  Secret: () => [
    [
      'type',
      beside('set together with annotation kubernetes.io/service-account.name', (value, secret) =>
        value === 'kubernetes.io/service-account-token'
          ? has(digRecord(secret, 'metadata', 'annotations') ?? {}, 'kubernetes.io/service-account.name')
          : true,
      ),
    ],
  ],
  StorageClass: () => [
    ['reclaimPolicy', oneOf('Delete', 'Retain')],
    ['provisioner', words('a name such as ebs.csi.aws.com', (value) => keyFault(value.toLowerCase()) === undefined)],
    ['parameters', map('a map without empty keys', (value) => !Object.hasOwn(value, ''))],
  ],
  PersistentVolumeClaim: () => [
    ['spec.storageClassName', subdomain],
    ['spec.volumeAttributesClassName', subdomain],
    ['spec.resources.requests.storage', positiveStorage],
  ],
  PersistentVolume: () => [
    [
      'spec.capacity',
      map(
        'a map with only storage',
        (value) => Object.keys(value).every((key) => key === 'storage') && has(value, 'storage'),
      ),
    ],
    ['spec.capacity.storage', positiveStorage],
  ],
  LimitRange: ofLimitRanges,
  ResourceQuota: () => ofQuotas,
  PriorityClass: () => [
    ['value', number('at most 1000000000', (value) => value <= 1_000_000_000)],
    ['metadata.name', words('a name that does not start with system-', (value) => !value.startsWith('system-'))],
  ],
  ValidatingWebhookConfiguration: ofWebhooks,
  MutatingWebhookConfiguration: ofWebhooks,
  CustomResourceDefinition: () => [
    ['spec.scope', oneOf('Cluster', 'Namespaced')],
    [
      'spec.names.kind',
      words(
        'letters and digits, starting with a letter',
        (value) => letterLabelFault(value.toLowerCase()) === undefined,
      ),
    ],
    ['spec.versions[].name', words('a DNS label, e.g. v1', (value) => letterLabelFault(value) === undefined)],
  ],
  APIService: () => [
    [
      'metadata.name',
      beside('spec.version, a dot and spec.group', (value, _, { spec }) => {
        const [version, group] = [dig(spec, 'version'), dig(spec, 'group')];
        return typeof version !== 'string' || typeof group !== 'string' || value === `${version}.${group}`;
      }),
    ],
    ['spec.groupPriorityMinimum', between(1, 20_000)],
    ['spec.versionPriority', between(1, 1000)],
    [
      'spec.insecureSkipTLSVerify',
      beside('absent next to caBundle', (value, spec) => value !== true || !has(spec, 'caBundle')),
    ],
    ['spec.service.port', port],
  ],
});
const made = new Map<string, Rows>();
const noRows: Rows = [];

/** The limits of a kind. */
export function rowsOf(kind: string): Rows {
  const make = makers[kind];
  let rows = made.get(kind);
  if (make && !rows) made.set(kind, (rows = make()));
  return rows ?? noRows;
}

/** The name of a ServiceAccount; names of users and groups may have any form. */
function ofAccount(): Limit {
  return beside('a DNS name in lowercase', (value, { kind }) =>
    kind === 'ServiceAccount' && typeof value === 'string' ? subdomainFault(value) === undefined : true,
  );
}
