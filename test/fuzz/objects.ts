import fc from 'fast-check';
import { allRules } from '../all-rules.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import { lint } from '#pipeline.ts';
import { check, compare, fail } from './invariants.ts';

/*
 * Roles and their bindings, network policies and gateways in any combination: as files, and as objects of a running
 * cluster.
 */

type Json = Readonly<Record<string, unknown>>;
const name = fc.constantFrom('a', 'b', 'web', 'cluster-admin', 'system:masters', 'default');
const namespace = fc.constantFrom('shop', 'api', 'kube-system', 'default');
const some = <T>(...items: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...items], { minLength: 0 });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 3 });
/** Values that no schema allows, sometimes. */
const odd = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 20, arbitrary: one },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, '', 0, [], {}, 'x', [null]) },
  );

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('web', 'db'), { maxKeys: 2 });
const selector = odd(fc.record({ matchLabels: labels }, { requiredKeys: [] }));
const port = fc.record(
  { port: odd(fc.constantFrom(53, 443, 'dns')), protocol: fc.constantFrom('UDP', 'TCP') },
  { requiredKeys: [] },
);
const peer = fc.record(
  {
    podSelector: selector,
    namespaceSelector: selector,
    ipBlock: odd(fc.record({ cidr: fc.constantFrom('0.0.0.0/0', '::/0', '10.0.0.0/8', 'x') })),
  },
  { requiredKeys: [] },
);
const object = (
  apiVersion: string,
  kind: string,
  rest: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Json> =>
  fc
    .record({ name, namespace, labels: maybe(labels), rest: fc.record(rest, { requiredKeys: [] }) })
    .map(({ name: own, namespace: space, labels: marks, rest: more }) => ({
      apiVersion,
      kind,
      metadata: {
        name: own,
        ...(isNamespaced(kind, groupOf(apiVersion)) ? { namespace: space } : {}),
        ...(marks ? { labels: marks } : {}),
      },
      ...more,
    }));

const rbac = 'rbac.authorization.k8s.io';
const rule = fc.record(
  {
    apiGroups: odd(some('', '*', 'apps', rbac)),
    resources: odd(some('*', 'secrets', 'pods', 'pods/exec', 'roles', 'nodes/proxy')),
    verbs: odd(some('*', 'get', 'create', 'bind', 'escalate', 'impersonate')),
    nonResourceURLs: odd(some('*', '/metrics')),
    resourceNames: odd(some('a')),
  },
  { requiredKeys: ['verbs'] },
);
const subject = fc.record(
  { kind: fc.constantFrom('ServiceAccount', 'Group', 'User'), name, namespace, apiGroup: fc.constantFrom('', rbac) },
  { requiredKeys: ['kind', 'name'] },
);
const binding = {
  roleRef: odd(fc.record({ apiGroup: fc.constant(rbac), kind: fc.constantFrom('Role', 'ClusterRole'), name })),
  subjects: odd(fc.array(odd(subject), { maxLength: 3 })),
};
const route = {
  parentRefs: odd(fc.array(fc.record({ name, namespace: maybe(namespace) }), { maxLength: 2 })),
  hostnames: odd(some('a.example.com', '*.example.com')),
  rules: odd(
    fc.array(
      fc.record({
        backendRefs: odd(
          fc.array(fc.record({ name, namespace: maybe(namespace), port: fc.constantFrom(80, 443) }), { maxLength: 2 }),
        ),
      }),
      { maxLength: 2 },
    ),
  ),
};
const gateway = 'gateway.networking.k8s.io/v1';

const objects: fc.Arbitrary<Json[]> = fc.array(
  fc.oneof(
    object(`${rbac}/v1`, 'ClusterRole', { rules: odd(fc.array(odd(rule), { maxLength: 3 })) }),
    object(`${rbac}/v1`, 'Role', { rules: odd(fc.array(rule, { maxLength: 3 })) }),
    object(`${rbac}/v1`, 'ClusterRoleBinding', binding),
    object(`${rbac}/v1`, 'RoleBinding', binding),
    object('v1', 'ServiceAccount', { automountServiceAccountToken: odd(fc.boolean()) }),
    object('v1', 'Namespace', {}),
    object('v1', 'Service', {
      spec: odd(fc.record({ selector: odd(labels), ports: odd(fc.array(port, { maxLength: 2 })) })),
    }),
    object('v1', 'Pod', {
      spec: odd(
        fc.record(
          { serviceAccountName: name, containers: odd(fc.constant([{ name: 'c', image: 'example.com/app:1' }])) },
          { requiredKeys: [] },
        ),
      ),
    }),
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: odd(
        fc.record(
          {
            podSelector: selector,
            policyTypes: odd(some('Ingress', 'Egress')),
            egress: odd(
              fc.array(
                odd(
                  fc.record(
                    { to: odd(fc.array(peer, { maxLength: 2 })), ports: odd(fc.array(port, { maxLength: 2 })) },
                    { requiredKeys: [] },
                  ),
                ),
                { maxLength: 2 },
              ),
            ),
            ingress: odd(
              fc.array(odd(fc.record({ from: odd(fc.array(peer, { maxLength: 2 })) }, { requiredKeys: [] })), {
                maxLength: 2,
              }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    }),
    object(gateway, 'Gateway', {
      spec: odd(
        fc.record({
          gatewayClassName: name,
          listeners: odd(
            fc.array(
              fc.record({
                name,
                port: fc.constantFrom(80, 443),
                protocol: fc.constantFrom('HTTP', 'HTTPS'),
                hostname: maybe(fc.constant('*.example.com')),
              }),
              { maxLength: 2 },
            ),
          ),
        }),
      ),
    }),
    object(gateway, 'HTTPRoute', { spec: odd(fc.record(route, { requiredKeys: [] })) }),
    object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', {
      spec: odd(
        fc.record({
          from: odd(fc.array(fc.record({ kind: fc.constant('HTTPRoute'), namespace }), { maxLength: 1 })),
          to: odd(fc.array(fc.record({ kind: fc.constant('Service') }), { maxLength: 1 })),
        }),
      ),
    }),
  ),
  { minLength: 1, maxLength: 8 },
);

/** Objects with the same kind, namespace and name are one in a cluster. */
const distinct = (all: readonly Json[]): Json[] => [
  ...new Map(
    all.map((one) => [
      JSON.stringify([one['apiVersion'], one['kind'], one['metadata']]).replace(/,"labels.*/, ''),
      one,
    ]),
  ).values(),
];

async function audit(all: readonly Json[]): Promise<string[]> {
  const report = await lint({
    ...allRules,
    cwd: process.cwd(),
    allowEmpty: true,
    today: '2026-01-01',
    snapshots: [snapshotOf(all)],
    filesToo: false,
  });
  for (const { rule: id, error } of report.crashes) fail('no rule crashes in an audit', `${id}: ${error.message}`);
  for (const { at, fix, rule: id } of report.findings)
    if (at.start || fix) fail('an audit has neither lines nor edits', id);
  return report.findings
    .map(({ rule: id, messageId, subject: { kind, namespace: space, name: own } }) =>
      [id, messageId, kind, space, own].join(' '),
    )
    .sort();
}

export const kubernetes = {
  arbitrary: objects as fc.Arbitrary<Json[]>,
  async check(all: readonly Json[]): Promise<{ readonly documents: number; readonly findings: number }> {
    const counted = await check({ 'objects.yaml': all.map((one) => JSON.stringify(one, null, 1)).join('\n---\n') });
    const unique = distinct(all);
    compare('the order of objects changes nothing in an audit', await audit(unique), await audit(unique.toReversed()));
    return counted;
  },
};
