import type { Part } from './cluster.ts';
import type { Policy } from './policy.ts';
import type { Answer, Collection, Ref, Value } from './value.ts';

/* Names follow CloudFormation, which has one type for each object of the IAM API. */

/** A policy that is attached by ARN. */
export interface ManagedPolicy {
  readonly arn: Value<string>;
  /** The document, if the policy is defined in these files; AWS managed policies are not. */
  readonly document: Ref<Policy>;
  /** Unknown if another file attaches it to one of several roles with this name. */
  readonly attached: Answer;
}

/** An IAM role with everything that these files say about its permissions. */
export interface IamRole extends Part {
  readonly kind: 'iamRole';
  readonly name: Value<string>;
  /** Its account, if the ARN is known: in a running cluster. */
  readonly account: string | undefined;
  /** Who may assume it. */
  readonly trust: Policy;
  readonly managed: Collection<ManagedPolicy>;
  /** Its inline policies, or separate ones that name it. */
  readonly inline: Collection<Policy>;
  /** The ARN of its permissions boundary, which limits it whatever others allow. */
  readonly boundary: Value<string>;
  /** The node groups that run with it, as messages name them; `is`: unknown if they name one of several such roles. */
  readonly nodegroups: readonly { readonly name: string; readonly is: Answer }[];
}
