import { push } from '#model/selector.ts';
import { type AwsResource, type Described, type Description, Modules } from '#spelling/resource.ts';

/*
 * Resources that add to another one: rules of a security group, the policy of a repository. They are often defined in
 * other files than what they name: a module creates a group and returns its ID, and its caller adds rules.
 */

/** The descriptions of a run, and who names what in them. */
class Run {
  readonly #all: readonly Description[];
  readonly #byKey = new Map<string, ReadonlyMap<AwsResource, readonly Described[]>>();

  constructor(all: readonly Description[]) {
    this.#all = all;
  }
  /** All resources of a type by the resource that their property names. Computed once. */
  naming(type: string, property: string, targetType: string): ReadonlyMap<AwsResource, readonly Described[]> {
    const key = `${type} ${property} ${targetType}`;
    let index = this.#byKey.get(key);
    if (!index) {
      const made = new Map<AwsResource, Described[]>();
      this.#byKey.set(key, (index = made));
      for (const home of this.#all)
        for (const resource of home.of(type)) {
          const links = resource.body
            .path(property)
            .each()
            .map((one) => home.linked(one, targetType));
          const targets = links.flatMap((link) => (link.state === 'here' ? [link.resource] : []));
          for (const target of new Set(targets)) push(made, target, { resource, home });
        }
    }
    return index;
  }
}
const runs = new WeakMap<Description, Run>();

/** Makes descriptions of one run known to each other. */
export function join(descriptions: readonly Description[]): void {
  const run = new Run(descriptions);
  const roots = new Map<object, Description[]>();
  for (const one of descriptions) {
    runs.set(one, run);
    push(roots, one.root, one);
  }
  for (const all of roots.values()) {
    if (all.length < 2) continue;
    const modules = new Modules(all);
    for (const one of all) one.joinModules(modules);
  }
}

/** The resources of a type whose property names a resource of this description, wherever in the run they are. */
export const beside = (
  target: AwsResource,
  description: Description,
  type: string,
  property: string,
): readonly Described[] => runs.get(description)?.naming(type, property, target.type).get(target) ?? [];
