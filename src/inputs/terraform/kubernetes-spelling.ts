import { table } from '#model/shape.ts';
import type { Field } from '#spelling/field.ts';

/*
 * How the Kubernetes provider of Terraform writes objects: its documentation and the schemas of its repository
 * (hashicorp/terraform-provider-kubernetes). Names are Kubernetes' in snake_case; a block that is an item of a list has
 * a name in the singular.
 */

/** The object of each resource type, and the version of the API that the provider calls. */
export const types: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = table({
  kubernetes_deployment: ['apps/v1', 'Deployment'],
  kubernetes_deployment_v1: ['apps/v1', 'Deployment'],
  kubernetes_stateful_set: ['apps/v1', 'StatefulSet'],
  kubernetes_stateful_set_v1: ['apps/v1', 'StatefulSet'],
  kubernetes_daemonset: ['apps/v1', 'DaemonSet'],
  kubernetes_daemon_set_v1: ['apps/v1', 'DaemonSet'],
  kubernetes_replication_controller: ['v1', 'ReplicationController'],
  kubernetes_replication_controller_v1: ['v1', 'ReplicationController'],
  kubernetes_pod: ['v1', 'Pod'],
  kubernetes_pod_v1: ['v1', 'Pod'],
  kubernetes_job: ['batch/v1', 'Job'],
  kubernetes_job_v1: ['batch/v1', 'Job'],
  kubernetes_cron_job: ['batch/v1beta1', 'CronJob'],
  kubernetes_cron_job_v1: ['batch/v1', 'CronJob'],
  kubernetes_service: ['v1', 'Service'],
  kubernetes_service_v1: ['v1', 'Service'],
  kubernetes_service_account: ['v1', 'ServiceAccount'],
  kubernetes_service_account_v1: ['v1', 'ServiceAccount'],
  kubernetes_config_map: ['v1', 'ConfigMap'],
  kubernetes_config_map_v1: ['v1', 'ConfigMap'],
  kubernetes_secret: ['v1', 'Secret'],
  kubernetes_secret_v1: ['v1', 'Secret'],
  kubernetes_namespace: ['v1', 'Namespace'],
  kubernetes_namespace_v1: ['v1', 'Namespace'],
  kubernetes_role: ['rbac.authorization.k8s.io/v1', 'Role'],
  kubernetes_role_v1: ['rbac.authorization.k8s.io/v1', 'Role'],
  kubernetes_cluster_role: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  kubernetes_cluster_role_v1: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  kubernetes_role_binding: ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  kubernetes_role_binding_v1: ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  kubernetes_cluster_role_binding: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  kubernetes_cluster_role_binding_v1: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  kubernetes_ingress: ['extensions/v1beta1', 'Ingress'],
  kubernetes_ingress_v1: ['networking.k8s.io/v1', 'Ingress'],
  kubernetes_network_policy: ['networking.k8s.io/v1', 'NetworkPolicy'],
  kubernetes_network_policy_v1: ['networking.k8s.io/v1', 'NetworkPolicy'],
  kubernetes_pod_disruption_budget: ['policy/v1beta1', 'PodDisruptionBudget'],
  kubernetes_pod_disruption_budget_v1: ['policy/v1', 'PodDisruptionBudget'],
  kubernetes_horizontal_pod_autoscaler: ['autoscaling/v1', 'HorizontalPodAutoscaler'],
  kubernetes_horizontal_pod_autoscaler_v1: ['autoscaling/v1', 'HorizontalPodAutoscaler'],
  kubernetes_horizontal_pod_autoscaler_v2beta2: ['autoscaling/v2beta2', 'HorizontalPodAutoscaler'],
  kubernetes_horizontal_pod_autoscaler_v2: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  kubernetes_storage_class: ['storage.k8s.io/v1', 'StorageClass'],
  kubernetes_storage_class_v1: ['storage.k8s.io/v1', 'StorageClass'],
  kubernetes_persistent_volume: ['v1', 'PersistentVolume'],
  kubernetes_persistent_volume_v1: ['v1', 'PersistentVolume'],
  kubernetes_persistent_volume_claim: ['v1', 'PersistentVolumeClaim'],
  kubernetes_persistent_volume_claim_v1: ['v1', 'PersistentVolumeClaim'],
});

/** Arguments that belong to Terraform or the provider. */
const isOwn = (name: string): boolean =>
  /^(count|for_each|provider|depends_on|lifecycle|timeouts|provisioner|connection|dynamic|wait_.*)$/.test(name);

/** Blocks that are items of a list, by the block that contains them if that matters. */
export const lists: Readonly<Record<string, string>> = table({
  container: 'containers',
  init_container: 'initContainers',
  env: 'env',
  env_from: 'envFrom',
  port: 'ports',
  ports: 'ports',
  volume: 'volumes',
  volume_mount: 'volumeMounts',
  volume_device: 'volumeDevices',
  host_aliases: 'hostAliases',
  toleration: 'tolerations',
  image_pull_secret: 'imagePullSecrets',
  image_pull_secrets: 'imagePullSecrets',
  topology_spread_constraint: 'topologySpreadConstraints',
  readiness_gate: 'readinessGates',
  http_header: 'httpHeaders',
  items: 'items',
  sources: 'sources',
  volume_claim_template: 'volumeClaimTemplates',
  match_expressions: 'matchExpressions',
  match_fields: 'matchFields',
  match_label_expressions: 'matchLabelExpressions',
  node_selector_term: 'nodeSelectorTerms',
  preferred_during_scheduling_ignored_during_execution: 'preferredDuringSchedulingIgnoredDuringExecution',
  'podAffinity required_during_scheduling_ignored_during_execution': 'requiredDuringSchedulingIgnoredDuringExecution',
  'podAntiAffinity required_during_scheduling_ignored_during_execution':
    'requiredDuringSchedulingIgnoredDuringExecution',
  subject: 'subjects',
  rule: 'rules',
  tls: 'tls',
  'http path': 'paths',
  metric: 'metrics',
  policy: 'policies',
  sysctl: 'sysctls',
  'dnsConfig option': 'options',
  from: 'from',
  to: 'to',
  'NetworkPolicy ingress': 'ingress',
  'NetworkPolicy egress': 'egress',
  'ServiceAccount secret': 'secrets',
  cluster_role_selectors: 'clusterRoleSelectors',
  allowed_topologies: 'allowedTopologies',
});

/** Names that are not the Kubernetes name in snake_case. */
export const names: Readonly<Record<string, string>> = table({
  host_pid: 'hostPID',
  host_ipc: 'hostIPC',
  host_ip: 'hostIP',
  cluster_ip: 'clusterIP',
  cluster_ips: 'clusterIPs',
  external_ips: 'externalIPs',
  load_balancer_ip: 'loadBalancerIP',
  non_resource_urls: 'nonResourceURLs',
  volume_id: 'volumeID',
  run_as_username: 'runAsUserName',
  target_cpu_utilization_percentage: 'targetCPUUtilizationPercentage',
  storage_provisioner: 'provisioner',
  'DaemonSet strategy': 'updateStrategy',
  'Secret data': 'stringData',
  'Secret binary_data': 'data',
});

/** Maps whose keys the user chooses, and whose values are strings. */
export const textMaps: ReadonlySet<string> = new Set(
  'labels annotations matchLabels data binaryData stringData requests limits nodeSelector parameters volumeAttributes options'.split(
    ' ',
  ),
);
const isTextMap = (path: readonly string[], kind: string): boolean =>
  textMaps.has(path.at(-1) ?? '') || (kind === 'Service' && path.length === 2 && path[1] === 'selector');

/** Numbers that the provider accepts as strings, or as either. */
export const numbers: ReadonlySet<string> = new Set(
  'replicas minReplicas maxReplicas port containerPort hostPort targetPort nodePort number servicePort minAvailable maxUnavailable maxSurge runAsUser runAsGroup fsGroup averageUtilization'.split(
    ' ',
  ),
);
export const switches: ReadonlySet<string> = new Set(
  'hostNetwork hostPID hostIPC privileged allowPrivilegeEscalation readOnlyRootFilesystem runAsNonRoot readOnly automountServiceAccountToken shareProcessNamespace suspend immutable'.split(
    ' ',
  ),
);

/** The result of Terraform's type conversion for a scalar. */
export function convert(value: unknown, path: readonly string[], kind: string): unknown {
  const key = path.at(-1) ?? '';
  if (isTextMap(path.slice(0, -1), kind) || (key === 'value' && path.at(-3) === 'env'))
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof value !== 'string') return value;
  if (numbers.has(key) && /^-?\d+$/.test(value)) return Number(value);
  return switches.has(key) && (value === 'true' || value === 'false') ? value === 'true' : value;
}

/** `volume_mount` → `volumeMount` */
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The entries of a block by Kubernetes' names. */
export function entriesOf(
  field: Field,
  path: readonly string[],
  { kind, namespaced }: { readonly kind: string; readonly namespaced: boolean },
): readonly (readonly [name: string, entry: Field])[] {
  if (isTextMap(path, kind)) return field.entries();
  const { dynamic } = field.map ?? {};
  const keys = new Set([
    ...Object.keys(field.map ?? {}).filter((key) => path.length > 0 || !isOwn(key)),
    ...(typeof dynamic === 'object' && dynamic !== null ? Object.keys(dynamic) : []),
  ]);
  keys.delete('dynamic');
  const holder = path.findLast((step) => !/^\d+$/.test(step)) ?? '';
  const made = [...keys].flatMap((key): readonly (readonly [string, Field])[] => {
    const entry = field.get(key);
    const isBlock = entry.map !== undefined || Array.isArray(entry.value) || !Object.hasOwn(field.map ?? {}, key);
    const top = path.length === 0 || (path.length === 1 && holder === 'spec') ? lists[`${kind} ${key}`] : undefined;
    const list = top ?? lists[`${holder} ${key}`] ?? (key === 'port' && holder === 'service' ? undefined : lists[key]);
    if (list !== undefined && isBlock) return [[list, entry.map ? entry.asList() : entry]];
    const name = names[`${kind} ${key}`] ?? names[key] ?? camel(key);
    // The kind of a volume is a separate block, which Kubernetes does not have.
    if (name === 'persistentVolumeSource' && entry.single.map)
      return entriesOf(entry.single, path, { kind, namespaced });
    return [[name, entry.items().length === 1 && entry.items()[0]?.map ? entry.single : entry]];
  });
  const last = path.at(-1);
  const isSubject = path.at(-2) === 'subjects' && field.get('kind').value === 'ServiceAccount';
  // The provider uses `default` if no namespace is set.
  if (((last === 'metadata' && path.length === 1 && namespaced) || isSubject) && !keys.has('namespace'))
    made.push(['namespace', field.filled('default')]);
  return made;
}
