import { defineRule, type Neighbours } from '#rule';
import { type Labels, labelsOf } from '#rule/selector';
import { dig, digList, digRecord, text, texts } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';
import { serviceOf, type Webhook, webhookName, webhooksOf } from '#rule/webhook';

/** The label that each namespace has, with its name. */
const nameLabel = 'kubernetes.io/metadata.name';

const words = (value: unknown): readonly string[] => (Array.isArray(value) ? texts(value) : []);
const has = (value: unknown, ...wanted: readonly string[]): boolean => words(value).some((one) => wanted.includes(one));

/**
 * Resources without which nothing in the cluster works: new pods, and the heartbeats and addresses of nodes and
 * controllers.
 */
function coversVitalRequests(webhook: Webhook): boolean {
  return digList(webhook, 'rules').some(({ apiGroups, operations, resources, scope }) => {
    const covers = (group: string, names: readonly string[], isNamespaced: boolean) =>
      has(apiGroups, '*', group) &&
      has(resources, '*', '*/*', ...names) &&
      scope !== (isNamespaced ? 'Cluster' : 'Namespaced');
    return (
      (has(operations, '*', 'CREATE') && covers('', ['pods', 'pods/*'], true)) ||
      (has(operations, '*', 'CREATE', 'UPDATE') &&
        (covers('coordination.k8s.io', ['leases', 'leases/*'], true) ||
          covers('', ['endpoints', 'endpoints/*'], true) ||
          covers('', ['nodes', 'nodes/*'], false)))
    );
  });
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}
/** The requirements of a label selector. */
const requirementsOf = (selector: unknown): readonly Requirement[] => [
  ...Object.entries(labelsOf(dig(selector, 'matchLabels'))).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  })),
  ...digList(selector, 'matchExpressions').map((one) => ({
    key: text(one['key']) ?? '',
    operator: text(one['operator']) ?? '',
    values: words(one['values']),
  })),
];

/** Whether a requirement needs a label that someone must set. */
const asksForLabel = ({ key, operator }: Requirement): boolean =>
  key !== nameLabel && (operator === 'In' || operator === 'Exists');

/** Whether a requirement excludes a namespace with the given known labels. */
function leavesOut(requirement: Requirement, name: string, labels: Labels): boolean {
  const { key, operator, values } = requirement;
  const value = key === nameLabel ? name : labels[key];
  if (operator === 'In') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value === undefined;
  if (value === undefined) return false;
  return operator === 'DoesNotExist' || (operator === 'NotIn' && values.includes(value));
}

/** Whether a webhook is not called for objects of a namespace. */
function spares(webhook: Webhook, namespace: string, unit: Neighbours): boolean {
  if (requirementsOf(webhook['objectSelector']).some(asksForLabel)) return true;
  const conditions = digList(webhook, 'matchConditions').map(({ expression }) => text(expression) ?? '');
  if (conditions.some((one) => /\brequest\.namespace\b|\bnamespaceObject\b|\bmetadata\.namespace\b/.test(one)))
    return true;
  const shown = unit.find('Namespace', namespace);
  const labels: Labels = Object.assign({}, ...shown.map((one) => one.labels));
  return requirementsOf(webhook['namespaceSelector']).some((one) => leavesOut(one, namespace, labels));
}

/** The selector of a webhook that also excludes some namespaces. */
function withoutNamespaces(webhook: Webhook, namespaces: readonly string[]): object {
  const selector = digRecord(webhook, 'namespaceSelector');
  const others = digList(selector, 'matchExpressions');
  const isExclusion = (one: Readonly<Record<string, unknown>>) =>
    one['key'] === nameLabel && one['operator'] === 'NotIn';
  const known = others.filter(isExclusion).flatMap(({ values }) => words(values));
  return {
    ...selector,
    matchExpressions: [
      ...others.filter((one) => !isExclusion(one)),
      { key: nameLabel, operator: 'NotIn', values: [...new Set([...known, ...namespaces])] },
    ],
  };
}

export default defineRule({
  title: 'Fail-closed webhook must exclude system namespaces',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  needs: ['webhooks'],
  scope: 'workspace',
  fix: 'suggestion: exclude kube-system and the namespace of the Service in namespaceSelector',
  messages: {
    system:
      'Webhook "{webhook}" of {configuration} fails closed and covers kube-system, so the cluster cannot recover while it is down',
    self: 'Webhook "{webhook}" of {configuration} fails closed and covers its namespace "{namespace}", so it cannot start again',
    both: 'Webhook "{webhook}" of {configuration} fails closed and covers kube-system and its namespace "{namespace}", so it cannot start again',
  },
  help: {
    system:
      'Exclude kube-system in namespaceSelector: key kubernetes.io/metadata.name, operator NotIn; or set failurePolicy: Ignore',
    self: 'Exclude {namespace} in namespaceSelector: key kubernetes.io/metadata.name, operator NotIn; or set failurePolicy: Ignore',
    both: 'Exclude kube-system and {namespace} in namespaceSelector: key kubernetes.io/metadata.name, operator NotIn; or set failurePolicy: Ignore',
  },
  equivalents: ['kubescape:C-0036', 'kubescape:C-0039'],
  sources: ['Kubernetes documentation, Admission Webhook Good Practices', 'EKS Best Practices Guide, Control Plane'],
  check(configuration, { report, undetermined, workspace }) {
    // In v1beta1 the default was Ignore.
    const otherwise = configuration.version === 'v1' ? 'Fail' : 'Ignore';
    const unit = workspace.unit(configuration);
    for (const webhook of webhooksOf(configuration)) {
      if ((webhook['failurePolicy'] ?? otherwise) !== 'Fail' || !coversVitalRequests(webhook)) continue;
      const own = serviceOf(webhook)?.namespace;
      const isOpen = (namespace: string) => !spares(webhook, namespace, unit);
      const open = [...new Set(['kube-system', ...(own === undefined ? [] : [own])])].filter(isOpen);
      if (open.length === 0) continue;
      const data = { webhook: webhookName(webhook, configuration), configuration: configuration.title };
      const place = { on: webhook, key: 'namespaceSelector' };
      if (unrendered([webhook['namespaceSelector'], webhook['objectSelector'], webhook['clientConfig']])) {
        undetermined('a selector or the Service is an unrendered template', place);
        continue;
      }
      if (patched(configuration, 'webhooks')) {
        undetermined('a patch or replacement changes the webhooks', place);
        continue;
      }
      const rest = {
        ...place,
        fix: { safe: false, edits: [{ op: 'set' as const, ...place, value: withoutNamespaces(webhook, open) }] },
      };
      if (!open.includes('kube-system')) report({ message: 'self', data: { ...data, namespace: own ?? '' }, ...rest });
      else if (open.length === 1) report({ message: 'system', data, ...rest });
      else report({ message: 'both', data: { ...data, namespace: own ?? '' }, ...rest });
    }
  },
});
