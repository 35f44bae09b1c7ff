import { type AnyResource, defineRule, type Neighbours, type Workload } from '#rule';
import { type Direction, directionsOf } from '#rule/network-policy';
import { labelsOf, matches, selectorOf } from '#rule/selector';
import { dig, digList, digRecord, text } from '#rule/shape';
import { unclearSelectorsAround } from '#rule/unknown';

/**
 * Policies of other controllers. Those of Calico select by an expression, which is not read: one in the namespace is
 * enough.
 */
const ciliumKinds = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;
const calicoKinds = [
  'NetworkPolicy.projectcalico.org',
  'NetworkPolicy.crd.projectcalico.org',
  'GlobalNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
] as const;
/** Maximum number of Cilium policies in one namespace that are checked; with more, the workload passes. */
const mostTried = 50;

const covered = new WeakMap<readonly AnyResource[], ReadonlySet<Direction>>();

/** The directions to which some NetworkPolicies apply; workloads with the same labels share the list. */
function directionsOfAll(policies: readonly AnyResource[]): ReadonlySet<Direction> {
  const found =
    covered.get(policies) ?? new Set(policies.flatMap(({ object }) => directionsOf(digRecord(object, 'spec') ?? {})));
  covered.set(policies, found);
  return found;
}

/** A Cilium selector, whose labels may have a prefix for their source: k8s:app. */
function ciliumSelector(written: unknown) {
  const plain = (key: string) => key.replace(/^(?:k8s|any)[:.]/, '');
  const labels = Object.entries(labelsOf(dig(written, 'matchLabels'))).map(([key, value]) => [plain(key), value]);
  const matchExpressions = digList(written, 'matchExpressions').map((one) => ({
    ...one,
    key: plain(text(one['key']) ?? ''),
  }));
  return selectorOf({ matchLabels: Object.fromEntries(labels), matchExpressions } as never);
}

function isCoveredByOthers(workload: Workload, unit: Neighbours, direction: Direction): boolean {
  if (calicoKinds.some((kind) => unit.has(kind, workload.namespace))) return true;
  if (unit.has('ApplicationNetworkPolicy', workload.namespace)) {
    const policies = unit.all('ApplicationNetworkPolicy', workload.namespace);
    if (policies.length > mostTried) return true;
    if (
      policies.some((one) => matches(selectorOf(dig(one.object, 'spec', 'podSelector') as never), workload.podLabels))
    )
      return true;
  }
  return ciliumKinds.some((kind) => {
    if (!unit.has(kind, workload.namespace)) return false;
    const policies = unit.all(kind, workload.namespace);
    return (
      policies.length > mostTried ||
      policies.some(({ object }) =>
        [dig(object, 'spec'), ...digList(object, 'specs')].some(
          (spec) =>
            (dig(spec, direction.toLowerCase()) ?? dig(spec, `${direction.toLowerCase()}Deny`)) !== undefined &&
            matches(ciliumSelector(dig(spec, 'endpointSelector')), workload.podLabels),
        ),
      )
    );
  });
}

const anyone = (): boolean => true;

export default defineRule({
  title: 'Workload should be selected by a network policy',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    directions: {
      type: 'array',
      items: { type: 'string', pattern: '^(Ingress|Egress)$' },
      default: ['Ingress'],
      description: 'Directions that a policy must cover: Ingress, Egress.',
    },
    onlyIfUsed: {
      type: 'boolean',
      default: false,
      description: 'Report only if the input has a network policy.',
    },
    skipJobs: { type: 'boolean', default: false, description: 'Skip Jobs and CronJobs.' },
  },
  messages: { open: '{workload} is selected by no network policy for {directions}, so its pods {effect}' },
  help: 'Add a NetworkPolicy whose podSelector matches the labels of the pod template, e.g. app: web',
  equivalents: [
    'kube-linter:non-isolated-pod',
    'kube-score:pod-networkpolicy',
    'polaris:missingNetworkPolicy',
    'checkov:CKV2_K8S_6',
    'kubescape:C-0030',
    'kubescape:C-0260',
    'popeye:1204',
    'popeye:1205',
    'kics:Pod Misconfigured Network Policy',
  ],
  sources: ['Kubernetes documentation, Network Policies'],
  check(workload, { options, report, undetermined, workspace }) {
    if (workload.template.spec === undefined || workload.pod.hostNetwork === true) return;
    if (options.skipJobs && (workload.kind === 'Job' || workload.kind === 'CronJob')) return;
    const unit = workspace.unit(workload);
    const has = directionsOfAll(unit.policiesFor(workload.podLabels, workload.namespace));
    const wanted = (['Ingress', 'Egress'] as const).filter((one) => options.directions.includes(one));
    const open = wanted.filter((one) => !has.has(one) && !isCoveredByOthers(workload, unit, one));
    if (open.length === 0) return;
    if (options.onlyIfUsed && !unit.some('NetworkPolicy', anyone, '*')) return;
    const metadata = digRecord(workload.object, 'metadata') ?? workload.object;
    const place = { on: metadata, key: 'name' } as const;
    const why = unclearSelectorsAround(workspace, workload, 'NetworkPolicy')
      ? 'the selector of a NetworkPolicy is a template or changed by a patch'
      : unit.closed.why;
    if (why !== undefined) undetermined(why, place);
    else
      report({
        message: 'open',
        data: {
          workload: workload.title,
          directions: open.join(' and '),
          effect: open[0] === 'Ingress' ? 'accept traffic from any pod' : 'may connect to any address',
        },
        ...place,
      });
  },
});
