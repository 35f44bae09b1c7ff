import type { Note } from '#model/finding.ts';
import { groupOf } from '#model/kinds.ts';
import { dig } from '#model/dig.ts';
import { folderOfUnit } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { graft, originOf } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { makeResources, type PodTemplates } from '../kubernetes/objects.ts';

/*
 * The output of kustomize itself for an overlay answers what our own reading leaves open. Its objects have no
 * locations: each gets that of the object that was read.
 */

/** The overlays with unknown parts, by the path of their folder, each with its objects. */
export function overlaysInDoubt(resources: readonly AnyResource[]): ReadonlyMap<string, readonly AnyResource[]> {
  const all = new Map<string, AnyResource[]>();
  for (const one of resources) {
    const { unit } = one.belonging;
    const folder = folderOfUnit(unit);
    if (folder === undefined || !one.tree.source.target) continue;
    all.set(folder, [...(all.get(folder) ?? []), one]);
  }
  return new Map([...all].filter(([, some]) => some.some(({ changes }) => changes.length > 0)));
}

const nameOf = (kind: string, group: string, namespace: string, name: string): string =>
  JSON.stringify([kind, group, namespace, name]);

/** The objects of an overlay with the values from kustomize. */
export function settleOverlay(
  folder: string,
  resources: readonly AnyResource[],
  output: string,
  templates: PodTemplates,
): { readonly settled: ReadonlyMap<AnyResource, readonly AnyResource[]>; readonly notes: readonly Note[] } {
  const made = new Map<string, Record<string, unknown>>();
  for (const { root } of splitDocuments({ id: '', path: '', text: output, target: false }).flatMap((segment) =>
    parseYaml(segment),
  ))
    if (isRecord(root))
      made.set(
        nameOf(
          text(root['kind']) ?? '',
          groupOf(root['apiVersion']),
          text(dig(root, 'metadata', 'namespace')) ?? '',
          text(dig(root, 'metadata', 'name')) ?? '',
        ),
        root,
      );
  const settled = new Map<AnyResource, readonly AnyResource[]>();
  for (const one of resources) {
    const key = nameOf(one.kind, one.group, text(dig(one.object, 'metadata', 'namespace')) ?? '', one.name);
    const data = made.get(key);
    made.delete(key);
    if (!data || one.changes.length === 0) continue;
    const [, alias] = one.names;
    const { tree, belonging, namespaced, written, variant, embedded, typed } = one;
    settled.set(
      one,
      makeResources(
        {
          object: placed(data, one.object, tree),
          tree,
          belonging,
          namespaced,
          written,
          variant,
          embedded,
          typed,
          ...(alias === undefined ? {} : { alias }),
        },
        templates,
      ),
    );
  }
  const more = made.size;
  const notes: Note[] =
    more === 0
      ? []
      : [
          {
            kind: 'partial',
            message: `objects that only kustomize makes of ${folder || '.'}, not judged`,
            count: more,
          },
        ];
  return { settled, notes };
}

/**
 * New data whose containers get the locations of those at the same keys in the old data; new entries get the location
 * of their container.
 */
function placed<T extends object>(made: T, before: object, tree: Tree): T {
  const copy = Array.isArray(made) ? [...(made as unknown[])] : { ...made };
  for (const [key, value] of Object.entries(copy)) {
    if (typeof value !== 'object' || value === null) continue;
    const old = itemLike(before, key, value as object);
    (copy as Record<string, unknown>)[key] = placed(value as object, old ?? before, tree);
  }
  return graft(copy as T, originOf(tree, before));
}

/** The old container that a new one corresponds to: an item of a list is matched by name, otherwise by index. */
function itemLike(before: object, key: string, value: object): object | undefined {
  const name = isRecord(value) ? value['name'] : undefined;
  const old = (
    Array.isArray(before) && typeof name === 'string'
      ? before.find((one: unknown) => isRecord(one) && one['name'] === name)
      : (before as Record<string, unknown>)[key]
  ) as unknown;
  return typeof old === 'object' && old !== null && Array.isArray(old) === Array.isArray(value) ? old : undefined;
}
