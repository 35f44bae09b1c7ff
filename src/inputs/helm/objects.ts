import { valuesElsewhere, valuesInFiles } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Field } from '#spelling/field.ts';
import type { Parts } from '../input.ts';
import { below, fieldOf } from '../kubernetes-aws/objects.ts';
import { isProvided, placeOf, type PodTemplates, type Shape } from '../kubernetes/objects.ts';
import { TextWithHoles } from '../text-with-holes.ts';
import { install, type Installed, type Release } from './release.ts';
import { layered, valueAt } from './values.ts';

/* Charts that Flux and Argo CD install, with the values in their objects. */

const shape: Shape = {
  entries: (field) => field.entries(),
  scalar: (value) => value,
  follow: (field) => field,
  mark: ({ found }) => (typeof found === 'string' ? found : '{{ a value }}'),
};

const orElse = (field: Field, fallback: Field): Field => (field.absent ? fallback : field);

/** A HelmRelease of Flux (Flux documentation, Helm Releases). Its own values override those of other objects. */
function ofFlux(whole: Field, unit: string): Release[] {
  const [spec, metadata] = [whole.get('spec'), whole.get('metadata')];
  const [target, name, named] = [spec.get('targetNamespace'), metadata.get('name'), spec.get('releaseName')];
  const composed =
    typeof target.value === 'string' && typeof name.value === 'string'
      ? name.worth(`${target.value}-${name.value}`)
      : name;
  const from = spec.get('valuesFrom');
  const layers = [...(from.absent ? [] : [from.doubted(valuesElsewhere)]), spec.get('values')];
  return [
    {
      whole,
      chart: below(spec, 'chart.spec.chart'),
      version: below(spec, 'chart.spec.version'),
      name: orElse(named, composed),
      namespace: orElse(target, metadata.get('namespace')),
      values: layered(spec, layers),
      unit,
    },
  ];
}

/** The sources of an Application of Argo CD that are charts (Argo CD documentation, Helm). */
function ofArgo(whole: Field, unit: string): Release[] {
  const spec = whole.get('spec');
  const several = spec.get('sources');
  const sources = several.absent ? [spec.get('source')] : several.items();
  return sources
    .filter((source) => !source.get('chart').absent)
    .map((source) => {
      const helm = source.get('helm');
      const files = helm.get('valueFiles');
      const [text, object] = [helm.get('values'), helm.get('valuesObject')];
      const layers: Field[] = files.absent ? [] : [files.doubted(valuesInFiles)];
      // The object takes precedence over the string.
      if (!object.absent) layers.push(object);
      else if (!text.absent) layers.push(documentOf(text) ?? text.doubted('the values are not a map'));
      for (const one of helm.get('parameters').items()) {
        const path = one.get('name').value;
        const single = typeof path === 'string' ? valueAt(path, one.get('value')) : one.doubted('a value has no name');
        if (single) layers.push(single);
      }
      return {
        whole,
        chart: source.get('chart'),
        version: source.get('targetRevision'),
        name: orElse(helm.get('releaseName'), below(whole, 'metadata.name')),
        namespace: below(spec, 'destination.namespace'),
        values: layered(helm, layers),
        unit,
      };
    });
}
/** The map in a YAML string. */
const documentOf = (field: Field): Field | undefined =>
  typeof field.value === 'string'
    ? new TextWithHoles().read(field.tree.source, field.value, { at: placeOf(field) })?.[0]
    : undefined;

/** String values of Argo CD that cannot be read, or whose aliases expand to too much. */
function unreadValues(resource: AnyResource): Note[] {
  if (resource.kind !== 'Application' || !resource.tree.source.target) return [];
  const spec = fieldOf(resource).get('spec');
  return [spec.get('source'), ...spec.get('sources').items()].flatMap((source): Note[] => {
    const helm = source.get('helm');
    const text = helm.get('values');
    const isRead = !helm.get('valuesObject').absent || typeof text.value !== 'string' || text.value.trim() === '';
    return isRead || documentOf(text)
      ? []
      : [{ kind: 'incomplete', message: '`helm.values` cannot be read as YAML, so it is not judged', at: text.at() }];
  });
}

/** What these objects install. */
export function read(objects: readonly AnyResource[], templates: PodTemplates): Parts {
  const made: Installed = { components: [], resources: [], provided: [] };
  for (const resource of objects) {
    const whole = fieldOf(resource);
    const { unit } = resource.belonging;
    for (const release of resource.kind === 'HelmRelease' ? ofFlux(whole, unit) : ofArgo(whole, unit))
      install(release, made, { shape, templates, variant: resource.variant });
  }
  const provided = [...made.resources, ...made.provided].filter(isProvided);
  return { ...made, clusters: [], notes: objects.flatMap(unreadValues), provided };
}
