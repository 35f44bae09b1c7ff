/*
 * Manifests are untrusted: any field may contain anything. Types of @kubernetes/client-node say what a field should be;
 * these functions check what it is, so that a rule written against the types does not fail on a list in place of a map.
 */

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The maps in a list; none if the field is absent or not a list. */
export function list<T extends object>(value: readonly T[] | undefined | null): readonly T[] {
  return Array.isArray(value) ? (value.filter(isRecord) as unknown as T[]) : [];
}

/** The strings in a list; none if the field is absent or not a list. */
export function texts(value: readonly string[] | undefined | null): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The map, or undefined. */
export function record<T extends object>(value: T | undefined | null): T | undefined {
  return isRecord(value) ? value : undefined;
}

/** The string, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Rows to look up by untrusted keys: `constructor` is found only if it is a row. */
export function table<T>(rows: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null) as Record<string, T>, rows);
}
