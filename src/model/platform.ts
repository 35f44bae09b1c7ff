import { table } from '#model/shape.ts';
import { dig } from './dig.ts';
import { matches, type Labels, type Selector } from './selector.ts';
import { list, text } from './shape.ts';

/*
 * Objects that exist in a cluster without being applied: those of Kubernetes itself, of EKS and of EKS add-ons. All
 * rules about missing objects use this list. Sources: Amazon EKS User Guide, AWS add-ons and Default Kubernetes roles
 * and users; the manifests of the add-ons; Kubernetes documentation, Using RBAC Authorization; the controllers of
 * kube-controller-manager, each of which has a ServiceAccount (--use-service-account-credentials, which EKS sets).
 */

const words = (text: string): readonly string[] => text.match(/\S+/g) ?? [];

/** ServiceAccounts by namespace. */
const accounts: Readonly<Record<string, ReadonlySet<string>>> = table({
  'kube-system': new Set(
    words(`
      attachdetach-controller bootstrap-signer certificate-controller clusterrole-aggregation-controller cronjob-controller
      daemon-set-controller deployment-controller device-taint-eviction-controller disruption-controller endpoint-controller
      endpointslice-controller endpointslicemirroring-controller ephemeral-volume-controller expand-controller
      generic-garbage-collector horizontal-pod-autoscaler job-controller legacy-service-account-token-cleaner namespace-controller
      node-controller persistent-volume-binder pod-garbage-collector pv-protection-controller pvc-protection-controller
      replicaset-controller replication-controller resource-claim-controller resourcequota-controller root-ca-cert-publisher
      route-controller selinux-warning-controller service-account-controller service-cidrs-controller service-controller
      statefulset-controller storage-version-migrator-controller taint-eviction-controller token-cleaner ttl-after-finished-controller
      ttl-controller validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller
      aws-cloud-provider eks-vpc-resource-controller tagging-controller vpc-resource-controller
      aws-node coredns kube-proxy metrics-server eks-pod-identity-agent eks-node-monitoring-agent snapshot-controller
      ebs-csi-controller-sa ebs-csi-node-sa efs-csi-controller-sa efs-csi-node-sa fsx-csi-controller-sa fsx-csi-node-sa
      s3-csi-driver-sa s3-csi-driver-controller-sa
    `),
  ),
  'amazon-cloudwatch': new Set(words('cloudwatch-agent amazon-cloudwatch-observability-controller-manager')),
  'amazon-guardduty': new Set(words('aws-guardduty-agent')),
  'aws-privateca-issuer': new Set(words('aws-privateca-issuer')),
});

/** Workloads of EKS and its add-ons in kube-system, and the labels of their pods. */
const workloads: readonly { readonly kind: string; readonly name: string; readonly labels: Labels }[] = [
  {
    kind: 'Deployment',
    name: 'coredns',
    labels: { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' },
  },
  {
    kind: 'DaemonSet',
    name: 'aws-node',
    labels: {
      'k8s-app': 'aws-node',
      'app.kubernetes.io/name': 'aws-node',
      'app.kubernetes.io/instance': 'aws-vpc-cni',
    },
  },
  { kind: 'DaemonSet', name: 'kube-proxy', labels: { 'k8s-app': 'kube-proxy' } },
  {
    kind: 'Deployment',
    name: 'metrics-server',
    labels: {
      'k8s-app': 'metrics-server',
      'app.kubernetes.io/name': 'metrics-server',
      'app.kubernetes.io/instance': 'metrics-server',
    },
  },
  {
    kind: 'DaemonSet',
    name: 'eks-pod-identity-agent',
    labels: {
      'app.kubernetes.io/name': 'eks-pod-identity-agent',
      'app.kubernetes.io/instance': 'eks-pod-identity-agent',
    },
  },
  {
    kind: 'DaemonSet',
    name: 'eks-node-monitoring-agent',
    labels: { 'app.kubernetes.io/name': 'eks-node-monitoring-agent' },
  },
  {
    kind: 'Deployment',
    name: 'snapshot-controller',
    labels: { app: 'snapshot-controller', 'app.kubernetes.io/name': 'snapshot-controller' },
  },
  ...['ebs', 'efs', 'fsx'].flatMap((driver) =>
    (
      [
        ['Deployment', 'controller'],
        ['DaemonSet', 'node'],
      ] as const
    ).map(([kind, part]) => ({
      kind,
      name: `${driver}-csi-${part}`,
      labels: { app: `${driver}-csi-${part}`, 'app.kubernetes.io/name': `aws-${driver}-csi-driver` },
    })),
  ),
  {
    kind: 'DaemonSet',
    name: 's3-csi-node',
    labels: { app: 's3-csi-node', 'app.kubernetes.io/name': 'aws-mountpoint-s3-csi-driver' },
  },
];

/** Cluster-scoped objects by kind. */
const clusterObjects: Readonly<Record<string, RegExp>> = table({
  ClusterRole: /^(?:system:|eks:)|^(?:cluster-admin|admin|edit|view|aws-node)$/,
  Namespace: /^(?:default|kube-system|kube-public|kube-node-lease)$/,
  PriorityClass: /^system-(?:cluster|node)-critical$/,
  StorageClass: /^gp2$/,
});

/** Other namespaced objects, as `Kind namespace name`. */
const others: ReadonlySet<string> = new Set([
  'Role kube-system extension-apiserver-authentication-reader',
  'Service default kubernetes',
  'Service kube-system kube-dns',
  'Service kube-system metrics-server',
  'Service kube-system eks-extension-metrics-api',
  'ConfigMap kube-system aws-auth',
  'ConfigMap kube-system coredns',
  'ConfigMap kube-system kube-proxy',
  'ConfigMap kube-system kube-proxy-config',
  'ConfigMap kube-system amazon-vpc-cni',
  'ConfigMap kube-system extension-apiserver-authentication',
  // The Container Insights setup creates it manually, in addition to the manifests of Fluent Bit (Amazon CloudWatch
  // User Guide, Set up Fluent Bit).
  'ConfigMap amazon-cloudwatch fluent-bit-cluster-info',
  ...workloads.map(({ kind, name }) => `${kind} kube-system ${name}`),
]);

/**
 * Whether an object exists in a cluster without being applied. An empty namespace means that the namespace is unknown.
 */
export function isPlatformObject(kind: string, name: string, namespace: string): boolean {
  if (clusterObjects[kind]?.test(name)) return true;
  const inNamespace = (one: string) => namespace === '' || namespace === one;
  switch (kind) {
    case 'ServiceAccount':
      return name === 'default' || Object.entries(accounts).some(([one, names]) => inNamespace(one) && names.has(name));
    case 'Role':
      if (/^(?:system:|eks:)/.test(name)) return true;
      break;
    case 'ConfigMap':
      if (name === 'kube-root-ca.crt') return true;
      break;
  }
  return ['kube-system', 'default', 'amazon-cloudwatch'].some(
    (one) => inNamespace(one) && others.has(`${kind} ${one} ${name}`),
  );
}

/**
 * Whether an object of a running cluster belongs to Kubernetes, EKS or an EKS add-on, so that the user cannot change
 * it. For a binding the name is not enough: one that grants something to any other subject belongs to users, whatever
 * its name.
 */
export function isMadeByPlatform(kind: string, object: unknown): boolean {
  const [name, namespace] = ['name', 'namespace'].map((key) => text(dig(object, 'metadata', key)) ?? '');
  switch (kind) {
    case 'ClusterRole':
    case 'Role':
      return isReserved(name) || dig(object, 'metadata', 'labels', 'kubernetes.io/bootstrapping') === 'rbac-defaults';
    case 'ClusterRoleBinding':
    case 'RoleBinding':
      return (
        list(dig(object, 'subjects') as readonly object[]).every(
          (subject) =>
            isReserved(text(dig(subject, 'name'))) ||
            (dig(subject, 'kind') === 'ServiceAccount' && dig(subject, 'namespace') === 'kube-system'),
        ) &&
        (isReserved(name) || (kind === 'ClusterRoleBinding' && name === 'cluster-admin'))
      );
    case 'Namespace':
      return /^(?:kube-node-lease|kube-public|kube-system)$/.test(name ?? '');
    case 'ServiceAccount':
      return namespace === 'kube-system' && accounts['kube-system']?.has(name ?? '') === true;
    default:
      return namespace === 'kube-system' && workloads.some((one) => one.kind === kind && one.name === name);
  }
}

const isReserved = (name = ''): boolean => /^(?:system:|eks:)/.test(name);

/** Whether a selector matches pods that EKS or one of its add-ons runs. */
export const selectsPlatformPods = (selector: Selector, namespace: string): boolean =>
  (namespace === 'kube-system' || namespace === '') &&
  selector.requirements.length > 0 &&
  workloads.some(({ labels }) => matches(selector, labels));
