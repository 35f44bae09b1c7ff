import type { Resource } from '#model/resource.ts';
import type { Location } from '#syntax/tree.ts';

/**
 * The place of the first of some entries that another text has put into a resource: a patch or an overlay. Undefined if all of them are
 * its own. If two values do not match, the fault is at the value that was changed. Labels that a kustomization gives to all objects do
 * not count: it does not change this object against the others, so what lacks them is at fault.
 */
export const changedElsewhere = (
  resource: Resource<never> | Resource<object>,
  on: object,
  keys: readonly string[],
): Location | undefined =>
  keys
    .map((key) => resource.place(on, key))
    .find((at) => at.source !== resource.tree.source.id && !/^(commonLabels|labels)\b/.test(at.path));
