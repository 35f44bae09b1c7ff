import { compositionPatch } from '#model/hidden.ts';
import { isNamespaced, groupOf } from '#model/kinds.ts';
import { type Change, Resource } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';

/*
 * Objects that a Crossplane Composition creates, before they are instantiated (Crossplane documentation, Compositions).
 */

const maps = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);

/** `spec.forProvider.tags[a.b/c]` and `subnets[0]` as keys. */
const stepsOf = (path: string): string[] =>
  [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, inner, word]) => word ?? (inner ?? '').replace(/^["']|["']$/g, ''),
  );

/** The fields that patches set, as far as they are known. */
function changesOf(patches: unknown, sets: ReadonlyMap<string, unknown>, depth = 0): Change[] {
  const by = compositionPatch;
  return maps(patches).flatMap((patch): Change[] => {
    const { type, patchSetName, toFieldPath, fromFieldPath } = patch;
    if (type === 'PatchSet')
      return depth === 0 ? changesOf(sets.get(text(patchSetName) ?? ''), sets, 1) : [{ path: [], by, absent: true }];
    if (typeof type === 'string' && /^To|ToComposite$|ToEnvironment$/.test(type)) return [];
    const path = text(toFieldPath) ?? text(fromFieldPath);
    return path === undefined ? [{ path: [], by, absent: true }] : [{ path: stepsOf(path), by }];
  });
}

/** The objects, each with its name in the Composition. */
export function basesOf({
  kind,
  object,
  tree,
}: AnyResource): { readonly resource: AnyResource; readonly title: string }[] {
  const spec = object['spec'];
  if (kind !== 'Composition' || !isRecord(spec)) return [];
  const sources = [spec, ...maps(spec['pipeline']).map((step) => step['input'])].filter(isRecord);
  const unit = `composition:${tree.source.path}:${tree.index}`;
  return sources.flatMap((source) => {
    const sets = new Map(maps(source['patchSets']).map((set) => [text(set['name']) ?? '', set['patches']]));
    return maps(source['resources']).flatMap(({ name, base, patches }) => {
      if (!isRecord(base)) return [];
      const namespaced = isNamespaced(text(base['kind']) ?? '', groupOf(base['apiVersion']));
      const changes = changesOf(patches, sets);
      const resource = new Resource({ object: base, tree, namespaced, belonging: { unit, bundle: unit }, changes });
      return [{ resource, title: text(name) ?? resource.name }];
    });
  });
}
