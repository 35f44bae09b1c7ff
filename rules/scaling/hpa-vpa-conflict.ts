import { type AnyResource, defineRule, type Neighbours, type Resource, Workload } from '#rule';
import { resourceMetricsOf, scaleTarget } from '#rule/autoscaling';
import { earlierRival } from '#rule/conflict';
import { dig, digList, digRecord, text, texts } from '#rule/shape';

/** The modes in which a VerticalPodAutoscaler changes pods that run; the default is Auto. */
const acting = new Set(['Auto', 'Recreate', 'InPlaceOrRecreate']);

/** What an autoscaler of either kind targets, in one text. VerticalPodAutoscalers find built-in kinds by kind alone. */
function targetOf(scaler: Pick<Resource<object>, 'kind' | 'namespace' | 'object'>): string {
  const reference = digRecord(scaler.object, 'spec', 'targetRef');
  const { kind, name } =
    scaler.kind === 'VerticalPodAutoscaler'
      ? { kind: text(reference?.['kind']) ?? '', name: text(reference?.['name']) ?? '' }
      : scaleTarget(scaler);
  return kind === '' || name === '' ? '' : JSON.stringify([scaler.namespace, kind, name]);
}

/** The resources that a VerticalPodAutoscaler sets on the pods of its target (API reference of the autoscaler, ContainerResourcePolicy). */
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
  // Containers that no policy names are set in full.
  const isPartial =
    !names.has('*') &&
    targets.some((one) => one instanceof Workload && one.longRunning.some((container) => !names.has(container.name)));
  return new Set(isPartial ? all : named);
}

/** The autoscalers of each target, and the resources that they act on. */
interface Actor {
  readonly scaler: AnyResource;
  readonly resources: ReadonlySet<string>;
}
function actorsOf(bundle: Neighbours): ReadonlyMap<string, readonly Actor[]> {
  const found = new Map<string, Actor[]>();
  const add = (scaler: AnyResource, resources: ReadonlySet<string>) => {
    const target = targetOf(scaler);
    if (target !== '') found.set(target, [...(found.get(target) ?? []), { scaler, resources }]);
  };
  const vertical = bundle.all('VerticalPodAutoscaler', '*');
  for (const vpa of vertical) add(vpa, controlledBy(vpa, bundle));
  if (vertical.length > 0)
    for (const hpa of bundle.all('HorizontalPodAutoscaler', '*'))
      add(hpa, new Set(resourceMetricsOf(hpa).map(({ resource }) => resource)));
  return found;
}

export default defineRule({
  title: 'HPA and VPA should not act on the same resource',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['HorizontalPodAutoscaler', 'VerticalPodAutoscaler'],
  scope: 'workspace',
  messages: {
    both: '{scaler} acts on {resource} of {kind} "{name}" as {other} does, so each undoes what the other does',
  },
  help: 'Set updatePolicy.updateMode: "Off" in the VerticalPodAutoscaler, leave the resource out of its controlledResources, or scale on another metric',
  equivalents: [],
  sources: ['Kubernetes autoscaler documentation'],
  check(scaler, { report, workspace }) {
    const spec = digRecord(scaler.object, 'spec');
    const bundle = workspace.bundle(scaler);
    const actors = bundle.once(actorsOf).get(targetOf(scaler)) ?? [];
    const own = actors.find((one) => one.scaler.object === scaler.object);
    if (!spec || !own) return;
    const shared = ({ resources }: Actor) => [...own.resources].filter((resource) => resources.has(resource)).sort();
    const rivals = actors.filter((one) => one.scaler.kind !== scaler.kind && shared(one).length > 0);
    const other = earlierRival(
      scaler,
      rivals.map((one) => one.scaler),
    );
    const rival = rivals.find((one) => one.scaler === other);
    if (!other || !rival) return;
    const key = scaler.kind === 'VerticalPodAutoscaler' ? 'targetRef' : 'scaleTargetRef';
    const reference = digRecord(spec, key);
    report({
      message: 'both',
      data: {
        scaler: scaler.title,
        resource: shared(rival).join(' and '),
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
