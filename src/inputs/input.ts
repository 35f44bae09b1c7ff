import type { AwsPart } from '#model/aws.ts';
import type { AwsKind } from '#model/aws-reads.ts';
import type { Cluster, ClusterPart } from '#model/cluster.ts';
import type { Component } from '#model/component.ts';
import type { Holder, Note } from '#model/finding.ts';
import type { Variant } from '#model/resource.ts';
import type { AnyResource, Outside } from '#model/workspace.ts';
import type { Description } from '#spelling/resource.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Layout } from '#sources/layout.ts';

/** What an input reads from its documents. */
export interface Parts {
  readonly resources: AnyResource[];
  readonly clusters: Cluster[];
  /** Parts of clusters that are defined elsewhere. */
  readonly loose?: readonly ClusterPart[];
  /** AWS resources that do not belong to a single cluster. */
  readonly aws?: readonly AwsPart[];
  /** AWS resources, which are read into clusters and their parts. */
  readonly descriptions?: readonly Description[];
  readonly notes: Note[];
  /**
   * Objects that a cluster description creates, such as the service accounts of eksctl: only for lookup, never judged
   * themselves.
   */
  readonly provided?: readonly AnyResource[];
  /** The components that charts run. */
  readonly components?: readonly Component[];
  /**
   * The Terraform module calls that create a part of a cluster, outermost first: a comment there applies only to that
   * call.
   */
  readonly calls?: ReadonlyMap<object, readonly Holder[]>;
  /** The ways in which parts of a cluster are applied, if there are several. */
  readonly variants?: ReadonlyMap<object, Variant>;
  /** Units that hold more than what was read, and why: an object that is not found there is not known to be missing. */
  readonly gaps?: ReadonlyMap<string, string>;
  /** By unit: kinds whose objects could not all be read, and why: a rule that asks for them has not judged. */
  readonly unread?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By unit: kinds that were not asked for, and why. */
  readonly unlisted?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By unit: why not all namespaces were read. */
  readonly outside?: ReadonlyMap<string, Outside>;
  /** By running cluster: AWS types whose resources could not all be read, and why. */
  readonly unreadParts?: ReadonlyMap<Cluster, ReadonlyMap<AwsKind, string>>;
}

/** A format. Claims are exclusive and made per document, not per file: one YAML file may mix formats. */
export interface Input {
  claims(tree: Tree): boolean;
  /** All claimed documents of a run at once: Terraform modules and kustomizations span files. */
  read(trees: readonly Tree[], layout: Layout): Parts;
}
