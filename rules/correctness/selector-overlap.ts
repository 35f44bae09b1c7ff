import { defineRule, Workload } from '#rule';
import { isBefore } from '#rule/conflict';
import { digRecord } from '#rule/shape';
import { labelsOf, matches, selectorOf } from '#rule/selector';
import { unclearPodLabels, unrendered } from '#rule/unknown';

/** Kinds whose controllers would fight for the pods. */
const kindsOfSelectors = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

/** Whether DaemonSets never share a node: one runs on Windows only, or they want different values of one label. */
function areApart(workload: Workload, other: Workload): boolean {
  if (workload.kind !== 'DaemonSet') return false;
  const [own, theirs] = [labelsOf(workload.pod.nodeSelector), labelsOf(other.pod.nodeSelector)];
  return (
    workload.windows !== other.windows ||
    Object.entries(own).some(([label, value]) => (theirs[label] ?? value) !== value)
  );
}

interface Rivals {
  readonly rivals: readonly Workload[];
  readonly names: ReadonlySet<string>;
}
const known = new WeakMap<readonly Workload[], Map<string, Rivals>>();

/**
 * Those of some workloads that have the kind and namespace of one: computed once per list, because equal selectors have
 * the same list.
 */
function rivalsAmong(all: readonly Workload[], { kind, namespace }: Workload): Rivals {
  const found = known.get(all) ?? new Map<string, Rivals>();
  known.set(all, found);
  const key = `${kind}/${namespace}`;
  let one = found.get(key);
  if (!one) {
    const rivals = all.filter(
      (each) =>
        each.group === 'apps' && each.kind === kind && kindsOfSelectors.has(kind) && each.namespace === namespace,
    );
    one = { rivals, names: new Set(rivals.map(({ name }) => name)) };
    found.set(key, one);
  }
  return one;
}

export default defineRule({
  title: 'Two workloads must not select the same pods',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  scope: 'workspace',
  messages: {
    overlap:
      "The selector of {workload} also matches the pods of {other}, so autoscalers count both and controllers may adopt each other's pods",
  },
  help: 'Add a label to the selectors and pod templates that tells the two apart, e.g. component: web',
  equivalents: [],
  sources: ['Kubernetes documentation, Deployments'],
  check(workload, { workspace, report, undetermined }) {
    if (!(workload instanceof Workload) || workload.group !== 'apps') return;
    const raw = digRecord(workload.object, 'spec', 'selector');
    const spec = digRecord(workload.object, 'spec');
    if (!raw || !spec || unrendered(raw)) return;
    const selector = selectorOf(raw);
    if (selector.requirements.length === 0) return;
    const { rivals, names } = rivalsAmong(workspace.bundle(workload).selected(selector), workload);
    if (names.size === 1 && names.has(workload.name)) return;
    let other: Workload | undefined;
    let isUnclear = false;
    for (const one of rivals) {
      if (one === workload || one.name === workload.name || areApart(workload, one)) continue;
      if (unclearPodLabels(one)) {
        isUnclear = true;
        continue;
      }
      const back = digRecord(one.object, 'spec', 'selector');
      const isMutual = back !== undefined && matches(selectorOf(back), workload.podLabels);
      if (isMutual && !isBefore(one, workload)) continue;
      other = one;
      break;
    }
    if (!other && isUnclear) undetermined('the labels of other pods are not known', { on: spec, key: 'selector' });
    if (other)
      report({
        message: 'overlap',
        data: { workload: workload.title, other: other.title },
        on: spec,
        key: 'selector',
        related: [other.at],
      });
  },
});
