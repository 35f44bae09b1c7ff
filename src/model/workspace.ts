import type { KubernetesObject, V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { Tree } from '#syntax/tree.ts';
import type { Segment } from '#syntax/document.ts';
import type { AwsPart } from './aws.ts';
import type { AwsKind } from './aws-reads.ts';
import type { Component } from './component.ts';
import type { Cluster, ClusterPart } from './cluster.ts';
import { Definitions } from './definitions.ts';
import { digRecord } from './dig.ts';
import type { IamRole } from './iam.ts';
import { InstanceTypes } from './instance-types.ts';
import { groupOf, isClusterScoped, kindName, type Named } from './kinds.ts';
import { podTemplates } from './pod-templates.ts';
import { type Resource, Workload } from './resource.ts';
import { LabelIndex, type Labels, push, type Selector, SelectorIndex, selectorOf, type Tally } from './selector.ts';
import { Schemas } from './schema.ts';
import { isRecord, list, record, text } from './shape.ts';
import { Unread } from './unread.ts';
import { Answer } from './value.ts';

/** Any Kubernetes object, when its kind does not matter. */
export type AnyResource = Resource<KubernetesObject & Record<string, unknown>>;

/** Why objects of a namespace were not read; `'*'` for all namespaces. */
export type Outside = (namespace: string) => string | undefined;

/** Objects in which keys are looked for. */
const mostLookedThrough = 200;

/** All keys of objects, as they are written and as they are applied. */
function keysOf(resources: readonly AnyResource[]): Set<string> {
  const keys = new Set<string>();
  // An alias stands for one map in many places.
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) for (const item of value) visit(item);
    else
      for (const [key, inner] of Object.entries(value)) {
        keys.add(key);
        visit(inner);
      }
  };
  for (const { object, written } of resources) {
    visit(object);
    visit(written);
  }
  return keys;
}

/** A lookup for pods needs all kinds that have a pod template. */
const podKinds = [...podTemplates.keys()];

/** Objects by namespace, or cluster-scoped. */
interface Placed {
  readonly namespace: string;
  readonly namespaced: boolean;
}

const none: readonly never[] = [];

/** The key of cluster-scoped objects. */
const clusterScope: unique symbol = Symbol('cluster');
/** The namespace of an object, '' if unknown, or the key of the cluster. */
type Place = string | typeof clusterScope;
const placeOf = ({ namespace, namespaced }: Placed): Place => (namespaced ? namespace : clusterScope);

/**
 * The objects that are applied together, indexed; no lookup scans all of them. `lenient` lookups silence findings: an
 * object whose namespace is unknown then matches objects of any namespace. Strict ones only match an equal namespace.
 */
class Group {
  readonly tally: Tally;
  readonly resources: AnyResource[] = [];
  readonly workloads: Workload[] = [];
  readonly byKind = new Map<string, AnyResource[]>();
  readonly #byName = new Map<string, AnyResource[]>();
  readonly #byPlace = new Map<readonly Placed[], Map<Place, Placed[]>>();
  readonly #joined = new WeakMap<readonly Placed[], WeakMap<readonly Placed[], readonly Placed[]>>();
  readonly #among = new WeakMap<readonly AnyResource[], Map<string, readonly Workload[]>>();
  readonly #indexes = new Map<string, unknown>();
  readonly #tested = new Map<readonly Placed[], Map<(one: never) => boolean, boolean>>();
  #order: Map<Placed, number> | undefined;
  #workloadNamespaces: ReadonlySet<string> | undefined;
  #makers: { readonly anywhere: boolean; readonly namespaces: ReadonlySet<string> } | undefined;
  #scalers: Map<string, AnyResource[]> | undefined;
  #rollouts: Map<string, Workload[]> | undefined;
  /** Kinds whose objects could not all be read, and why. */
  readonly unread = new Map<string, string>();
  /** Kinds that were not requested: nothing is known about their objects. */
  readonly unlisted = new Map<string, string>();
  /** Why objects of a namespace were not read, if only some namespaces were. */
  outside: Outside | undefined;
  /** Results that rules computed from all of them. */
  readonly found = new Map<(unit: Neighbours, about: string) => unknown, Map<string, unknown>>();

  constructor(tally: Tally) {
    this.tally = tally;
  }

  add(resource: AnyResource): void {
    this.resources.push(resource);
    push(this.byKind, resource.kindName, resource);
    for (const name of resource.names) push(this.#byName, `${resource.kindName}/${name}`, resource);
    if (resource instanceof Workload) this.workloads.push(resource);
  }
  named(kind: string, name: string): readonly AnyResource[] {
    return this.#byName.get(`${kind}/${name}`) ?? none;
  }
  ofKind(kind: string): readonly AnyResource[] {
    return this.byKind.get(kind) ?? none;
  }
  /** Those of some objects that are in a place; see `placeOf`. `all` must be a cached list. */
  within<T extends Placed>(all: readonly T[], place: Place): readonly T[] {
    this.tally.tried++;
    const [only] = all;
    if (!only) return none;
    if (all.length === 1) return placeOf(only) === place ? all : none;
    let parts = this.#byPlace.get(all) as Map<Place, T[]> | undefined;
    if (!parts) {
      this.#byPlace.set(all, (parts = new Map<Place, T[]>()));
      this.tally.tried += all.length;
      for (const one of all) push(parts, placeOf(one), one);
    }
    return parts.get(place) ?? none;
  }
  /** Objects in the order in which they were read. */
  sorted<T extends Placed>(all: readonly T[]): T[] {
    this.#order ??= new Map(this.resources.map((resource, at) => [resource, at]));
    const places = this.#order;
    return all.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  }
  /** Two lists merged, each object once. */
  joined<T extends Placed>(own: readonly T[], shared: readonly T[]): readonly T[] {
    const known = this.#joined.get(own) ?? new WeakMap<readonly Placed[], readonly Placed[]>();
    this.#joined.set(own, known);
    let found = known.get(shared) as readonly T[] | undefined;
    if (!found) {
      this.tally.tried += own.length + shared.length;
      known.set(shared, (found = [...new Set([...own, ...shared])]));
    }
    return found;
  }
  /** Whether some object passes a test that depends only on the object: evaluated once. `all` must be a cached list. */
  some<T extends Placed>(all: readonly T[], test: (one: T) => boolean): boolean {
    if (all.length === 0) return false;
    let tested = this.#tested.get(all);
    if (!tested) this.#tested.set(all, (tested = new Map()));
    let passes = tested.get(test);
    if (passes === undefined) {
      this.tally.tried += all.length;
      tested.set(test, (passes = all.some(test)));
    }
    return passes;
  }
  get workloadNamespaces(): ReadonlySet<string> {
    this.#workloadNamespaces ??= new Set(this.workloads.map(({ namespace }) => namespace));
    return this.#workloadNamespaces;
  }
  /** Places with custom resources whose controllers create pods. */
  get makers(): { readonly anywhere: boolean; readonly namespaces: ReadonlySet<string> } {
    if (!this.#makers) {
      const makers = this.resources.filter((resource) => !quietKinds.has(resource.kindName) && makesPods(resource));
      this.#makers = {
        anywhere: makers.some((resource) => !resource.namespaced),
        namespaces: new Set(makers.filter((resource) => resource.namespaced).map((resource) => resource.namespace)),
      };
    }
    return this.#makers;
  }
  /** An index of the objects of a place, or of all objects, that is built on first use. */
  #index<T extends Placed, I>(
    name: string,
    all: readonly T[],
    place: Place | undefined,
    make: (some: readonly T[]) => I,
  ): I {
    const where = place === undefined ? 'all' : place === clusterScope ? 'cluster' : `in ${place}`;
    const key = `${name} ${where}`;
    let index = this.#indexes.get(key) as I | undefined;
    if (index === undefined) {
      index = make(place === undefined ? all : this.within(all, place));
      this.#indexes.set(key, index);
    }
    return index;
  }
  pods(place: Place | undefined): LabelIndex<Workload> {
    return this.#index('pods', this.workloads, place, (workloads) => {
      const index = new LabelIndex<Workload>(this.tally);
      for (const workload of workloads) index.add(workload, workload.podLabels);
      return index;
    });
  }
  #selectors(
    kind: string,
    place: Place | undefined,
    read: (spec: Record<string, unknown>) => Selector | undefined,
  ): SelectorIndex<AnyResource> {
    return this.#index(kind, this.ofKind(kind), place, (resources) => {
      const index = new SelectorIndex<AnyResource>(this.tally);
      for (const resource of resources) {
        const selector = read(record(resource.object['spec'] as Record<string, unknown>) ?? {});
        if (selector) index.add(resource, selector);
      }
      return index;
    });
  }
  budgets(place: Place | undefined): SelectorIndex<AnyResource> {
    return this.#selectors('PodDisruptionBudget', place, (spec) =>
      isRecord(spec['selector']) ? selectorOf(spec['selector']) : undefined,
    );
  }
  policies(place: Place | undefined): SelectorIndex<AnyResource> {
    return this.#selectors('NetworkPolicy', place, (spec) =>
      selectorOf(isRecord(spec['podSelector']) ? spec['podSelector'] : undefined),
    );
  }
  services(place: Place | undefined): SelectorIndex<AnyResource> {
    return this.#selectors('Service', place, (spec) =>
      isRecord(spec['selector']) && Object.keys(spec['selector']).length > 0
        ? selectorOf(spec['selector'] as Record<string, string>, 'map')
        : undefined,
    );
  }
  /** HorizontalPodAutoscalers and KEDA ScaledObjects that scale a workload. */
  scalersOf({ names, kindName, group }: Pick<AnyResource, 'names' | 'kindName' | 'group'>): readonly AnyResource[] {
    this.#scalers ??= this.#byTarget();
    const keys = names.flatMap((name) => [apiOf(group), anyGroup].map((one) => `${one}/${kindName}/${name}`));
    return this.#kept('scalers', keys, this.#scalers);
  }
  #byTarget(): Map<string, AnyResource[]> {
    const found = new Map<string, AnyResource[]>();
    for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject'])
      for (const scaler of this.ofKind(kind)) {
        const target = scaleTarget(scaler);
        if (target.name !== '' && target.kind !== '')
          push(found, `${targetGroupOf(scaler)}/${target.kind}/${target.name}`, scaler);
      }
    return found;
  }
  /** The workloads of an API group among some objects: the same array for the same objects. */
  workloadsAmong(all: readonly AnyResource[], group: string): readonly Workload[] {
    const known = this.#among.get(all) ?? new Map<string, readonly Workload[]>();
    this.#among.set(all, known);
    let found = known.get(group);
    if (!found) {
      this.tally.tried += all.length;
      found = all.filter(
        (one): one is Workload => one instanceof Workload && (group === anyGroup || group === apiOf(one.group)),
      );
      known.set(group, found);
    }
    return found;
  }
  /** Argo Rollouts that run the template of a workload. */
  rolloutsOf({ names, kindName }: Pick<AnyResource, 'names' | 'kindName'>): readonly Workload[] {
    if (!this.#rollouts) {
      this.#rollouts = new Map();
      for (const rollout of this.ofKind('Rollout')) {
        const target = digRecord(rollout.object, 'spec', 'workloadRef');
        if (target && rollout instanceof Workload)
          push(this.#rollouts, `${text(target['kind']) ?? ''}/${text(target['name']) ?? ''}`, rollout);
      }
    }
    const keys = names.map((name) => `${kindName}/${name}`);
    return this.#kept('rollouts', keys, this.#rollouts);
  }
  /** The values under some keys, in one list that is the same array for the same keys. */
  #kept<T extends Placed>(
    name: string,
    keys: readonly string[],
    lists: ReadonlyMap<string, readonly T[]>,
  ): readonly T[] {
    const [first = none, ...others] = keys.map((key) => lists.get(key) ?? none).filter(({ length }) => length > 0);
    if (others.length === 0) return first;
    return this.#index(`${name} of ${keys.join('\n')}`, none, undefined, () => [first, ...others].flat());
  }
}

/**
 * The surroundings of one resource: its unit (matches that silence a finding) or its bundle (matches that cause one).
 */
export class Neighbours {
  readonly #group: Group;
  /**
   * Cluster-scoped objects of all units, and what cluster descriptions create: visible to everything. Only matches that
   * silence findings use them.
   */
  readonly #shared: Group | undefined;
  readonly #namespace: string;
  readonly #lenient: boolean;
  #ownPlaces: readonly Place[] | undefined;
  /** True if all neighbors are known: a running cluster. */
  readonly live: boolean;
  /**
   * Whether nothing else is applied with them: unknown if a part was not read. For `when` of findings about missing
   * objects.
   */
  readonly closed: Answer;

  constructor(
    group: Group,
    options: {
      readonly namespace: string;
      readonly live: boolean;
      readonly shared?: Group;
      readonly gap?: string | undefined;
    },
  ) {
    this.#group = group;
    this.#shared = options.shared;
    this.#namespace = options.namespace;
    this.#lenient = options.shared !== undefined;
    this.live = options.live;
    this.closed = options.gap === undefined ? Answer.yes : Answer.unknown(options.gap);
  }

  /** @throws Unread if not all objects of these kinds in a namespace were read. */
  #need(namespace: string, ...kinds: readonly string[]): void {
    const { unread, unlisted, outside } = this.#group;
    if (unread.size === 0 && unlisted.size === 0 && !outside) return;
    const why = outside?.(namespace === '' ? '*' : namespace);
    for (const kind of kinds) {
      const reason = unread.get(kind) ?? unlisted.get(kind) ?? (isClusterScoped(kind) ? undefined : why);
      if (reason !== undefined) throw new Unread(reason);
    }
  }

  /** The places whose objects match from a namespace; undefined if all places match. */
  #places(namespace: string): readonly Place[] | undefined {
    if (namespace === '*' || (this.#lenient && namespace === '')) return undefined;
    if (namespace !== this.#namespace) return this.#placesFrom(namespace);
    return (this.#ownPlaces ??= this.#placesFrom(namespace));
  }
  #placesFrom(namespace: string): readonly Place[] {
    return this.#lenient && namespace !== '' ? [namespace, '', clusterScope] : [namespace, clusterScope];
  }
  /** The results of each place, as one list: the same array again if all of them are in one place. */
  #gather<T extends Placed>(
    namespace: string,
    pick: (group: Group, place: Place | undefined) => readonly T[],
  ): readonly T[] {
    const places = this.#places(namespace) ?? [undefined];
    // Each rule asks for each object: results from one place, or none, create no list.
    const within = (group: Group): readonly T[] => {
      let first: readonly T[] = none;
      let all: T[] | undefined;
      for (const place of places) {
        const found = pick(group, place);
        if (found.length === 0) continue;
        if (first.length === 0) first = found;
        else (all ??= [...first]).push(...found);
      }
      if (!all) return first;
      group.tally.tried += all.length;
      return group.sorted(all);
    };
    const own = within(this.#group);
    const shared = this.#shared ? within(this.#shared) : none;
    return shared.length === 0 ? own : own.length === 0 ? shared : this.#group.joined(own, shared);
  }
  /** `#gather` for cached lists. */
  #gatherFrom<T extends Placed>(namespace: string, pick: (group: Group) => readonly T[]): readonly T[] {
    return this.#gather(namespace, (group, place) =>
      place === undefined ? pick(group) : group.within(pick(group), place),
    );
  }
  #any(namespace: string, test: (group: Group, place: Place | undefined) => boolean): boolean {
    return [this.#group, ...(this.#shared ? [this.#shared] : [])].some((group) =>
      (this.#places(namespace) ?? [undefined]).some((place) => test(group, place)),
    );
  }

  /**
   * Objects of this kind and name in a namespace (by default that of the resource; `'*'` for all namespaces). Here and
   * in all lookups, a bare name is that of a known kind in its groups (model/kinds.ts), or of a custom kind in any
   * group.
   */
  find<K extends string>(kind: K & Named<K>, name: string, namespace = this.#namespace): readonly AnyResource[] {
    this.#need(namespace, kind);
    return this.#gatherFrom(namespace, (group) => group.named(kind, name));
  }
  /** Objects of a kind in a namespace; `'*'` for all namespaces. To look for one, `some` is cheaper. */
  all<K extends string>(kind: K & Named<K>, namespace: string = this.#namespace): readonly AnyResource[] {
    this.#need(namespace, kind);
    const found = this.#gatherFrom(namespace, (group) => group.ofKind(kind));
    this.#group.tally.tried += found.length;
    return found;
  }
  /**
   * Whether some object of a kind in a namespace passes a test; `'*'` for all namespaces. The test must depend only on
   * the object, and be the same function each time: each object is then tested once for all callers.
   */
  some<K extends string>(
    kind: K & Named<K>,
    test: (one: AnyResource) => boolean,
    namespace = this.#namespace,
  ): boolean {
    this.#need(namespace, kind);
    return this.#any(namespace, (group, place) => {
      const all = group.ofKind(kind);
      return group.some(place === undefined ? all : group.within(all, place), test);
    });
  }
  /** Whether there is an object of a kind in a namespace; `'*'` for all namespaces. */
  has<K extends string>(kind: K & Named<K>, namespace = this.#namespace): boolean {
    this.#need(namespace, kind);
    return this.#any(namespace, (group, place) => {
      const all = group.ofKind(kind);
      return (place === undefined ? all : group.within(all, place)).length > 0;
    });
  }
  /** `some` for the workloads of any kind. */
  someWorkload(test: (one: Workload) => boolean, namespace = this.#namespace): boolean {
    this.#need(namespace, ...podKinds);
    return this.#any(namespace, (group, place) =>
      group.some(place === undefined ? group.workloads : group.within(group.workloads, place), test),
    );
  }
  /**
   * The result of `find` for these neighbors and a word, computed once for all subjects among them: it must not depend
   * on a subject.
   */
  once<T>(find: (unit: Neighbours, about: string) => T, about = ''): T {
    const { found } = this.#group;
    const answers = found.get(find) ?? new Map<string, unknown>();
    found.set(find, answers);
    if (!answers.has(about)) answers.set(about, find(this, about));
    return answers.get(about) as T;
  }
  /** Whether there is an object of a kind whose name passes a test, in any namespace. */
  someKind(test: (kind: string) => boolean): boolean {
    const isPresent = [...this.#group.byKind.keys()].some(test);
    if (!isPresent) this.#need('*', ...[...this.#group.unread.keys(), ...this.#group.unlisted.keys()].filter(test));
    return isPresent;
  }
  /** Kinds that are present, in any namespace. */
  kinds(): ReadonlySet<string> {
    this.#need('*', ...this.#group.unread.keys(), 'Pod');
    return new Set(this.#group.byKind.keys());
  }
  /** Workloads whose pods a selector matches, only the first ones if a limit is given; `'*'` for all namespaces. */
  selected(selector: Selector, namespace = this.#namespace, most?: number): readonly Workload[] {
    this.#need(namespace, ...podKinds);
    return this.#gather(namespace, (group, place) => group.pods(place).select(selector, most));
  }
  /** Workloads in a namespace; `'*'` for all namespaces. */
  workloads(namespace = this.#namespace): readonly Workload[] {
    this.#need(namespace, ...podKinds);
    const places = this.#places(namespace)?.filter(
      (place) => place !== clusterScope || namespace === '' || this.#lenient,
    );
    const all = this.#group.workloads;
    const [first = none, ...others] = (places ?? [undefined])
      .map((place) => (place === undefined ? all : this.#group.within(all, place)))
      .filter(({ length }) => length > 0);
    if (others.length === 0) return first;
    const found = [first, ...others].flat();
    this.#group.tally.tried += found.length;
    return found;
  }
  /** PodDisruptionBudgets that select pods with these labels. */
  budgetsFor(labels: Labels, namespace = this.#namespace): readonly Resource<V1PodDisruptionBudget>[] {
    this.#need(namespace, 'PodDisruptionBudget');
    return this.#gather(namespace, (group, place) =>
      group.budgets(place).matching(labels),
    ) as readonly Resource<never>[];
  }
  /** Whether a PodDisruptionBudget selects pods with these labels. */
  hasBudgetFor(labels: Labels, namespace = this.#namespace): boolean {
    this.#need(namespace, 'PodDisruptionBudget');
    return this.#any(namespace, (group, place) => group.budgets(place).matchesAny(labels));
  }
  /** NetworkPolicies that select pods with these labels. */
  policiesFor(labels: Labels, namespace = this.#namespace): readonly AnyResource[] {
    this.#need(namespace, 'NetworkPolicy');
    return this.#gather(namespace, (group, place) => group.policies(place).matching(labels));
  }
  /** Services that select pods with these labels. */
  servicesFor(labels: Labels, namespace = this.#namespace): readonly AnyResource[] {
    this.#need(namespace, 'Service');
    return this.#gather(namespace, (group, place) => group.services(place).matching(labels));
  }
  /** HorizontalPodAutoscalers and ScaledObjects that scale this workload, or the target with this name. */
  scalersOf(workload: Pick<Resource, 'names' | 'kindName' | 'group' | 'namespace'>): readonly AnyResource[] {
    this.#need(workload.namespace, 'HorizontalPodAutoscaler', 'ScaledObject');
    return this.#gatherFrom(workload.namespace, (group) => group.scalersOf(workload));
  }
  /** The workloads that a HorizontalPodAutoscaler or ScaledObject scales. */
  scaledBy(scaler: Scaler): readonly Workload[] {
    const { kind, name } = scaleTarget(scaler);
    const group = targetGroupOf(scaler);
    return this.#group.workloadsAmong(this.find(kind, name, scaler.namespace), group);
  }
  /** The Argo Rollout that runs the pods of this workload instead of it. */
  rolloutOf(workload: Resource): Workload | undefined {
    this.#need(workload.namespace, 'Rollout');
    return this.#gatherFrom(workload.namespace, (group) => group.rolloutsOf(workload))[0];
  }
  #covers(namespaces: ReadonlySet<string> | ReadonlyMap<string, unknown>, namespace: string): boolean {
    return (
      namespaces.has(namespace) || (this.#lenient && (namespaces.has('') || (namespace === '' && namespaces.size > 0)))
    );
  }
  /**
   * Whether a namespace may contain pods that are not in the input: those of custom resources, and of charts and
   * releases that are not rendered.
   */
  mayHoldOtherPods(namespace = this.#namespace): boolean {
    this.#need(namespace, ...this.#group.unread.keys(), 'Pod');
    const { makers } = this.#group;
    return makers.anywhere || this.#covers(makers.namespaces, namespace);
  }
  /**
   * Whether a namespace contains a workload and no other pods are expected there: the presence condition of the
   * dangling rules.
   */
  hasWorkload(namespace = this.#namespace): boolean {
    this.#need(namespace, ...podKinds);
    return !this.mayHoldOtherPods(namespace) && this.#covers(this.#group.workloadNamespaces, namespace);
  }
  /**
   * The object in the same namespace that created and controls a resource: the controller among its `ownerReferences`.
   */
  ownerOf(resource: AnyResource): AnyResource | undefined {
    const owner = list(record(resource.object.metadata)?.ownerReferences).find((one) => one.controller === true);
    if (!owner) return undefined;
    const kind = kindName(text(owner.kind) ?? '', groupOf(owner.apiVersion));
    this.#need(resource.namespace, kind);
    const named = this.#group.named(kind, text(owner.name) ?? '');
    const places: readonly Place[] = [resource.namespace, clusterScope];
    const makes = Object.hasOwn(makers, kind) ? makers[kind] : undefined;
    // Anyone can write an owner: one with another UID, or of a kind that creates no such objects, has not created it.
    return places
      .flatMap((place) => this.#group.within(named, place).slice(0, 2))
      .find(
        (one) =>
          one !== resource &&
          (makes === undefined || makes === resource.kindName) &&
          !(resource.live && differs(text(owner.uid), text(record(one.object.metadata)?.uid))),
      );
  }
}

/** What the controllers of Kubernetes create (Kubernetes documentation, Workload Management). */
const makers: Readonly<Record<string, string>> = {
  Deployment: 'ReplicaSet',
  ReplicaSet: 'Pod',
  ReplicationController: 'Pod',
  StatefulSet: 'Pod',
  DaemonSet: 'Pod',
  Job: 'Pod',
  CronJob: 'Job',
};
const differs = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

/** The part of an autoscaler that is needed to read its target, whatever the type of its object. */
type Scaler = Pick<Resource<object>, 'kind' | 'namespace' | 'object'>;

/** What an autoscaler scales, empty if it does not say. The default of a ScaledObject is a Deployment of apps/v1. */
export function scaleTarget({ kind, object }: Pick<Scaler, 'kind' | 'object'>): {
  readonly kind: string;
  readonly name: string;
  readonly apiVersion: unknown;
} {
  const written = digRecord(object, 'spec', 'scaleTargetRef');
  const keda = kind === 'ScaledObject';
  return {
    kind: text(written?.['kind']) ?? (keda ? 'Deployment' : ''),
    name: text(written?.['name']) ?? '',
    apiVersion: written?.['apiVersion'] ?? (keda ? 'apps/v1' : ''),
  };
}

/** One API with two group names. */
const apiOf = (group: string): string => (group === 'extensions' ? 'apps' : group);
/** The group of a target whose apiVersion is not rendered: it may be any group. */
const anyGroup = '*';

/**
 * The API group by which an autoscaler finds its target. An HPA looks for exactly what is written, so that a missing
 * apiVersion names the core group; a ScaledObject uses apps/v1 (KEDA documentation, ScaledObject specification).
 */
function targetGroupOf(scaler: Pick<Scaler, 'kind' | 'object'>): string {
  const { apiVersion } = scaleTarget(scaler);
  return typeof apiVersion === 'string' && /[{$]/.test(apiVersion) ? anyGroup : groupOf(apiVersion);
}

/** Groups whose custom resources create no pods. Every other custom resource may. */
const podlessGroups = [
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'scheduling.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'node.k8s.io',
  'resource.k8s.io',
  'gateway.networking.k8s.io',
  'gateway.k8s.aws',
  'elbv2.k8s.aws',
  'vpcresources.k8s.aws',
  'crd.k8s.amazonaws.com',
  'cert-manager.io',
  'acme.cert-manager.io',
  'external-secrets.io',
  'secrets-store.csi.x-k8s.io',
  'keda.sh',
  'networking.istio.io',
  'security.istio.io',
  'kyverno.io',
  'karpenter.sh',
  'karpenter.k8s.aws',
  'eks.amazonaws.com',
  'application-networking.k8s.aws',
  'snapshot.storage.k8s.io',
  'autoscaling.k8s.io',
  'eksctl.io',
  'kustomize.config.k8s.io',
  'externaldns.k8s.io',
  'bitnami.com',
  'cilium.io',
  'crd.projectcalico.org',
];
const podlessKinds = new Set([
  'ServiceMonitor',
  'PodMonitor',
  'PrometheusRule',
  'Probe',
  'ScrapeConfig',
  'AlertmanagerConfig',
  'AppProject',
  'AnalysisTemplate',
  'ClusterAnalysisTemplate',
  'Rollout',
]);
/** Kinds so common that their groups need not be checked. */
const quietKinds = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Job',
  'CronJob',
  'Ingress',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'Namespace',
  'NetworkPolicy',
  'CustomResourceDefinition',
]);

/** Groups whose objects describe AWS resources, or whole clusters: ACK, Crossplane, Cluster API. */
const describesCloud =
  /\.services\.k8s\.aws$|\.aws(?:\.m)?\.upbound\.io$|\.aws\.crossplane\.io$|(?:^|\.)cluster\.x-k8s\.io$/;

/** Whether an object is a custom resource whose operator may create pods that are not in the input. */
export function makesPods(resource: AnyResource): boolean {
  if (resource.expanded || (resource instanceof Workload && !resource.byShape)) return false;
  if (podlessKinds.has(resource.kindName)) return false;
  return !podlessGroups.includes(resource.group) && !describesCloud.test(resource.group);
}

/** What one input contributes. */
interface Contents {
  readonly resources: readonly AnyResource[];
  readonly clusters: readonly Cluster[];
  /** Parts of clusters that are defined elsewhere. */
  readonly loose?: readonly ClusterPart[];
  readonly aws?: readonly AwsPart[];
  /** Objects that a cluster description creates: visible to everything, never judged themselves. */
  readonly provided?: readonly AnyResource[];
  readonly components?: readonly Component[];
  /** Units and bundles that contain more than what was read, and why. */
  readonly gaps?: ReadonlyMap<string, string>;
  /** By unit: kinds whose objects could not all be read, and why. */
  readonly unread?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By unit: kinds that were not asked for, and why. */
  readonly unlisted?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By unit: why not all namespaces were read. */
  readonly outside?: ReadonlyMap<string, Outside>;
  /** By running cluster: AWS types whose resources could not all be read, and why. */
  readonly unreadParts?: ReadonlyMap<Cluster, ReadonlyMap<AwsKind, string>>;
}

type Neighbor = Resource<never> | AnyResource | Resource<object>;

/** The surroundings of the resources of a place. */
interface Around extends Pick<AnyResource, 'belonging' | 'namespace' | 'live'> {
  readonly around: Neighbours;
}
const isBeside = (known: Around | undefined, { belonging, namespace, live }: Neighbor): known is Around =>
  known !== undefined && known.belonging === belonging && known.namespace === namespace && known.live === live;

/** All resources and clusters of one run, indexed for lookup. */
export class Workspace {
  readonly resources: readonly AnyResource[];
  readonly clusters: readonly Cluster[];
  /** Parts of clusters that are defined elsewhere: they are judged by what they define themselves. */
  readonly loose: readonly ClusterPart[];
  /** AWS resources that do not belong to a single cluster. */
  readonly aws: readonly AwsPart[];
  /** By running cluster: AWS types whose resources could not all be read, and why. */
  readonly unreadParts: ReadonlyMap<Cluster, ReadonlyMap<AwsKind, string>>;
  readonly #units = new Map<string, Group>();
  readonly #bundles = new Map<string, Group>();
  /** Candidates that all lookups have tried so far. */
  readonly tally: Tally = { tried: 0 };
  readonly #shared = new Group(this.tally);
  readonly #byKind = new Map<string, AnyResource[]>();
  readonly #documents = new Map<string, Tree[]>();
  #roles: Map<string, IamRole[]> | undefined;
  /** The schemas of objects of known kinds. */
  readonly schemas: Schemas;
  readonly instanceTypes: InstanceTypes;
  /** Components of charts whose values are known. */
  readonly components: readonly Component[];
  readonly #unparsed: readonly Segment[];
  #definitions: Definitions | undefined;
  #byTree: Map<Tree, AnyResource[]> | undefined;
  /** The results of the last calls of `unit` and `bundle`, because all rules ask about one object before the next. */
  #unit: Around | undefined;
  #bundle: Around | undefined;
  readonly #gaps: ReadonlyMap<string, string>;
  readonly #provided: readonly AnyResource[];
  /** Whether objects or parts of them are unknown, which may have any key. */
  readonly #isPartial: boolean;
  #keys: ReadonlySet<string> | undefined;

  constructor(
    parts: readonly Contents[],
    documents: readonly Tree[] = [],
    more: {
      readonly schemas?: Schemas;
      readonly instanceTypes?: InstanceTypes;
      readonly unparsed?: readonly Segment[];
    } = {},
  ) {
    this.schemas = more.schemas ?? new Schemas(() => undefined);
    this.instanceTypes = more.instanceTypes ?? new InstanceTypes(() => undefined);
    this.#unparsed = more.unparsed ?? [];
    this.resources = parts.flatMap((part) => part.resources);
    this.clusters = parts.flatMap((part) => part.clusters);
    this.loose = parts.flatMap((part) => part.loose ?? []);
    this.aws = parts.flatMap((part) => part.aws ?? []);
    this.components = parts.flatMap((part) => part.components ?? []);
    this.#provided = parts.flatMap((part) => part.provided ?? []);
    this.#isPartial =
      parts.some(({ unread, unlisted, outside }) => [unread, unlisted, outside].some((one) => one?.size)) ||
      [...this.resources, ...this.#provided].some(({ changes }) => changes.length > 0);
    this.unreadParts = new Map(parts.flatMap((part) => [...(part.unreadParts ?? [])]));
    this.#gaps = new Map(parts.flatMap((part) => [...(part.gaps ?? [])]));
    for (const tree of documents) push(this.#documents, tree.source.id, tree);
    for (const part of parts) for (const resource of part.provided ?? []) this.#shared.add(resource);
    for (const resource of this.resources) {
      const { unit, bundle } = resource.belonging;
      push(this.#byKind, resource.kindName, resource);
      this.#group(this.#units, unit).add(resource);
      this.#group(this.#bundles, bundle).add(resource);
      // Those of a running cluster are only visible to that cluster.
      if (!resource.namespaced && !resource.live) this.#shared.add(resource);
    }
    for (const [unit, kinds] of parts.flatMap((part) => [...(part.unread ?? [])]))
      for (const groups of [this.#units, this.#bundles])
        for (const [kind, why] of kinds) this.#group(groups, unit).unread.set(kind, why);
    for (const [unit, kinds] of parts.flatMap((part) => [...(part.unlisted ?? [])]))
      for (const groups of [this.#units, this.#bundles])
        for (const [kind, why] of kinds) this.#group(groups, unit).unlisted.set(kind, why);
    for (const [unit, outside] of parts.flatMap((part) => [...(part.outside ?? [])]))
      for (const groups of [this.#units, this.#bundles]) this.#group(groups, unit).outside = outside;
  }

  #group(groups: Map<string, Group>, id: string): Group {
    let found = groups.get(id);
    if (!found) groups.set(id, (found = new Group(this.tally)));
    return found;
  }
  /** The parsed documents of the file that contains a document, including that document. */
  documentsBeside(tree: Tree): readonly Tree[] {
    return this.#documents.get(tree.source.id) ?? [tree];
  }
  /** The first document of each file. */
  get files(): readonly Tree[] {
    return [...this.#documents.values()].flatMap((trees) => trees.slice(0, 1));
  }
  /** The resources in a document. */
  resourcesIn(tree: Tree): readonly AnyResource[] {
    if (!this.#byTree) {
      this.#byTree = new Map();
      for (const resource of this.resources) push(this.#byTree, resource.tree, resource);
    }
    return this.#byTree.get(tree) ?? [];
  }
  /**
   * IAM roles by their name and account, which files rarely contain. @throws Unread if the role may not have been read.
   */
  rolesNamed(name: string, account: string): readonly IamRole[] {
    if (!this.#roles) {
      this.#roles = new Map();
      for (const part of this.aws)
        if (part.kind === 'iamRole' && part.name.value !== undefined) push(this.#roles, part.name.value, part);
    }
    const found = (this.#roles.get(name) ?? []).filter((one) => one.account === undefined || one.account === account);
    if (found.length === 0) this.#needParts('iamRole');
    return found;
  }
  /** The AWS resources of a kind. @throws Unread if not all were read. */
  parts<K extends AwsPart['kind']>(kind: K): readonly Extract<AwsPart, { readonly kind: K }>[] {
    this.#needParts(kind);
    return this.aws.filter((part): part is Extract<AwsPart, { readonly kind: K }> => part.kind === kind);
  }
  #needParts(kind: AwsKind): void {
    for (const kinds of this.unreadParts.values()) {
      const why = kinds.get(kind);
      if (why !== undefined) throw new Unread(why);
    }
  }
  /** The custom kinds that the input defines. */
  get definitions(): Definitions {
    return (this.#definitions ??= new Definitions(this.all('CustomResourceDefinition'), this.#unparsed));
  }
  /**
   * Whether an object of the run may have one of these keys, at any depth. In a long run this is not checked: it would
   * take longer than running a rule in vain.
   */
  mayHold(keys: readonly string[]): boolean {
    if (this.#isPartial || this.resources.length > mostLookedThrough) return true;
    const held = (this.#keys ??= keysOf([...this.resources, ...this.#provided]));
    return keys.some((key) => held.has(key));
  }
  /** Why not all objects of a kind are known, in any unit. */
  whyUnread(kind: string): string | undefined {
    for (const { unread, unlisted, outside } of this.#units.values()) {
      const why = unread.get(kind) ?? unlisted.get(kind) ?? (isClusterScoped(kind) ? undefined : outside?.('*'));
      if (why !== undefined) return why;
    }
    return undefined;
  }
  /** All objects of a kind, in every unit. @throws Unread if some could not be read. */
  all<K extends string>(kind: K & Named<K>): readonly AnyResource[] {
    const why = this.whyUnread(kind);
    if (why !== undefined) throw new Unread(why);
    return this.#byKind.get(kind) ?? [];
  }
  /** What may be applied together with a resource. A match here silences a finding. */
  unit(resource: Neighbor): Neighbours {
    if (!isBeside(this.#unit, resource)) {
      const { belonging, namespace, live } = resource;
      const { unit, bundle } = belonging;
      const gap = this.#gaps.get(unit) ?? this.#gaps.get(bundle);
      const around = new Neighbours(this.#group(this.#units, unit), { namespace, live, shared: this.#shared, gap });
      this.#unit = { belonging, namespace, live, around };
    }
    return this.#unit.around;
  }
  /** What is certainly applied together with a resource. A match here causes a finding. */
  bundle(resource: Neighbor): Neighbours {
    if (!isBeside(this.#bundle, resource)) {
      const { belonging, namespace, live } = resource;
      const { unit, bundle } = belonging;
      const gap = this.#gaps.get(unit) ?? this.#gaps.get(bundle);
      const around = new Neighbours(this.#group(this.#bundles, bundle), { namespace, live, gap });
      this.#bundle = { belonging, namespace, live, around };
    }
    return this.#bundle.around;
  }
}
