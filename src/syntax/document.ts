/** Where a text stood that may be a secret: a snapshot goes to people who may not read the cluster. */
export const notStored = '{{ not stored }}';

/** One text with a name: a file, stdin, or one saved API answer. */
export interface Source {
  /** The name that users see: a path relative to the working directory with forward slashes, or an ARN. */
  readonly id: string;
  readonly text: string;
  /** Path relative to the workspace root, with forward slashes: used for units and globs. */
  readonly path: string;
  /** Why its bytes are not text, if they are not; `text` is empty then. */
  readonly broken?: string;
  /** False = read for context only: it is indexed, but findings in it are not shown. */
  readonly target: boolean;
  /** The user names it, or a kustomization lists it: that it is not judged makes the result incomplete. */
  readonly isAsked?: true;
  /** True for an object of a running cluster, which is not a file. */
  readonly isLive?: true;
  /** Whether it comes from a snapshot, which lacks what may be secret. */
  readonly isStored?: true;
  /** A program made the text of the file: who its objects belong to, and where a line of it stands. */
  readonly rendered?: Rendered;
}

/** How a text was rendered. */
export interface Rendered {
  /** The chart that it belongs to, by the path of its folder: all its objects are applied together. */
  readonly release: string;
  /** Where a line (from 1) of the text comes from. */
  placeOf(line: number): {
    /** The line of the file from which it was generated, and its text; undefined if unknown. */
    readonly from?: { readonly line: number; readonly text: string };
    /** Where to look instead: `line 12 of the output of helm template`. */
    readonly output: string;
  };
}

/** A comment that runs to the end of its line, with its mark. */
export interface Comment {
  readonly offset: number;
  readonly text: string;
}

/** The part of a source that could not be read, and why. Messages never quote the text, which may contain a secret. */
export interface SyntaxFault {
  readonly code: 'syntax' | 'duplicate-key' | 'depth' | 'alias' | 'template';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Offset of the first of two clashing keys. */
  readonly other?: number;
}

/**
 * One parsed document. `root` is JSON-like data (maps have no prototype, so a label called `toString` is only a label);
 * for Terraform it also contains Expressions. `offsets` contains, for every container in the order of a depth-first
 * walk, a block `[start, end, (keyStart, keyEnd, valueStart, valueEnd) per entry]`.
 */
export interface Tree {
  readonly source: Source;
  readonly root: unknown;
  readonly offsets: Uint32Array;
  readonly faults: readonly SyntaxFault[];
  /** Entries whose value is unknown, because an alias has no anchor; without a key, all of the container. */
  readonly unknown?: readonly { readonly on: object; readonly key?: string | number }[];
  /**
   * The format it was written in; HCL trees have labels in their paths, and an answer of the AWS API has no locations
   * except its paths.
   */
  readonly language: 'yaml' | 'hcl' | 'answer';
  /** Index of the document in its source, from 0. */
  readonly index: number;
  /** Offset of the document's first character. */
  readonly start: number;
  /** Comments of HCL, as the grammar finds them; for other languages they are read on demand. */
  readonly comments?: readonly Comment[];
}

/** A document of a source before it is parsed: where it is, and what a quick look at its top-level keys shows. */
export interface Segment {
  readonly source: Source;
  readonly index: number;
  readonly start: number;
  readonly text: string;
  /** The text of the top-level `kind` and `apiVersion`, if they are plain block keys. */
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
}

/** Limits for the parser. */
export interface Limits {
  /**
   * Levels of nesting. No real document comes near the default, and composing a much deeper document can abort the
   * process.
   */
  readonly depth: number;
  /** Thousands of nodes that aliases may add. Kubernetes objects are limited to about a megabyte. */
  readonly aliases: number;
}
