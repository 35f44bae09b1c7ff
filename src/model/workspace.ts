import type { KubernetesObject, V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { Tree } from '#syntax/tree.ts';
import type { Cluster, ClusterPart } from './cluster.ts';
import { digRecord } from './dig.ts';
import { groupOf, kindName } from './kinds.ts';
import { podTemplates } from './pod-templates.ts';
import { type Resource, Workload } from './resource.ts';
import { LabelIndex, type Labels, push, type Selector, SelectorIndex, selectorOf, type Tally } from './selector.ts';
import { isRecord, list, record, text } from './shape.ts';
import { Answer } from './value.ts';

/** Any Kubernetes object, when its kind does not matter. */
export type AnyResource = Resource<KubernetesObject & Record<string, unknown>>;

/** Thrown by look-ups for objects that could not be read: what a rule would say without them is not known. */
export class Unread extends Error {}

/** A look-up for pods needs all kinds that have a pod template. */
const podKinds = [...podTemplates.keys()];

/**
 * The objects that are applied together, indexed; no look-up scans all of them. `lenient` look-ups serve to silence findings: an object
 * whose namespace nobody gives then meets objects of any namespace. Strict ones meet only an equal namespace.
 */
class Group {
  readonly tally: Tally;
  readonly resources: AnyResource[] = [];
  readonly byKind = new Map<string, AnyResource[]>();
  readonly #byName = new Map<string, AnyResource[]>();
  readonly #byPlace = new Map<string, AnyResource[]>();
  readonly #workloads = new Map<string, Workload[]>();
  #makers: { readonly anywhere: boolean; readonly namespaces: ReadonlySet<string> } | undefined;
  #pods: LabelIndex<Workload> | undefined;
  #budgets: SelectorIndex<Resource<V1PodDisruptionBudget>> | undefined;
  #policies: SelectorIndex<AnyResource> | undefined;
  #services: SelectorIndex<AnyResource> | undefined;
  #scalers: Map<string, AnyResource[]> | undefined;
  #rollouts: Map<string, Workload[]> | undefined;
  /** Kinds of which not all objects could be read, and why. */
  readonly unread = new Map<string, string>();
  /** What rules found out about all of them. */
  readonly found = new Map<(unit: Neighbours) => unknown, unknown>();

  constructor(tally: Tally) {
    this.tally = tally;
  }

  add(resource: AnyResource): void {
    this.resources.push(resource);
    push(this.byKind, resource.kindName, resource);
    for (const name of resource.names) push(this.#byName, `${resource.kindName}/${name}`, resource);
    push(this.#byPlace, `${resource.kindName}/${resource.namespace}`, resource);
    if (resource instanceof Workload) push(this.#workloads, resource.namespace, resource);
  }
  named(kind: string, name: string): readonly AnyResource[] {
    return this.#byName.get(`${kind}/${name}`) ?? [];
  }
  /** Objects of a kind whose namespace is this one; '' for those without one. */
  placed(kind: string, namespace: string): readonly AnyResource[] {
    return this.#byPlace.get(`${kind}/${namespace}`) ?? [];
  }
  workloads(namespace: string | undefined): readonly Workload[] {
    this.tally.tried += namespace === undefined ? this.resources.length : 1;
    return namespace === undefined ? [...this.#workloads.values()].flat() : (this.#workloads.get(namespace) ?? []);
  }
  get workloadNamespaces(): ReadonlyMap<string, unknown> {
    return this.#workloads;
  }
  /** Where custom resources stand whose controllers make pods. */
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
  get pods(): LabelIndex<Workload> {
    if (!this.#pods) {
      this.#pods = new LabelIndex(this.tally);
      for (const list of this.#workloads.values())
        for (const workload of list) this.#pods.add(workload, workload.podLabels);
    }
    return this.#pods;
  }
  #selectors<T extends AnyResource>(
    kind: string,
    read: (spec: Record<string, unknown>) => Selector | undefined,
  ): SelectorIndex<T> {
    const index = new SelectorIndex<T>(this.tally);
    for (const resource of this.byKind.get(kind) ?? []) {
      const selector = read(record(resource.object['spec'] as Record<string, unknown>) ?? {});
      if (selector) index.add(resource as T, selector);
    }
    return index;
  }
  get budgets(): SelectorIndex<Resource<V1PodDisruptionBudget>> {
    this.#budgets ??= this.#selectors('PodDisruptionBudget', (spec) =>
      isRecord(spec['selector']) ? selectorOf(spec['selector']) : undefined,
    ) as unknown as SelectorIndex<Resource<V1PodDisruptionBudget>>;
    return this.#budgets;
  }
  get policies(): SelectorIndex<AnyResource> {
    this.#policies ??= this.#selectors('NetworkPolicy', (spec) =>
      selectorOf(isRecord(spec['podSelector']) ? spec['podSelector'] : undefined),
    );
    return this.#policies;
  }
  get services(): SelectorIndex<AnyResource> {
    this.#services ??= this.#selectors('Service', (spec) =>
      isRecord(spec['selector']) && Object.keys(spec['selector']).length > 0
        ? selectorOf(spec['selector'] as Record<string, string>, 'map')
        : undefined,
    );
    return this.#services;
  }
  /** HorizontalPodAutoscalers and KEDA ScaledObjects by `Kind/name` of what they scale. */
  get scalers(): Map<string, AnyResource[]> {
    if (!this.#scalers) {
      this.#scalers = new Map();
      for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject'])
        for (const scaler of this.byKind.get(kind) ?? []) {
          const target = record(
            record(scaler.object['spec'] as Record<string, unknown>)?.['scaleTargetRef'] as Record<string, unknown>,
          );
          const name = text(target?.['name']);
          const targetKind = text(target?.['kind']) ?? (kind === 'ScaledObject' ? 'Deployment' : undefined);
          if (name !== undefined && targetKind !== undefined) push(this.#scalers, `${targetKind}/${name}`, scaler);
        }
    }
    return this.#scalers;
  }
  /** Argo Rollouts by `Kind/name` of the workload whose template they run. */
  get rollouts(): Map<string, Workload[]> {
    if (!this.#rollouts) {
      this.#rollouts = new Map();
      for (const rollout of this.byKind.get('Rollout') ?? []) {
        const target = digRecord(rollout.object, 'spec', 'workloadRef');
        if (target && rollout instanceof Workload)
          push(this.#rollouts, `${text(target['kind']) ?? ''}/${text(target['name']) ?? ''}`, rollout);
      }
    }
    return this.#rollouts;
  }
}

/** What surrounds one resource: its unit (matches that silence a finding) or its bundle (matches that make one). */
export class Neighbours {
  readonly #group: Group;
  /** Cluster-scoped objects of all units, and what cluster descriptions make: there for everybody. Only matches that silence ask them. */
  readonly #shared: Group | undefined;
  readonly #namespace: string;
  readonly #lenient: boolean;
  /** True if all neighbors are known: a running cluster. */
  readonly live: boolean;
  /** Whether nothing else is applied with them: unknown where a part was not read. For `when` of findings on what is missing. */
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

  /** @throws Unread where one of these kinds could not be read. */
  #need(...kinds: readonly string[]): void {
    const { unread } = this.#group;
    if (unread.size === 0) return;
    for (const kind of kinds) {
      const why = unread.get(kind);
      if (why !== undefined) throw new Unread(why);
    }
  }

  #meets(candidate: { readonly namespace: string; readonly namespaced: boolean }, namespace: string): boolean {
    if (!candidate.namespaced || namespace === '*') return true;
    return candidate.namespace === namespace || (this.#lenient && (candidate.namespace === '' || namespace === ''));
  }
  #gather<T extends { readonly namespace: string; readonly namespaced: boolean }>(
    pick: (group: Group) => readonly T[],
    namespace: string,
  ): T[] {
    const candidates = pick(this.#group);
    const shared = this.#shared && pick(this.#shared);
    this.#group.tally.tried += candidates.length + (shared?.length ?? 0);
    const own = candidates.filter((item) => this.#meets(item, namespace));
    if (!shared || shared.length === 0) return own;
    return [...new Set([...own, ...shared.filter((item) => this.#meets(item, namespace))])];
  }

  /**
   * Objects of this kind and name in a namespace (that of the resource unless given; `'*'` for all namespaces). Here and in all look-ups,
   * a bare name is that of a known kind in its groups (model/kinds.ts), or of a custom kind in any group.
   */
  find(kind: string, name: string, namespace = this.#namespace): readonly AnyResource[] {
    this.#need(kind);
    return this.#gather((group) => group.named(kind, name), namespace);
  }
  /** Objects of a kind in a namespace; `'*'` for all namespaces. */
  all(kind: string, namespace: string = this.#namespace): readonly AnyResource[] {
    this.#need(kind);
    if (namespace === '*') {
      const all = [this.#group, ...(this.#shared ? [this.#shared] : [])].flatMap(
        (group) => group.byKind.get(kind) ?? [],
      );
      this.#group.tally.tried += all.length;
      return [...new Set(all)];
    }
    // Without a namespace, a lenient look-up meets all of them.
    if (this.#lenient && namespace === '') return this.#gather((group) => group.byKind.get(kind) ?? [], namespace);
    return this.#gather((group) => [...group.placed(kind, namespace), ...group.placed(kind, '')], namespace);
  }
  /** What `find` says of these neighbours, asked once for all subjects among them: it must not depend on a subject. */
  once<T>(find: (unit: Neighbours) => T): T {
    const { found } = this.#group;
    if (!found.has(find)) found.set(find, find(this));
    return found.get(find) as T;
  }
  /** Kinds that are present, in any namespace. */
  kinds(): ReadonlySet<string> {
    this.#need(...this.#group.unread.keys());
    return new Set(this.#group.byKind.keys());
  }
  /** Workloads whose pods a selector matches; `'*'` for all namespaces. */
  selected(selector: Selector, namespace = this.#namespace): readonly Workload[] {
    this.#need(...podKinds);
    return this.#gather((group) => group.pods.select(selector), namespace);
  }
  workloads(namespace = this.#namespace): readonly Workload[] {
    this.#need(...podKinds);
    if (!this.#lenient) return this.#group.workloads(namespace);
    return namespace === ''
      ? this.#group.workloads(undefined)
      : [...this.#group.workloads(namespace), ...this.#group.workloads('')];
  }
  /** PodDisruptionBudgets that select pods with these labels. */
  budgetsFor(labels: Labels, namespace = this.#namespace): readonly Resource<V1PodDisruptionBudget>[] {
    this.#need('PodDisruptionBudget');
    return this.#gather((group) => group.budgets.matching(labels), namespace);
  }
  /** NetworkPolicies that select pods with these labels. */
  policiesFor(labels: Labels, namespace = this.#namespace): readonly AnyResource[] {
    this.#need('NetworkPolicy');
    return this.#gather((group) => group.policies.matching(labels), namespace);
  }
  /** Services that select pods with these labels. */
  servicesFor(labels: Labels, namespace = this.#namespace): readonly AnyResource[] {
    this.#need('Service');
    return this.#gather((group) => group.services.matching(labels), namespace);
  }
  /** HorizontalPodAutoscalers and ScaledObjects that scale this workload. */
  scalersOf(workload: Resource): readonly AnyResource[] {
    this.#need('HorizontalPodAutoscaler', 'ScaledObject');
    return this.#gather(
      (group) =>
        workload.names.flatMap((name) =>
          (group.scalers.get(`${workload.kindName}/${name}`) ?? []).filter((scaler) => namesGroupOf(scaler, workload)),
        ),
      workload.namespace,
    );
  }
  /** The Argo Rollout that runs the pods of this workload in its place. */
  rolloutOf(workload: Resource): Workload | undefined {
    this.#need('Rollout');
    return this.#gather(
      (group) => workload.names.flatMap((name) => group.rollouts.get(`${workload.kindName}/${name}`) ?? []),
      workload.namespace,
    )[0];
  }
  #covers(namespaces: ReadonlySet<string> | ReadonlyMap<string, unknown>, namespace: string): boolean {
    return (
      namespaces.has(namespace) || (this.#lenient && (namespaces.has('') || (namespace === '' && namespaces.size > 0)))
    );
  }
  /** Whether a namespace may hold pods that are not in the input: of custom resources, charts and releases that are not rendered. */
  mayHoldOtherPods(namespace = this.#namespace): boolean {
    this.#need(...this.#group.unread.keys());
    const { makers } = this.#group;
    return makers.anywhere || this.#covers(makers.namespaces, namespace);
  }
  /** Whether a namespace holds a workload and no other pods are to be expected there: the presence condition of the dangling rules. */
  hasWorkload(namespace = this.#namespace): boolean {
    this.#need(...podKinds);
    return !this.mayHoldOtherPods(namespace) && this.#covers(this.#group.workloadNamespaces, namespace);
  }
  /** The object of the same namespace that made a resource and looks after it: the controller among its `ownerReferences`. */
  ownerOf(resource: AnyResource): AnyResource | undefined {
    const owner = list(record(resource.object.metadata)?.ownerReferences).find((one) => one.controller === true);
    if (!owner) return undefined;
    const kind = kindName(text(owner.kind) ?? '', groupOf(owner.apiVersion));
    this.#need(kind);
    return this.#group
      .named(kind, text(owner.name) ?? '')
      .find((one) => one !== resource && (!one.namespaced || one.namespace === resource.namespace));
  }
}

/**
 * Whether an autoscaler finds a workload by the API group of its target. An HPA looks for exactly what is written, so that a missing
 * apiVersion names the core group; a ScaledObject takes apps/v1 (KEDA documentation, ScaledObject specification).
 */
function namesGroupOf(scaler: AnyResource, workload: { readonly group: string }): boolean {
  const written = digRecord(scaler.object, 'spec', 'scaleTargetRef')?.['apiVersion'];
  const apiVersion = written ?? (scaler.kind === 'ScaledObject' ? 'apps/v1' : '');
  const own = workload.group === 'extensions' ? 'apps' : workload.group; // one API under two names
  return groupOf(apiVersion) === own || (typeof apiVersion === 'string' && /[{$]/.test(apiVersion));
}

/** Groups whose custom resources make no pods. Every other custom resource may. */
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
/** Kinds so common that their groups need no look. */
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

/** Whether an object is a custom resource whose operator may create pods that nobody here has seen. */
export function makesPods(resource: AnyResource): boolean {
  if ((resource instanceof Workload && !resource.byShape) || podlessKinds.has(resource.kindName)) return false;
  return !podlessGroups.includes(resource.group) && !resource.group.endsWith('.services.k8s.aws');
}

/** What one input contributes. */
interface Contents {
  readonly resources: readonly AnyResource[];
  readonly clusters: readonly Cluster[];
  /** Parts of clusters that are described elsewhere. */
  readonly loose?: readonly ClusterPart[];
  /** Objects that a cluster description makes: there for everybody, never judged themselves. */
  readonly provided?: readonly AnyResource[];
  /** Units and bundles that hold more than what was read, and why. */
  readonly gaps?: ReadonlyMap<string, string>;
  /** By unit: kinds of which not all objects could be read, and why. */
  readonly unread?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** All resources and clusters of one run, indexed for look-up. */
export class Workspace {
  readonly resources: readonly AnyResource[];
  readonly clusters: readonly Cluster[];
  /** Parts of clusters that are described elsewhere: they are judged for what they say themselves. */
  readonly loose: readonly ClusterPart[];
  readonly #units = new Map<string, Group>();
  readonly #bundles = new Map<string, Group>();
  /** Candidates that all look-ups tried so far. */
  readonly tally: Tally = { tried: 0 };
  readonly #shared = new Group(this.tally);
  readonly #byKind = new Map<string, AnyResource[]>();
  readonly #documents = new Map<string, Tree[]>();
  #byTree: Map<Tree, AnyResource[]> | undefined;
  readonly #gaps: ReadonlyMap<string, string>;

  constructor(parts: readonly Contents[], documents: readonly Tree[] = []) {
    this.resources = parts.flatMap((part) => part.resources);
    this.clusters = parts.flatMap((part) => part.clusters);
    this.loose = parts.flatMap((part) => part.loose ?? []);
    this.#gaps = new Map(parts.flatMap((part) => [...(part.gaps ?? [])]));
    for (const tree of documents) push(this.#documents, tree.source.id, tree);
    for (const part of parts) for (const resource of part.provided ?? []) this.#shared.add(resource);
    for (const resource of this.resources) {
      const { unit, bundle } = resource.belonging;
      push(this.#byKind, resource.kindName, resource);
      this.#group(this.#units, unit).add(resource);
      this.#group(this.#bundles, bundle).add(resource);
      if (!resource.namespaced) this.#shared.add(resource);
    }
    for (const [unit, kinds] of parts.flatMap((part) => [...(part.unread ?? [])]))
      for (const groups of [this.#units, this.#bundles])
        for (const [kind, why] of kinds) this.#group(groups, unit).unread.set(kind, why);
  }

  #group(groups: Map<string, Group>, id: string): Group {
    let found = groups.get(id);
    if (!found) groups.set(id, (found = new Group(this.tally)));
    return found;
  }
  /** The parsed documents of the file that a document lies in, itself included. */
  documentsBeside(tree: Tree): readonly Tree[] {
    return this.#documents.get(tree.source.id) ?? [tree];
  }
  /** The first document of each file. */
  get files(): readonly Tree[] {
    return [...this.#documents.values()].flatMap((trees) => trees.slice(0, 1));
  }
  /** The resources that a document holds. */
  resourcesIn(tree: Tree): readonly AnyResource[] {
    if (!this.#byTree) {
      this.#byTree = new Map();
      for (const resource of this.resources) push(this.#byTree, resource.tree, resource);
    }
    return this.#byTree.get(tree) ?? [];
  }
  /** All objects of a kind, in every unit. */
  all(kind: string): readonly AnyResource[] {
    for (const { unread } of this.#units.values()) {
      const why = unread.get(kind);
      if (why !== undefined) throw new Unread(why);
    }
    return this.#byKind.get(kind) ?? [];
  }
  /** What may be applied together with a resource. A match here silences a finding. */
  unit({ belonging: { unit, bundle }, namespace, live }: Resource<never> | AnyResource | Resource<object>): Neighbours {
    return new Neighbours(this.#group(this.#units, unit), {
      namespace,
      live,
      shared: this.#shared,
      gap: this.#gaps.get(unit) ?? this.#gaps.get(bundle),
    });
  }
  /** What is certainly applied together with a resource. A match here makes a finding. */
  bundle({
    belonging: { unit, bundle },
    namespace,
    live,
  }: Resource<never> | AnyResource | Resource<object>): Neighbours {
    return new Neighbours(this.#group(this.#bundles, bundle), {
      namespace,
      live,
      gap: this.#gaps.get(unit) ?? this.#gaps.get(bundle),
    });
  }
}
