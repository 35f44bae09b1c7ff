import type { Part } from './cluster.ts';
import type { Policy } from './policy.ts';
import type { Collection, Ref, Value } from './value.ts';

/* Names follow CloudFormation, whose types are one per object of the IAM API. */

/** A policy that is attached by its ARN. */
export interface ManagedPolicy {
  readonly arn: Value<string>;
  /** The document, where the policy is described in these files; those of AWS are not. */
  readonly document: Ref<Policy>;
}

/** An IAM role with all that these files say of its rights. */
export interface IamRole extends Part {
  readonly kind: 'iamRole';
  readonly name: Value<string>;
  /** The account that it is in, where the ARN is known: in a running one. */
  readonly account: string | undefined;
  /** Who may assume it. */
  readonly trust: Policy;
  readonly managed: Collection<ManagedPolicy>;
  /** Policies that are its own, or that name it. */
  readonly inline: Collection<Policy>;
  /** The ARN of the policy that limits its rights, whatever others allow. */
  readonly boundary: Value<string>;
  /** The groups of nodes that run with it, as messages call them. */
  readonly nodegroups: readonly string[];
}
