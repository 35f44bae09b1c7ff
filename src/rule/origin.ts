import type { Resource } from '#model/resource.ts';
import type { Location } from '#syntax/tree.ts';

/**
 * The location of the first of some entries that another text, a patch or an overlay, has added to a resource.
 * Undefined if all of them are in the resource's own text. If two values do not match, the changed one is wrong. Labels
 * that a kustomization adds to all objects do not count: they do not make this object differ from the others, so the
 * object that lacks them is wrong.
 */
export const changedElsewhere = (
  resource: Resource<never> | Resource<object>,
  on: object,
  keys: readonly string[],
): Location | undefined =>
  keys
    .map((key) => resource.place(on, key))
    .find((at) => at.source !== resource.tree.source.id && !/^(commonLabels|labels)\b/.test(at.path));
