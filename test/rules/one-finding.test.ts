import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const pod = (container: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, ${container}}]}\n`;

/** The rules that report something, from those in some categories. */
const reporting = async (text: string, ...starts: readonly string[]): Promise<string[]> => {
  const { findings } = await lintTexts(
    { 'a.yaml': text },
    rules.filter(({ id }) => starts.some((start) => id.startsWith(start))),
  );
  return [...new Set(findings.map(({ rule }) => rule))].sort();
};

test.each([
  ['a moving tag', 'image: "ghcr.io/shop/web:latest"', ['images/mutable-tag']],
  [
    'a moving tag that is kept',
    'image: "ghcr.io/shop/web:main", imagePullPolicy: IfNotPresent',
    ['images/mutable-tag', 'images/stale-pull-policy'],
  ],
  ['an invalid reference', 'image: "ghcr.io/shop/web:"', ['images/invalid-reference']],
  [
    'a malformed digest',
    'image: "ghcr.io/shop/web:1@sha256:abc", imagePullPolicy: Always',
    ['images/invalid-reference'],
  ],
  [
    'a retired registry of Docker Hub',
    'image: "bitnami/redis:7.2", imagePullPolicy: Always',
    ['images/digest-missing', 'images/retired-registry'],
  ],
  [
    'Never',
    'image: "ghcr.io/shop/web:1@sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496", imagePullPolicy: Never',
    ['images/stale-pull-policy'],
  ],
])('%s is reported by the rule that names the cause', async (_, container, expected) => {
  expect(await reporting(pod(container), 'images/')).toEqual(expected);
});

test('a rule that runs alone reports what another rule would name', async () => {
  expect(await reporting(pod('image: "ghcr.io/shop/web:latest"'), 'images/digest-missing')).toEqual([
    'images/digest-missing',
  ]);
  expect(await reporting(pod('image: "bitnami/redis:7.2"'), 'images/docker-hub')).toEqual(['images/docker-hub']);
});

test('a privileged container is reported once for what privileged overrides', async () => {
  const found = await reporting(
    pod(
      'image: "web:1", securityContext: {privileged: true, runAsNonRoot: true, runAsUser: 10001, readOnlyRootFilesystem: true, capabilities: {add: [SYS_ADMIN, CHOWN, NET_RAW]}, procMount: Unmasked, seccompProfile: {type: Unconfined}}',
    ),
    'pod-security/',
  );
  expect(found).toEqual(['pod-security/privileged-container']);
});

test('a capability has one rule', async () => {
  const add = (name: string) =>
    reporting(pod(`image: "web:1", securityContext: {capabilities: {add: [${name}]}}`), 'pod-security/capability');
  expect(await add('SYS_ADMIN')).toEqual(['pod-security/capability-dangerous-added']);
  expect(await add('NET_RAW')).toEqual(['pod-security/capability-beyond-baseline']);
  expect(await add('CHOWN')).toEqual(['pod-security/capability-beyond-restricted']);
  expect(await add('NET_BIND_SERVICE')).toEqual([]);
});

test.each([
  ['{labels: {team: a}}', ['pod-security/namespace-psa-missing']],
  ['{labels: {pod-security.kubernetes.io/enforced: baseline}}', ['pod-security/namespace-psa-invalid']],
  ['{labels: {pod-security.kubernetes.io/enforce: basline}}', ['pod-security/namespace-psa-invalid']],
  ['{labels: {pod-security.kubernetes.io/enforce: privileged}}', ['pod-security/namespace-psa-privileged']],
  ['{labels: {pod-security.kubernetes.io/enforce: baseline}}', ['pod-security/namespace-psa-not-restricted']],
  ['{labels: {pod-security.kubernetes.io/enforce: restricted}}', []],
])('a Namespace with %s has one finding about its level', async (metadata, expected) => {
  const text = `apiVersion: v1\nkind: Namespace\nmetadata: ${metadata.replace('{', '{name: shop, ')}\n`;
  expect(await reporting(text, 'pod-security/')).toEqual(expected);
});
