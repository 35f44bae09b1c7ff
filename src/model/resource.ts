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
import { groupOf, kindName, type KnownKind, knownKind } from './kinds.ts';
import { type Labels, labelsOf } from './selector.ts';
import { isRecord, list, record, text } from './shape.ts';

/** Where a resource belongs. Look-ups that silence a finding ask the unit, those that make one ask the bundle. */
export interface Belonging {
  /** What may be applied together with it: a kustomization root with all it includes, a directory tree without roots, a cluster. */
  readonly unit: string;
  /** What is certainly applied together with it. */
  readonly bundle: string;
}

const ofFolder = 'kustomization:';
/** The unit of all that the kustomization of a folder includes. */
export const unitOfFolder = (folder: string): string => ofFolder + folder;
/** The folder of the kustomization that a unit stands for; undefined for other units. */
export const folderOfUnit = (unit: string | undefined): string | undefined =>
  unit?.startsWith(ofFolder) === true ? unit.slice(ofFolder.length) : undefined;

/** One of several ways in which an object of the files is applied: overlays of one base make as many resources of each object. */
export interface Variant {
  /** The file that applies it this way, as users read its name. */
  readonly by: string;
  /** How many ways there are. */
  readonly of: number;
  /** It is a file of values, with which something is applied. */
  readonly with?: boolean;
  /** The namespace where all ways agree on it, else ''. */
  readonly namespace: string;
}

/** What a resource is made of. */
export interface ResourceFields<T = KubernetesObject & Record<string, unknown>> {
  readonly object: T;
  readonly tree: Tree;
  readonly belonging: Belonging;
  readonly namespaced: boolean;
  /** The object as it is written, where `object` is what something makes of it. */
  readonly written?: object | undefined;
  /** Another name that others may call it by. */
  readonly alias?: string | undefined;
  readonly changes?: readonly Change[] | undefined;
  readonly variant?: Variant | undefined;
  readonly live?: boolean;
  readonly moving?: string | undefined;
  readonly embedded?: boolean;
  readonly typed?: boolean;
}

/** One Kubernetes object (or any other document with `apiVersion` and `kind`). */
export class Resource<T = KubernetesObject & Record<string, unknown>> {
  readonly kind: string;
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** What rules ask for, where it is a kind that they may name: group and kind. */
  readonly known: KnownKind | undefined;
  /** What look-ups call its kind. */
  readonly kindName: string;
  readonly name: string;
  /** Empty for cluster-scoped objects, and where neither the object nor what applies it names one. */
  readonly namespace: string;
  readonly namespaced: boolean;
  readonly object: T;
  readonly tree: Tree;
  readonly belonging: Belonging;
  /** The object as it is written; `object` is what kustomizations make of it. */
  readonly written: object;
  /** Parts that something else changes before they are applied, nobody can tell how: findings there are undetermined. */
  readonly changes: readonly Change[];
  /** The names that others may call it by: its own, and what a kustomization's prefixes make of it. */
  readonly names: readonly string[];
  readonly variant: Variant | undefined;
  /** True for objects of a running cluster: its other objects are known in full. */
  readonly live: boolean;
  /** Why others that it goes with may be missing in the input: it changed while the cluster was read. */
  readonly moving: string | undefined;
  /** Written inside a file of another format, in its words: findings may stand in any file, and no edit of the object fits there. */
  readonly embedded: boolean;
  /** Written in fields of a format that checks their names and types itself, and turns numbers into texts where Kubernetes wants them. */
  readonly typed: boolean;
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
    this.namespaced = fields.namespaced;
    this.name = text(metadata['name']) ?? text(metadata['generateName']) ?? '';
    this.namespace = fields.namespaced ? (text(metadata['namespace']) ?? '') : '';
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
  }

  /** The place of the object. */
  get at(): Location {
    return (this.#at ??= this.place(this.object as object));
  }
  /** The place of `on[key]`, where `on` is a map or list of this object. An absent key gives the place of what lacks it. */
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

/** A part of an object that something else sets, and who does. Steps are keys; list items are named by their `name`, else by index. */
export interface Change {
  readonly path: readonly string[];
  readonly by: string;
  /** What is written there stands until somebody knows better; only what is absent is in doubt. */
  readonly absent?: true;
  /** Why nobody can tell, as a sentence, where nothing of ours is applied over the object. */
  readonly why?: string;
}

/** What a change leaves open. */
export const doubtOf = ({ path, by, why }: Change): string =>
  why ?? `${by} ${path.length === 0 ? 'may change the object' : `changes ${path.join('.')}`}`;

/** How a container runs: `sidecar` is an init container with restartPolicy Always. */
export type Role = 'container' | 'sidecar' | 'init' | 'ephemeral';

/** A setting that counts for a container, and where it stands; `key` is absent from `on` where nobody wrote it. */
export interface Effective<T> {
  readonly value: T | undefined;
  readonly on: object;
  readonly key: string;
}

/** Settings that a container takes from its pod unless it has its own (Kubernetes API reference, SecurityContext). */
type Inherited =
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'runAsGroup'
  | 'seccompProfile'
  | 'appArmorProfile'
  | 'seLinuxOptions'
  | 'windowsOptions';

/** One container of a pod with what its pod adds to it. */
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
    // Some custom resources leave the name to their operator (Knative, Argo Workflows).
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
  /** Container-level value, else pod-level value; the place is that of the value, else the container's securityContext, else the container. */
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

/** An image that a pod pulls, and where its reference and its pull policy stand. */
export interface PodImage {
  /** What messages call what pulls it: `Container "web"`, `Volume "model"`. */
  readonly puller: string;
  readonly image: string | undefined;
  readonly on: object;
  readonly key: 'image' | 'reference';
  readonly policyKey: 'imagePullPolicy' | 'pullPolicy';
}

/** Anything that carries a pod template: Pod, Deployment, Job, CronJob, Argo Rollout, ... */
export class Workload extends Resource<KubernetesObject & Record<string, unknown>> {
  /** The pod spec; empty where the object has none. */
  readonly pod: V1PodSpec;
  /** What holds the pod's metadata and spec: the template, or the object itself for a Pod. */
  readonly template: V1PodTemplateSpec;
  /** A custom resource whose template was found by its shape: its operator may add to the pods, and may create others. */
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
  /** The images of all containers, and of the volumes that hold the files of one (Kubernetes documentation, Volumes, image). */
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
  /** spec.replicas, else 1; Pods, Jobs and DaemonSets have none. */
  get replicas(): number | undefined {
    if (!scalable.has(this.kind)) return undefined;
    const replicas = isRecord(this.object['spec']) ? this.object['spec']['replicas'] : undefined;
    return typeof replicas === 'number' ? replicas : 1;
  }
}

const osLabels = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/** Whether each alternative of the required node affinity demands a Windows node. */
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
