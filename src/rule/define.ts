import type { KubernetesObject } from '@kubernetes/client-node';
import type * as k8s from '@kubernetes/client-node';
import type {
  AccessEntry,
  ApiIntegration,
  AwsAuth,
  Database,
  Detector,
  FileSystem,
  IdentityProvider,
  KmsKey,
  Lattice,
  LatticePolicy,
  LogGroup,
  OidcProvider,
  PodIdentity,
  PullThroughCache,
  Repository,
  SsmParameter,
} from '#model/aws.ts';
import type { AwsKind, AwsType } from '#model/aws-reads.ts';
import type { FlowLog, NatGateway, NetworkAcl, SecurityGroup, Subnet, Vpc, VpcEndpoint } from '#model/network.ts';
import type { IamRole } from '#model/iam.ts';
import type { Addon, Capability, Cluster, FargateProfile, Nodegroup, NodeTemplate } from '#model/cluster.ts';
import type { Severity } from '#model/finding.ts';
import type { InstanceTypes } from '#model/instance-types.ts';
import type { Insight } from '#model/insight.ts';
import type { KnownKind } from '#model/kinds.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Resource, Workload } from '#model/resource.ts';
import type { Answer } from '#model/value.ts';
import type { CustomRule } from './custom.ts';
import type { Location, Tree, Edit } from '#syntax/tree.ts';

/** A custom resource, or any kind that has no specific type. */
export type Custom = Resource<KubernetesObject & Record<string, unknown>>;

/**
 * What `kinds` may name, and what `check` then receives. Kubernetes kinds are capitalized, and each is a kind of its
 * known groups (model/kinds.ts); model parts and texts are not capitalized.
 */
export interface Subjects extends Parts, Known {}

/** What is not a Kubernetes kind. */
interface Parts {
  /** One parsed document of any format, readable or not. */
  document: Tree;
  cluster: Cluster;
  nodegroup: Nodegroup;
  nodeTemplate: NodeTemplate;
  addon: Addon;
  podIdentity: PodIdentity;
  fargateProfile: FargateProfile;
  accessEntry: AccessEntry;
  identityProvider: IdentityProvider;
  capability: Capability;
  insight: Insight;
  iamRole: IamRole;
  kmsKey: KmsKey;
  repository: Repository;
  pullThroughCache: PullThroughCache;
  logGroup: LogGroup;
  fileSystem: FileSystem;
  oidcProvider: OidcProvider;
  awsAuth: AwsAuth;
  ssmParameter: SsmParameter;
  lattice: Lattice;
  latticePolicy: LatticePolicy;
  apiIntegration: ApiIntegration;
  detector: Detector;
  database: Database;
  vpc: Vpc;
  subnet: Subnet;
  natGateway: NatGateway;
  vpcEndpoint: VpcEndpoint;
  flowLog: FlowLog;
  securityGroup: SecurityGroup;
  networkAcl: NetworkAcl;
  /** Every Kubernetes object. */
  Resource: AnyResource;
  /** Every object with a pod template. */
  Workload: Workload;
}

interface Known {
  Pod: Workload;
  ReplicaSet: Workload;
  ReplicationController: Workload;
  Deployment: Workload;
  StatefulSet: Workload;
  DaemonSet: Workload;
  Job: Workload;
  CronJob: Workload;
  APIService: Resource<k8s.V1APIService>;
  ClusterRole: Resource<k8s.V1ClusterRole>;
  ClusterRoleBinding: Resource<k8s.V1ClusterRoleBinding>;
  ConfigMap: Resource<k8s.V1ConfigMap>;
  CustomResourceDefinition: Resource<k8s.V1CustomResourceDefinition>;
  Endpoints: Resource<k8s.V1Endpoints>;
  EndpointSlice: Resource<k8s.V1EndpointSlice>;
  HorizontalPodAutoscaler: Resource<k8s.V2HorizontalPodAutoscaler>;
  Ingress: Resource<k8s.V1Ingress>;
  LimitRange: Resource<k8s.V1LimitRange>;
  MutatingWebhookConfiguration: Resource<k8s.V1MutatingWebhookConfiguration>;
  Namespace: Resource<k8s.V1Namespace>;
  NetworkPolicy: Resource<k8s.V1NetworkPolicy>;
  PersistentVolume: Resource<k8s.V1PersistentVolume>;
  PersistentVolumeClaim: Resource<k8s.V1PersistentVolumeClaim>;
  PodDisruptionBudget: Resource<k8s.V1PodDisruptionBudget>;
  ResourceQuota: Resource<k8s.V1ResourceQuota>;
  Role: Resource<k8s.V1Role>;
  RoleBinding: Resource<k8s.V1RoleBinding>;
  Secret: Resource<k8s.V1Secret>;
  Service: Resource<k8s.V1Service>;
  ServiceAccount: Resource<k8s.V1ServiceAccount>;
  StorageClass: Resource<k8s.V1StorageClass>;
  ValidatingWebhookConfiguration: Resource<k8s.V1ValidatingWebhookConfiguration>;
  /** An eksctl file as it was written; its facts are also a `cluster`. */
  ClusterConfig: Custom;
  EC2NodeClass: Custom;
  Gateway: Custom;
  GRPCRoute: Custom;
  HTTPRoute: Custom;
  K8sAllowedRepos: Custom;
  K8sAllowedReposv2: Custom;
  K8sDisallowedRepos: Custom;
  PodMonitor: Custom;
  ScaledObject: Custom;
  ServiceMonitor: Custom;
  TCPRoute: Custom;
  TLSRoute: Custom;
  UDPRoute: Custom;
  VerticalPodAutoscaler: Custom;
}
/** A kind without known groups would never match, so it does not compile. */
type Named<K extends KnownKind> = K;
export type Kind = keyof Parts | Named<keyof Known>;

/**
 * Options are JSON Schema: ajv validates them, defaults are filled from it, the docs and schemas/config.json are
 * printed from it. The only keyword of our own is `patterns`: the strings are for `pattern()`, and those that it does
 * not accept are rejected when the config is read.
 */
export type OptionSchema = { readonly description: string } & (
  | {
      readonly type: 'integer' | 'number';
      readonly default: number;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'string'; readonly default: string; readonly enum?: readonly string[]; readonly patterns?: true }
  | {
      readonly type: 'array';
      readonly default: readonly string[];
      readonly items: { readonly type: 'string'; readonly pattern?: string };
      readonly patterns?: true;
    }
  | {
      readonly type: 'array';
      readonly default: readonly number[];
      readonly items: { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number };
    }
);
type OptionValue<S> = S extends { enum: readonly (infer E)[] }
  ? E
  : S extends { type: 'integer' | 'number' }
    ? number
    : S extends { type: 'boolean' }
      ? boolean
      : S extends { type: 'string' }
        ? string
        : S extends { items: { type: 'integer' } }
          ? readonly number[]
          : readonly string[];

/** The {holes} of a message, so that `data` is checked against the text. */
type Holes<M extends string> = M extends `${string}{${infer H}}${infer Rest}` ? H | Holes<Rest> : never;
type Data<M extends string> = [Holes<M>] extends [never]
  ? { readonly data?: never }
  : { readonly data: Readonly<Record<Holes<M>, string | number>> };
/** A map or list of the subject's document and one of its keys, or a known location. */
type Place =
  | { readonly on: object; readonly key?: string | number; readonly at?: never }
  | { readonly at: Location; readonly on?: never; readonly key?: never };

/** What a rule reports. With `when`, only a yes is a finding; an unknown is listed as not judged. */
export type Note<M extends Record<string, string>> = {
  [K in keyof M]: Place &
    Data<M[K]> & {
      readonly message: K;
      readonly when?: Answer;
      /** Other locations to show. */
      readonly related?: readonly Location[];
      /** Shows the line, with possible secrets masked: for typos, which are easiest to see. */
      readonly excerpt?: boolean;
      /** Overrides the severity of the rule. */
      readonly severity?: Severity;
      /** The Kubernetes minor version since which it matters, e.g. 25: upgrade plans are ordered by it. */
      readonly minor?: number;
      readonly fix?: { readonly safe: boolean; readonly edits: readonly Edit[] };
    };
}[keyof M];

/**
 * Minor Kubernetes versions (33 for 1.33) that a subject is judged against, and the source of each for messages; see
 * docs/architecture.md.
 */
export interface Target {
  readonly lowest: number;
  readonly highest: number;
  /** `the version of cluster "prod" in clusters/prod.yaml`; shown in parentheses after the version. */
  readonly lowestFrom: string;
  readonly highestFrom: string;
}

/** What every check gets. */
export interface Local<O, M extends Record<string, string>> {
  readonly options: { readonly [K in keyof O]: OptionValue<O[K]> };
  readonly target: Target;
  /** The day that calendars are judged by, as YYYY-MM-DD. */
  readonly today: string;
  /** What is known about EC2 instance types. */
  readonly instanceTypes: InstanceTypes;
  /**
   * The options of another rule that also judges the subject, if one does: if two rules find the same defect, only one
   * of them reports it.
   */
  judges(rule: string): Readonly<Record<string, unknown>> | undefined;
  /** Reports a finding, or with `when`, an answer. */
  report(note: Note<M>): void;
  /** Lists a part of the subject as not judged. */
  undetermined(why: string, place: Place): void;
}
/** What rules of scope `workspace` also get. */
export interface Wide<O, M extends Record<string, string>> extends Local<O, M> {
  readonly workspace: Workspace;
}

export type Scope = 'resource' | 'model' | 'workspace';

/**
 * Rules that the text format combines into one line if several report one location of one object. Machine-readable
 * formats keep each finding.
 */
export interface Family {
  /**
   * Holes are filled with the data of the messages; `{parts}` is the list of the `as` values of the rules: "CPU
   * request, memory request".
   */
  readonly message: string;
  readonly help: string;
}

/** One defect: metadata and `check`. Its id is its path below `rules/`; its page with examples is next to it. */
export interface Rule<K extends Kind, S extends Scope, O, M extends Record<string, string>> {
  /** The demand as `<Thing> must <do>`, or `should` if the severity is medium or lower; without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** The smallest preset that runs the rule; `opt-in` rules run only in `all`, a framework, or if the config names them. */
  readonly preset: 'recommended' | 'strict' | 'opt-in';
  /** What check is called with, once per subject. */
  readonly kinds: readonly K[];
  /**
   * Keys of objects, for a rule about the content of an object: if no object of the run has any of them, at any depth,
   * the rule reports nothing and leaves nothing undetermined, so a short run does not load it; a rule of scope
   * `resource` is not run for an object that has none. Tests delete the keys from all examples and expect no findings.
   */
  readonly needs?: readonly string[] | undefined;
  /**
   * Only the keys of annotations or labels count, or check itself handles unknown values: an entry whose value a
   * template fills in is judged.
   */
  readonly namesOnly?: true | undefined;
  /**
   * The top-level keys of an object that check looks at, for a rule that does not look at the others: what a template
   * hides there changes nothing. Tests delete the others from all examples and expect the same.
   */
  readonly reads?: readonly string[] | undefined;
  /** What check may look at: the subject alone (`resource`, `model`), or everything (`workspace`). */
  readonly scope: S;
  /**
   * Parts of the model, or types of resources, that check looks at in addition to its subject: an audit then reads them
   * from AWS.
   */
  readonly asks?: readonly (AwsKind | AwsType)[] | undefined;
  /**
   * What `--fix` (safe) or `--fix=suggestions` does, if anything. Safe: working resources keep working the same way,
   * are not replaced, and do not cost more.
   */
  readonly fix?: string | undefined;
  readonly options?: O | undefined;
  /** Texts by name, with `{holes}` for the data of a note. */
  readonly messages: M;
  /**
   * One line of advice: the concrete change, with the field and an example value. One line for all messages, or one for
   * each; holes are filled with the data of the message. Shown as `fix:` unless there is an automatic fix.
   */
  readonly help?: string | Readonly<Record<keyof M, string>> | undefined;
  /** The family that a message belongs to, and its part of the line. */
  readonly family?: { readonly of: Family; readonly as: Readonly<Partial<Record<keyof M, string>>> } | undefined;
  /** The same check in other tools: `kube-linter:latest-tag`. */
  readonly equivalents: readonly string[];
  /** The source of the demand, by title. */
  readonly sources: readonly string[];
  /** Judges one subject. `Unread` leaves it not judged; any other error is reported as a crash, with exit code 2. */
  check(subject: Subjects[K], context: S extends 'workspace' ? Wide<O, M> : Local<O, M>): void;
}

/**
 * Types a rule from its definition: the subject from `kinds`, the options from their schema, `data` from the holes of
 * the messages.
 */
export function defineRule<
  const K extends Kind,
  const S extends Scope,
  const M extends Record<string, string>,
  const O extends Record<string, OptionSchema> = {},
>(rule: Rule<K, S, O, M>): Rule<K, S, O, M> {
  return rule;
}

/** A rule of any type, as the engine handles it. */
export interface AnyRule extends Omit<
  Rule<Kind, Scope, Record<string, OptionSchema>, Record<string, string>>,
  'check'
> {
  readonly id: string;
  /** Where a rule that does not belong to this package is defined: a location in the config, or a file. */
  readonly home?: string | undefined;
  /** The definition in the config, for a rule of `customRules`. */
  readonly custom?: CustomRule | undefined;
  // The engine calls check with the subjects that `kinds` names; the types were checked where the rule was defined.
  check(subject: never, context: never): void;
}
