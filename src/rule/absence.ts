import { dig } from '#model/dig.ts';
import { selectsOperatorPods } from '#model/operator.ts';
import { isPlatformObject, selectsPlatformPods } from '#model/platform.ts';
import type { Selector } from '#model/selector.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
import { podWriterBeside } from './rbac.ts';
import { patched, unclearLabelsAround, unrendered } from './unknown.ts';

export { isPlatformObject } from '#model/platform.ts';

/*
 * How a dangling reference is proved. Manifests are never everything in a cluster, so an object that is not found is
 * missing only if
 * - nothing in the unit is or may be that object: a name or namespace that is a template, a part that was not read, a
 *   chart or release that is rendered elsewhere;
 * - a cluster does not have it automatically (model/platform.ts), and no operator creates it;
 * - the repository has other objects of that kind in that place, so that the object would be expected here (the
 *   presence condition, which each rule states), or the object is found in another namespace of what is applied
 *   together.
 * `lookFor` checks all of this for an object that is named. The other functions are its parts, for objects that are
 * found by labels.
 */

/**
 * The result of the search for an object that another one names. `missing` and `elsewhere` are proven; `unprovable` is
 * unknown.
 */
export type Search =
  | { readonly state: 'found'; readonly objects: readonly AnyResource[] }
  | { readonly state: 'unprovable' }
  | { readonly state: 'unclear'; readonly why: string }
  | { readonly state: 'elsewhere'; readonly object: AnyResource }
  | { readonly state: 'missing' };

/**
 * Looks for the object that a resource names, in its namespace unless another is given. `present` is the presence
 * condition.
 */
export function lookFor(
  workspace: Workspace,
  from: Parameters<Workspace['unit']>[0],
  {
    kind,
    name,
    namespace = from.namespace,
  }: { readonly kind: string; readonly name: string; readonly namespace?: string },
  present: (bundle: Neighbours, namespace: string) => boolean,
): Search {
  const unit = workspace.unit(from);
  const objects = unit.find(kind, name, namespace);
  if (objects.length > 0) return { state: 'found', objects };
  if (isPlatformObject(kind, name, namespace)) return { state: 'unprovable' };
  const bundle = workspace.bundle(from);
  const other = foundElsewhere(bundle.find(kind, name, '*'), namespace);
  if (!other && !bundle.live && !present(bundle, namespace)) return { state: 'unprovable' };
  const why = whyObjectUnseen(unit, kind, name, namespace) ?? whyElsewhere(workspace, from, kind, name, namespace);
  if (why !== undefined) return { state: 'unclear', why };
  return other ? { state: 'elsewhere', object: other } : { state: 'missing' };
}

const namesKnown = new WeakMap<Workspace, Map<string, ReadonlySet<string>>>();

/**
 * Whether an object is in some unit of the repository. Objects that route requests are often applied separately from
 * the Services of an application, so such an object shows that the reference is intended, although nothing says that
 * both are applied together.
 */
export function isSomewhere(workspace: Workspace, kind: string, name: string, namespace: string): boolean {
  const kinds = namesKnown.get(workspace) ?? new Map<string, ReadonlySet<string>>();
  namesKnown.set(workspace, kinds);
  let known = kinds.get(kind);
  if (!known) {
    const all = workspace.all(kind).flatMap((one) => one.names.map((other) => `${one.namespace}/${other}`));
    kinds.set(kind, (known = new Set(all)));
  }
  return known.has(`${namespace}/${name}`) || (namespace !== '' && known.has(`/${name}`));
}

/**
 * Why an object that is not found in the unit may still exist: the namespace of the resource that names it is unknown,
 * or another unit of the repository has the object in the same namespace, and both may be applied to one cluster.
 */
export function whyElsewhere(
  workspace: Workspace,
  from: Parameters<Workspace['unit']>[0] & Parameters<typeof patched>[0],
  kind: string,
  name: string,
  namespace: string,
): string | undefined {
  if (workspace.unit(from).live) return undefined;
  if (patched(from, 'metadata', 'namespace')) return 'a patch or transformer changes its namespace';
  return namespace !== '' && isSomewhere(workspace, kind, name, namespace)
    ? `another part of the repository defines the ${kind}`
    : undefined;
}

/** Whether a selector is for pods that are never in manifests: those of operators, of EKS and of its add-ons. */
export const selectsUnseenPods = (selector: Selector, namespace: string): boolean =>
  selectsOperatorPods(selector) || selectsPlatformPods(selector, namespace);

/** Why the pods that a resource selects may still exist. */
export function whyPodsUnseen(workspace: Workspace, resource: Parameters<Workspace['unit']>[0]): string | undefined {
  const unit = workspace.unit(resource);
  if (unit.live) return undefined;
  if (unclearLabelsAround(workspace, resource)) return 'the labels of a pod template are not known';
  const chart = chartInto(unit, resource.namespace);
  return unit.closed.why ?? (chart && `${chart} may create the pods`);
}

/**
 * Why the pods that a resource selects may be created by a program: a workload in its namespace has permission to
 * create pods or to label them. dangling-service asks this only if no workload nearly matches the selector.
 */
export function whyPodsMade(workspace: Workspace, resource: Parameters<Workspace['unit']>[0]): string | undefined {
  if (workspace.unit(resource).live) return undefined;
  const writer = podWriterBeside(workspace, resource);
  return writer && `${writer.title} has permission to create these pods, or to label pods`;
}

/** Why an object of a namespace (of any namespace, if none is given) may still exist. */
export function whyObjectUnseen(
  unit: Neighbours,
  kind: string,
  name: string,
  namespace: string | undefined,
): string | undefined {
  if (unit.live) return undefined;
  const { unnamed, unplaced } = unit.once(unclearObjects, kind);
  if (unplaced.has(name) || isAmong(unnamed, namespace))
    return `a ${kind} has a name or namespace that is a template or changed by a patch`;
  const chart = chartInto(unit, namespace);
  return unit.closed.why ?? (chart && `${chart} may create the ${kind}`);
}

/** Namespaces of objects; `anywhere` if the namespace of one is unknown. */
interface Spread {
  readonly some: boolean;
  readonly namespaces: ReadonlySet<unknown>;
  readonly anywhere: boolean;
}
const isAmong = ({ some, namespaces, anywhere }: Spread, namespace: string | undefined): boolean =>
  anywhere || (namespace === undefined || namespace === '' ? some : namespaces.has(namespace));

/**
 * Objects of a kind whose names are unknown, by their namespaces, and names of objects whose namespaces are unknown.
 */
function unclearObjects(unit: Neighbours, kind: string): { unnamed: Spread; unplaced: ReadonlySet<string> } {
  const all = unit.all(kind, '*');
  const unnamed = all.filter((one) => unrendered(one.name) || patched(one, 'metadata', 'name'));
  const isOpen = ({ namespace }: AnyResource): boolean => namespace === '' || unrendered(namespace);
  return {
    unnamed: { ...spread(unnamed.map(({ namespace }) => namespace)), anywhere: unnamed.some(isOpen) },
    unplaced: new Set(all.filter(({ namespace }) => unrendered(namespace)).map(({ name }) => name)),
  };
}

/**
 * The first of some objects that is not in the expected namespace. As these objects are applied together, this proves
 * the mistake even if the expected namespace has no other objects.
 */
export const foundElsewhere = <T extends { readonly namespace: string }>(
  found: readonly T[],
  namespace: string,
): T | undefined =>
  namespace === '' || unrendered(namespace)
    ? undefined
    : found.find((one) => one.namespace !== '' && one.namespace !== namespace && !unrendered(one.namespace));

/**
 * What renders a chart or another repository into a namespace, which may then have objects that are not in the input.
 */
function chartInto(unit: Neighbours, namespace: string | undefined): string | undefined {
  if (isAmong(unit.once(releases), namespace)) return 'a HelmRelease';
  if (isAmong(unit.once(applications), namespace)) return 'an Argo CD Application';
  return isAmong(unit.once(kustomizations), namespace) ? 'a Flux Kustomization' : undefined;
}

const spread = (targets: readonly unknown[]): Spread => ({
  some: targets.length > 0,
  namespaces: new Set(targets),
  anywhere: targets.some(unrendered),
});
const releases = (unit: Neighbours): Spread =>
  spread(unit.all('HelmRelease', '*').map((one) => dig(one.object, 'spec', 'targetNamespace') ?? one.namespace));
const applications = (unit: Neighbours): Spread => {
  const ofArgo = (kind: string) => unit.all(kind, '*').filter((one) => one.group === 'argoproj.io');
  return spread([
    ...ofArgo('Application').map((one) => dig(one.object, 'spec', 'destination', 'namespace')),
    ...ofArgo('ApplicationSet').map((one) => dig(one.object, 'spec', 'template', 'spec', 'destination', 'namespace')),
  ]);
};
/** Flux also applies folders of other repositories; its own is called flux-system (Flux documentation, bootstrap). */
const kustomizations = (unit: Neighbours): Spread =>
  spread(
    unit
      .all('Kustomization', '*')
      .filter(
        (one) =>
          one.group === 'kustomize.toolkit.fluxcd.io' &&
          dig(one.object, 'spec', 'sourceRef', 'name') !== 'flux-system' &&
          dig(one.object, 'spec', 'targetNamespace') !== undefined,
      )
      .map((one) => dig(one.object, 'spec', 'targetNamespace')),
  );
