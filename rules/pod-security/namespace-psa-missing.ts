import { defineRule, type Neighbours } from '#rule';
import {
  breachesOf,
  enforceLabel,
  exemptNamespaces,
  isKnownLabel,
  labelPrefix,
  levels,
  modes,
} from '#rule/pod-standards';
import { labelsOf } from '#rule/selector';
import { dig, digList, digRecord } from '#rule/shape';

/** Policies of Kyverno, Gatekeeper and the API server that check pods of the whole cluster. */
const hasPodPolicy = (unit: Neighbours): boolean =>
  ['ClusterPolicy', 'ValidatingPolicy'].some((kind) =>
    unit.all(kind, '*').some(({ group, object, annotations }) => {
      if (!group.endsWith('kyverno.io')) return false;
      const rules = dig(object, 'spec', 'rules');
      return (
        /pod security/i.test(annotations['policies.kyverno.io/category'] ?? '') ||
        digList(rules).some((rule) => digRecord(rule, 'validate', 'podSecurity'))
      );
    }),
  ) ||
  unit.someKind((kind) => kind.startsWith('K8sPSP')) ||
  unit.all('ValidatingAdmissionPolicy', '*').some(({ object }) => {
    const rules = dig(object, 'spec', 'matchConstraints', 'resourceRules');
    return digList(rules).some((rule) => {
      const resources = dig(rule, 'resources');
      return Array.isArray(resources) && resources.some((one) => one === 'pods' || one === '*');
    });
  });

export default defineRule({
  title: 'Namespace should enforce a Pod Security level',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Namespace'],
  scope: 'workspace',
  fix: 'suggestion: add the labels enforce, warn and audit with the level baseline',
  options: {
    exempt: { ...exemptNamespaces, default: ['kube-system', 'kube-public', 'kube-node-lease'] },
  },
  messages: {
    missing:
      '{namespace} does not enforce a Pod Security level, so it accepts privileged pods and pods with host access',
    agent:
      '{namespace} enforces no Pod Security level and runs {workload}, which baseline rejects, so other pods there may be privileged too',
  },
  help: {
    missing:
      'Set label pod-security.kubernetes.io/enforce: baseline, and warn and audit to find what would be rejected',
    agent:
      'Move {workload} to a namespace with label pod-security.kubernetes.io/enforce: privileged, and set enforce: baseline here',
  },
  equivalents: [
    'kubescape:C-0192',
    'kubescape:C-0193',
    'kubescape:C-0068',
    'hardeneks:ensure_namespace_psa_exist',
    'cis-eks-1.7:4.2.1',
    'cis-eks-1.7:4.2.2',
    'cis-eks-1.7:4.2.3',
    'cis-eks-1.7:4.2.4',
    'cis-eks-1.7:4.2.5',
  ],
  sources: ['EKS Best Practices Guide, Security', 'Kubernetes documentation, Pod Security Admission'],
  check(namespace, { options, judges, report, target, workspace }) {
    const metadata = digRecord(namespace.object, 'metadata');
    const labels = digRecord(metadata, 'labels');
    if (!metadata || options.exempt.includes(namespace.name) || labels?.[enforceLabel] !== undefined) return;
    // A misspelled label is the cause.
    const misspelled = Object.keys(labelsOf(labels)).some((key) => key.startsWith(labelPrefix) && !isKnownLabel(key));
    if (misspelled && judges('pod-security/namespace-psa-invalid')) return;
    if (workspace.unit(namespace).once(hasPodPolicy)) return;
    const [, level] = levels;
    const wanted = modes.map((mode) => `${labelPrefix}${mode}`).filter((key) => labels?.[key] === undefined);
    const place = labels ? { on: labels, key: enforceLabel } : { on: metadata, key: 'labels' };
    // The label would reject a node agent in that namespace. An agent without a namespace counts only if it is applied
    // together with this Namespace.
    const agent = [
      ...workspace
        .unit(namespace)
        .workloads(namespace.name)
        .filter((one) => one.namespace === namespace.name),
      ...workspace.bundle(namespace).workloads(''),
    ].find((one) => breachesOf(one, level, target.lowest).length > 0);
    if (agent) {
      const data = { namespace: namespace.title, workload: agent.title };
      report({ message: 'agent', data, severity: 'low', ...place, related: [agent.at] });
      return;
    }
    report({
      message: 'missing',
      data: { namespace: namespace.title },
      ...place,
      fix: {
        safe: false,
        edits: labels
          ? wanted.map((key) => ({ op: 'set', on: labels, key, value: level }) as const)
          : [
              {
                op: 'set',
                on: metadata,
                key: 'labels',
                value: Object.fromEntries(wanted.map((key) => [key, level])),
              },
            ],
      },
    });
  },
});
