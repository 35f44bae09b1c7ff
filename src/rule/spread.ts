import type { V1LabelSelector } from '@kubernetes/client-node';
import type { Workload } from '#model/resource.ts';
import { labelsOf, matches, selectorOf } from '#model/selector.ts';
import { isRecord, list, record, text, texts } from '#model/shape.ts';

/** What spreads pods: a constraint or a term, with the fields that both have. */
interface Spreader {
  readonly on: object;
  readonly topologyKey: unknown;
  readonly labelSelector: unknown;
  readonly matchLabelKeys: unknown;
}

/** The topologySpreadConstraints of a pod. */
export const spreadConstraints = ({ pod }: Workload): readonly Spreader[] =>
  list(pod.topologySpreadConstraints).map((on) => ({
    on,
    topologyKey: on.topologyKey,
    labelSelector: on.labelSelector,
    matchLabelKeys: on.matchLabelKeys,
  }));

/** The required and preferred terms of the podAntiAffinity of a pod. */
export function antiAffinityTerms({ pod, namespace }: Workload): readonly (Spreader & { readonly here: boolean })[] {
  const rules = record(record(pod.affinity)?.podAntiAffinity);
  const terms = [
    ...list(rules?.requiredDuringSchedulingIgnoredDuringExecution),
    ...list(rules?.preferredDuringSchedulingIgnoredDuringExecution).flatMap((one) => record(one.podAffinityTerm) ?? []),
  ];
  return terms.map((on) => {
    const named = texts(on.namespaces);
    return {
      on,
      topologyKey: on.topologyKey,
      labelSelector: on.labelSelector,
      matchLabelKeys: on.matchLabelKeys,
      /** Whether it covers the namespace of the pod. */
      here: named.length === 0 || namespace === '' || named.includes(namespace) || isRecord(on.namespaceSelector),
    };
  });
}

/**
 * How the selector of a constraint or term matches the pods of its workload. A missing selector selects nothing, an
 * empty one everything.
 */
export function meetsOwnPods({ labelSelector }: Spreader, workload: Workload): 'absent' | 'all' | 'own' | 'other' {
  if (!isRecord(labelSelector)) return 'absent';
  const selector = selectorOf(labelSelector as V1LabelSelector);
  // Run-time labels are removed from a selector, so a selector that has only those must not count as empty.
  const isEmpty =
    Object.keys(labelsOf(labelSelector['matchLabels'])).length === 0 &&
    list(labelSelector['matchExpressions'] as readonly object[] | undefined).length === 0;
  if (isEmpty) return 'all';
  return matches(selector, workload.podLabels) ? 'own' : 'other';
}

/** Whether labels are copied from the pod, which then need no values in the selector. */
export const takesLabels = ({ matchLabelKeys }: Spreader): boolean =>
  Array.isArray(matchLabelKeys) && matchLabelKeys.some((key) => text(key) !== undefined);

/**
 * The labels that select the pods of a workload and no others: those of its selector, otherwise all labels of its
 * template.
 */
export function ownLabels({ object, podLabels }: Workload): Readonly<Record<string, string>> {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const selector = isRecord(spec['selector']) ? labelsOf(spec['selector']['matchLabels']) : {};
  return Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => podLabels[key] === value)
    ? { ...selector }
    : { ...podLabels };
}
