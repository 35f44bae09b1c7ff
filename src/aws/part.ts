import type { SubjectName } from '#model/finding.ts';
import type { ClusterInput } from '#model/cluster.ts';
import type { Value } from '#model/value.ts';
import type { AwsResource } from '#spelling/resource.ts';
import type { Location, Tree } from '#syntax/tree.ts';

interface Base<K extends string> {
  readonly kind: K;
  readonly input: ClusterInput;
  readonly at: Location;
  readonly subject: SubjectName;
  readonly tree: Tree | undefined;
  readonly object: object | undefined;
}

/** A part of the model with its facts; its place is worked out when asked. */
export function partOf<K extends string, F extends object>(
  kind: K,
  input: ClusterInput,
  { whole, body, title }: AwsResource,
  name: Value<string>,
  facts: F,
): Base<K> & F {
  const part = {
    kind,
    input,
    tree: whole.tree,
    object: body.field.map ?? whole.map,
    subject: { kind, namespace: '', name: name.value ?? title },
    ...facts,
  };
  return Object.defineProperty(part, 'at', { get: whole.at, enumerable: true }) as Base<K> & F;
}
