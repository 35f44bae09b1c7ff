import { type AnyResource, defineRule, dig, digRecord, isRecord, list, type Neighbours, texts } from '#rule';

type Direction = 'Ingress' | 'Egress';

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
/** A selector that selects every pod. */
const selectsAll = (selector: unknown): boolean =>
  selector === undefined || selector === null || (isRecord(selector) && Object.keys(digRecord(selector, 'matchLabels') ?? {}).length === 0 && !hasItems(selector['matchExpressions']));
const textsOf = (value: unknown): readonly string[] => texts(Array.isArray(value) ? value : []);

/** Whether a NetworkPolicy of Kubernetes, or of Calico, denies all traffic of a direction by default. */
function denies(policy: AnyResource, direction: Direction): boolean {
  const spec = digRecord(policy.object, 'spec') ?? {};
  const rules = spec[direction.toLowerCase()];
  if (policy.group.endsWith('projectcalico.org')) return calicoDenies(spec, direction);
  const types = Array.isArray(spec['policyTypes']) ? textsOf(spec['policyTypes']) : hasItems(spec['egress']) ? ['Ingress', 'Egress'] : ['Ingress'];
  return selectsAll(spec['podSelector']) && types.includes(direction) && (rules === undefined || rules === null || (Array.isArray(rules) && rules.length === 0));
}

function calicoDenies(spec: Readonly<Record<string, unknown>>, direction: Direction): boolean {
  const rules = spec[direction.toLowerCase()];
  const { selector } = spec;
  if (selector !== undefined && selector !== '' && selector !== 'all()') return false;
  const types = Array.isArray(spec['types']) ? textsOf(spec['types']) : hasItems(spec['egress']) ? ['Egress'] : ['Ingress'];
  return types.includes(direction) && (!hasItems(rules) || list(Array.isArray(rules) ? rules : []).some((rule) => dig(rule, 'action') === 'Deny'));
}

/** Cilium denies by default as soon as a rule of the direction selects a pod. */
function ciliumDenies(policy: AnyResource, direction: Direction): boolean {
  const key = direction.toLowerCase();
  const specs = Array.isArray(policy.object['specs']) ? policy.object['specs'] : [policy.object['spec']];
  return list(specs).some((spec) => isRecord(dig(spec, 'endpointSelector')) && Object.keys(digRecord(spec, 'endpointSelector', 'matchLabels') ?? {}).length === 0
    && (dig(spec, 'enableDefaultDeny', key) === true || (dig(spec, 'enableDefaultDeny', key) !== false && (Array.isArray(dig(spec, key)) || Array.isArray(dig(spec, `${key}Deny`))))));
}

/** Whether anything of the unit denies the traffic of a namespace by default. */
function isDenied(unit: Neighbours, namespace: string, direction: Direction): boolean {
  return unit.all('NetworkPolicy', namespace).some((policy) => denies(policy, direction))
    || unit.all('CiliumNetworkPolicy', namespace).some((policy) => ciliumDenies(policy, direction))
    || unit.all('CiliumClusterwideNetworkPolicy', '*').some((policy) => ciliumDenies(policy, direction))
    || unit.all('GlobalNetworkPolicy', '*').some((policy) => calicoDenies(digRecord(policy.object, 'spec') ?? {}, direction))
    || ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'].some((kind) => unit.all(kind, '*').length > 0);
}

export default defineRule({
  title: 'Namespace must have a default-deny network policy',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Namespace', 'NetworkPolicy'],
  scope: 'workspace',
  fix: 'suggestion: add a NetworkPolicy with an empty podSelector and no rules',
  options: {
    directions: { type: 'array', items: { type: 'string', pattern: '^(Ingress|Egress)$' }, default: ['Ingress'], description: 'Directions that must be denied by default: Ingress, Egress.' },
    exempt: { type: 'array', items: { type: 'string' }, default: ['kube-system', 'kube-public', 'kube-node-lease'], description: 'Namespaces that are left out.' },
  },
  messages: {
    missing: '{namespace} has no policy that denies {directions} traffic by default, so a pod that no other policy names talks to everything',
  },
  equivalents: ['hardeneks:check_default_deny_policy_exists', 'kubescape:C-0206', 'kubescape:C-0049', 'kubescape:C-0054', 'cis-eks-1.7:4.3.2'],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'EKS Best Practices Guide, Security', 'Kubernetes documentation, Network Policies'],
  check(subject, { options, report, workspace }) {
    const isNamespace = subject.kind === 'Namespace';
    const namespace = isNamespace ? subject.name : subject.namespace;
    if (options.exempt.includes(namespace)) return;
    const bundle = workspace.bundle(subject);
    const unit = workspace.unit(subject);
    if (!isNamespace) {
      // Said once for a namespace: at the Namespace, else at its first policy.
      if (unit.all('Namespace', '*').some((one) => one.name === namespace)) return;
      if (bundle.all('NetworkPolicy', namespace)[0]?.object !== subject.object) return;
    }
    if (bundle.workloads(namespace).length === 0) return;
    const open = options.directions.filter((direction) => (direction === 'Ingress' || direction === 'Egress') && !isDenied(unit, namespace, direction));
    if (open.length === 0) return;
    const metadata = digRecord(subject.object, 'metadata') ?? subject.object;
    report({
      message: 'missing', data: { namespace: namespace === '' ? `The namespace of ${subject.title}` : `Namespace "${namespace}"`, directions: open.join(' and ') },
      on: metadata, key: isNamespace || !Object.hasOwn(metadata, 'namespace') ? 'name' : 'namespace',
    });
  },
});
