import { dig } from '#model/dig.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
import { patched, unclearLabelsAround, unrendered } from './unknown.ts';

/*
 * What is not found is missing only where all of the unit is known. These say why it may be there all the same; nothing where it is
 * missing for certain.
 */

/** Why the pods that a resource selects may be there all the same. */
export function whyPodsUnseen(workspace: Workspace, resource: Parameters<Workspace['unit']>[0]): string | undefined {
  const unit = workspace.unit(resource);
  if (unit.live) return undefined;
  if (unclearLabelsAround(workspace, resource)) return 'the labels of a pod template are not known';
  const chart = chartInto(unit, resource.namespace);
  return unit.closed.why ?? (chart && `${chart} may make the pods`);
}

/** Why an object of a namespace (any, where none is given) may be there all the same. */
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
  return unit.closed.why ?? (chart && `${chart} may bring the ${kind}`);
}

/** What renders a chart or another repository into a namespace, so that it may hold objects that nobody sees here. */
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
    return 'an Application of Argo CD';
  return undefined;
}
