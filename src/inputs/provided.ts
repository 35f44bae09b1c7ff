import { Resource } from '#model/resource.ts';
import type { Location } from '#syntax/tree.ts';
import type { Field } from '#spelling/field.ts';

/** An object that a cluster description creates: it has a name and a location, and nothing else to judge. */
export class Provided extends Resource {
  readonly #place: () => Location;

  constructor(kind: 'ServiceAccount' | 'Namespace', name: string, namespace: string | undefined, from: Field) {
    const { path } = from.tree.source;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    super({
      object: { apiVersion: 'v1', kind, metadata },
      tree: from.tree,
      namespaced: namespace !== undefined,
      belonging: { unit: path, bundle: path },
    });
    this.#place = from.at;
  }

  override get at(): Location {
    return this.#place();
  }
}
