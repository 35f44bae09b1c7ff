import type { Note } from '#model/finding.ts';
import { groupOf, kindName } from '#model/kinds.ts';
import { findPodTemplates, podTemplates } from '#model/pod-templates.ts';
import { type Change, Resource, type ResourceFields, type Variant, Workload } from '#model/resource.ts';
import { text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Field } from '#spelling/field.ts';
import { graft, type Origin } from '#syntax/graft.ts';

/** Where kinds have their pod template: those of Kubernetes, and those that the config adds. */
export type PodTemplates = ReadonlyMap<string, readonly string[]>;

/** The resources that rules see for an object: a Resource, and one for each pod template, if it has any. */
export function makeResources(fields: ResourceFields, templates: PodTemplates = podTemplates): AnyResource[] {
  const { object, tree } = fields;
  const group = groupOf(object['apiVersion']);
  const known = templates.get(kindName(text(object['kind']) ?? '', group));
  const { templates: found, byShape } = findPodTemplates(object, tree, known, group);
  if (found.length === 0) return [new Resource(fields)];
  return found.map((template) => new Workload(fields, template, byShape));
}

/** An object inside a file of another format. An unknown value counts as a change with an unknown result. */
export function embed(
  object: Record<string, unknown>,
  { tree, source }: Field,
  changes: readonly Change[],
  unit: string,
  {
    templates,
    variant,
    typed = false,
  }: {
    readonly templates?: PodTemplates | undefined;
    readonly variant?: Variant | undefined;
    /** Written in the fields of a provider, which validates them itself. */
    readonly typed?: boolean;
  } = {},
): AnyResource[] {
  const home = source.tree.source.id === tree.source.id ? tree : source.tree;
  const belonging = { unit, bundle: unit };
  return makeResources({ object, tree: home, belonging, changes, variant, embedded: true, typed }, templates);
}

/** Facts of an embedded object that all others can use: service accounts and namespaces whose names are known. */
export const isProvided = ({ known, object, name, namespace }: AnyResource): boolean =>
  (known === 'ServiceAccount' || known === 'Namespace') &&
  object.metadata?.name === name &&
  !`${namespace}/${name}`.includes('${');

/** Places that a rule skips because their value is unknown: if it finds nothing there, it has not judged them. */
export function unknownFields(resources: readonly AnyResource[], until: string): Note[] {
  const hidden = new Set(resources.flatMap(({ changes }) => changes).filter(({ absent }) => absent !== true));
  if (hidden.size === 0) return [];
  const message = `fields of Kubernetes objects whose values are not known ${until}, not judged`;
  return [{ kind: 'partial', message, count: hidden.size }];
}

/** No real data is deeper; data that contains itself would never end. */
const deepest = 100;

/** How a format writes the keys of Kubernetes objects. */
export interface Shape {
  /**
   * The entries of a map by their Kubernetes names, if they differ. `path` is the path of the map, with Kubernetes
   * names.
   */
  entries(field: Field, path: readonly string[]): readonly (readonly [name: string, entry: Field])[];
  /** The value that a scalar has in Kubernetes. */
  scalar(value: unknown, path: readonly string[]): unknown;
  /** What a field resolves to, if only this format's tool knows. */
  follow(field: Field): Field;
  /** The placeholder for an unknown value: rules treat it as an unrendered template. */
  mark(field: Field): string;
}

export const placeOf = ({ tree, on, key }: Field): Origin => ({ tree, on, key });

/**
 * Plain data from a Field, with the locations of its entries. Unknown values become placeholders and unknown changes.
 */
export function plainData(given: Field, shape: Shape, changes: Change[], path: readonly string[] = []): unknown {
  const field = shape.follow(given);
  if (path.length > deepest) {
    changes.push({ path, by: 'nested too deeply to read' });
    return undefined;
  }
  if (field.why !== undefined) {
    changes.push({ path, by: field.why, why: field.why });
    return shape.mark(field);
  }
  if (field.rest !== undefined) changes.push({ path, by: field.rest, why: field.rest, absent: true });
  if (Array.isArray(field.value)) {
    const entries = new Map<string, Origin>();
    const made = field.items().map((item, index) => {
      entries.set(String(index), placeOf(item));
      return plainData(item, shape, changes, [...path, String(index)]);
    });
    return graft(made, placeOf(field), entries);
  }
  if (!field.map) return shape.scalar(field.value, path);
  const entries = new Map<string, Origin>();
  const made = Object.create(null) as Record<string, unknown>;
  for (const [name, entry] of shape.entries(field, path)) {
    if (entry.absent) continue;
    made[name] = plainData(entry, shape, changes, [...path, name]);
    entries.set(name, placeOf(entry));
  }
  return graft(made, placeOf(field), entries);
}
