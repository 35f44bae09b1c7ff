import type { Cluster } from '#model/cluster.ts';
import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Layout } from '#sources/layout.ts';

/** What an input makes of its documents. */
export interface Parts {
  readonly resources: AnyResource[];
  readonly clusters: Cluster[];
  readonly notes: Note[];
  /** Objects that a cluster description makes: for look-up only, never judged themselves. */
  readonly provided?: readonly AnyResource[];
}

/** A format. Claims are exclusive and made per document, not per file: one YAML file may mix formats. */
export interface Input {
  readonly id: string;
  claims(tree: Tree): boolean;
  /** All claimed documents of a run at once: Terraform modules and kustomizations span files. */
  read(trees: readonly Tree[], layout: Layout): Parts;
}
