/*
 * Manifests come from strangers: any field may hold anything. Types of @kubernetes/client-node say what a field should be; these
 * three look at what it is, so that a rule written against the types cannot be thrown off by a list where a map belongs.
 */

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The maps in a list; nothing where the field is absent or no list. */
export function list<T extends object>(value: readonly T[] | undefined | null): readonly T[] {
  return Array.isArray(value) ? (value.filter(isRecord) as unknown as T[]) : [];
}

/** The texts in a list; nothing where the field is absent or no list. */
export function texts(value: readonly string[] | undefined | null): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The map, or nothing. */
export function record<T extends object>(value: T | undefined | null): T | undefined {
  return isRecord(value) ? value : undefined;
}

/** The text, or nothing. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Rows to look up by what a stranger wrote: `constructor` is found only where it is a row. */
export function table<T>(rows: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null) as Record<string, T>, rows);
}
