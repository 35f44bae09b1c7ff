import { dig } from '#model/dig.ts';
import { selectsOperatorPods } from '#model/operator.ts';
import { selectsPlatformPods } from '#model/platform.ts';
import type { Selector } from '#model/selector.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
import { patched, unclearLabelsAround, unrendered } from './unknown.ts';

export { isPlatformObject } from '#model/platform.ts';

/*
 * An object that is not found is missing only if all of the unit is known. These functions return why it may exist anyway, or undefined
 * if it is missing.
 */

/** Whether a selector is for pods that are never in manifests: those of operators, of EKS and of its add-ons. */
export const selectsUnseenPods = (selector: Selector, namespace: string): boolean =>
  selectsOperatorPods(selector) || selectsPlatformPods(selector, namespace);

/** Why the pods that a resource selects may exist anyway. */
export function whyPodsUnseen(workspace: Workspace, resource: Parameters<Workspace['unit']>[0]): string | undefined {
  const unit = workspace.unit(resource);
  if (unit.live) return undefined;
  if (unclearLabelsAround(workspace, resource)) return 'the labels of a pod template are not known';
  const chart = chartInto(unit, resource.namespace);
  return unit.closed.why ?? (chart && `${chart} may create the pods`);
}

/** Why an object of a namespace (of any namespace, if none is given) may exist anyway. */
export function whyObjectUnseen(
  unit: Neighbours,
  kind: string,
  name: string,
  namespace: string | undefined,
): string | undefined {
  if (unit.live) return undefined;
  const here = (one: AnyResource) =>
    namespace === undefined ||
    namespace === '' ||
    one.namespace === namespace ||
    one.namespace === '' ||
    unrendered(one.namespace);
  const unclear = (one: AnyResource) =>
    unrendered(one.name) || patched(one, 'metadata', 'name')
      ? here(one)
      : one.name === name && unrendered(one.namespace);
  if (unit.all(kind, '*').some(unclear))
    return `a ${kind} has a name or namespace that is a template or changed by a patch`;
  const chart = chartInto(unit, namespace);
  return unit.closed.why ?? (chart && `${chart} may create the ${kind}`);
}

/**
 * The first of some objects that is in another namespace than the expected namespace. As these objects are applied together, this proves
 * the mistake even if the expected namespace has no other objects.
 */
export const foundElsewhere = <T extends { readonly namespace: string }>(
  found: readonly T[],
  namespace: string,
): T | undefined =>
  namespace === '' || unrendered(namespace)
    ? undefined
    : found.find((one) => one.namespace !== '' && one.namespace !== namespace && !unrendered(one.namespace));

/** What renders a chart or another repository into a namespace, which may then have objects that are not in the input. */
function chartInto(unit: Neighbours, namespace: string | undefined): string | undefined {
  const here = (target: unknown) =>
    namespace === undefined || namespace === '' || target === namespace || unrendered(target);
  if (unit.all('HelmRelease', '*').some((one) => here(dig(one.object, 'spec', 'targetNamespace') ?? one.namespace)))
    return 'a HelmRelease';
  if (
    unit
      .all('Application', '*')
      .some((one) => one.group === 'argoproj.io' && here(dig(one.object, 'spec', 'destination', 'namespace')))
  )
    return 'an Argo CD Application';
  return undefined;
}
