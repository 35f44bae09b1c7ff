import { type AnyResource, defineRule, type Neighbours, type Resource, Workload } from '#rule';
import { resourceMetricsOf, scaleTarget } from '#rule/autoscaling';
import { earlierRival } from '#rule/conflict';
import { dig, digList, digRecord, text, texts } from '#rule/shape';

/** The modes in which a VerticalPodAutoscaler changes running pods; the default is Auto. */
const acting = new Set(['Auto', 'Recreate', 'InPlaceOrRecreate']);

/** What an autoscaler of either kind targets, as a string. VerticalPodAutoscalers find built-in kinds by kind only. */
function targetOf(scaler: Pick<Resource<object>, 'kind' | 'namespace' | 'object'>): string {
  const reference = digRecord(scaler.object, 'spec', 'targetRef');
  const { kind, name } =
    scaler.kind === 'VerticalPodAutoscaler'
      ? { kind: text(reference?.['kind']) ?? '', name: text(reference?.['name']) ?? '' }
      : scaleTarget(scaler);
  return kind === '' || name === '' ? '' : JSON.stringify([scaler.namespace, kind, name]);
}

/**
 * The resources that a VerticalPodAutoscaler sets on the pods of its target (API reference of the autoscaler,
 * ContainerResourcePolicy).
 */
function controlledBy(vpa: AnyResource, bundle: Neighbours): ReadonlySet<string> {
  const all = ['cpu', 'memory'];
  if (!acting.has(text(dig(vpa.object, 'spec', 'updatePolicy', 'updateMode') ?? 'Auto') ?? '')) return new Set();
  const policies = digList(vpa.object, 'spec', 'resourcePolicy', 'containerPolicies');
  if (policies.length === 0) return new Set(all);
  const named = policies.flatMap((policy) => {
    const { controlledResources: resources, mode } = policy;
    return mode === 'Off' ? [] : Array.isArray(resources) ? texts(resources) : all;
  });
  const names = new Set(policies.map(({ containerName }) => containerName));
  const reference = digRecord(vpa.object, 'spec', 'targetRef');
  const targets = bundle.find(text(reference?.['kind']) ?? '', text(reference?.['name']) ?? '', vpa.namespace);
  // Containers that no policy names get all resources.
  const isPartial =
    !names.has('*') &&
    targets.some((one) => one instanceof Workload && one.longRunning.some((container) => !names.has(container.name)));
  return new Set(isPartial ? all : named);
}

/** The autoscalers of a target, and the resources that each acts on. */
interface Actors {
  readonly scalers: AnyResource[];
  readonly resources: Map<object, ReadonlySet<string>>;
}
function actorsOf(bundle: Neighbours): ReadonlyMap<string, Actors> {
  const found = new Map<string, Actors>();
  const add = (scaler: AnyResource, resources: ReadonlySet<string>) => {
    const target = targetOf(scaler);
    if (target === '') return;
    const actors = found.get(target) ?? { scalers: [], resources: new Map<object, ReadonlySet<string>>() };
    found.set(target, actors);
    actors.scalers.push(scaler);
    actors.resources.set(scaler.object, resources);
  };
  const vertical = bundle.all('VerticalPodAutoscaler', '*');
  for (const vpa of vertical) add(vpa, controlledBy(vpa, bundle));
  if (vertical.length > 0)
    for (const hpa of bundle.all('HorizontalPodAutoscaler', '*'))
      add(hpa, new Set(resourceMetricsOf(hpa).map(({ resource }) => resource)));
  return found;
}

export default defineRule({
  title: 'HPA and VPA should not control the same resource',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler', 'VerticalPodAutoscaler'],
  scope: 'workspace',
  messages: {
    both: '{scaler} controls {resource} of {kind} "{name}", and so does {other}, so each undoes the other\'s changes',
  },
  help: 'Set updatePolicy.updateMode: "Off" in the VerticalPodAutoscaler, remove the resource from its controlledResources, or scale on another metric',
  equivalents: [],
  sources: ['Kubernetes autoscaler documentation'],
  check(scaler, { report, workspace }) {
    const spec = digRecord(scaler.object, 'spec');
    const bundle = workspace.bundle(scaler);
    const actors = bundle.once(actorsOf).get(targetOf(scaler));
    const own = actors?.resources.get(scaler.object);
    if (!spec || !actors || !own) return;
    const shared = ({ object }: AnyResource) =>
      [...own].filter((resource) => actors.resources.get(object)?.has(resource)).sort();
    const other = earlierRival(scaler, actors.scalers, (one) => one.kind !== scaler.kind && shared(one).length > 0);
    if (!other) return;
    const key = scaler.kind === 'VerticalPodAutoscaler' ? 'targetRef' : 'scaleTargetRef';
    const reference = digRecord(spec, key);
    report({
      message: 'both',
      data: {
        scaler: scaler.title,
        resource: shared(other).join(' and '),
        kind: text(reference?.['kind']) ?? '',
        name: text(reference?.['name']) ?? '',
        other: other.title,
      },
      on: spec,
      key,
      related: [other.at],
    });
  },
});
