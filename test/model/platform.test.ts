import { expect, test } from 'vitest';
import { isPlatformObject, selectsPlatformPods } from '#model/platform.ts';
import { selectorOf } from '#model/selector.ts';

test('objects of Kubernetes, EKS and EKS add-ons exist without being applied', () => {
  for (const [kind, name, namespace] of [
    ['ServiceAccount', 'aws-node', 'kube-system'],
    ['ServiceAccount', 'efs-csi-controller-sa', 'kube-system'],
    ['ServiceAccount', 'cloudwatch-agent', 'amazon-cloudwatch'],
    ['ServiceAccount', 'coredns', ''],
    ['ServiceAccount', 'default', 'shop'],
    ['ClusterRole', 'eks:node-manager', ''],
    ['ClusterRole', 'view', ''],
    ['Role', 'extension-apiserver-authentication-reader', 'kube-system'],
    ['StorageClass', 'gp2', ''],
    ['ConfigMap', 'kube-root-ca.crt', 'shop'],
    ['Service', 'kubernetes', 'default'],
    ['Deployment', 'coredns', 'kube-system'],
    ['DaemonSet', 'ebs-csi-node', 'kube-system'],
  ] as const)
    expect(isPlatformObject(kind, name, namespace), `${kind} ${namespace}/${name}`).toBe(true);
});

test('the same names elsewhere do not', () => {
  for (const [kind, name, namespace] of [
    ['ServiceAccount', 'aws-node', 'shop'],
    ['ServiceAccount', 'mine', 'kube-system'],
    ['Role', 'view', 'shop'],
    ['Role', 'extension-apiserver-authentication-reader', 'shop'],
    ['Deployment', 'aws-node', 'kube-system'],
    ['Service', 'kubernetes', 'kube-system'],
    ['StorageClass', 'gp3', ''],
  ] as const)
    expect(isPlatformObject(kind, name, namespace), `${kind} ${namespace}/${name}`).toBe(false);
});

test('selectors of pods that EKS runs', () => {
  const selects = (labels: Record<string, string>, namespace: string) =>
    selectsPlatformPods(selectorOf({ matchLabels: labels }), namespace);
  expect(selects({ 'k8s-app': 'kube-dns' }, 'kube-system')).toBe(true);
  expect(selects({ 'app.kubernetes.io/name': 'aws-ebs-csi-driver' }, 'kube-system')).toBe(true);
  expect(selects({ 'k8s-app': 'kube-dns' }, 'shop')).toBe(false);
  expect(selects({ 'k8s-app': 'kube-dns', tier: 'x' }, 'kube-system')).toBe(false);
  expect(selects({}, 'kube-system')).toBe(false);
});
