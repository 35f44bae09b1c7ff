import type { Note } from '#model/finding.ts';
import { groupOf, isNamespaced, kindName } from '#model/kinds.ts';
import { findPodTemplates, podTemplates } from '#model/pod-templates.ts';
import { type Change, Resource, type ResourceFields, type Variant, Workload } from '#model/resource.ts';
import { text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Field } from '#spelling/field.ts';
import { graft, type Origin } from '#syntax/graft.ts';

/** Where kinds keep their pod template: that of Kubernetes, and what the config adds. */
export type PodTemplates = ReadonlyMap<string, readonly string[]>;

/** What an object is to rules: a Resource, and one for each pod template where it has any. */
export function makeResources(fields: ResourceFields, templates: PodTemplates = podTemplates): AnyResource[] {
  const { object, tree } = fields;
  const group = groupOf(object['apiVersion']);
  const known = templates.get(kindName(text(object['kind']) ?? '', group));
  const { templates: found, byShape } = findPodTemplates(object, tree, known, group);
  if (found.length === 0) return [new Resource(fields)];
  return found.map((template) => new Workload(fields, template, byShape));
}

/** An object inside a file of another format. What is not known is a change that nobody can tell. */
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
    /** Written in the fields of a provider, which checks them itself. */
    readonly typed?: boolean;
  } = {},
): AnyResource[] {
  const namespaced = isNamespaced(text(object['kind']) ?? '', groupOf(object['apiVersion']));
  const home = source.tree.source.id === tree.source.id ? tree : source.tree;
  const belonging = { unit, bundle: unit };
  return makeResources(
    { object, tree: home, namespaced, belonging, changes, variant, embedded: true, typed },
    templates,
  );
}

/** What an embedded object gives to all others: service accounts and namespaces whose names are known. */
export const isProvided = ({ known, object, name, namespace }: AnyResource): boolean =>
  (known === 'ServiceAccount' || known === 'Namespace') &&
  object.metadata?.name === name &&
  !`${namespace}/${name}`.includes('${');

/** What is passed over because a rule that looks at a value cannot know it: a rule that finds nothing there has not judged it. */
export function unknownFields(resources: readonly AnyResource[], until: string): Note[] {
  const hidden = new Set(resources.flatMap(({ changes }) => changes).filter(({ absent }) => absent !== true));
  if (hidden.size === 0) return [];
  const message = `fields of Kubernetes objects with unknown values ${until}, not judged`;
  return [{ kind: 'partial', message, count: hidden.size }];
}

/** Nothing real is deeper; data that holds itself would never end. */
const deepest = 100;

/** How a format writes the keys of Kubernetes objects. */
export interface Shape {
  /** The entries of a map by Kubernetes' names, where they differ. `path` is that of the map, in Kubernetes' words. */
  entries(field: Field, path: readonly string[]): readonly (readonly [name: string, entry: Field])[];
  /** What a scalar is worth in Kubernetes. */
  scalar(value: unknown, path: readonly string[]): unknown;
  /** What a field stands for, where only this format's tool knows. */
  follow(field: Field): Field;
  /** The text that stands for a value that is not known: rules take it for an unrendered template. */
  mark(field: Field): string;
}

export const placeOf = ({ tree, on, key }: Field): Origin => ({ tree, on, key });

/**
 * Plain data out of a Field, which remembers where its entries stand. Values that are not known are marks, and changes that nobody can
 * tell.
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
