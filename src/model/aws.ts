import type { Cluster, Part } from './cluster.ts';
import type { IamRole } from './iam.ts';
import type { Policy } from './policy.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/* AWS resources that are no parts of one cluster, or that several share. Names follow CloudFormation. */

/** A role for the pods of a service account, without OIDC. */
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
}

export interface KmsKey extends Part {
  readonly kind: 'kmsKey';
  readonly rotation: Value<boolean>;
  /** SYMMETRIC_DEFAULT, RSA_2048, ...: KMS rotates only the first. */
  readonly spec: Value<string>;
  /** AWS_KMS, EXTERNAL, AWS_CLOUDHSM: KMS rotates only its own. */
  readonly origin: Value<string>;
  /** What it encrypts for clusters, in words: `secrets of cluster "prod"`. */
  readonly uses: readonly string[];
}

export interface Repository extends Part {
  readonly kind: 'repository';
  readonly name: Value<string>;
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION. */
  readonly tagMutability: Value<string>;
  readonly scanOnPush: Value<boolean>;
  /** Whether the scanning of the whole registry covers it. */
  readonly scannedByRegistry: Answer;
  /** Who may use it: its own policy, and those beside it. */
  readonly policies: readonly Policy[];
  /** Prefixes of repositories that pull-through cache rules make. */
  readonly cachePrefixes: Collection<Value<string>>;
}

export type AwsPart = IamRole | PodIdentity | KmsKey | Repository;
