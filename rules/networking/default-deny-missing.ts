import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { namespaceAt } from '#rule/namespace';
import { type Direction, directionsOf, isOpenSelector } from '#rule/network-policy';
import { dig, digList, digRecord, isRecord, list, table, text, texts } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

type Spec = Readonly<Record<string, unknown>>;

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const specOf = (policy: AnyResource): Spec => digRecord(policy.object, 'spec') ?? {};
/** The rules of a direction. */
const rulesOf = (spec: unknown, key: string): readonly object[] => {
  const rules = dig(spec, key);
  return digList(rules);
};
/** The directions that a policy sets, otherwise the default ones. */
const typesOf = (types: unknown, defaults: readonly Direction[]): readonly string[] =>
  Array.isArray(types) && types.length > 0 ? texts(types) : defaults;

/** Whether a NetworkPolicy denies all traffic of a direction by default. */
const denies = (spec: Spec, direction: Direction): boolean =>
  isOpenSelector(spec['podSelector']) &&
  directionsOf(spec).includes(direction) &&
  !hasItems(spec[direction.toLowerCase()]);

/** The one namespace to which a Calico policy applies, if it names one. */
const calicoNamespace = ({ namespaceSelector }: Spec): string | undefined =>
  /^\s*(?:kubernetes\.io\/metadata\.name|projectcalico\.org\/name)\s*==\s*["']([^"']*)["']\s*$/.exec(
    typeof namespaceSelector === 'string' ? namespaceSelector : '',
  )?.[1];

function calicoDenies(spec: Spec, direction: Direction): boolean {
  const { selector } = spec;
  if (selector !== undefined && selector !== '' && selector !== 'all()') return false;
  const types = typesOf(
    spec['types'],
    !hasItems(spec['egress']) ? ['Ingress'] : hasItems(spec['ingress']) ? ['Ingress', 'Egress'] : ['Egress'],
  );
  const key = direction.toLowerCase();
  return (
    types.includes(direction) &&
    (!hasItems(spec[key]) || rulesOf(spec, key).some((rule) => dig(rule, 'action') === 'Deny'))
  );
}

/**
 * Cilium denies by default as soon as a rule of the direction selects a pod; a cluster-wide policy may exclude
 * namespaces by label.
 */
function ciliumDenies(policy: AnyResource, direction: Direction): boolean {
  const key = direction.toLowerCase();
  const keysOf = (selector: object) => [
    ...Object.keys(digRecord(selector, 'matchLabels') ?? {}),
    ...rulesOf(selector, 'matchExpressions').map((one) => text(dig(one, 'key')) ?? ''),
  ];
  const everyPod = (selector: unknown) =>
    isRecord(selector) &&
    (isOpenSelector(selector) ||
      (!policy.namespaced && keysOf(selector).every((label) => label.includes('namespace'))));
  const open = (rule: object) =>
    [dig(rule, 'fromEntities'), dig(rule, 'toEntities')].some(
      (entities) => Array.isArray(entities) && entities.includes('all'),
    );
  const specs = Array.isArray(policy.object['specs']) ? policy.object['specs'] : [policy.object['spec']];
  return list(specs).some((spec) => {
    if (!everyPod(dig(spec, 'endpointSelector')) || rulesOf(spec, key).some(open)) return false;
    const set = dig(spec, 'enableDefaultDeny', key);
    return set === true || (set !== false && (hasItems(dig(spec, key)) || hasItems(dig(spec, `${key}Deny`))));
  });
}

const calicoKinds = ['NetworkPolicy.projectcalico.org', 'NetworkPolicy.crd.projectcalico.org'] as const;
/** Policies of Kubernetes and of Calico. */
const policyKinds = ['NetworkPolicy', ...calicoKinds] as const;

/** No namespace can have this name. */
const everywhere = '*';

/** The namespaces whose traffic cluster-wide policies deny by default. */
const deniedByCluster =
  (direction: Direction) =>
  (unit: Neighbours): ReadonlySet<string> => {
    const denied = new Set(
      unit
        .all('GlobalNetworkPolicy', '*')
        .map(specOf)
        .filter((spec) => calicoDenies(spec, direction))
        .map((spec) => calicoNamespace(spec) ?? everywhere),
    );
    const hasDeny = (policy: AnyResource) =>
      rulesOf(specOf(policy), direction.toLowerCase()).some((rule) => dig(rule, 'action') === 'Deny');
    if (
      unit.all('CiliumClusterwideNetworkPolicy', '*').some((policy) => ciliumDenies(policy, direction)) ||
      ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'].some((kind) =>
        unit.all(kind, '*').some(hasDeny),
      )
    )
      denied.add(everywhere);
    return denied;
  };
const clusterWide = { Ingress: deniedByCluster('Ingress'), Egress: deniedByCluster('Egress') } as const;

const denialOf = (direction: Direction) => ({
  plain: (policy: AnyResource): boolean => denies(specOf(policy), direction),
  cilium: (policy: AnyResource): boolean => ciliumDenies(policy, direction),
});
const denial = { Ingress: denialOf('Ingress'), Egress: denialOf('Egress') } as const;

/** Whether anything in the unit denies the traffic of a namespace by default. */
function isDenied(unit: Neighbours, namespace: string, direction: Direction): boolean {
  return (
    unit.some('NetworkPolicy', denial[direction].plain, namespace) ||
    unit.some('ApplicationNetworkPolicy', denial[direction].plain, namespace) ||
    unit.some('CiliumNetworkPolicy', denial[direction].cilium, namespace) ||
    calicoKinds.some((kind) =>
      unit
        .all(kind, namespace)
        .some(
          (policy) =>
            calicoDenies(specOf(policy), direction) &&
            (namespace === '' || (calicoNamespace(specOf(policy)) ?? namespace) === namespace),
        ),
    ) ||
    covers(unit.once(clusterWide[direction]), namespace)
  );
}

const covers = (denied: ReadonlySet<string>, namespace: string): boolean =>
  denied.has(everywhere) || denied.has(namespace) || (namespace === '' && denied.size > 0);

/** Why a policy that is not in the input may still exist. */
function whyUnclear(unit: Neighbours, namespace: string): string | undefined {
  return (
    unit.once(whyUnclearAnywhere) ?? (unit.once(unclearNamespaces).has(namespace) ? changedPolicy : unit.closed.why)
  );
}

/** Namespaces with a policy that is unknown. */
function unclearNamespaces(unit: Neighbours): ReadonlySet<string> {
  // A template inside a selector or rule does not make it absent, so such a policy never denies by default.
  const open = (spec: Spec) =>
    unrendered(spec['policyTypes']) ||
    ['podSelector', 'ingress', 'egress'].some((key) => typeof spec[key] === 'string' && unrendered(spec[key]));
  const policies = policyKinds.flatMap((kind) => unit.all(kind, '*'));
  return new Set(
    policies.filter((policy) => open(specOf(policy)) || patched(policy, 'spec')).map((policy) => policy.namespace),
  );
}

const changedPolicy = 'a NetworkPolicy is an unrendered template, or changed by a patch';

/** Why any namespace of a unit may have a policy that is not in the input. */
function whyUnclearAnywhere(unit: Neighbours): string | undefined {
  if (policyKinds.some((kind) => unit.some(kind, ({ namespace }) => unrendered(namespace), '*'))) return changedPolicy;
  const generates = (policy: AnyResource) =>
    rulesOf(specOf(policy), 'rules').some((rule) => dig(rule, 'generate', 'kind') === 'NetworkPolicy');
  return unit.all('ClusterPolicy', '*').some(generates) ? 'a Kyverno policy generates NetworkPolicies' : undefined;
}

/** What a direction without a default deny allows. */
const effects: Readonly<Record<string, string>> = table({
  Ingress: 'accept traffic from any pod',
  Egress: 'may connect to any address',
});

export default defineRule({
  title: 'Namespace should have a default-deny network policy',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Namespace', 'NetworkPolicy'],
  scope: 'workspace',
  options: {
    directions: {
      type: 'array',
      items: { type: 'string', pattern: '^(Ingress|Egress)$' },
      default: ['Ingress'],
      description: 'Directions that must be denied by default: Ingress, Egress.',
    },
    exempt: {
      type: 'array',
      items: { type: 'string' },
      default: ['kube-system', 'kube-public', 'kube-node-lease'],
      description: 'Namespaces to skip.',
    },
  },
  messages: {
    missing: '{namespace} has no default-deny policy for {directions}, so pods without their own policy {effect}',
  },
  help: 'Add a NetworkPolicy without rules that selects all pods, with podSelector: {} and policyTypes: [Ingress]',
  equivalents: [
    'hardeneks:check_default_deny_policy_exists',
    'kubescape:C-0206',
    'kubescape:C-0049',
    'kubescape:C-0054',
    'cis-eks-1.7:4.3.2',
  ],
  sources: [
    'CIS Amazon EKS Benchmark 1.7',
    'EKS Best Practices Guide, Security',
    'Kubernetes documentation, Network Policies',
  ],
  check(subject, { options, report, undetermined, workspace }) {
    const judged = namespaceAt(workspace, subject, 'NetworkPolicy');
    if (!judged || options.exempt.includes(judged.name)) return;
    const { name: namespace, place } = judged;
    const unit = workspace.unit(subject);
    const open = options.directions.filter(
      (direction) => (direction === 'Ingress' || direction === 'Egress') && !isDenied(unit, namespace, direction),
    );
    if (open.length === 0) return;
    const why = whyUnclear(unit, namespace);
    if (why !== undefined) undetermined(why, place);
    else
      report({
        message: 'missing',
        data: {
          namespace: judged.title,
          directions: open.join(' and '),
          effect: ['Ingress', 'Egress']
            .flatMap((one) => (open.includes(one) ? [effects[one] ?? ''] : []))
            .join(' and '),
        },
        ...place,
      });
  },
});
