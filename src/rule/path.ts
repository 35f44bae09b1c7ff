import { isRecord } from '#model/shape.ts';

/** A key of a map, the index of an item, or all items of a list. */
export type Step = string | number;
export const everyItem = '*';

/**
 * One location that a path leads to: the map or list that contains it, or would contain it; `value` is undefined if
 * nothing is there.
 */
export interface Place {
  readonly on: object;
  readonly key: Step;
  readonly value: unknown;
  /** The keys that lead there; an item of a list is identified by its name or its index. */
  readonly steps: readonly (readonly string[])[];
}

const step = /^(?:\.?([A-Za-z_][\w-]*)|\[(\d{1,6}|\*)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\])/;

/**
 * The steps of a path such as `spec.containers[*].resources` or `metadata.labels["acme.io/owner"]`; undefined for any
 * other string.
 */
export function parsePath(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.trim();
  if (!/^[A-Za-z_]/.test(rest)) return undefined;
  while (rest !== '') {
    const match = step.exec(rest);
    // Two names need a dot between them.
    if (!match || (steps.length > 0 && match[1] !== undefined && !rest.startsWith('.'))) return undefined;
    const [all, name, index, double, single] = match;
    if (index !== undefined) steps.push(index === everyItem ? everyItem : Number(index));
    else steps.push(name ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'));
    rest = rest.slice(all.length);
  }
  return steps;
}

/** The locations that a path leads to, as far as they exist: nothing is returned for an absent list. */
export function placesOf(object: object, path: readonly Step[]): readonly Place[] {
  const found: Place[] = [];
  const visit = (on: object, at: number, before: Place['steps']): void => {
    const key = path[at];
    if (key === undefined) return;
    if (key === everyItem && Array.isArray(on)) {
      for (const index of on.keys()) enter(on, index, at, before);
      return;
    }
    enter(on, key, at, before);
  };
  const enter = (on: object, key: Step, at: number, before: Place['steps']): void => {
    const value = Object.hasOwn(on, key) ? (on as Record<Step, unknown>)[key] : undefined;
    const steps = [
      ...before,
      Array.isArray(on) && isRecord(value) && typeof value['name'] === 'string'
        ? [value['name'], String(key)]
        : [String(key)],
    ];
    const next = path[at + 1];
    if (next === undefined) found.push({ on, key, value, steps });
    else if (next === everyItem && (value === undefined || value === null)) return;
    else if (isRecord(value) || Array.isArray(value)) visit(value, at + 1, steps);
    else found.push({ on, key, value: undefined, steps });
  };
  visit(object, 0, []);
  return found;
}
