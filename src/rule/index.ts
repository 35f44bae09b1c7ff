/*
 * The rule contract: what every rule needs. What rules share about a subject is in the module named after it
 * (#rule/pod, #rule/rbac).
 */
export {
  type AnyRule,
  type Custom,
  defineRule,
  type Family,
  type Kind,
  type Local,
  type OptionSchema,
  type Scope,
  type Subjects,
  type Target,
} from './define.ts';
export type { AwsPart, KmsKey, PodIdentity, Repository } from '#model/aws.ts';
export type { IamRole } from '#model/iam.ts';
export type { Addon, Cluster, Nodegroup, NodeTemplate } from '#model/cluster.ts';
export type { Severity } from '#model/finding.ts';
export { type PodContainer, Resource, type Role, Workload } from '#model/resource.ts';
export { Answer, Collection, Value } from '#model/value.ts';
export type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
export { type Location, locate, locationAt, type Tree } from '#syntax/tree.ts';
