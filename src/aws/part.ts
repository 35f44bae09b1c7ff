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

export const subjectOf = (kind: string, { title }: AwsResource, name: Value<string>): SubjectName => ({
  kind,
  namespace: '',
  name: name.value ?? title,
});

/** A part of the model with its facts; its place is worked out when asked. */
export function partOf<K extends string, F extends object>(
  kind: K,
  input: ClusterInput,
  resource: AwsResource,
  name: Value<string>,
  facts: F,
): Base<K> & F {
  const { whole, body } = resource;
  const part = {
    kind,
    input,
    tree: whole.tree,
    object: body.field.map ?? whole.map,
    subject: subjectOf(kind, resource, name),
    ...facts,
  };
  return Object.defineProperty(part, 'at', { get: whole.at, enumerable: true }) as Base<K> & F;
}
