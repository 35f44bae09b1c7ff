import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const role = (kind: string, name: string) =>
  `{apiVersion: rbac.authorization.k8s.io/v1, kind: ${kind}, metadata: {name: ${name}, namespace: shop}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}\n`;
const binding = (kind: string, to: string, name: string, namespace = 'shop') =>
  `{apiVersion: rbac.authorization.k8s.io/v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}, roleRef: {kind: ${to}, name: ${name}}, subjects: [{kind: Group, name: ops}]}\n`;

const found = async (texts: readonly string[], ...only: string[]) =>
  (
    await lintTexts(
      { 'rbac.yaml': texts.join('---\n') },
      rules.filter(({ id }) => only.includes(id)),
    )
  ).findings.map(
    ({ rule, at, related }) => `${rule}:${at.start?.line}<${related.map((one) => one.start?.line).join()}`,
  );

test('one finding for a role that grants everything and its binding', async () => {
  const both = ['rbac/wildcard-everything', 'rbac/cluster-admin-binding'];
  expect(
    await found([role('ClusterRole', 'ops'), binding('ClusterRoleBinding', 'ClusterRole', 'ops')], ...both),
  ).toEqual(['rbac/cluster-admin-binding:3<1']);
  expect(await found([role('Role', 'ops'), binding('RoleBinding', 'Role', 'ops')], ...both)).toEqual([
    'rbac/cluster-admin-binding:3<1',
  ]);
  // Bound in another namespace, it is another role.
  expect(await found([role('Role', 'ops'), binding('RoleBinding', 'Role', 'ops', 'blog')], ...both)).toEqual([
    'rbac/wildcard-everything:1<',
  ]);
});

test('the role is reported if its binding is not judged', async () => {
  const texts = [role('ClusterRole', 'ops'), binding('ClusterRoleBinding', 'ClusterRole', 'ops')];
  expect(await found(texts, 'rbac/wildcard-everything')).toEqual(['rbac/wildcard-everything:1<']);
});

test('a binding of anonymous users is reported by its own rule', async () => {
  const texts = [
    binding('ClusterRoleBinding', 'ClusterRole', 'cluster-admin').replace(
      'name: ops}]',
      'name: "system:unauthenticated"}]',
    ),
  ];
  expect(await found(texts, 'rbac/cluster-admin-binding', 'rbac/anonymous-binding')).toEqual([
    'rbac/anonymous-binding:1<',
  ]);
  expect(await found(texts, 'rbac/cluster-admin-binding')).toEqual(['rbac/cluster-admin-binding:1<']);
});
