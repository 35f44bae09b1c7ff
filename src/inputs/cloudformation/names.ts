import { isRecord } from '#model/shape.ts';
import type { Reference } from '#spelling/resource.ts';
import { span, type Tree } from '#syntax/tree.ts';

/** A loop is not a function: it creates entries next to it, perhaps all entries of its map. */
const isFunction = /^(Ref|Condition|Fn::(?!ForEach::).+)$/;

/** Maps that are known not to be functions; maps with thousands of entries are checked for each of them. */
const large = new WeakSet<object>();
const largeMap = 16;

/** Name and argument of an intrinsic function. */
export function intrinsic(value: unknown): readonly [string, unknown] | undefined {
  if (!isRecord(value) || large.has(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length >= largeMap) large.add(value);
  const [name] = keys;
  return keys.length === 1 && name !== undefined && isFunction.test(name) ? [name, value[name]] : undefined;
}

/** A name that YAML reads as another type: `N` is false, and `!Ref N` means the same. */
export const nameOf = (value: unknown): string | undefined =>
  typeof value === 'object' || value === undefined ? undefined : String(value);

/** A key as it is written. */
export function written(tree: Tree, on: object, key: string): string {
  const place = span(tree, on, key);
  const text = place ? tree.source.text.slice(place[0], place[1]) : key;
  return /^[\w:-]+$/.test(text) ? text : key;
}

/** What `Ref`, `Fn::GetAtt` and a `Fn::Sub` of one name refer to: a logical id and an attribute. */
export function target(value: unknown): Reference | undefined {
  const [name, argument] = intrinsic(value) ?? [];
  if (name === 'Ref') {
    const id = nameOf(argument);
    return id === undefined ? undefined : { id };
  }
  if (name === 'Fn::Sub') {
    const only = typeof argument === 'string' ? /^\$\{([\w.]+)\}$/.exec(argument)?.[1] : undefined;
    const [id, ...attribute] = only?.split('.') ?? [];
    return id === undefined ? undefined : { id, attribute: attribute.join('.') };
  }
  if (name !== 'Fn::GetAtt') return undefined;
  const [id, ...attribute]: unknown[] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const named = nameOf(id);
  return named === undefined
    ? undefined
    : { id: named, attribute: attribute.map((one) => nameOf(one) ?? '').join('.') };
}

/** Everything that a value refers to. */
export function targets(value: unknown): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = target(value);
  return found ? [found] : Object.values(value).flatMap(targets);
}
