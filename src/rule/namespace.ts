import { digRecord } from '#model/dig.ts';
import type { Resource } from '#model/resource.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';

/** The option of rules that exclude namespaces. */
export const exempt = {
  type: 'array',
  items: { type: 'string' },
  default: ['kube-system'],
  description: 'Namespaces to skip.',
} as const;

interface JudgedNamespace {
  readonly name: string;
  /** `Namespace "shop"`, for messages. */
  readonly title: string;
  readonly place: { readonly on: object; readonly key: string };
}

/** The first object of a kind in each namespace. */
function firstOf(bundle: Neighbours, kind: string): ReadonlyMap<string, AnyResource> {
  const found = new Map<string, AnyResource>();
  for (const one of bundle.all(kind, '*')) if (!found.has(one.namespace)) found.set(one.namespace, one);
  return found;
}

/**
 * The namespace with workloads that a finding for this subject is about. Each namespace is judged once: at its
 * Namespace, otherwise at its first object of the kind that the rule looks at. Undefined for all other subjects.
 */
export function namespaceAt(
  workspace: Workspace,
  subject: Resource<object>,
  kind: string,
): JudgedNamespace | undefined {
  const isNamespace = subject.kind === 'Namespace';
  const name = isNamespace ? subject.name : subject.namespace;
  const bundle = workspace.bundle(subject);
  if (
    !isNamespace &&
    (bundle.find('Namespace', name).length > 0 || bundle.once(firstOf, kind).get(name)?.object !== subject.object)
  )
    return undefined;
  if (bundle.workloads(name).length === 0) return undefined;
  const metadata = digRecord(subject.object, 'metadata') ?? subject.object;
  return {
    name,
    title: name === '' ? `The namespace of ${subject.title}` : `Namespace "${name}"`,
    place: { on: metadata, key: isNamespace || !Object.hasOwn(metadata, 'namespace') ? 'name' : 'namespace' },
  };
}
