import { dig, digList, digRecord } from '#model/dig.ts';
import { isRecord, text } from '#model/shape.ts';
import { parseQuantity } from '#model/quantity.ts';
import {
  absolute,
  address,
  beside,
  between,
  computeAmounts,
  distinct,
  entries,
  exactlyOne,
  has,
  id,
  label,
  labelValue,
  type Limit,
  natural,
  notWith,
  number,
  oneOf,
  onlyWith,
  plain,
  positive,
  qualified,
  relative,
  type Rows,
  subdomain,
  map,
  withField,
  words,
} from './limit.ts';
import { subdomainFault } from './names.ts';

/* The limits of a pod, and of the object that contains its template. */

const weighted = 'preferredDuringSchedulingIgnoredDuringExecution[].weight';
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const fieldOrResource = exactlyOne('fieldRef', 'resourceFieldRef');
const podFields = /^metadata\.(?:annotations|labels|name|namespace|uid)$|^metadata\.(?:annotations|labels)\['.+'\]$/;
const itemsOf = (files: string): Rows => [
  [`${files}.items[]`, fieldOrResource],
  [
    `${files}.items[].fieldRef.fieldPath`,
    words('a field of the metadata, e.g. metadata.labels', (value) => podFields.test(value)),
  ],
  [`${files}.items[].resourceFieldRef`, withField('containerName', 'resource')],
];
const paths = ['configMap', 'secret', 'downwardAPI'].flatMap((source): Rows => [
  [`volumes[].${source}.items[].path`, relative],
  [`volumes[].projected.sources[].${source}.items[].path`, relative],
]);
const header = words('a name of letters, digits and "-"', (value) => /^[-A-Za-z0-9]+$/.test(value));
const dataKey = words('letters, digits, "-", "_" and "."', (value) => /^[-._a-zA-Z0-9]+$/.test(value));
const unpadded = words('a name without spaces around it', (value) => value.trim() === value);
const searchDomain = words('a DNS name in lowercase', (value) =>
  value
    .replace(/\.$/, '')
    .split('.')
    .every((part) => /^_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/.test(part) || part === ''),
);
/** Allowed values of the fields of a probe, a hook or a security context, for each list of containers. */
const ofContainers = ['containers[]', 'initContainers[]'].flatMap((container): Rows => [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe): Rows => [
    ...['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold', 'successThreshold'].map(
      (key) => [`${container}.${probe}.${key}`, natural] as const,
    ),
    [`${container}.${probe}.httpGet.httpHeaders[].name`, header],
    [`${container}.${probe}.terminationGracePeriodSeconds`, positive],
  ]),
  [`${container}.restartPolicy`, oneOf('Always', 'Never', 'OnFailure')],
  [`${container}.lifecycle.preStop.sleep.seconds`, natural],
  [
    `${container}.lifecycle.preStop.sleep.seconds`,
    beside('at most terminationGracePeriodSeconds', (value, _, pod) => {
      const grace = pod['terminationGracePeriodSeconds'] ?? 30;
      return typeof value !== 'number' || typeof grace !== 'number' || value <= grace;
    }),
  ],
  [`${container}.securityContext.runAsUser`, id],
  [`${container}.securityContext.runAsGroup`, id],
  [`${container}.securityContext.seccompProfile.localhostProfile`, relative],
  [`${container}.securityContext.appArmorProfile.localhostProfile`, unpadded],
  [`${container}.securityContext.windowsOptions.gmsaCredentialSpecName`, subdomain],
  [
    `${container}.securityContext.procMount`,
    beside('Default without hostUsers: false', (value, _, pod) => value !== 'Unmasked' || pod['hostUsers'] === false),
  ],
  [
    `${container}.securityContext.windowsOptions.hostProcess`,
    beside('the same as that of the pod', (value, _, pod) => {
      const shared = dig(pod, 'securityContext', 'windowsOptions', 'hostProcess');
      return typeof value !== 'boolean' || typeof shared !== 'boolean' || value === shared;
    }),
  ],
  [
    `${container}.securityContext.windowsOptions.hostProcess`,
    beside('absent without hostNetwork', (value, _, pod) => value !== true || pod['hostNetwork'] === true),
  ],
  [`${container}.env[].valueFrom.fieldRef.apiVersion`, oneOf('v1')],
  [`${container}.env[].valueFrom.secretKeyRef.key`, dataKey],
  [`${container}.env[].valueFrom.configMapKeyRef.key`, dataKey],
  [`${container}.envFrom[].configMapRef.name`, subdomain],
  [`${container}.envFrom[].secretRef.name`, subdomain],
  [`${container}.resources.requests`, computeAmounts],
  [`${container}.resources.limits`, computeAmounts],
  [
    `${container}.resizePolicy`,
    distinct('a list with one entry for each resource', (entry) => dig(entry, 'resourceName')),
  ],
  [`${container}.volumeMounts[].subPathExpr`, notWith('subPath', (mount) => has(mount, 'subPath'))],
  [
    `${container}.volumeMounts[].recursiveReadOnly`,
    beside('Disabled without readOnly: true', (value, mount) => value === 'Disabled' || mount['readOnly'] === true),
  ],
  [
    `${container}.volumeDevices`,
    beside('a list of block volumes (persistentVolumeClaim or ephemeral) that are not mounted', blockVolumes),
  ],
  [
    `${container}.volumeMounts`,
    beside('without mountPropagation Bidirectional in a container that is not privileged', (value, holder) =>
      Array.isArray(value)
        ? dig(holder, 'securityContext', 'privileged') === true ||
          !value.some((mount) => dig(mount, 'mountPropagation') === 'Bidirectional')
        : true,
    ),
  ],
]);

/** Whether each device of a container is a claim that is not also mounted. */
function blockVolumes(value: unknown, container: Readonly<Record<string, unknown>>, pod: object): boolean {
  const mounted = new Set(digList(container, 'volumeMounts').map((mount) => mount['name']));
  const volumes = new Map(digList(pod, 'volumes').map((volume) => [volume['name'], volume]));
  return (
    !Array.isArray(value) ||
    value.every((device) => {
      const name = dig(device, 'name');
      const volume = volumes.get(name);
      // A StatefulSet adds volumes for its claim templates.
      return (
        (!mounted.has(name) || name === undefined) &&
        (!volume || isRecord(volume['persistentVolumeClaim']) || isRecord(volume['ephemeral']))
      );
    })
  );
}

/** A limit of a pod on its own resources, compared with those of its containers. */
const coversContainers: Limit = beside('enough for the containers', (value, _, pod) => {
  if (!isRecord(value)) return true;
  const containers = digList(pod, 'containers');
  return ['cpu', 'memory'].every((name) => {
    const request = parseQuantity(dig(value, 'requests', name));
    const limit = parseQuantity(dig(value, 'limits', name));
    const asked = containers.map(
      (one) => parseQuantity(dig(one, 'resources', 'requests', name) ?? dig(one, 'resources', 'limits', name)) ?? 0,
    );
    const allowed = containers.map((one) => parseQuantity(dig(one, 'resources', 'limits', name)) ?? 0);
    const sum = asked.reduce((total, one) => total + one, 0);
    return (request === undefined || sum <= request) && (limit === undefined || Math.max(0, ...allowed) <= limit);
  });
});

const hugePages = (holder: Readonly<Record<string, unknown>>): boolean =>
  ['cpu', 'memory'].some((name) => ['requests', 'limits'].some((bound) => has(digRecord(holder, bound) ?? {}, name)));

export const ofPods: Rows = [
  ['topologySpreadConstraints[].maxSkew', positive],
  ['topologySpreadConstraints[].minDomains', positive],
  ['topologySpreadConstraints[].matchLabelKeys[]', qualified],
  ['activeDeadlineSeconds', between(1, 2_147_483_647)],
  [`affinity.nodeAffinity.${weighted}`, between(1, 100)],
  [`affinity.podAffinity.${weighted}`, between(1, 100)],
  [`affinity.podAntiAffinity.${weighted}`, between(1, 100)],
  [`affinity.nodeAffinity.${required}.nodeSelectorTerms[].matchFields[].key`, oneOf('metadata.name')],
  [`affinity.podAffinity.${required}[].namespaces[]`, label],
  [`affinity.podAntiAffinity.${required}[].namespaces[]`, label],
  ['securityContext.runAsUser', id],
  ['securityContext.runAsGroup', id],
  ['securityContext.fsGroup', id],
  ['securityContext.supplementalGroups[]', between(0, 2_147_483_647)],
  ['securityContext.seccompProfile.localhostProfile', relative],
  ['securityContext.appArmorProfile.localhostProfile', unpadded],
  ['securityContext.windowsOptions.gmsaCredentialSpecName', subdomain],
  [
    'securityContext.windowsOptions.hostProcess',
    beside('absent without hostNetwork', (value, _, pod) => value !== true || pod['hostNetwork'] === true),
  ],
  ['securityContext.sysctls', distinct('a list with one entry for each name', (entry) => dig(entry, 'name'))],
  [
    'securityContext.sysctls',
    beside('without IPC sysctls next to hostIPC', (value, _, pod) =>
      pod['hostIPC'] === true && Array.isArray(value)
        ? !value.some((one) => /^(?:kernel[./](?:shm|msg|sem)|fs[./]mqueue[./])/.test(text(dig(one, 'name')) ?? ''))
        : true,
    ),
  ],
  ['os.name', oneOf('linux', 'windows')],
  ['hostAliases[].ip', address],
  ['hostAliases[].hostnames[]', subdomain],
  ['dnsConfig.nameservers[]', address],
  ['dnsConfig.nameservers', entries('a list of at most 3 entries', ({ length }) => length <= 3)],
  ['dnsConfig.searches', entries('a list of at most 32 entries', ({ length }) => length <= 32)],
  ['dnsConfig.searches[]', searchDomain],
  ['hostname', label],
  ['subdomain', label],
  ['nodeName', subdomain],
  ['nodeName', notWith('schedulingGates', (pod) => digList(pod, 'schedulingGates').length > 0)],
  ['serviceAccountName', subdomain],
  ['readinessGates[].conditionType', qualified],
  ['schedulingGates[].name', qualified],
  ['schedulingGates', distinct('a list with one entry for each name', (entry) => dig(entry, 'name'))],
  ['resourceClaims[]', exactlyOne('resourceClaimName', 'resourceClaimTemplateName')],
  ['tolerations[].key', qualified],
  ['tolerations[].value', labelValue],
  ['resources', coversContainers],
  ['volumes[].hostPath.path', plain],
  ['volumes[].secret', withField('secretName')],
  ['volumes[].configMap', withField('name')],
  ['volumes[].csi.driver', words('a DNS name', (value) => subdomainFault(value.toLowerCase()) === undefined)],
  ['volumes[].nfs.path', absolute],
  ['volumes[].ephemeral', withField('volumeClaimTemplate')],
  [
    'volumes[].ephemeral.volumeClaimTemplate.spec',
    map(
      'a map with resources.requests.storage',
      (value) => dig(value, 'resources', 'requests', 'storage') !== undefined,
    ),
  ],
  ['volumes[].image', withField('reference')],
  ['volumes[].projected.sources[].clusterTrustBundle', exactlyOne('name', 'signerName')],
  [
    'volumes[].projected.sources[].serviceAccountToken.expirationSeconds',
    number('600 or more', (value) => value >= 600),
  ],
  [
    'volumes[].projected.sources',
    entries('a list in which each path occurs once', (sources) => {
      const found = sources.flatMap((source) =>
        ['configMap', 'secret', 'downwardAPI'].flatMap((kind) =>
          digList(source, kind, 'items').map((item) => item['path']),
        ),
      );
      return new Set(found).size === found.length;
    }),
  ],
  ...itemsOf('volumes[].downwardAPI'),
  [
    'containers',
    beside('a list that takes each host port once', (value) => {
      if (!Array.isArray(value)) return true;
      const taken = new Map<string, unknown>();
      // Two containers that listen on one port are reported by correctness/duplicate-port.
      return value
        .flatMap((container) => digList(container, 'ports'))
        .filter(({ hostPort }) => typeof hostPort === 'number' && hostPort !== 0)
        .every(({ protocol = 'TCP', hostIP = '', hostPort, containerPort }) => {
          const id = JSON.stringify([protocol, hostIP, hostPort]);
          const first = taken.get(id) ?? containerPort;
          taken.set(id, first);
          return first === containerPort;
        });
    }),
  ],
  ...['containers[]', 'initContainers[]'].map(
    (container) =>
      [
        `${container}.resources`,
        beside('a map with cpu or memory next to hugepages', (value) =>
          isRecord(value) &&
          ['requests', 'limits'].some((bound) =>
            Object.keys(digRecord(value, bound) ?? {}).some((name) => name.startsWith('hugepages-')),
          )
            ? hugePages(value)
            : true,
        ),
      ] as const,
  ),
  ...paths,
  ...ofContainers,
];

/** Values that only pods that run to completion may have. */
export const ofEndless: Rows = [['activeDeadlineSeconds', onlyWith('a Job, which runs to its end', () => false)]];
