import { dig } from '#model/dig.ts';
import { setAtCreation } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import { isRecord } from '#model/shape.ts';
import { mixedMap, type Field } from '#spelling/field.ts';
import { locate } from '#syntax/tree.ts';
import { toolOf } from '../claims.ts';

/* How far an object describes the resource that it stands for: some only watch it, some arguments only create it. */

/**
 * The field that makes a tool read a resource and never write it, so that the rest of the object says nothing about it
 * (Crossplane documentation, Managed Resources, managementPolicies; ACK documentation, ReadOnly Resources, Resource
 * Adoption).
 */
function observedBy({ group, object }: AnyResource): readonly [on: object, key: string] | undefined {
  const tool = toolOf(group);
  const [annotations, spec] = [dig(object, 'metadata', 'annotations'), dig(object, 'spec')];
  if (tool === 'ACK' && isRecord(annotations)) {
    if (annotations['services.k8s.aws/read-only'] === 'true') return [annotations, 'services.k8s.aws/read-only'];
    const policy = 'services.k8s.aws/adoption-policy';
    return annotations[policy] === 'adopt' ? [annotations, policy] : undefined;
  }
  return tool === 'Crossplane' && isRecord(spec) && onlyWatches({ object }) ? [spec, 'managementPolicies'] : undefined;
}
/** Whether an object of Crossplane never writes what it stands for. */
export function onlyWatches({ object }: Pick<AnyResource, 'object'>): boolean {
  const policies: unknown = dig(object, 'spec', 'managementPolicies');
  const watches = ['Observe', 'LateInitialize', 'Delete'];
  return Array.isArray(policies) && policies.length > 0 && policies.every((one) => watches.includes(String(one)));
}

export const isObserved = (resource: AnyResource): boolean => observedBy(resource) !== undefined;
export function observedNotes(resource: AnyResource): Note[] {
  const by = observedBy(resource);
  return by
    ? [
        {
          kind: 'skipped',
          message:
            'objects that only observe an AWS resource are not judged: audit the cluster, or lint what defines it',
          at: locate(resource.tree, ...by),
        },
      ]
    : [];
}

/**
 * The arguments of a resource of Crossplane with those that are used only to create it, unless they are also set for
 * later (Crossplane documentation, Managed Resources, initProvider).
 */
export function withInitial(lasting: Field, initial: Field): Field {
  if (initial.absent || lasting.why !== undefined) return lasting;
  if (lasting.absent) return initial.doubted(setAtCreation);
  if (!lasting.map || !initial.map) return lasting;
  const entries = new Map(lasting.entries());
  for (const [key, one] of initial.entries()) entries.set(key, withInitial(lasting.get(key), one));
  return lasting.filledUp(mixedMap(entries, lasting.rest === undefined ? [] : [lasting]));
}
