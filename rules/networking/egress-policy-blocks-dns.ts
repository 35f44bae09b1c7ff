import { type AnyResource, defineRule, type Neighbours, type Workload } from '#rule';
import { inOrder, isBefore } from '#rule/conflict';
import { directionsOf, isOpenSelector, rulesOf } from '#rule/network-policy';
import { selectorOf } from '#rule/selector';
import { digList, digRecord } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

const specOf = ({ object }: { readonly object: object }) => digRecord(object, 'spec') ?? {};
const isEgress = (policy: AnyResource): boolean => directionsOf(specOf(policy)).includes('Egress');
const isUnclear = (policy: AnyResource): boolean =>
  unrendered(specOf(policy)['egress']) || patched(policy, 'spec', 'egress') || patched(policy, 'spec', 'policyTypes');

/** Whether a port entry allows UDP to the DNS port. */
function coversDns(entry: Readonly<Record<string, unknown>>, dnsPort: number): boolean {
  const { port, endPort, protocol } = entry;
  if (protocol !== 'UDP') return false;
  if (port === undefined || port === null || port === dnsPort || port === 'dns') return true;
  return typeof port === 'number' && typeof endPort === 'number' && port <= dnsPort && dnsPort <= endPort;
}

/** Whether a policy allows its pods to query a DNS server. */
const opensDns = (policy: AnyResource, dnsPort: number): boolean =>
  isEgress(policy) &&
  rulesOf(specOf(policy), 'Egress').some((rule) => {
    const ports = digList(rule, 'ports');
    return ports.length === 0 || ports.some((one) => coversDns(one, dnsPort));
  });

/** The combined result of the policies that select a workload; workloads with the same labels share the list. */
interface Union {
  readonly first: AnyResource | undefined;
  readonly opens: boolean;
}
const unions = new WeakMap<readonly AnyResource[], Map<number, Union>>();
function unionOf(policies: readonly AnyResource[], dnsPort: number): Union {
  const known = unions.get(policies) ?? new Map<number, Union>();
  unions.set(policies, known);
  let union = known.get(dnsPort);
  if (!union) {
    union = {
      first: policies.filter(isEgress).sort(inOrder)[0],
      opens: policies.some((one) => opensDns(one, dnsPort)),
    };
    known.set(dnsPort, union);
  }
  return union;
}

/** Policies that leave some workload without DNS, each with the first such workload. */
function blockers(unit: Neighbours, about: string): ReadonlyMap<object, Workload> {
  const found = new Map<object, Workload>();
  for (const workload of unit.workloads('*')) {
    if (workload.pod.hostNetwork === true) continue;
    const { first, opens } = unionOf(unit.policiesFor(workload.podLabels, workload.namespace), Number(about));
    if (!first || opens) continue;
    const other = found.get(first.object);
    if (!other || isBefore(workload, other)) found.set(first.object, workload);
  }
  return found;
}

export default defineRule({
  title: 'Egress policy should allow DNS',
  severity: 'medium',
  preset: 'strict',
  kinds: ['NetworkPolicy'],
  scope: 'workspace',
  fix: 'suggestion: add a rule for kube-dns on 53 UDP and TCP',
  options: {
    dnsPort: { type: 'integer', default: 53, minimum: 1, maximum: 65535, description: 'Port of the DNS server.' },
  },
  messages: {
    blocked: '{policy} limits egress without UDP port {port}, so the pods of {workload} cannot resolve any name',
  },
  help: 'Add an egress rule for kube-system with ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]',
  equivalents: [],
  sources: ['Kubernetes documentation, Network Policies'],
  check(policy, { options, report, undetermined, workspace }) {
    const spec = digRecord(policy.object, 'spec');
    const { dnsPort } = options;
    const unit = workspace.unit(policy);
    const workload = unit.once(blockers, String(dnsPort)).get(policy.object);
    if (!spec || workload === undefined || selectorOf(spec['podSelector'] as never).requirements.some(unrendered))
      return;
    const egress: unknown = spec['egress'];
    const closed = !Array.isArray(egress) || egress.length === 0;
    // A default deny of the namespace, and policies of the applications that allow DNS.
    if (
      closed &&
      isOpenSelector(spec['podSelector']) &&
      unit.all('NetworkPolicy').some((one) => opensDns(one, dnsPort))
    )
      return;
    const place = { on: spec, key: Array.isArray(egress) ? 'egress' : 'policyTypes' } as const;
    if (unit.some('NetworkPolicy', isUnclear)) {
      undetermined('the egress rules of a NetworkPolicy are a template or changed by a patch', place);
      return;
    }
    const rule = {
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
      ports: ['UDP', 'TCP'].map((protocol) => ({ port: dnsPort, protocol })),
    };
    report({
      message: 'blocked',
      data: { policy: policy.title, port: dnsPort, workload: workload.title },
      ...place,
      fix: {
        safe: false,
        edits: [
          Array.isArray(egress) && egress.length > 0
            ? { op: 'set', on: egress, key: egress.length, value: rule }
            : { op: 'set', on: spec, key: 'egress', value: [rule] },
        ],
      },
    });
  },
});
