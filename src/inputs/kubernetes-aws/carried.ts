import { dig } from '#model/dig.ts';
import type { Belonging, Change } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { graft } from '#syntax/graft.ts';
import { isCarrier } from '../claims.ts';
import { makeResources, type PodTemplates } from '../kubernetes/objects.ts';
import { onlyWatches } from './observed.ts';
import { stepsOf } from './field-path.ts';

/*
 * Kubernetes objects that Crossplane applies: each is the manifest of an Object
 * (https://github.com/crossplane-contrib/provider-kubernetes).
 */

const place = ['spec', 'forProvider', 'manifest'];

/** A change of the Object as a change of its manifest; undefined if it changes something else. */
function withinManifest(change: Change): Change | undefined {
  const { path } = change;
  const isAround = place.every((step, index) => index >= path.length || path[index] === step);
  return isAround ? { ...change, path: path.slice(place.length) } : undefined;
}

/** Fields of the manifest that are copied from other objects of the cluster. */
const copied = ({ object }: AnyResource): Change[] => {
  const references: unknown = dig(object, 'spec', 'references');
  return (Array.isArray(references) ? references : []).flatMap((one: unknown): Change[] => {
    if (!isRecord(dig(one, 'patchesFrom'))) return [];
    const path = text(dig(one, 'toFieldPath')) ?? text(dig(one, 'patchesFrom', 'fieldPath'));
    return [{ path: path === undefined ? [] : stepsOf(path), by: 'a reference of the Object' }];
  });
};

/** The name that Crossplane gives to what has none. */
export function nameless({ name, object }: Pick<AnyResource, 'name' | 'object'>): Change[] {
  if (name !== '') return [];
  return [{ path: isRecord(object.metadata) ? ['metadata', 'name'] : ['metadata'], by: 'Crossplane', absent: true }];
}

/** The resources that rules see for what an Object applies; none if it only watches an object. */
export function carriedBy(carrier: AnyResource, belonging: Belonging, templates: PodTemplates): AnyResource[] {
  const manifest: unknown = isCarrier(carrier) && !onlyWatches(carrier) ? dig(carrier.object, ...place) : undefined;
  // Crossplane applies one object, and no list.
  if (!isRecord(manifest) || typeof manifest['kind'] !== 'string' || typeof manifest['apiVersion'] !== 'string')
    return [];
  if (Array.isArray(manifest['items'])) return [];
  const { tree, name, variant } = carrier;
  const metadata: unknown = manifest['metadata'];
  const own = text(dig(metadata, 'name')) ?? text(dig(metadata, 'generateName'));
  // A manifest without a name has that of its Object.
  const isNamed = name === '' || own !== undefined;
  const named = Object.assign(Object.create(null), isRecord(metadata) ? metadata : {}, { name }) as object;
  const object = isNamed
    ? manifest
    : graft(
        Object.assign(Object.create(null), manifest, {
          metadata: graft(named, { tree, on: isRecord(metadata) ? metadata : manifest }),
        }) as Record<string, unknown>,
        { tree, on: manifest },
      );
  const changes = [
    ...carrier.changes.map(withinManifest).filter((one) => one !== undefined),
    ...copied(carrier),
    ...nameless({ name: own ?? name, object }),
  ];
  return makeResources(
    {
      object,
      written: manifest,
      tree,
      belonging,
      changes,
      variant: variant && { ...variant, namespace: text(dig(metadata, 'namespace')) ?? '' },
    },
    templates,
  );
}
