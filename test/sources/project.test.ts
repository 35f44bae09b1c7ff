import { expect, test } from 'vitest';
import { project, sharing, withoutCopies } from '#sources/project.ts';
import type { ObjectList } from '#sources/snapshot.ts';

type Json = Readonly<Record<string, unknown>>;

const kindOf = (kind: string, items: readonly Json[]): ObjectList => ({
  group: kind === 'Pod' ? '' : 'apps',
  version: 'v1',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  items,
});
const pod = (name: string, more: Json = {}, owner: Json = { kind: 'ReplicaSet', name: 'web-1' }): Json => ({
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: `2026-01-01T00:00:0${name.length}Z`,
    labels: { app: 'web' },
    ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...owner }],
    ...(more['metadata'] as Json | undefined),
  },
  spec: {
    nodeName: `node-${name}`,
    containers: [{ name: 'app', image: 'app:1', ...(more['container'] as Json | undefined) }],
  },
  status: { phase: 'Running', podIP: `10.0.0.${name.length}`, ...(more['status'] as Json | undefined) },
});
const replicaSet = { metadata: { name: 'web-1', namespace: 'shop' }, spec: { replicas: 3 } };

/** The names of the pods that are kept, and the number of others. */
function kept(pods: readonly Json[], others: readonly ObjectList[] = [kindOf('ReplicaSet', [replicaSet])]) {
  const share = sharing();
  const lists = withoutCopies([
    kindOf(
      'Pod',
      pods.map((one) => share(project(one))),
    ),
    ...others,
  ]);
  const [{ items, alike } = { items: [], alike: undefined }] = lists;
  return { names: items.map(({ metadata }) => (metadata as Json)['name']), alike };
}

test('of pods that differ only in names, nodes and addresses, one is kept', () => {
  expect(kept(['a', 'bb', 'ccc'].map((name) => pod(name)))).toEqual({ names: ['a'], alike: 2 });
});
test('annotations that no rule needs make no difference', () => {
  const ofNetwork = (ip: string): Json => ({ metadata: { annotations: { 'cni.example.org/ip': ip } } });
  expect(kept([pod('a'), pod('b', ofNetwork('10.0.0.1')), pod('c', ofNetwork('10.0.0.2'))])).toEqual({
    names: ['a'],
    alike: 2,
  });
});
test('pods that differ in more are kept', () => {
  const pods = [
    pod('a'),
    pod('b', { metadata: { labels: { app: 'web', canary: 'yes' } } }),
    pod('c', { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' } } }),
    pod('d', { container: { image: 'app:2' } }),
    pod('e', { status: { phase: 'Failed' } }),
  ];
  expect(
    kept([...pods, ...pods.map((one) => ({ ...one, metadata: { ...(one['metadata'] as Json), name: 'again' } }))]),
  ).toEqual({
    names: ['a', 'b', 'c', 'd', 'e'],
    alike: 5,
  });
});
test('pods whose controller was not read, or does not say how many there are, are kept: a budget counts them', () => {
  expect(kept([pod('a'), pod('b')], [])).toEqual({ names: ['a', 'b'], alike: undefined });
  const owner = { kind: 'StrimziPodSet', name: 'kafka' };
  expect(kept([pod('a', {}, owner), pod('b', {}, owner)])).toEqual({ names: ['a', 'b'], alike: undefined });
});
