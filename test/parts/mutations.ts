/** A change of a valid object, with its name. */
export interface Mutation {
  readonly name: string;
  readonly object: Record<string, unknown>;
}

type Path = readonly (string | number)[];
type Node = Record<string, unknown> | unknown[];
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every entry of an object, from the outside in; only the first item of each list. */
function* entriesOf(node: Node, path: Path = []): Generator<readonly [Path, unknown]> {
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(node) && key !== '0') continue;
    const here = [...path, Array.isArray(node) ? Number(key) : key];
    yield [here, value];
    if (isNode(value)) yield* entriesOf(value, here);
  }
}

/** A copy of an object in which something happens to the map or list at the end of a path. */
function changed(
  object: object,
  path: Path,
  change: (holder: Node, key: string | number) => void,
): Record<string, unknown> {
  const copy = structuredClone(object) as Record<string, unknown>;
  let node: Node = copy;
  for (const step of path.slice(0, -1)) node = (node as Record<string | number, unknown>)[step] as Node;
  change(node, path.at(-1) ?? '');
  return copy;
}
const set = (value: unknown) => (holder: Node, key: string | number) => {
  (holder as Record<string | number, unknown>)[key] = value;
};
const remove = (holder: Node, key: string | number): void => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
};

/** Values of every type; those with the type of the value they replace are left out. */
const values: readonly unknown[] = ['seven', '', 7, -1, 1.5, 4_000_000_000, true, [], {}, ['seven'], null];
const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/** All mutations of an object that concern names, types and presence of its fields. */
export function* mutationsOf(object: Record<string, unknown>): Generator<Mutation> {
  for (const [path, value] of entriesOf(object)) {
    const where = path.join('.');
    yield { name: `${where} removed`, object: changed(object, path, remove) };
    for (const other of values)
      if (typeOf(other) !== typeOf(value) || (isNode(other) && Object.keys(other).length === 0) || other === '')
        yield { name: `${where} = ${JSON.stringify(other)}`, object: changed(object, path, set(other)) };
    const key = path.at(-1);
    if (typeof key === 'string') {
      const misspelled = `${key}x`;
      yield {
        name: `${where} misspelled`,
        object: changed(object, path, (holder, name) => {
          remove(holder, name);
          set(value)(holder, misspelled);
        }),
      };
    }
    if (isNode(value) && !Array.isArray(value))
      yield { name: `${where} with an unknown field`, object: changed(object, [...path, 'zzz'], set('x')) };
  }
}
