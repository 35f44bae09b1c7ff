import type {
  KubernetesObject,
  V1Capabilities,
  V1Container,
  V1PodSpec,
  V1PodTemplateSpec,
  V1SecurityContext,
} from '@kubernetes/client-node';
import { locate, type Location, type Tree } from '#syntax/tree.ts';
import type { SubjectName } from './finding.ts';
import { mayChange } from './hidden.ts';
import { groupOf, isNamespaced, kindName, type KnownKind, knownKind } from './kinds.ts';
import { type Labels, labelsOf } from './selector.ts';
import { isRecord, list, record, text } from './shape.ts';

/** Where a resource belongs. Lookups that silence a finding use the unit, those that cause one use the bundle. */
export interface Belonging {
  /**
   * What may be applied together with it: a kustomization root with everything it includes, a directory tree without
   * roots, a cluster.
   */
  readonly unit: string;
  /** What is certainly applied together with it. */
  readonly bundle: string;
}

const ofFolder = 'kustomization:';
/** The unit of everything that the kustomization of a folder includes. */
export const unitOfFolder = (folder: string): string => ofFolder + folder;
/** The folder of the kustomization that a unit stands for; undefined for other units. */
export const folderOfUnit = (unit: string | undefined): string | undefined =>
  unit?.startsWith(ofFolder) === true ? unit.slice(ofFolder.length) : undefined;
/** The unit of what an object in a folder makes Flux or Argo CD apply with changes, by the number of the object. */
export const unitOfDeployment = (folder: string, index: number): string => `deployment:${index}:${folder}`;
/** The folder that decides where a unit is applied: of its kustomization, or of the object that applies it. */
export const homeOfUnit = (unit: string | undefined): string | undefined =>
  folderOfUnit(unit) ?? (unit === undefined ? undefined : /^deployment:\d+:(.*)$/s.exec(unit)?.[1]);

/**
 * One of several ways in which an object of the files is applied: each overlay of one base creates its own resource of
 * the object.
 */
export interface Variant {
  /** The file that applies it this way, as shown to users. */
  readonly by: string;
  /** How many ways there are. */
  readonly of: number;
  /** It is a values file, with which something is applied. */
  readonly with?: boolean;
  /** The namespace if it is the same in all ways, otherwise ''. */
  readonly namespace: string;
}

/** What a resource is built from. */
export interface ResourceFields<T = KubernetesObject & Record<string, unknown>> {
  readonly object: T;
  readonly tree: Tree;
  readonly belonging: Belonging;
  /** Whether it lives in a namespace, if that is known better than by its kind. */
  readonly namespaced?: boolean | undefined;
  /** The object as it is written, if `object` is generated from it. */
  readonly written?: object | undefined;
  /** Another name by which others may refer to it. */
  readonly alias?: string | undefined;
  readonly changes?: readonly Change[] | undefined;
  readonly variant?: Variant | undefined;
  readonly live?: boolean;
  readonly moving?: string | undefined;
  readonly embedded?: boolean;
  readonly typed?: boolean;
  readonly expanded?: boolean;
}

/** One Kubernetes object (or any other document with `apiVersion` and `kind`). */
export class Resource<T = KubernetesObject & Record<string, unknown>> {
  readonly kind: string;
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The name of its kind for rules, if it is a kind that they may name: group and kind. */
  readonly known: KnownKind | undefined;
  /** The name of its kind in lookups. */
  readonly kindName: string;
  readonly name: string;
  /** Empty for cluster-scoped objects, and if neither the object nor what applies it sets one. */
  readonly namespace: string;
  readonly namespaced: boolean;
  readonly object: T;
  readonly tree: Tree;
  readonly belonging: Belonging;
  /** The object as it is written; `object` is the result of kustomizations. */
  readonly written: object;
  /**
   * Parts that something else changes before they are applied, with an unknown result: findings there are undetermined.
   */
  readonly changes: readonly Change[];
  /** The names by which others may refer to it: its own, and the one with a kustomization's prefixes. */
  readonly names: readonly string[];
  readonly variant: Variant | undefined;
  /** True for objects of a running cluster: the other objects of the cluster are fully known. */
  readonly live: boolean;
  /** Why its counterparts may be missing in the input: the cluster changed while it was read. */
  readonly moving: string | undefined;
  /**
   * Written inside a file of another format, with its names: findings may be located in any file, and edits of the
   * object do not fit there.
   */
  readonly embedded: boolean;
  /**
   * Written in fields of a format that validates their names and types itself, and converts numbers to strings if
   * Kubernetes expects them.
   */
  readonly typed: boolean;
  /** The objects that its controller creates for it are in the input too: a graph of kro, or an instance of one. */
  readonly expanded: boolean;
  #at: Location | undefined;
  #labels: Labels | undefined;
  #annotations: Labels | undefined;

  constructor(fields: ResourceFields<T>) {
    const object = fields.object as Record<string, unknown>;
    const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
    this.kind = text(object['kind']) ?? '';
    this.apiVersion = text(object['apiVersion']) ?? '';
    this.group = groupOf(this.apiVersion);
    this.version = this.apiVersion.slice(this.apiVersion.lastIndexOf('/') + 1);
    this.known = knownKind(this.kind, this.group);
    this.kindName = kindName(this.kind, this.group);
    this.namespaced = fields.namespaced ?? isNamespaced(this.kind, this.group);
    this.name = text(metadata['name']) ?? text(metadata['generateName']) ?? '';
    this.namespace = this.namespaced ? (text(metadata['namespace']) ?? '') : '';
    this.object = fields.object;
    this.tree = fields.tree;
    this.belonging = fields.belonging;
    this.written = fields.written ?? object;
    this.changes = fields.changes ?? [];
    this.names = fields.alias === undefined ? [this.name] : [this.name, fields.alias];
    this.variant = fields.variant;
    this.live = fields.live ?? false;
    this.moving = fields.moving;
    this.embedded = fields.embedded ?? false;
    this.typed = fields.typed ?? false;
    this.expanded = fields.expanded ?? false;
  }

  /** The location of the object. */
  get at(): Location {
    return (this.#at ??= this.place(this.object as object));
  }
  /**
   * The location of `on[key]`, where `on` is a map or list of this object. For an absent key, the location of the map
   * that lacks it.
   */
  place(on: object, key?: string | number): Location {
    return locate(this.tree, on, key);
  }
  get subject(): SubjectName {
    return {
      kind: this.kind,
      apiVersion: this.apiVersion,
      namespace: this.variant?.namespace ?? this.namespace,
      name: this.name,
    };
  }
  get labels(): Labels {
    return (this.#labels ??= labelsOf(record((this.object as KubernetesObject).metadata)?.labels));
  }
  get annotations(): Labels {
    return (this.#annotations ??= labelsOf(record((this.object as KubernetesObject).metadata)?.annotations));
  }
  /** `Deployment "web"`, for messages. */
  get title(): string {
    return this.name === '' ? `${this.kind} without a name` : `${this.kind} "${this.name}"`;
  }
}

/**
 * A part of an object that something else sets, and what sets it. Steps are keys; list items are named by their `name`,
 * otherwise by index; `-` is any item.
 */
export interface Change {
  readonly path: readonly string[];
  readonly by: string;
  /** A written value counts as certain; only an absent one is in doubt. */
  readonly absent?: true;
  /** Why the value is unknown, as a sentence, if nothing in these files changes the object. */
  readonly why?: string;
}

/** What a change leaves undetermined. */
export const doubtOf = ({ path, by, why }: Change): string =>
  why ??
  (path.length === 0 ? mayChange(by) : `${by} changes ${path.map((step) => (step === '-' ? '*' : step)).join('.')}`);

/** How a container runs: `sidecar` is an init container with restartPolicy Always. */
export type Role = 'container' | 'sidecar' | 'init' | 'ephemeral';

/** A setting that applies to a container, and its location; `key` is absent from `on` if it is not set. */
export interface Effective<T> {
  readonly value: T | undefined;
  readonly on: object;
  readonly key: string;
}

/**
 * Settings that a container inherits from its pod unless it sets its own (Kubernetes API reference, SecurityContext).
 */
type Inherited =
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'runAsGroup'
  | 'seccompProfile'
  | 'appArmorProfile'
  | 'seLinuxOptions'
  | 'windowsOptions';

/** One container of a pod with the settings that it inherits. */
export class PodContainer {
  readonly object: V1Container;
  readonly role: Role;
  readonly pod: V1PodSpec;

  constructor(object: V1Container, role: Role, pod: V1PodSpec) {
    this.object = object;
    this.role = role;
    this.pod = pod;
  }

  get name(): string {
    // Some custom resources let their operator set the name (Knative, Argo Workflows).
    return text(this.object.name) || (this.image ?? '');
  }
  get image(): string | undefined {
    return text(this.object.image);
  }
  /** Runs as long as its pod: ordinary containers and sidecars. */
  get longRunning(): boolean {
    return this.role === 'container' || this.role === 'sidecar';
  }
  /** The container's own securityContext. */
  get security(): V1SecurityContext | undefined {
    return record(this.object.securityContext);
  }
  get capabilities(): V1Capabilities | undefined {
    return record(this.security?.capabilities);
  }
  /** Privileged overrides capabilities, seccomp, AppArmor, SELinux, procMount and allowPrivilegeEscalation. */
  get privileged(): boolean {
    return this.security?.privileged === true;
  }
  /**
   * The container-level value, otherwise the pod-level value; the location is that of the value, otherwise the
   * container's securityContext, otherwise the container.
   */
  effective<K extends Inherited>(key: K): Effective<NonNullable<V1SecurityContext[K]>> {
    const own = this.security;
    if (own?.[key] !== undefined && own[key] !== null)
      return { value: own[key] as NonNullable<V1SecurityContext[K]>, on: own, key };
    const shared = record(this.pod.securityContext);
    if (shared?.[key] !== undefined && shared[key] !== null)
      return { value: shared[key] as NonNullable<V1SecurityContext[K]>, on: shared, key };
    return own ? { value: undefined, on: own, key } : { value: undefined, on: this.object, key: 'securityContext' };
  }
}

/** An image that a pod pulls, and the locations of its reference and its pull policy. */
export interface PodImage {
  /** The name in messages of what pulls it: `Container "web"`, `Volume "model"`. */
  readonly puller: string;
  readonly image: string | undefined;
  readonly on: object;
  readonly key: 'image' | 'reference';
  readonly policyKey: 'imagePullPolicy' | 'pullPolicy';
}

/** Any object with a pod template: Pod, Deployment, Job, CronJob, Argo Rollout, ... */
export class Workload extends Resource<KubernetesObject & Record<string, unknown>> {
  /** The pod spec; empty if the object has none. */
  readonly pod: V1PodSpec;
  /** What contains the pod's metadata and spec: the template, or the object itself for a Pod. */
  readonly template: V1PodTemplateSpec;
  /**
   * A custom resource whose template was found by its shape: its operator may add to the pods, and may create others.
   */
  readonly byShape: boolean;
  #containers: readonly PodContainer[] | undefined;
  #podLabels: Labels | undefined;
  #windows: boolean | undefined;

  constructor(fields: ResourceFields, template: V1PodTemplateSpec, byShape = false) {
    super(fields);
    this.template = template;
    this.byShape = byShape;
    this.pod = record(this.template.spec) ?? ({} as V1PodSpec);
  }

  get podLabels(): Labels {
    return (this.#podLabels ??= labelsOf(record(this.template.metadata)?.labels));
  }
  get podAnnotations(): Labels {
    return labelsOf(record(this.template.metadata)?.annotations);
  }
  /** All containers in the order the kubelet starts them, ephemeral ones last. */
  get containers(): readonly PodContainer[] {
    this.#containers ??= [
      ...list(this.pod.initContainers).map(
        (one) => new PodContainer(one, one.restartPolicy === 'Always' ? 'sidecar' : 'init', this.pod),
      ),
      ...list(this.pod.containers).map((one) => new PodContainer(one, 'container', this.pod)),
      ...list(this.pod.ephemeralContainers).map((one) => new PodContainer(one as V1Container, 'ephemeral', this.pod)),
    ];
    return this.#containers;
  }
  /** The images of all containers, and of image volumes (Kubernetes documentation, Volumes, image). */
  get images(): readonly PodImage[] {
    return [
      ...this.containers.map(({ name, image, object }): PodImage => ({
        puller: `Container "${name}"`,
        image,
        on: object,
        key: 'image',
        policyKey: 'imagePullPolicy',
      })),
      ...list(this.pod.volumes).flatMap((volume): PodImage[] => {
        const on = record(volume.image);
        return on
          ? [
              {
                puller: `Volume "${text(volume.name) ?? ''}"`,
                image: text(on.reference),
                on,
                key: 'reference',
                policyKey: 'pullPolicy',
              },
            ]
          : [];
      }),
    ];
  }
  /** Ordinary containers and sidecars. */
  get longRunning(): readonly PodContainer[] {
    return this.containers.filter((one) => one.longRunning);
  }
  get serviceAccount(): string {
    return text(this.pod.serviceAccountName) ?? text(this.pod.serviceAccount) ?? 'default';
  }
  /** Whether the pods run on Windows nodes only: by their OS, their node selector, or a required node affinity. */
  get windows(): boolean {
    return (this.#windows ??= this.#runsOnWindows());
  }
  #runsOnWindows(): boolean {
    const os = text(record(this.pod.os)?.name);
    if (os !== undefined) return os === 'windows';
    const selected = labelsOf(this.pod.nodeSelector);
    return osLabels.some((label) => selected[label] === 'windows') || requiresWindows(this.pod);
  }
  /** spec.replicas, otherwise 1; Pods, Jobs and DaemonSets have none. */
  get replicas(): number | undefined {
    if (!scalable.has(this.kind)) return undefined;
    const replicas = isRecord(this.object['spec']) ? this.object['spec']['replicas'] : undefined;
    return typeof replicas === 'number' ? replicas : 1;
  }
}

const osLabels = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/** Whether each alternative of the required node affinity requires a Windows node. */
function requiresWindows(pod: V1PodSpec): boolean {
  const required = record(record(record(pod.affinity)?.nodeAffinity)?.requiredDuringSchedulingIgnoredDuringExecution);
  const terms = list(required?.nodeSelectorTerms);
  return (
    terms.length > 0 &&
    terms.every((term) =>
      list(term.matchExpressions).some(
        ({ key, operator, values }) =>
          osLabels.includes(key) && operator === 'In' && Array.isArray(values) && values.join() === 'windows',
      ),
    )
  );
}

const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout']);
