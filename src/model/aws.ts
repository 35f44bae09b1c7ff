import type { Location } from '#syntax/tree.ts';
import type { Cluster, Part } from './cluster.ts';
import type { IamRole } from './iam.ts';
import type { NetworkPart, SecurityGroup, Subnet } from './network.ts';
import type { Policy } from './policy.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/* AWS resources that do not belong to a single cluster, or that several clusters share. Names follow CloudFormation. */

/** A role for the pods of a service account, without OIDC (EKS Pod Identity). */
export interface PodIdentity extends Part {
  readonly kind: 'podIdentity';
  readonly cluster: Ref<Cluster>;
  readonly namespace: Value<string>;
  readonly serviceAccount: Value<string>;
  readonly roleArn: Value<string>;
  readonly role: Ref<IamRole>;
  /** The role that the first one assumes, in another account. */
  readonly targetRoleArn: Value<string>;
  readonly disableSessionTags: Value<boolean>;
  /** A policy that restricts what the role allows, as JSON. */
  readonly policy: Value<string>;
}

/** What an IAM principal may do in a cluster. */
export interface AccessEntry extends Part {
  readonly kind: 'accessEntry';
  readonly cluster: Ref<Cluster>;
  readonly principalArn: Value<string>;
  readonly principal: Ref<IamRole>;
  /** role, user, or other for an ARN that no entry can have. */
  readonly principalKind: Value<string>;
  /** STANDARD, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2, HYPERPOD_LINUX. */
  readonly type: Value<string>;
  readonly username: Value<string>;
  readonly groups: Collection<Value<string>>;
  readonly policies: Collection<AccessPolicy>;
}
/** An EKS access policy, for the whole cluster or for some of its namespaces. */
export interface AccessPolicy {
  readonly arn: Value<string>;
  /** cluster or namespace. */
  readonly scope: Value<string>;
  readonly namespaces: Collection<Value<string>>;
}

/** An OIDC provider whose users may access a cluster. */
export interface IdentityProvider extends Part {
  readonly kind: 'identityProvider';
  readonly cluster: Ref<Cluster>;
  readonly name: Value<string>;
  readonly issuerUrl: Value<string>;
  readonly clientId: Value<string>;
  readonly usernameClaim: Value<string>;
  readonly usernamePrefix: Value<string>;
  readonly groupsClaim: Value<string>;
  readonly groupsPrefix: Value<string>;
}

export interface KmsKey extends Part {
  readonly kind: 'kmsKey';
  readonly rotation: Value<boolean>;
  /** SYMMETRIC_DEFAULT, RSA_2048, ...: KMS rotates only the first. */
  readonly spec: Value<string>;
  /** AWS_KMS, EXTERNAL, AWS_CLOUDHSM: KMS rotates only its own. */
  readonly origin: Value<string>;
  readonly enabled: Value<boolean>;
  /** Who may use it; KMS creates a default policy if there is none. */
  readonly policy: Policy;
  /** What it encrypts for clusters, for messages: `secrets of cluster "prod"`. */
  readonly uses: readonly string[];
}

/** A reference to a KMS key in an encrypted resource. */
export interface KeyReference {
  /** The form of the reference; `other` does not name a key. Unknown if the value of an expression is unknown. */
  readonly by: Value<'arn' | 'alias' | 'id' | 'other'>;
  /** The region in the ARN. */
  readonly region: Value<string>;
  /** The key, if it is defined in these files, even if only its alias is named. */
  readonly key: Ref<KmsKey>;
}

export interface Repository extends Part {
  readonly kind: 'repository';
  readonly name: Value<string>;
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION. */
  readonly tagMutability: Value<string>;
  readonly scanOnPush: Value<boolean>;
  /** Whether rules delete old images. */
  readonly lifecycle: Answer;
  /** AES256, KMS or KMS_DSSE. */
  readonly encryptionType: Value<string>;
  readonly key: Value<string>;
  /** Whether the registry's scanning configuration covers it. */
  readonly scannedByRegistry: Answer;
  /** Who may use it: its own policy, and separate ones. */
  readonly policies: readonly Policy[];
  /** Prefixes of repositories that pull-through cache rules create. */
  readonly cachePrefixes: Collection<Value<string>>;
}

/** A rule by which ECR copies images from another registry. */
export interface PullThroughCache extends Part {
  readonly kind: 'pullThroughCache';
  readonly prefix: Value<string>;
  readonly upstream: Value<string>;
  readonly credentialArn: Value<string>;
}

export interface LogGroup extends Part {
  readonly kind: 'logGroup';
  readonly name: Value<string>;
  /** Days; absent = forever. */
  readonly retention: Value<number>;
  readonly key: Value<string>;
}

/** An Amazon EFS file system. */
export interface FileSystem extends Part {
  readonly kind: 'fileSystem';
  readonly encrypted: Value<boolean>;
  readonly key: Value<string>;
  readonly mountTargets: Collection<{
    readonly subnet: Ref<Subnet>;
    readonly securityGroups: Collection<Value<string>>;
  }>;
}

/** The ConfigMap kube-system/aws-auth: IAM principals that may access a cluster without an access entry. */
export interface AwsAuth extends Part {
  readonly kind: 'awsAuth';
  /** Its lists, each a YAML string in a ConfigMap. */
  readonly lists: readonly { readonly name: AuthList; readonly isList: Answer; readonly at: Location }[];
  readonly mappings: Collection<AuthMapping>;
  /** Accounts all of whose users may access the cluster. */
  readonly accounts: Collection<Value<string>>;
}
export type AuthList = 'mapRoles' | 'mapUsers' | 'mapAccounts';
export interface AuthMapping {
  readonly list: AuthList;
  /** Absent if it names IAM Identity Center instead. */
  readonly arn: Value<string>;
  /** It is the ARN of a resource in these files, whatever its value. */
  readonly isReference: boolean;
  /** Whether the name of the role has a path. */
  readonly hasPath: Answer;
  readonly username: Value<string>;
  readonly groups: Collection<Value<string>>;
  /** If `groups` is not a list, so that it grants none. */
  readonly otherGroups: Location | undefined;
  /** The keys that it has, as written; the authenticator ignores their case. */
  readonly keys: readonly string[];
  readonly at: Location;
}

/** A parameter of the Systems Manager Parameter Store. */
export interface SsmParameter extends Part {
  readonly kind: 'ssmParameter';
  readonly name: Value<string>;
  /** String, StringList or SecureString. */
  readonly type: Value<string>;
}

/** A VPC Lattice service network or service. */
export interface Lattice extends Part {
  readonly kind: 'lattice';
  readonly isNetwork: boolean;
  readonly name: Value<string>;
  /** AWS_IAM or NONE. */
  readonly authType: Value<string>;
  /** The destination of its access logs. */
  readonly accessLogs: Collection<Value<string>>;
}
/** Who may call a VPC Lattice service network or service. */
export interface LatticePolicy extends Part {
  readonly kind: 'latticePolicy';
  readonly policy: Policy;
}

/** What an HTTP API or WebSocket API of Amazon API Gateway calls. */
export interface ApiIntegration extends Part {
  readonly kind: 'apiIntegration';
  /** HTTP_PROXY, AWS_PROXY, ... */
  readonly type: Value<string>;
  /** INTERNET or VPC_LINK. */
  readonly connectionType: Value<string>;
  /** A URL or an ARN. */
  readonly uri: Value<string>;
  /** The same, or the expression that produces it. */
  readonly expression: Value<string>;
}

/** An Amazon GuardDuty detector. */
export interface Detector extends Part {
  readonly kind: 'detector';
  readonly enabled: Value<boolean>;
  /** Audit logs of clusters, from the older of two settings; absent = the other one applies. */
  readonly auditLogs: Value<boolean>;
  readonly features: Collection<DetectorFeature>;
}
export interface DetectorFeature {
  /** EKS_AUDIT_LOGS, RUNTIME_MONITORING, ... */
  readonly name: Value<string>;
  /** ENABLED or DISABLED. */
  readonly status: Value<string>;
}

/** An Amazon RDS instance or cluster. */
export interface Database extends Part {
  readonly kind: 'database';
  readonly name: Value<string>;
  readonly securityGroups: Collection<Ref<SecurityGroup>>;
}

/** An IAM OIDC provider, through which pods get roles. */
export interface OidcProvider extends Part {
  readonly kind: 'oidcProvider';
  readonly url: Value<string>;
  readonly clientIds: Collection<Value<string>>;
  /** Whether the issuer is an EKS cluster. */
  readonly isEks: Answer;
}

export type AwsPart =
  | IamRole
  | PodIdentity
  | KmsKey
  | Repository
  | PullThroughCache
  | LogGroup
  | FileSystem
  | OidcProvider
  | AwsAuth
  | SsmParameter
  | Lattice
  | LatticePolicy
  | ApiIntegration
  | Detector
  | Database
  | NetworkPart;
